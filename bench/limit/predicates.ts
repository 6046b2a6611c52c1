/**
 * What the asking account may see, written out by hand for the limit. That it agrees with the service is checked on every
 * answer before anything is measured.
 */

/** Who asks: the account of a valid token. `$1`: its hash. */
export const VIEWER = `viewer AS MATERIALIZED (
  SELECT token.account_id AS id FROM access_tokens AS token
  WHERE token.token_hash = $1 AND token.revoked_at IS NULL AND (token.expires_at IS NULL OR token.expires_at > now()))`;

export const ME = '(SELECT id FROM viewer)';

export const cloudVisible = (cloud: string): string =>
  `(${cloud}.account_id IS NULL OR ${cloud}.account_id = ${ME})`;

export const imageVisible = (image: string): string =>
  `(${image}.owner_account_id IS NULL OR ${image}.owner_account_id = ${ME} OR EXISTS (
    SELECT FROM cloud_image_shares AS share WHERE share.cloud_image_id = ${image}.id AND share.account_id = ${ME}))`;

export const typeVisible = (type: string): string =>
  `(${type}.owner_account_id IS NULL OR ${type}.owner_account_id = ${ME})`;

const meant = (publication: string): string =>
  `(${publication}.visibility = 'PUBLIC' OR ${publication}.account_id = ${ME} OR EXISTS (
    SELECT FROM publication_account_groups AS offered
    JOIN account_group_members AS member ON member.account_group_id = offered.account_group_id
    WHERE offered.publication_id = ${publication}.id AND member.account_id = ${ME} OFFSET 0))`;

export const offered = (publication: string): string =>
  `(${publication}.status = 'ACTIVE' AND ${meant(publication)})`;

export const versionVisible = (version: string): string =>
  `(${version}.account_id = ${ME} OR EXISTS (
    SELECT FROM publication_versions AS carried
    JOIN publications AS carrier ON carrier.id = carried.publication_id
    LEFT JOIN publications AS source ON source.id = carried.source_publication_id
    WHERE carried.version_id = ${version}.id AND ${offered('carrier')} AND (source.id IS NULL OR ${meant('source')}) OFFSET 0))`;

/** HEADs and imported versions that stand in the account's lists. */
export const current = (component: string): string =>
  `(${component}.account_id = ${ME} AND (${component}.revision = 0 OR ${component}.original_id IS NOT NULL)
    AND NOT ${component}.snapshot AND NOT ${component}.superseded AND ${component}.deleted_at IS NULL)`;

/** Any version of the account that uses something. */
export const using = (component: string): string =>
  `(${component}.account_id = ${ME} AND NOT ${component}.snapshot AND ${component}.deleted_at IS NULL)`;
