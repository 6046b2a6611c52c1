import { DomainError, invalid } from '../errors';

export const MAXIMUM_PINS = 100;

/** A version of an MCI, and the lineage that it belongs to. */
export interface LineageVersion {
  readonly lineageId: string;
  readonly multiCloudImageId: string;
}

export interface PinnedVersion extends LineageVersion {
  /** Rises in the order of adding; gaps mean nothing. */
  readonly position: number;
}

/** The MCIs that a ServerTemplate names, in the order in which they were added. */
export interface Pins {
  readonly pins: readonly PinnedVersion[];
  /** Lineage of the default; `null` exactly when there is no pin. */
  readonly defaultLineageId: string | null;
}

export const NO_PINS: Pins = { pins: [], defaultLineageId: null };

/**
 * a lineage at most once, 100 in all; the first becomes the default.
 *
 * @throws DomainError INVALID or LIMIT_EXCEEDED
 */
export function planAddPin(
  current: Pins,
  added: LineageVersion,
  makeDefault: boolean,
  ...path: string[]
): Pins {
  if (current.pins.some((pin) => pin.lineageId === added.lineageId))
    throw invalid(
      'The ServerTemplate names a version of this MultiCloud Image already: repin it to move to another version.',
      ...path,
    );
  if (current.pins.length >= MAXIMUM_PINS)
    throw new DomainError(
      'LIMIT_EXCEEDED',
      `A ServerTemplate names at most ${MAXIMUM_PINS} MultiCloud Images.`,
      {
        path,
      },
    );
  return {
    pins: [...current.pins, { ...added, position: (current.pins.at(-1)?.position ?? -1) + 1 }],
    defaultLineageId: makeDefault ? added.lineageId : (current.defaultLineageId ?? added.lineageId),
  };
}

/**
 * who removes the default names a new one, unless it is the last.
 *
 * @throws DomainError INVALID or NOT_FOUND
 */
export function planRemovePin(current: Pins, multiCloudImageId: string, newDefaultId: string | null): Pins {
  const removed = pinOf(current, multiCloudImageId, 'multiCloudImageId');
  const pins = current.pins.filter((pin) => pin !== removed);
  const newDefault = newDefaultId === null ? null : pinOf(current, newDefaultId, 'newDefaultId');
  if (newDefault === removed)
    throw invalid(
      'The new default can not be the one that is removed: name another one.',
      'input',
      'newDefaultId',
    );
  if (newDefault === null && removed.lineageId === current.defaultLineageId && pins.length > 0)
    throw invalid(
      'This MultiCloud Image is the default: name another one of the ServerTemplate as the new default.',
      'input',
      'newDefaultId',
    );
  if (pins.length === 0) return NO_PINS;
  return { pins, defaultLineageId: newDefault?.lineageId ?? current.defaultLineageId };
}

/**
 * Moves a pin to another version of the same lineage; its place and the default stay.
 *
 * @throws DomainError INVALID or NOT_FOUND
 */
export function planRepin(current: Pins, fromId: string, to: LineageVersion): Pins {
  const from = pinOf(current, fromId, 'fromId');
  if (from.lineageId !== to.lineageId)
    throw invalid(
      '`toId` belongs to another MultiCloud Image than `fromId`: name a version of the same one (HEAD or a revision).',
      'input',
      'toId',
    );
  return {
    ...current,
    pins: current.pins.map((pin) => (pin === from ? { ...to, position: from.position } : pin)),
  };
}

/** @throws DomainError NOT_FOUND */
export function planDefault(current: Pins, multiCloudImageId: string): Pins {
  return { ...current, defaultLineageId: pinOf(current, multiCloudImageId, 'multiCloudImageId').lineageId };
}

/** Whether they name the same versions, in the same order, with the same default. */
export function samePins(left: Pins, right: Pins): boolean {
  return (
    left.defaultLineageId === right.defaultLineageId &&
    left.pins.length === right.pins.length &&
    left.pins.every((pin, index) => pin.multiCloudImageId === right.pins[index]?.multiCloudImageId)
  );
}

/** What isn't pinned gets one answer, whether or not it exists. */
function pinOf({ pins }: Pins, multiCloudImageId: string, field: string): PinnedVersion {
  const found = pins.find((pin) => pin.multiCloudImageId === multiCloudImageId);
  if (found === undefined)
    throw new DomainError(
      'NOT_FOUND',
      'The ServerTemplate names no MultiCloud Image with this id: pass the id of the very version that it pins.',
      { path: ['input', field] },
    );
  return found;
}
