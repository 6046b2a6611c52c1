import type { Audience } from '../../domain/marketplace/audience';
import type { PinPublication } from '../../domain/marketplace/offer';
import { wordsOf } from '../../domain/marketplace/publication-words';
import type { PinnedType } from '../../domain/versioning/pin-updates';
import {
  describeLineages,
  insertCarriedVersions,
  insertPublications,
  offerToAccountGroups,
  offerToEveryone,
  touchPublications,
} from '../../persistence/marketplace/publication-store';
import type { PinnedVersionFacts } from '../../persistence/marketplace/publish-facts';
import type { Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import type { PreparedOffer } from './prepare-offer';

/** What was published along with a template, or is offered to more than before. */
export interface OfferedAlong {
  readonly type: PinnedType;
  /** Key of the publisher's version. */
  readonly versionId: string;
  readonly name: string;
  /** `null`: it has none: it is only looked what would happen, or the template's own publication carries it. */
  readonly publicationId: string | null;
}

export interface OfferedWith {
  readonly implicit: readonly OfferedAlong[];
  readonly widened: readonly OfferedAlong[];
}

export const NOTHING_ALONG: OfferedWith = { implicit: [], widened: [] };

/** What would be published along and widened, without doing it. */
export function offeredWith({ pins, implicit, widened }: PreparedOffer): OfferedWith {
  return {
    implicit: byName([...implicit, ...carriedHeads(pins)].map((pin) => along(pin, null))),
    widened: byName(widenedOf(pins, widened)),
  };
}

/** Publishes along what a template pins, and offers it to more. A bounded number of statements. */
export async function offerAlong(
  tx: Transaction,
  audience: Audience,
  { pins, implicit, widened }: PreparedOffer,
): Promise<OfferedWith> {
  const { accountId } = actingViewer(tx);
  await describeLineages(
    tx.manager,
    implicit.map((pin) => ({
      lineageId: pin.lineageId,
      accountId,
      componentType: pin.type,
      ...wordsOf(pin),
    })),
    tx.now,
  );
  const ids = await insertPublications(
    tx.manager,
    implicit.map(({ type, lineageId, revision, id, name, commitMessage }) => ({
      accountId,
      componentType: type,
      lineageId,
      revision,
      componentId: id,
      contentId: id,
      name,
      visibility: audience.visibility,
      implicit: true,
      revisionNotes: commitMessage,
      allowComments: false,
    })),
    tx.now,
  );
  const made = implicit.map((pin, index) => along(pin, ids[index] ?? null));
  await insertCarriedVersions(
    tx.manager,
    made.flatMap(({ type, versionId, publicationId }) =>
      publicationId === null ? [] : [{ publicationId, type, versionId, sourcePublicationId: null }],
    ),
  );
  const wider = widened.map(({ id }) => id);
  if (audience.visibility === 'PUBLIC') await offerToEveryone(tx.manager, wider);
  await offerToAccountGroups(tx.manager, [...ids, ...wider], audience.accountGroupIds);
  await touchPublications(tx.manager, wider, {}, tx.now);
  return {
    implicit: byName([...made, ...carriedHeads(pins).map((pin) => along(pin, null))]),
    widened: byName(widenedOf(pins, widened)),
  };
}

/** HEADs have no publication of their own: the template's carries them, frozen. */
const carriedHeads = (pins: readonly PinnedVersionFacts[]): PinnedVersionFacts[] =>
  pins.filter(({ revision, originalId, snapshot }) => revision === 0 && originalId === null && !snapshot);

const byName = (offered: OfferedAlong[]): OfferedAlong[] =>
  offered.sort((left, right) => (left.name < right.name ? -1 : 1));

const along = ({ type, id, name }: PinnedVersionFacts, publicationId: string | null): OfferedAlong => ({
  type,
  versionId: id,
  name,
  publicationId,
});

function widenedOf(pins: readonly PinnedVersionFacts[], widened: readonly PinPublication[]): OfferedAlong[] {
  const byVersion = new Map(widened.map(({ componentId, id }) => [componentId, id]));
  return pins.flatMap((pin) => {
    const publicationId = byVersion.get(pin.id);
    return publicationId === undefined ? [] : [along(pin, publicationId)];
  });
}
