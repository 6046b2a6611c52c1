import type { Atom } from '../merge/content';
import type { Names, References } from './names';

/** Where contents differ, from the root of the content: field names and keys. */
export type Path = readonly string[];

/** How people see what differs in one field of a content. */
export interface FieldPresentation {
  /** Whether its values are texts that are compared by line. */
  readonly byLine?: true;
  /** A phrase for what stands at a path. The sides don't matter, so that swapping them keeps it. */
  readonly label: (path: Path, names: Names) => string;
  /** Notes what has to be named to show it. @param values what the sides have there; `null`: nothing */
  readonly refer?: (path: Path, values: readonly Atom[], references: References) => void;
  /** A value as data for people: what it refers to with names. Left out: as it is. */
  readonly show?: (path: Path, value: Atom, names: Names) => Atom;
  /** A value as lines of text. @param other what the other side has there; `null`: nothing */
  readonly lines: (value: Atom, other: Atom, names: Names) => string[];
}

/** The last segment of a path: a key, or `order` of a sequence. */
export const keyOfPath = (path: Path): string => path.at(-1) ?? '';

/** Whether a path leads to the order of a sequence, where only conflicts are. */
export const isOrder = (path: Path): boolean => path.length > 1 && path.at(-1) === 'order';

/** An item of a sequence as a change tells it. */
interface Placed {
  readonly value: Atom;
  readonly position?: number;
}

/** The lines of an item, and behind them its place where the change tells it. */
export const placedLines =
  (lines: FieldPresentation['lines']): FieldPresentation['lines'] =>
  (placed, other, names) => {
    const { value, position } = placed as unknown as Placed;
    const otherValue = other === null ? null : (other as unknown as Placed).value;
    return [...lines(value, otherValue, names), ...(position === undefined ? [] : [`position ${position}`])];
  };

/** User data by its lines, or by its size where both sides have the same. */
export function userDataLines(userData: string | null, other: string | null | undefined): string[] {
  if (userData === null) return [];
  if (userData === other) return [`user data: ${Buffer.byteLength(userData, 'utf8')} bytes`];
  return ['user data:', ...userData.split('\n').map((line) => `  ${line}`)];
}
