import { DomainError } from '../errors';
import { COMPONENT_NAMES } from '../versioning/component-type';
import { describeVersion } from '../versioning/describe-version';
import type { PinnedType } from '../versioning/pin-updates';
import { assertGroupCount, includesAudience, unitedAudience, type Audience } from './audience';

/** At most so many things are named in a refusal. */
const SHOWN = 20;

/** A version that an offered ServerTemplate pins, each once. */
export interface OfferedPin {
  readonly type: PinnedType;
  readonly id: string;
  readonly lineageId: string;
  /** 0: HEAD, or a snapshot of it. */
  readonly revision: number;
  readonly snapshot: boolean;
  readonly name: string;
  /** `null`: a private one. */
  readonly originalId: string | null;
  /** Of an imported one: whether its own publication is meant for the whole audience. */
  readonly sourceMeant: boolean;
}

/** A publication of a pinned version. */
export interface PinPublication extends Audience {
  readonly id: string;
  readonly componentId: string;
}

/** What happens to what a template pins when it is offered (R-9.2). */
export interface OfferPlan<P extends OfferedPin = OfferedPin> {
  /** Published along. */
  readonly implicit: readonly P[];
  /** Offered to more than before. */
  readonly widened: readonly PinPublication[];
}

/**
 * R-9.2: private revisions go along, unless they are offered to this audience already. HEADs are carried, frozen.
 *
 * @param path of the input field that is refused
 * @throws DomainError LIMIT_EXCEEDED when something would be offered to too many groups
 */
export function planOffer<P extends OfferedPin>(
  pins: readonly P[],
  publications: readonly PinPublication[],
  audience: Audience,
  ...path: string[]
): OfferPlan<P> {
  const published = new Set(publications.map(({ componentId }) => componentId));
  const widened = publications.filter((publication) => !includesAudience(publication, audience));
  for (const publication of widened)
    assertGroupCount(unitedAudience(publication, audience).accountGroupIds.length, ...path);
  return { implicit: pins.filter((pin) => isOwnRevision(pin) && !published.has(pin.id)), widened };
}

export const isOwnRevision = ({ originalId, revision }: OfferedPin): boolean =>
  originalId === null && revision > 0;

/** R-9.2: a committed template that pins HEADs can't be offered. @throws DomainError HEAD_DEPENDENCY */
export function assertNoHeadDependency(revision: number, pins: readonly OfferedPin[]): void {
  const heads = revision === 0 ? [] : pins.filter((pin) => pin.revision === 0);
  if (heads.length === 0) return;
  const subscribed = heads.filter(({ originalId }) => originalId !== null);
  const own = subscribed.length < heads.length;
  const cures = [
    ...(subscribed.length > 0
      ? [
          `This account follows ${listed(subscribed.map(describePin))}: import a revision of it, or clone it and pin the clone's revision.`,
        ]
      : []),
    own
      ? 'Commit the ServerTemplate with `commitHeadDependencies: true`, and publish the new revision.'
      : 'Then commit the ServerTemplate, and publish the new revision.',
  ];
  throw new DomainError(
    'HEAD_DEPENDENCY',
    `Revision ${revision} of the ServerTemplate pins HEADs, which can change: ${listed(heads.map(describePin))}. ${cures.join(' ')}`,
    { path: ['input', 'id'] },
  );
}

/** R-9.2: what was imported is shown by its own publisher only. @throws DomainError DEPENDENCY_NOT_VISIBLE */
export function assertDependenciesVisible(pins: readonly OfferedPin[], ...path: string[]): void {
  const hidden = pins.filter(
    ({ originalId, revision, sourceMeant }) => originalId !== null && (revision === 0 || !sourceMeant),
  );
  if (hidden.length > 0)
    throw new DomainError(
      'DEPENDENCY_NOT_VISIBLE',
      `The ServerTemplate pins what its publishers don't offer to this whole audience: ${listed(hidden.map(describePin))}. ` +
        'Clone each, and pin the clone instead.',
      { path },
    );
}

/** A part of a setting that some of the audience can't use. */
export interface UnusablePart {
  readonly kind: 'image' | 'cloud' | 'instance type';
  /** `null`: this account doesn't see it itself. */
  readonly name: string | null;
  readonly uid: string;
  /** The MCI that names it. */
  readonly multiCloudImage: string;
  readonly revision: number;
  readonly snapshot: boolean;
  /** Whether the MCI was imported: then this account can't change it. */
  readonly imported: boolean;
}

/** What some of the audience can't use. */
export interface UnusableParts {
  /** The first of them. */
  readonly parts: readonly UnusablePart[];
  /** How many there are. */
  readonly total: number;
  /** Whether the groups have any accounts. */
  readonly reachesAccounts: boolean;
}

/** How many are listed at most. */
export const MAXIMUM_UNUSABLE = SHOWN;

/** R-9.2. @throws DomainError PRIVATE_IMAGE, with the cures */
export function assertImagesUsable(
  { parts, total, reachesAccounts }: UnusableParts,
  { visibility }: Audience,
  ...path: string[]
): void {
  if (parts.length === 0) return;
  const nobody = visibility === 'PRIVATE' && !reachesAccounts;
  const what = listed(parts.map(describePart), total);
  const cures = [
    nobody
      ? `The account groups have no accounts yet, and whoever joins them must be able to use: ${what}.`
      : `Part of the audience can not use: ${what}.`,
    ...(parts.some(({ imported }) => !imported) ? [CURES[nobody ? 'NOBODY' : visibility]] : []),
    ...(parts.some(({ imported }) => imported) ? [CURES.IMPORTED] : []),
  ];
  throw new DomainError('PRIVATE_IMAGE', cures.join(' '), { path });
}

const CURES = {
  PUBLIC: 'Replace each by a public one, or offer the publication to account groups that can use them.',
  PRIVATE:
    'Share each image with every account of the groups (`shareCloudImage`), or replace it by a public one; private clouds and instance types can not be shared.',
  NOBODY:
    'Invite an account first (`inviteToAccountGroup`) and share each image with it (`shareCloudImage`), or replace each by a public one.',
  IMPORTED:
    'A MultiCloud Image that was imported is not changed here: clone it and replace the image, then pin the clone.',
} as const;

const describePin = (pin: OfferedPin): string => `the ${COMPONENT_NAMES[pin.type]} "${describeVersion(pin)}"`;

const describePart = ({ kind, name, uid, multiCloudImage, ...version }: UnusablePart): string =>
  `the ${kind} ${name === null ? uid : `"${name}" (${uid})`} of the MultiCloud Image "${describeVersion({ name: multiCloudImage, ...version })}"`;

function listed(things: readonly string[], total = things.length): string {
  const shown = things.slice(0, SHOWN);
  const more = total - shown.length;
  return shown.join(', ') + (more > 0 ? `, and ${more} more` : '');
}
