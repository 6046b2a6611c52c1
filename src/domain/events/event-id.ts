import { invalid } from '../errors';

const PREFIX = 'evt_';
/** Base 36: the largest position of the database has 13 digits. */
const ID = /^evt_[0-9a-z]{1,13}$/;

/** The opaque id of an event; a subscription goes on after it. */
export const eventId = (position: number): string => PREFIX + position.toString(36);

/**
 * The position behind an event's id.
 *
 * @throws DomainError INVALID when it is not such an id
 */
export function positionOf(id: string, ...path: string[]): number {
  const position = ID.test(id) ? parseInt(id.slice(PREFIX.length), 36) : Number.NaN;
  if (Number.isSafeInteger(position)) return position;
  throw invalid(
    `"${id.slice(0, 80)}" is not the id of an event: pass the \`id\` of the last event that you were told of, unchanged.`,
    ...path,
  );
}
