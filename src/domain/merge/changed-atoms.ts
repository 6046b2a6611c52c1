import { sameAtom } from './canonical-json';
import type { Atom, KeyedAtoms } from './content';

/** What `after` has that `before` has not, or otherwise. */
export function changedAtoms<A extends Atom>(before: KeyedAtoms<A>, after: KeyedAtoms<A>): [string, A][] {
  return [...after].filter(([key, atom]) => {
    const old = before.get(key);
    return old === undefined || !sameAtom(old, atom);
  });
}

export const sameOrder = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((key, index) => key === right[index]);
