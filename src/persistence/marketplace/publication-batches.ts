import type { EntityManager } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import { Publication } from '../../entities/marketplace/publication';
import { batch } from '../fixed-query';
import { ANY_OF, selectRows, type Row } from '../select';
import { publicationOffered, publicationVisible } from '../visibility';

/** What the loaders fetch of the marketplace in one statement each, as the viewer may see it. */

/** @param which SQL behind the key */
export const publicationRows = (manager: EntityManager, viewer: Viewer, which: string) =>
  selectRows(manager, Publication, 'publication')
    .where(`publication.id ${which}`)
    .andWhere(publicationVisible('publication'), { viewer: viewer.accountId });

export const publicationsById = batch<Row<Publication>>((manager, viewer) =>
  publicationRows(manager, viewer, ANY_OF),
);

/** Of lineages of any kind, the newest revisions that are offered to the viewer. */
export const newestPublications = batch<Row<Publication>>((manager) =>
  selectRows(manager, Publication, 'publication')
    .distinctOn(['publication.lineage_id'])
    .where(`publication.lineage_id ${ANY_OF} AND publication.revision > 0`)
    .andWhere(publicationOffered('publication'))
    .orderBy('publication.lineage_id')
    .addOrderBy('publication.revision', 'DESC'),
);
