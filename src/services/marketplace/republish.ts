import type { Audience } from '../../domain/marketplace/audience';
import { forbiddenVersions, type CarriedFacts } from '../../domain/marketplace/import-plan';
import { assertRepublishable, nothingToRepublish } from '../../domain/marketplace/republishable';
import type { Publication } from '../../entities/marketplace/publication';
import { recordAudit } from '../../persistence/access/audit-store';
import { lockVersion, type ComponentRows } from '../../persistence/components/component-store';
import {
  carriedVersions,
  lockCollections,
  lockCopies,
  lockMemberships,
  subscribersOf,
} from '../../persistence/marketplace/import-facts';
import { countImporters, type NewImporters } from '../../persistence/marketplace/import-store';
import { refreshPublicationSearch } from '../../persistence/marketplace/marketplace-search';
import {
  accountGroupsOf,
  lockPublication,
  lockPublishedLineage,
} from '../../persistence/marketplace/publication-store';
import { lockPins } from '../../persistence/marketplace/publish-facts';
import {
  frozenContent,
  ownPublication,
  replaceFrozenContent,
} from '../../persistence/marketplace/republish-store';
import type { Row } from '../../persistence/select';
import { tryOut, unitOfWork, type ActionContext, type Transaction } from '../../persistence/unit-of-work';
import type { ComponentType } from '../../domain/versioning/component-type';
import { actingViewer } from '../acting-viewer';
import { bringVersions } from './bring-versions';
import type { ChoosePublication } from './edit-publication';
import { freezeHead, type FrozenHead } from './freeze-head';
import { missingPublication } from './missing-publication';
import { offerAlong, offeredWith, type OfferedWith } from './offer-along';
import { prepareOffer, type PreparedOffer } from './prepare-offer';
import { alongChanges } from './publish-component';

export interface Republished extends OfferedWith {
  readonly publicationId: string;
}

/**
 * Offers a published HEAD as it is now, and gives it to all who follow it and may see it still. The checks of
 * publishing run again. One transaction with a bounded number of statements, however many follow it.
 *
 * @throws DomainError NOT_FOUND, NOT_EDITABLE, INVALID, NOTHING_TO_COMMIT, HEAD_DEPENDENCY, PRIVATE_IMAGE or DEPENDENCY_NOT_VISIBLE
 */
export function republish(
  context: ActionContext,
  { publicationId, dryRun }: ChoosePublication,
): Promise<Republished> {
  return unitOfWork(context, async (tx) => {
    const { publication, head } = await lockPublished(tx, publicationId);
    const audience: Audience = {
      visibility: publication.visibility,
      accountGroupIds: (await accountGroupsOf(tx.manager, [publicationId])).get(publicationId) ?? [],
    };
    if (dryRun) return { publicationId, ...(await offeredAnew(tx, publication, head, audience)) };
    // Before the collections, as whoever republishes what is pinned locks it.
    if (publication.componentType === 'ServerTemplate')
      await lockPins(tx.manager, head.id, audience.accountGroupIds);
    // Before other publications, as importers do.
    const subscribers = await lockSubscribers(tx, publication);
    const along = await freezeAnew(tx, publication, head, audience, subscribers);
    const importers = await giveTo(tx, publicationId, subscribers);
    await recordAudit(tx, {
      action: 'publication.republish',
      objectType: 'Publication',
      objectId: publicationId,
      changes: { name: head.name, subscribers: subscribers.length, ...alongChanges(along) },
    });
    await countImporters(tx.manager, importers);
    return { publicationId, ...along };
  });
}

type Head = Row<ComponentRows[ComponentType]>;

/** The publisher's HEAD before its publication: as all who publish lock them. */
async function lockPublished(
  tx: Transaction,
  publicationId: string,
): Promise<{ readonly publication: Row<Publication>; readonly head: Head }> {
  const { accountId } = actingViewer(tx);
  const known = await ownPublication(tx.manager, accountId, publicationId);
  if (known === null) throw await missingPublication(tx, publicationId);
  assertRepublishable(known);
  const head = await lockVersion(tx.manager, known.componentType, accountId, known.componentId);
  await lockPublishedLineage(tx.manager, accountId, known.lineageId);
  const publication = await lockPublication(tx.manager, accountId, publicationId);
  if (head === null || publication === null)
    throw new Error(`The publication ${publicationId} or its HEAD is gone`);
  return { publication, head };
}

