import type { Audience } from '../../domain/marketplace/audience';
import {
  assertDependenciesVisible,
  assertImagesUsable,
  assertNoHeadDependency,
  isOwnRevision,
  planOffer,
  type OfferPlan,
} from '../../domain/marketplace/offer';
import type { ComponentType } from '../../domain/versioning/component-type';
import { lockPublicationsOf } from '../../persistence/marketplace/publication-store';
import {
  lockPins,
  unusableParts,
  type PinnedVersionFacts,
} from '../../persistence/marketplace/publish-facts';
import type { Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';

/** What is offered: a locked version of the account's. */
export interface OfferedVersion {
  readonly id: string;
  /** 0: HEAD, or a snapshot of it. */
  readonly revision: number;
}

/** What is offered along, checked and planned. */
export interface PreparedOffer extends OfferPlan<PinnedVersionFacts> {
  /** All that the version pins, locked. */
  readonly pins: readonly PinnedVersionFacts[];
}

/**
 * Checks that a whole audience can use a version and all that it pins, and plans what goes along with it. Writes
 * nothing. A bounded number of statements.
 *
 * @param path of the input field that is refused
 * @throws DomainError HEAD_DEPENDENCY, PRIVATE_IMAGE, DEPENDENCY_NOT_VISIBLE or LIMIT_EXCEEDED
 */
export async function prepareOffer(
  tx: Transaction,
  type: ComponentType,
  version: OfferedVersion,
  audience: Audience,
  ...path: string[]
): Promise<PreparedOffer> {
  const { accountId } = actingViewer(tx);
  const { accountGroupIds } = audience;
  const pins = type === 'ServerTemplate' ? await lockPins(tx.manager, version.id, accountGroupIds) : [];
  assertNoHeadDependency(version.revision, pins);
  const images = [
    ...(type === 'MultiCloudImage' ? [version.id] : []),
    ...pins.filter((pin) => pin.type === 'MultiCloudImage').map(({ id }) => id),
  ];
  const unusable = await unusableParts(tx.manager, accountId, images, accountGroupIds);
  assertImagesUsable(unusable, audience, ...path);
  assertDependenciesVisible(pins, ...path);
  const publications = await lockPublicationsOf(tx.manager, accountId, pins.filter(isOwnRevision));
  return { pins, ...planOffer(pins, publications, audience, ...path) };
}
