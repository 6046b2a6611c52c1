import type { Viewer } from '../../domain/access/viewer';
import { ImportedVersion } from '../../entities/marketplace/imported-version';
import type { ListQuery, Order } from '../keyset-page';
import { selectRows } from '../select';
import { publicationOffered } from '../visibility';

const LAST_IMPORTED_FIRST: Order = {
  keys: [
    { expression: 'imported.imported_at', property: 'importedAt', type: 'timestamptz' },
    { expression: 'imported.version_id', property: 'versionId', type: 'uuid' },
  ],
  descending: true,
};

/** SQL: the publications from which an import can be brought up to date; of a subscribed HEAD, any revision. */
export const updatesOf = (imported: string): string =>
  `SELECT newer.id FROM publications AS newer
   WHERE newer.lineage_id = ${imported}.lineage_id AND newer.revision > ${imported}.revision
     AND ${publicationOffered('newer')}`;

/** SQL: it is in the local collection still, and no higher version of its lineage is. */
export const highestImport = (imported: string): string =>
  `(${imported}.removed_at IS NULL AND NOT EXISTS (SELECT FROM imported_versions AS higher
    WHERE higher.account_id = ${imported}.account_id AND higher.lineage_id = ${imported}.lineage_id
      AND higher.revision > ${imported}.revision AND higher.removed_at IS NULL))`;

/** of each lineage that the viewer imported, the highest version that is still in its local collection. */
export const importList = (viewer: Viewer, updatesOnly: boolean): ListQuery<ImportedVersion> => ({
  name: 'myImports',
  order: LAST_IMPORTED_FIRST,
  rows: (manager) => {
    const query = selectRows(manager, ImportedVersion, 'imported')
      .where('imported.account_id = :viewer', { viewer: viewer.accountId })
      .andWhere(highestImport('imported'));
    if (updatesOnly) query.andWhere(`EXISTS (${updatesOf('imported')})`);
    return query;
  },
});
