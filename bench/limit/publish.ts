import { copied, PINNED } from './copies';
import { ME, VIEWER } from './predicates';

/** The template `$2` and the MCIs that it pins. */
const VERSIONS = `(
  SELECT 'ServerTemplate' AS type, id, lineage_id, name, commit_message, false AS implicit, 'Bench' AS description
  FROM server_templates WHERE id = $2
  UNION ALL
  SELECT 'MultiCloudImage', id, lineage_id, name, commit_message, true, name
  FROM multi_cloud_images WHERE id IN (${PINNED})) AS version`;

const PUBLICATION = copied('version.id');

const PUNCTUATION = `'!"#$%&''()*+,-./:;<=>?@[\\]^_\`{|}~'`;

const weighted = (text: string, weight: string): string =>
  `setweight(to_tsvector('simple', translate(${text}, ${PUNCTUATION}, repeat(' ', length(${PUNCTUATION})))), '${weight}')`;

const LINEAGES = `WITH ${VIEWER} INSERT INTO published_lineages (lineage_id, account_id, component_type, short_description, updated_at)
  SELECT version.lineage_id, ${ME}, version.type, version.description, now() FROM ${VERSIONS} WHERE $3::text IS NOT NULL`;

/** Revision 1, as the service publishes it: the template and its MCIs are the first that were committed. */
const PUBLICATIONS = `WITH ${VIEWER} INSERT INTO publications (id, account_id, component_type, lineage_id, revision, component_id,
    content_id, name, visibility, status, implicit, revision_notes, published_at, updated_at, search)
  SELECT ${PUBLICATION}, organization.account_id, version.type, version.lineage_id, 1, version.id,
    version.id, version.name, 'PRIVATE', 'ACTIVE', version.implicit, version.commit_message, now(), now(),
    ${weighted('version.name', 'A')} || ${weighted("version.description || ' ' || organization.name", 'C')}
  FROM ${VERSIONS}, organizations AS organization WHERE organization.account_id = ${ME}`;

/** Each publication carries its own version; the template's also all others. */
const CARRIED = `WITH ${VIEWER} INSERT INTO publication_versions (publication_id, version_id, component_type)
  SELECT ${PUBLICATION}, version.id, version.type FROM ${VERSIONS}, viewer
  UNION ALL
  SELECT ${copied('$2')}, version.id, version.type FROM ${VERSIONS}, viewer WHERE version.implicit`;

const OFFERED = `WITH ${VIEWER} INSERT INTO publication_account_groups (publication_id, account_group_id)
  SELECT ${PUBLICATION}, account_group.id FROM ${VERSIONS}, account_groups AS account_group WHERE account_group.account_id = ${ME}`;

/** A template and all MCIs that it pins, none of which was published before, to the groups of the account. `$3`: a salt. */
export const PUBLISH = [LINEAGES, PUBLICATIONS, CARRIED, OFFERED];
