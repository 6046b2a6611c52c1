/** SQL predicates for what an account may see. The parameter `:viewer` is the account's id. */

export const cloudVisible = (cloud: string): string =>
  `(${cloud}.account_id IS NULL OR ${cloud}.account_id = :viewer)`;

export const imageVisible = (image: string): string =>
  `(${image}.owner_account_id IS NULL OR ${image}.owner_account_id = :viewer OR EXISTS (
    SELECT FROM cloud_image_shares AS share WHERE share.cloud_image_id = ${image}.id AND share.account_id = :viewer))`;

/** The private ones among them; by index, since an account may see none of very many. */
export const privateImageVisible = (image: string): string =>
  `(${image}.owner_account_id IS NOT NULL AND (${image}.owner_account_id = :viewer OR ${image}.id = ANY(ARRAY(
    SELECT share.cloud_image_id FROM cloud_image_shares AS share WHERE share.account_id = :viewer))))`;

export const instanceTypeVisible = (type: string): string =>
  `(${type}.owner_account_id IS NULL OR ${type}.owner_account_id = :viewer)`;

/** A visible image of this lifecycle is AVAILABLE to the viewer. */
export const imageAvailable = (image: string): string =>
  `(${image}.lifecycle IN ('AVAILABLE', 'DEPRECATED') AND ${imageVisible(image)})`;

/** AVAILABLE reads as DEPRECATED once its time has come. `:now` is the moment. */
export const effectiveLifecycle = (image: string): string =>
  `CASE WHEN ${image}.lifecycle = 'AVAILABLE' AND ${image}.deprecates_at <= :now THEN 'DEPRECATED' ELSE ${image}.lifecycle END`;

/**
 * Whether a publication is meant for the viewer: its own, public, or offered to a group that it belongs to. Asked of
 * each private one by index: `OFFSET 0` keeps PostgreSQL from hashing all that groups are offered.
 */
export const publicationMeant = (publication: string): string =>
  `(${publication}.visibility = 'PUBLIC' OR ${publication}.account_id = :viewer OR EXISTS (
    SELECT FROM publication_account_groups AS offered
    JOIN account_group_members AS member ON member.account_group_id = offered.account_group_id
    WHERE offered.publication_id = ${publication}.id AND member.account_id = :viewer OFFSET 0))`;

/** Whether it is offered to the viewer now. */
export const publicationOffered = (publication: string): string =>
  `(${publication}.status = 'ACTIVE' AND ${publicationMeant(publication)})`;

/** Whether the viewer may look at it: its own, what is offered to it, and what it ever imported of what is meant for it. */
export const publicationVisible = (publication: string): string =>
  `(${publication}.account_id = :viewer OR ${publicationMeant(publication)} AND (${publication}.status = 'ACTIVE'
    OR EXISTS (SELECT FROM publication_importers AS importer
      WHERE importer.publication_id = ${publication}.id AND importer.account_id = :viewer OFFSET 0)))`;

/**
 * Whether a version is carried by something that is offered to the viewer, and, if its publisher imported it, meant for
 * it there, too. Asked of each version by index: `OFFSET 0` keeps PostgreSQL from hashing the whole marketplace.
 */
export const versionOffered = (version: string): string =>
  `EXISTS (SELECT FROM publication_versions AS carried
    JOIN publications AS publication ON publication.id = carried.publication_id
    LEFT JOIN publications AS source ON source.id = carried.source_publication_id
    WHERE carried.version_id = ${version}.id AND ${publicationOffered('publication')}
      AND (source.id IS NULL OR ${publicationMeant('source')}) OFFSET 0)`;

/** What an account may read of components: its local collection, and what the marketplace offers it (R-2.2, section 9). */
export const versionVisible = (version: string): string =>
  `(${version}.account_id = :viewer OR ${versionOffered(version)})`;
