import { hasRole, type Principal } from '../access/principal';
import { DomainError, invalid, notFound } from '../errors';
import type { OrderState } from '../servers/launch-order';
import type { ImageLifecycle, ImageType } from './cloud-image';
import { availabilityOf } from './image-availability';

/** What the rules about editing an image by hand look at. */
export interface EditableImage {
  readonly id: string;
  readonly cloudId: string;
  /** `null`: public. */
  readonly ownerAccountId: string | null;
  readonly imageType: ImageType;
  readonly lifecycle: ImageLifecycle;
  readonly lifecycleHeld: boolean;
  readonly deprecatesAt: Date | null;
  readonly replacementId: string | null;
}

type Lifecycle = Pick<EditableImage, 'lifecycle' | 'lifecycleHeld' | 'deprecatesAt' | 'replacementId'>;

const notEditable = (message: string): DomainError =>
  new DomainError('NOT_EDITABLE', message, { path: ['input', 'imageId'] });

/** public images belong to the operator's machines, private ones to the actors of their account. */
export function assertMaySetLifecycle(image: EditableImage, principal: Principal): void {
  if (image.ownerAccountId === null) {
    if (!principal.operator || !hasRole(principal, 'INFRASTRUCTURE'))
      throw notEditable('The image is public: only an infrastructure token of the operator may change it.');
    return;
  }
  assertOwn(image, principal);
  if (!hasRole(principal, 'ACTOR')) throw notEditable('Changing a private image needs the role ACTOR.');
}

/**
 * a bundle can be launched from when its order was completed; nobody else knows that there is an image.
 *
 * @param order how far the order to make the image is; `null`: it is no bundle
 * @throws DomainError NOT_EDITABLE
 */
export function assertMade(lifecycle: ImageLifecycle, order: OrderState | null): void {
  if (order === null || order === 'COMPLETED' || availabilityOf(lifecycle, true) !== 'AVAILABLE') return;
  throw notEditable(
    order === 'FAILED'
      ? `The image was never made, because its BUNDLE order failed: it cannot become ${lifecycle}. Bundle the instance again.`
      : `The image is still being made: completing its BUNDLE order makes it AVAILABLE, after which it can become ${lifecycle}.`,
  );
}

/** only the owner shares, and only where the others can launch: an image of a private cloud is of no use to them. */
export function assertMayShare(
  image: EditableImage & { readonly cloudPrivate: boolean },
  principal: Principal,
): void {
  if (image.ownerAccountId === null)
    throw notEditable('The image is public: every account sees it already, and it cannot be shared.');
  assertOwn(image, principal);
  if (image.cloudPrivate)
    throw notEditable(
      'The image is in a private cloud, which no other account sees: share images of public clouds only.',
    );
}

function assertOwn(image: EditableImage, principal: Principal): void {
  if (image.ownerAccountId !== principal.accountId)
    throw notEditable('The image is shared with this account by its owner, who alone may change it.');
}

/**
 * The lifecycle as set by hand, which imports then leave alone; AVAILABLE gives it back to them. `null`: it is so
 * already.
 *
 * @param replacement `undefined`: as it is; `null`: none.
 */
export function planLifecycle(
  image: EditableImage,
  lifecycle: ImageLifecycle,
  replacement: EditableImage | null | undefined,
): Lifecycle | null {
  if (replacement != null) assertReplacement(image, lifecycle, replacement);
  const kept = replacement === undefined ? image.replacementId : (replacement?.id ?? null);
  const planned: Lifecycle = {
    lifecycle,
    lifecycleHeld: lifecycle !== 'AVAILABLE',
    // A time that has passed would at once make an AVAILABLE image read as DEPRECATED again.
    deprecatesAt: lifecycle === 'AVAILABLE' ? null : image.deprecatesAt,
    replacementId: lifecycle === 'DEPRECATED' ? kept : null,
  };
  const changed =
    planned.lifecycle !== image.lifecycle ||
    planned.lifecycleHeld !== image.lifecycleHeld ||
    planned.deprecatesAt?.getTime() !== image.deprecatesAt?.getTime() ||
    planned.replacementId !== image.replacementId;
  return changed ? planned : null;
}

function assertReplacement(
  image: EditableImage,
  lifecycle: ImageLifecycle,
  replacement: EditableImage,
): void {
  const refuse = (message: string) => invalid(message, 'input', 'replacementId');
  if (lifecycle !== 'DEPRECATED')
    throw refuse('Only a DEPRECATED image has a replacement: leave `replacementId` out.');
  if (replacement.id === image.id) throw refuse('An image cannot replace itself: name another one.');
  if (replacement.cloudId !== image.cloudId)
    throw refuse('The replacement is in another cloud: name an image of the same cloud.');
  if (replacement.imageType !== image.imageType)
    throw refuse(
      `The replacement is a ${replacement.imageType} image; a ${image.imageType} image is needed.`,
    );
  if (image.ownerAccountId === null && replacement.ownerAccountId !== null)
    throw refuse('The replacement of a public image must be public too: not every account sees this one.');
}

/** The image that was asked for, if the account sees it. */
export function visibleOrNotFound<I>(image: I | null, field: string): I {
  if (image === null) throw notFound('image', 'input', field);
  return image;
}
