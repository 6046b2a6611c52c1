import { toGlobalId } from '../../domain/global-id';
import {
  assertImportable,
  dependencyNotVisible,
  newlyAccepted,
  type JoinMode,
} from '../../domain/marketplace/importable';
import { forbiddenVersions } from '../../domain/marketplace/import-plan';
import { recordAudit } from '../../persistence/access/audit-store';
import {
  carriedVersions,
  lockCarriedPublications,
  lockCollections,
  lockCopies,
} from '../../persistence/marketplace/import-facts';
import { countImporters } from '../../persistence/marketplace/import-store';
import {
  attachedEulas,
  insertAcceptances,
  lockForImport,
} from '../../persistence/marketplace/offered-publication';
import { unitOfWork, type ActionContext, type Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import { bringVersions, type BroughtVersion } from './bring-versions';

export interface JoinPublication {
  readonly publicationId: string;
  /** Licence texts that who imports accepts. */
  readonly acceptEulaRevisionIds: readonly string[];
}

/** What an import made of the local collection. */
export interface Joined {
  /** What the publication offers. */
  readonly component: BroughtVersion;
  /** What was not in the local collection before, in the order in which the publication carries it. */
  readonly imported: readonly BroughtVersion[];
  /** What was. */
  readonly reused: readonly BroughtVersion[];
}

const VERBS: Readonly<Record<JoinMode, string>> = { IMPORT: 'import', SUBSCRIBE: 'subscribe' };

/**
 * What a publication offers, and all that this pins, joins the local collection. Doing it again changes nothing.
 *
 * @throws DomainError NOT_FOUND, INVALID, EULA_NOT_ACCEPTED or DEPENDENCY_NOT_VISIBLE
 */
export function joinPublication(
  context: ActionContext,
  mode: JoinMode,
  { publicationId, acceptEulaRevisionIds }: JoinPublication,
): Promise<Joined> {
  return unitOfWork(context, async (tx) => {
    const { accountId } = actingViewer(tx);
    const publication = await lockForImport(tx.manager, accountId, publicationId);
    assertImportable(mode, accountId, publication);
    await lockCarriedPublications(tx.manager, publicationId);
    await lockCollections(tx.manager, [accountId]);
    const accepted = await acceptEulas(tx, publicationId, acceptEulaRevisionIds);
    await lockCopies(tx.manager, publicationId, [accountId]);
    const carried = await carriedVersions(tx.manager, publicationId, [accountId], 'ALL');
    const forbidden = forbiddenVersions(carried);
    if (forbidden.length > 0) throw dependencyNotVisible(publication.name, forbidden.length);
    const { imported, reused, unchanged, importers } = await bringVersions(tx, carried, tx.principal.userId);
    const component = [...imported, ...reused].find(({ offered }) => offered);
    if (component === undefined)
      throw new Error(`Publication ${publicationId} does not carry what it offers`);
    if (!unchanged || accepted.length > 0)
      await recordAudit(tx, {
        action: `publication.${VERBS[mode]}`,
        objectType: 'Publication',
        objectId: publicationId,
        changes: {
          name: publication.name,
          revision: publication.revision,
          componentId: toGlobalId(component.type, component.id),
          importedIds: imported.map(({ type, id }) => toGlobalId(type, id)),
          ...(accepted.length > 0 && {
            acceptedEulaRevisionIds: accepted.map((id) => toGlobalId('EulaRevision', id)),
          }),
        },
      });
    await countImporters(tx.manager, importers);
    return { component, imported, reused };
  });
}

/** @returns what was accepted now */
async function acceptEulas(
  tx: Transaction,
  publicationId: string,
  acceptedIds: readonly string[],
): Promise<string[]> {
  const { accountId } = actingViewer(tx);
  const accepted = newlyAccepted(await attachedEulas(tx.manager, accountId, publicationId), acceptedIds);
  await insertAcceptances(
    tx.manager,
    { accountId, publicationId, userId: tx.principal.userId, acceptedAt: tx.now },
    accepted,
  );
  return accepted;
}
