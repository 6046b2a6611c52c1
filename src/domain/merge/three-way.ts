import { sameAtom } from './canonical-json';
import type { Conflicts } from './conflicts';
import type { Atom, KeyedAtoms, MergeSide } from './content';

/** The same thing in the common ancestor and on both sides. */
export interface ThreeWay<Value> {
  readonly base: Value;
  readonly ours: Value;
  readonly theirs: Value;
}

export function takeSide<Value>({ base, ours, theirs }: ThreeWay<Value>, side: MergeSide): Value {
  switch (side) {
    case 'BASE':
      return base;
    case 'OURS':
      return ours;
    case 'THEIRS':
      return theirs;
  }
}

/** The value as a conflict tells it. */
export type Shown = (value: Atom) => Atom;

const AS_IS: Shown = (value) => value;

/**
 * what one side changed, or both in the same way, else a conflict. `undefined` means that a side has nothing,
 * which is as good as a value: to delete what the other side modified is a conflict too. Without a common ancestor
 * every difference is one.
 */
export function mergeValue<Value extends Atom | undefined>(
  sides: ThreeWay<Value>,
  path: readonly string[],
  conflicts: Conflicts,
  shown: Shown = AS_IS,
): Value {
  const { base, ours, theirs } = sides;
  if (sameValue(ours, theirs)) return ours;
  if (conflicts.hasBase && sameValue(base, ours)) return theirs;
  if (conflicts.hasBase && sameValue(base, theirs)) return ours;
  const show = (value: Atom | undefined) => (value === undefined ? null : shown(value));
  const conflict = {
    path,
    base: conflicts.hasBase ? show(base) : null,
    ours: show(ours),
    theirs: show(theirs),
  };
  return takeSide(sides, conflicts.settle(conflict));
}

/** Each key on its own, its presence included; ours in their order, then what theirs adds in theirs. */
export function mergeKeyed(
  { base, ours, theirs }: ThreeWay<KeyedAtoms>,
  path: readonly string[],
  conflicts: Conflicts,
  shown?: Shown,
): Map<string, Atom> {
  const merged = new Map<string, Atom>();
  for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
    const sides: ThreeWay<Atom | undefined> = {
      base: base.get(key),
      ours: ours.get(key),
      theirs: theirs.get(key),
    };
    const atom = mergeValue(sides, [...path, key], conflicts, shown);
    if (atom !== undefined) merged.set(key, atom);
  }
  return merged;
}

function sameValue(left: Atom | undefined, right: Atom | undefined): boolean {
  return left === right || (left !== undefined && right !== undefined && sameAtom(left, right));
}