/** Who follows it and has access still, neither of which ends before the transaction does. */
async function lockSubscribers(tx: Transaction, publication: Row<Publication>): Promise<readonly string[]> {
  const known = await subscribersOf(tx.manager, publication);
  await lockCollections(tx.manager, known);
  await lockMemberships(tx.manager, publication.id, known);
  // Some may have removed it, or lost access, while they were waited for; who came meanwhile has it as it was published.
  const locked = new Set(known);
  return (await subscribersOf(tx.manager, publication)).filter((accountId) => locked.has(accountId));
}

/** Only looks. @returns what would be offered along */
async function offeredAnew(
  tx: Transaction,
  publication: Row<Publication>,
  head: Head,
  audience: Audience,
): Promise<OfferedWith> {
  const offer = await prepareOffer(tx, publication.componentType, head, audience, ...PATH);
  // Only what was frozen tells whether anything changed.
  const subscribers = await subscribersOf(tx.manager, publication);
  await tryOut(tx, () => freezeChanged(tx, publication, head, offer, subscribers));
  return offeredWith(offer);
}

const PATH = ['input', 'publicationId'];

/**
 * What is offered from now on: what was before, if nothing changed, but somebody has not got that.
 *
 * @throws DomainError NOTHING_TO_COMMIT
 */
async function freezeChanged(
  tx: Transaction,
  publication: Row<Publication>,
  head: Head,
  { pins }: PreparedOffer,
  subscribers: readonly string[],
): Promise<FrozenHead> {
  const { componentType, contentId } = publication;
  const before = { contentId, ...(await frozenContent(tx.manager, publication)) };
  const frozen = await freezeHead(tx, componentType, head, pins, before);
  if (frozen.contentId === contentId && (await changesFor(tx, publication.id, subscribers)).length === 0)
    throw nothingToRepublish(componentType, head.name);
  return frozen;
}

/** @returns what is offered along */
async function freezeAnew(
  tx: Transaction,
  publication: Row<Publication>,
  head: Head,
  audience: Audience,
  subscribers: readonly string[],
): Promise<OfferedWith> {
  const { id, componentType, lineageId } = publication;
  const offer = await prepareOffer(tx, componentType, head, audience, ...PATH);
  const frozen = await freezeChanged(tx, publication, head, offer, subscribers);
  if (frozen.contentId !== publication.contentId)
    await replaceFrozenContent(tx.manager, id, { name: head.name, ...frozen }, tx.now);
  const along = await offerAlong(tx, audience, offer);
  await refreshPublicationSearch(tx.manager, [lineageId]);
  return along;
}

/** @returns who has something of a publication for the first time */
async function giveTo(
  tx: Transaction,
  publicationId: string,
  accountIds: readonly string[],
): Promise<readonly NewImporters[]> {
  if (accountIds.length === 0) return [];
  // Also of what it carries only now.
  await lockMemberships(tx.manager, publicationId, accountIds);
  await lockCopies(tx.manager, publicationId, accountIds);
  return (await bringVersions(tx, await changesFor(tx, publicationId, accountIds), null)).importers;
}

/** What these accounts have not got of what a publication carries, or not as it is now; nothing of who may not have all. */
async function changesFor(
  tx: Transaction,
  publicationId: string,
  accountIds: readonly string[],
): Promise<readonly CarriedFacts[]> {
  if (accountIds.length === 0) return [];
  const carried = await carriedVersions(tx.manager, publicationId, accountIds, 'CHANGES');
  const kept = new Set(forbiddenVersions(carried).map(({ accountId }) => accountId));
  return carried.filter(({ accountId }) => !kept.has(accountId));
}
