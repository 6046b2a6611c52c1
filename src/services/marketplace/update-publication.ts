import { assertGroupCount, includesAudience, type Audience } from '../../domain/marketplace/audience';
import { assertTakesComments } from '../../domain/marketplace/publishable';
import {
  publicationWords,
  type PublicationWords,
  type RequestedWords,
} from '../../domain/marketplace/publication-words';
import { changedAudience, changedWords } from '../../domain/marketplace/update-publication';
import type { Publication } from '../../entities/marketplace/publication';
import {
  accountGroupsOf,
  offerToAccountGroups,
  offerToEveryone,
  publishedLineage,
  touchPublications,
  updateLineageWords,
  withdrawFromAccountGroups,
} from '../../persistence/marketplace/publication-store';
import type { ActionContext, Transaction } from '../../persistence/unit-of-work';
import { editPublication, type ChoosePublication, type PublicationEdit } from './edit-publication';
import { NOTHING_ALONG, offerAlong, offeredWith, type OfferedWith } from './offer-along';
import { lockOwnAccountGroups } from './own-account-groups';
import { prepareOffer, type PreparedOffer } from './prepare-offer';
import { alongChanges, audienceChanges } from './publish-component';

export interface UpdatePublication extends RequestedWords, ChoosePublication {
  /** Keys. */
  readonly addAccountGroupIds?: readonly string[] | null;
  /** Keys. */
  readonly removeAccountGroupIds?: readonly string[] | null;
  readonly makePublic?: boolean | null;
  readonly allowComments?: boolean | null;
}

export interface UpdatedPublication extends OfferedWith {
  readonly publicationId: string;
}

/**
 * Changes the words of a lineage's publications, and to whom one of them is offered. A wider audience must be able
 * to use it, and what it carries is offered to it, too.
 *
 * @throws DomainError NOT_FOUND, NOT_EDITABLE, INVALID, LIMIT_EXCEEDED, PRIVATE_IMAGE or DEPENDENCY_NOT_VISIBLE
 */
export async function updatePublication(
  context: ActionContext,
  input: UpdatePublication,
): Promise<UpdatedPublication> {
  const requested = publicationWords(input);
  let along = NOTHING_ALONG;
  const publicationId = await editPublication(context, input.publicationId, async (tx, publication) => {
    const changed = await change(tx, publication, input, requested);
    along = changed.along;
    return changed.edit;
  });
  return { publicationId, ...along };
}

interface Change {
  /** `null`: nothing changed. */
  readonly edit: PublicationEdit | null;
  readonly along: OfferedWith;
}

async function change(
  tx: Transaction,
  publication: Publication,
  input: UpdatePublication,
  requested: PublicationWords,
): Promise<Change> {
  const { changes: audience, along } = await changeAudience(tx, publication, input);
  const words = await changedWordsOf(tx, publication, requested);
  const comments = commentsChange(publication, input.allowComments);
  const changes = { ...audience, ...words, ...comments };
  if (input.dryRun || Object.keys(changes).length === 0) return { edit: null, along };
  await touchPublications(tx.manager, [publication.id], comments, tx.now);
  if (Object.keys(words).length > 0)
    await updateLineageWords(tx.manager, publication.lineageId, words, tx.now);
  return { edit: { verb: 'update', changes }, along };
}

/** @returns what the audit log shows of it (nothing: it stayed), and what is offered along */
async function changeAudience(
  tx: Transaction,
  publication: Publication,
  input: UpdatePublication,
): Promise<{ readonly changes: Record<string, unknown>; readonly along: OfferedWith }> {
  const added = input.addAccountGroupIds ?? [];
  const removed = input.removeAccountGroupIds ?? [];
  assertGroupCount(added.length, 'input', 'addAccountGroupIds');
  assertGroupCount(removed.length, 'input', 'removeAccountGroupIds');
  await lockOwnAccountGroups(tx, added, 'addAccountGroupIds');
  await lockOwnAccountGroups(tx, removed, 'removeAccountGroupIds');
  const groups = await accountGroupsOf(tx.manager, [publication.id]);
  const before: Audience = {
    visibility: publication.visibility,
    accountGroupIds: groups.get(publication.id) ?? [],
  };
  const after = audienceAfter(publication, before, input);
  const wider = includesAudience(before, after) ? null : await prepareWider(tx, publication, after);
  const gone = before.accountGroupIds.filter((group) => !after.accountGroupIds.includes(group));
  const along = await offerWider(tx, publication, after, wider, input.dryRun ?? false);
  if (after.visibility === 'PRIVATE' && !input.dryRun)
    await withdrawFromAccountGroups(tx.manager, publication.id, gone);
  const same = gone.length === 0 && includesAudience(before, after) && includesAudience(after, before);
  return { changes: same ? {} : { ...audienceChanges(after), ...alongChanges(along) }, along };
}

/** What isn't told about its audience leaves a publication as it is. */
function audienceAfter(publication: Publication, before: Audience, input: UpdatePublication): Audience {
  const change = {
    addAccountGroupIds: input.addAccountGroupIds ?? [],
    removeAccountGroupIds: input.removeAccountGroupIds ?? [],
    makePublic: input.makePublic ?? false,
  };
  const untold =
    !change.makePublic && change.addAccountGroupIds.length + change.removeAccountGroupIds.length === 0;
  return untold ? before : changedAudience(publication.revision, before, change);
}

function prepareWider(
  tx: Transaction,
  { componentType, contentId, revision }: Publication,
  after: Audience,
): Promise<PreparedOffer> {
  const field = after.visibility === 'PUBLIC' ? 'makePublic' : 'addAccountGroupIds';
  return prepareOffer(tx, componentType, { id: contentId, revision }, after, 'input', field);
}

/** @param offer `null`: to nobody new */
async function offerWider(
  tx: Transaction,
  { id }: Publication,
  after: Audience,
  offer: PreparedOffer | null,
  dryRun: boolean,
): Promise<OfferedWith> {
  if (offer === null) return NOTHING_ALONG;
  if (dryRun) return offeredWith(offer);
  if (after.visibility === 'PUBLIC') await offerToEveryone(tx.manager, [id]);
  await offerToAccountGroups(tx.manager, [id], after.accountGroupIds);
  return offerAlong(tx, after, offer);
}

/** @returns the words that differ */
async function changedWordsOf(
  tx: Transaction,
  { id, lineageId }: Publication,
  requested: PublicationWords,
): Promise<PublicationWords> {
  if (Object.keys(requested).length === 0) return {};
  const lineage = await publishedLineage(tx.manager, lineageId);
  if (lineage === null) throw new Error(`The publication ${id} belongs to no published lineage`);
  return changedWords(lineage, requested);
}

function commentsChange(
  publication: Publication,
  allowComments: boolean | null | undefined,
): { readonly allowComments?: boolean } {
  if (allowComments == null || allowComments === publication.allowComments) return {};
  assertTakesComments(publication.revision, allowComments);
  return { allowComments };
}
