import { randomUUID } from 'node:crypto';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import { Eula, EulaRevision } from '../../entities/marketplace/eula';
import { batch } from '../fixed-query';
import type { ListQuery } from '../keyset-page';
import { ANY_OF, selectRows, type Row } from '../select';
import { publicationVisible } from '../visibility';

/** Licence agreements and their numbered texts. */

/** Revisions, aliased `revision`, with what their agreement (`eula`) tells the viewer. */
const revisions = (manager: EntityManager, viewer: Viewer): SelectQueryBuilder<EulaRevision> =>
  selectRows(manager, EulaRevision, 'revision')
    .innerJoin('eulas', 'eula', 'eula.id = revision.eula_id')
    .addSelect('eula.name', 'name')
    .addSelect('CASE WHEN eula.account_id = :viewer THEN eula.archived_at END', 'archivedAt')
    .setParameter('viewer', viewer.accountId);

/** Own ones, those that importers of something visible must accept, and what the account has accepted. */
const VISIBLE = `(eula.account_id = :viewer
  OR EXISTS (SELECT FROM publication_eulas AS attached
    JOIN publications AS publication ON publication.id = attached.publication_id
    WHERE attached.eula_revision_id = revision.id AND ${publicationVisible('publication')})
  OR EXISTS (SELECT FROM eula_acceptances AS accepted
    WHERE accepted.eula_revision_id = revision.id AND accepted.account_id = :viewer))`;

/** @param which SQL behind the key */
export const eulaRevisionRows = (manager: EntityManager, viewer: Viewer, which: string) =>
  revisions(manager, viewer).where(`revision.id ${which}`).andWhere(VISIBLE);

export const eulaRevisionsById = batch<Row<EulaRevision>>((manager, viewer) =>
  eulaRevisionRows(manager, viewer, ANY_OF),
);

/** The words of a licence text. */
export interface EulaText {
  readonly id: string;
  readonly text: string;
}

/** @param which SQL behind the key */
export const eulaTextRows = (manager: EntityManager, viewer: Viewer, which: string) =>
  manager
    .createQueryBuilder(EulaRevision, 'revision')
    .select('revision.id', 'id')
    .addSelect('revision.text', 'text')
    .innerJoin('eulas', 'eula', 'eula.id = revision.eula_id')
    .where(`revision.id ${which}`)
    .andWhere(VISIBLE, { viewer: viewer.accountId });

export const eulaTextsById = batch<EulaText>((manager, viewer) => eulaTextRows(manager, viewer, ANY_OF));

/** The newest text of each agreement of the viewer's, by name. */
export function eulaList(viewer: Viewer, includeArchived: boolean): ListQuery<EulaRevision> {
  return {
    name: 'eulas',
    order: {
      keys: [
        { expression: 'eula.name', property: 'name', type: 'text' },
        { expression: 'eula.id', property: 'eulaId', type: 'uuid' },
      ],
      descending: false,
    },
    rows: (manager) => {
      const query = revisions(manager, viewer).where(
        `eula.account_id = :viewer AND NOT EXISTS (SELECT FROM eula_revisions AS newer
          WHERE newer.eula_id = eula.id AND newer.revision > revision.revision)`,
      );
      if (!includeArchived) query.andWhere('eula.archived_at IS NULL');
      return query;
    },
  };
}

/** @returns its key */
export async function insertEula(
  manager: EntityManager,
  eula: Pick<Eula, 'accountId' | 'name'>,
  now: Date,
): Promise<string> {
  const id = randomUUID();
  await manager.insert(Eula, { ...eula, id, archivedAt: null, createdAt: now });
  return id;
}

/** @returns its key */
export async function insertEulaRevision(
  manager: EntityManager,
  revision: { readonly eulaId: string; readonly revision: number; readonly text: string },
  now: Date,
): Promise<string> {
  const id = randomUUID();
  await manager.insert(EulaRevision, { ...revision, id, createdAt: now });
  return id;
}

/** The account's agreement that a text is of, locked against all who change it or offer anything under it. */
export async function lockEulaOf(
  manager: EntityManager,
  accountId: string,
  revisionId: string,
): Promise<Row<Eula> | null> {
  const row = await selectRows(manager, Eula, 'eula')
    .innerJoin('eula_revisions', 'revision', 'revision.eula_id = eula.id')
    .where('revision.id = :revisionId AND eula.account_id = :accountId', { revisionId, accountId })
    .setLock('pessimistic_write', undefined, ['eula'])
    .getRawOne<Row<Eula>>();
  return row ?? null;
}

/** The newest text of an agreement, and whether it is this very one. The agreement must be locked. */
export async function newestRevision(
  manager: EntityManager,
  eulaId: string,
  text: string,
): Promise<{ readonly id: string; readonly revision: number; readonly same: boolean }> {
  const row = await manager
    .createQueryBuilder(EulaRevision, 'revision')
    .select('revision.id', 'id')
    .addSelect('revision.revision', 'revision')
    .addSelect('revision.text = :text', 'same')
    .where('revision.eula_id = :eulaId', { eulaId, text })
    .orderBy('revision.revision', 'DESC')
    .limit(1)
    .getRawOne<{ id: string; revision: number; same: boolean }>();
  if (row === undefined) throw new Error(`The licence agreement ${eulaId} has no text`);
  return row;
}

export async function markArchived(manager: EntityManager, eulaId: string, now: Date): Promise<void> {
  await manager.update(Eula, { id: eulaId }, { archivedAt: now });
}
