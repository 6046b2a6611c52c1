import type { EntityManager } from 'typeorm';
import { Publication } from '../../entities/marketplace/publication';
import { EulaAcceptance } from '../../entities/marketplace/eula';
import { selectRows, type Row } from '../select';
import { publicationVisible } from '../visibility';

/**
 * A publication that an account wants to import: neither republished, deprecated nor withdrawn from anybody until the
 * transaction ends. `null`: the account may look at none with this key.
 */
export async function lockForImport(
  manager: EntityManager,
  accountId: string,
  id: string,
): Promise<Row<Publication> | null> {
  await manager.query('SELECT id FROM publications WHERE id = $1 FOR KEY SHARE', [id]);
  // A statement of its own: it sees what was committed while the publication was waited for.
  const row = await selectRows(manager, Publication, 'publication')
    .where('publication.id = :id', { id })
    .andWhere(publicationVisible('publication'), { viewer: accountId })
    .getRawOne<Row<Publication>>();
  return row ?? null;
}

/** A licence text that importers of a publication must accept. */
export interface AttachedEula {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  /** Whether the account accepted it with this publication before. */
  readonly accepted: boolean;
}

/** What importers of a publication must accept, by name. */
export const attachedEulas = (
  manager: EntityManager,
  accountId: string,
  publicationId: string,
): Promise<AttachedEula[]> =>
  manager.query(
    `SELECT revision.id, eula.name, revision.revision, EXISTS (SELECT FROM eula_acceptances AS acceptance
       WHERE acceptance.account_id = $1 AND acceptance.publication_id = attached.publication_id
         AND acceptance.eula_revision_id = revision.id) AS accepted
     FROM publication_eulas AS attached
     JOIN eula_revisions AS revision ON revision.id = attached.eula_revision_id
     JOIN eulas AS eula ON eula.id = revision.eula_id
     WHERE attached.publication_id = $2 ORDER BY eula.name, revision.revision, revision.id`,
    [accountId, publicationId],
  );

/** That somebody accepted licence texts for an account. */
export async function insertAcceptances(
  manager: EntityManager,
  acceptance: Pick<EulaAcceptance, 'accountId' | 'publicationId' | 'userId' | 'acceptedAt'>,
  eulaRevisionIds: readonly string[],
): Promise<void> {
  if (eulaRevisionIds.length === 0) return;
  await manager.insert(
    EulaAcceptance,
    eulaRevisionIds.map((eulaRevisionId) => ({ ...acceptance, eulaRevisionId })),
  );
}
