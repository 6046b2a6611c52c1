import { invalid, notFound } from '../../domain/errors';
import { toGlobalId } from '../../domain/global-id';
import { requestedAudience, type Audience } from '../../domain/marketplace/audience';
import type { PublicationVisibility } from '../../domain/marketplace/publication';
import {
  publicationWords,
  revisionNotes,
  type PublicationWords,
  type RequestedWords,
} from '../../domain/marketplace/publication-words';
import {
  alreadyPublished,
  assertPublishable,
  assertTakesComments,
  assertTakesEulas,
} from '../../domain/marketplace/publishable';
import { COMPONENT_NAMES, componentAction, type ComponentType } from '../../domain/versioning/component-type';
import { recordAudit } from '../../persistence/access/audit-store';
import { lockVersion, type ComponentRows } from '../../persistence/components/component-store';
import {
  attachEulas,
  describeLineages,
  insertCarriedVersions,
  insertPublications,
  lockEulaRevisions,
  lockPublishedLineage,
  offerToAccountGroups,
  updateLineageWords,
} from '../../persistence/marketplace/publication-store';
import type { Row } from '../../persistence/select';
import { unitOfWork, type ActionContext, type Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import { freezeHead, type FrozenHead } from './freeze-head';
import { offerAlong, offeredWith, type OfferedAlong, type OfferedWith } from './offer-along';
import { lockOwnAccountGroups } from './own-account-groups';
import { prepareOffer, type PreparedOffer } from './prepare-offer';

export interface PublishComponent extends RequestedWords {
  /** A committed revision, or HEAD. */
  readonly id: string;
  readonly visibility: PublicationVisibility;
  /** Keys. */
  readonly accountGroupIds?: readonly string[] | null;
  /** Left out: the commit message; `null`: none. */
  readonly revisionNotes?: string | null;
  readonly allowComments?: boolean | null;
  /** Keys. */
  readonly eulaRevisionIds?: readonly string[] | null;
  /** Only looks whether it can be done, and what would be. */
  readonly dryRun?: boolean | null;
}

export interface PublishedComponent extends OfferedWith {
  /** `null`: a dry run. */
  readonly publicationId: string | null;
}

/**
 * Offers a version in the marketplace, with all that it pins. One transaction with a bounded number of
 * statements.
 *
 * @throws DomainError NOT_FOUND, INVALID, LIMIT_EXCEEDED, ALREADY_PUBLISHED, HEAD_DEPENDENCY, PRIVATE_IMAGE or
 * DEPENDENCY_NOT_VISIBLE
 */
export function publishComponent<T extends ComponentType>(
  context: ActionContext,
  type: T,
  input: PublishComponent,
): Promise<PublishedComponent> {
  const audience = requestedAudience(input.visibility, input.accountGroupIds ?? []);
  const words = publicationWords(input);
  const eulas = [...new Set(input.eulaRevisionIds)];
  return unitOfWork(context, async (tx) => {
    const { version, described } = await lockPublishable(tx, type, input.id, audience);
    assertTakesEulas(type, version.revision, eulas.length);
    assertTakesComments(version.revision, input.allowComments ?? false);
    const notes = revisionNotes(input.revisionNotes, version.commitMessage);
    await lockOwnAccountGroups(tx, audience.accountGroupIds, 'accountGroupIds');
    await assertEulasUsable(tx, eulas);
    const first = described ? null : firstWords(words);
    // Before what the version pins is locked: updates of the lineage's words lock in this order, too.
    if (!input.dryRun) await describe(tx, type, version, words, first);
    const offer = await prepareOffer(tx, type, version, audience, 'input', 'id');
    if (input.dryRun) return { publicationId: null, ...offeredWith(offer) };

    const { contentId, carried } = await contentOf(tx, type, version, offer);
    const publicationId = await insertPublication(tx, type, version, {
      audience,
      contentId,
      revisionNotes: notes,
      allowComments: input.allowComments ?? false,
    });
    await insertCarriedVersions(
      tx.manager,
      carried.map((one) => ({ ...one, publicationId })),
    );
    await attachEulas(tx.manager, publicationId, eulas);
    const along = await offerAlong(tx, audience, offer);
    await recordAudit(tx, {
      action: componentAction(type, 'publish'),
      objectType: type,
      objectId: version.id,
      changes: {
        publicationId: toGlobalId('Publication', publicationId),
        revision: version.revision,
        ...audienceChanges(audience),
        ...(eulas.length > 0 && { eulaRevisionIds: eulas.map((id) => toGlobalId('EulaRevision', id)) }),
        ...alongChanges(along),
      },
    });
    return { publicationId, ...along };
  });
}

async function lockPublishable<T extends ComponentType>(
  tx: Transaction,
  type: T,
  id: string,
  audience: Audience,
): Promise<{ readonly version: Row<ComponentRows[T]>; readonly described: boolean }> {
  const { accountId } = actingViewer(tx);
  const version = await lockVersion(tx.manager, type, accountId, id);
  if (version === null) throw notFound(COMPONENT_NAMES[type], 'input', 'id');
  assertPublishable(type, version, audience);
  const { revision, lineageId } = version;
  const { hasOrganization, described, publications } = await lockPublishedLineage(
    tx.manager,
    accountId,
    lineageId,
  );
  const published = publications.find((publication) => publication.revision === revision);
  if (published !== undefined) throw alreadyPublished(type, revision, published.status);
  if (!hasOrganization)
    throw invalid(
      'Nobody would know who publishes this: name your organization first, with `setOrganization`.',
      'input',
    );
  return { version, described };
}

/** @throws DomainError NOT_FOUND, or INVALID for what was archived */
async function assertEulasUsable(tx: Transaction, ids: readonly string[]): Promise<void> {
  const own = await lockEulaRevisions(tx.manager, actingViewer(tx).accountId, ids);
  for (const id of ids) {
    const eula = own.get(id);
    if (eula === undefined) throw notFound('licence text', 'input', 'eulaRevisionIds');
    if (eula.archived)
      throw invalid(
        `The licence agreement "${eula.name}" was archived: no new publication takes it. Use another one.`,
        'input',
        'eulaRevisionIds',
      );
  }
}

/** who publishes a lineage for the first time says what it is for. @throws DomainError INVALID */
function firstWords({
  shortDescription,
  longDescription = null,
  categories = [],
}: PublicationWords): Required<PublicationWords> {
  if (shortDescription === undefined)
    throw invalid(
      '`shortDescription` is missing: the first publication of a component says in a line what it is for.',
      'input',
      'shortDescription',
    );
  return { shortDescription, longDescription, categories };
}

/** Writes what is said of a lineage. @param first `null`: something was said before */
async function describe(
  tx: Transaction,
  type: ComponentType,
  { accountId, lineageId }: Pick<Row<ComponentRows[ComponentType]>, 'accountId' | 'lineageId'>,
  words: PublicationWords,
  first: Required<PublicationWords> | null,
): Promise<void> {
  const described =
    first !== null &&
    (await describeLineages(tx.manager, [{ lineageId, accountId, componentType: type, ...first }], tx.now)) >
      0;
  // Also the first time: another revision may have been published meanwhile, and the later words stay.
  if (!described && Object.keys(words).length > 0)
    await updateLineageWords(tx.manager, lineageId, words, tx.now);
}

/** What is offered, and all that goes with it: of HEAD a frozen state. */
async function contentOf<T extends ComponentType>(
  tx: Transaction,
  type: T,
  version: Row<ComponentRows[T]>,
  { pins }: PreparedOffer,
): Promise<FrozenHead> {
  if (version.revision === 0) return freezeHead(tx, type, version, pins);
  return {
    contentId: version.id,
    carried: [
      { type, versionId: version.id, sourcePublicationId: null },
      ...pins.map((pin) => ({
        type: pin.type,
        versionId: pin.id,
        sourcePublicationId: pin.sourcePublicationId,
      })),
    ],
  };
}

async function insertPublication(
  tx: Transaction,
  type: ComponentType,
  version: Row<ComponentRows[ComponentType]>,
  {
    audience,
    ...offered
  }: {
    readonly audience: Audience;
    readonly contentId: string;
    readonly revisionNotes: string | null;
    readonly allowComments: boolean;
  },
): Promise<string> {
  const { accountId, lineageId, revision, id, name } = version;
  const [key] = await insertPublications(
    tx.manager,
    [
      {
        ...offered,
        accountId,
        componentType: type,
        lineageId,
        revision,
        componentId: id,
        name,
        visibility: audience.visibility,
        implicit: false,
      },
    ],
    tx.now,
  );
  if (key === undefined) throw new Error(`${type} ${id} was not published`);
  await offerToAccountGroups(tx.manager, [key], audience.accountGroupIds);
  return key;
}

/** An audience as the audit log shows it. */
export const audienceChanges = ({ visibility, accountGroupIds }: Audience): Record<string, unknown> => ({
  visibility,
  ...(accountGroupIds.length > 0 && {
    accountGroupIds: accountGroupIds.map((id) => toGlobalId('AccountGroup', id)),
  }),
});

/** What went along as the audit log shows it. */
export const alongChanges = ({ implicit, widened }: OfferedWith): Record<string, unknown> => ({
  ...(implicit.length > 0 && { implicit: implicit.map(globalIdOf) }),
  ...(widened.length > 0 && { widened: widened.map(globalIdOf) }),
});

const globalIdOf = ({ type, versionId }: OfferedAlong): string => toGlobalId(type, versionId);
