import type { EntityManager } from 'typeorm';
import type { Viewer } from '../domain/access/viewer';
import type { Names } from '../domain/differences/names';
import { labelOf, referencesOf, shownValue } from '../domain/differences/presentations';
import type { Conflict } from '../domain/merge/conflicts';
import type { Atom } from '../domain/merge/content';
import type { Change } from '../domain/merge/diff-content';
import { readNames } from './difference-names';

/** A change as people see it. */
export interface ShownChange extends Change {
  /** A phrase: what changed. */
  readonly label: string;
}

/** A conflict as people see it. */
export interface ShownConflict extends Conflict {
  /** A phrase: what both sides changed. */
  readonly label: string;
}

/** What must be named to show changes and conflicts. */
export const namesOfDifferences = (
  manager: EntityManager,
  viewer: Viewer,
  changes: readonly Change[],
  conflicts: readonly Conflict[],
): Promise<Names> =>
  readNames(
    manager,
    viewer,
    referencesOf([
      ...changes.map(({ path, before, after }) => ({ path, values: [before, after] })),
      ...conflicts.map(({ path, base, ours, theirs }) => ({ path, values: [base, ours, theirs] })),
    ]),
  );

/** Paths stay as they are, since they address what they lead to; of sequences the place stays, too. */
export const showChanges = (changes: readonly Change[], names: Names): ShownChange[] =>
  changes.map(({ path, kind, before, after }) => {
    const show = (value: Atom) => shownValue(path, value, names);
    return { path, kind, before: show(before), after: show(after), label: labelOf(path, names) };
  });

export const showConflicts = (conflicts: readonly Conflict[], names: Names): ShownConflict[] =>
  conflicts.map(({ path, base, ours, theirs }) => {
    const show = (value: Atom) => shownValue(path, value, names);
    return { path, base: show(base), ours: show(ours), theirs: show(theirs), label: labelOf(path, names) };
  });
