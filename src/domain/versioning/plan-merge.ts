import { NO_NAMES } from '../differences/names';
import { labelOf } from '../differences/presentations';
import { DomainError, invalid } from '../errors';
import type { Conflict } from '../merge/conflicts';
import type { MergeSide } from '../merge/content';
import { diffContent, type Change } from '../merge/diff-content';
import { mergeContent } from '../merge/merge-content';
import { CONTENT_SCHEMAS, type ComponentContents } from './component-content';
import { assertListLength } from './component-input';
import type { ComponentType } from './component-type';

/**
 * As many as any merge has conflicts: the most are in two MultiCloud Images without a common ancestor, of 500 settings,
 * 100 matchers and 100 tags each and with a description of 200 conflicts, less than 1,700.
 */
const MAXIMUM_RESOLUTIONS = 2_000;

/** Conflicts that the message of a refusal tells; all are in its `conflicts`. */
const MAXIMUM_LABELS = 10;

interface Side<T extends ComponentType> {
  readonly version: { readonly lineageId: string };
  readonly content: ComponentContents[T];
}

/** A HEAD, what is merged into it, and their common ancestor. */
export interface SidesToMerge<T extends ComponentType> {
  readonly ours: Side<T>;
  readonly theirs: Side<T>;
  /** `null`: there is none, so every difference is a conflict. */
  readonly base: Side<T> | null;
}

export interface MergeResolution {
  readonly path: readonly string[];
  readonly take: MergeSide;
}

export interface MergePlan<T extends ComponentType> {
  /** Where conflicts are unresolved, ours. */
  readonly merged: ComponentContents[T];
  /** What the merge changes in HEAD. */
  readonly changes: readonly Change[];
  /** Those left unresolved. */
  readonly conflicts: readonly Conflict[];
}

const NAME: ReadonlySet<string> = new Set(['name']);

/**
 * R-6.7: what a three-way merge makes of a HEAD.
 *
 * @param path of the list of resolutions in the request
 * @throws DomainError INVALID for a resolution that names no conflict, or takes a base that there isn't
 */
export function planMerge<T extends ComponentType>(
  type: T,
  { ours, theirs, base }: SidesToMerge<T>,
  resolutions: readonly MergeResolution[],
  ...path: string[]
): MergePlan<T> {
  const schema = CONTENT_SCHEMAS[type];
  const { merged, conflicts, unused } = mergeContent<ComponentContents[T]>(schema, {
    base: base?.content ?? null,
    ours: ours.content,
    theirs: theirs.content,
    resolutions: byPath(resolutions, base !== null, path),
    // Across lineages the name stays.
    ...(ours.version.lineageId !== theirs.version.lineageId && { keep: NAME }),
  });
  assertUsed(resolutions, unused, path);
  return { merged, changes: diffContent(schema, ours.content, merged), conflicts };
}

function byPath(
  resolutions: readonly MergeResolution[],
  hasBase: boolean,
  path: readonly string[],
): Map<string, MergeSide> {
  assertListLength(resolutions, MAXIMUM_RESOLUTIONS, ...path);
  const sides = new Map<string, MergeSide>();
  for (const [index, { path: conflict, take }] of resolutions.entries()) {
    const key = JSON.stringify(conflict);
    if (sides.has(key))
      throw invalid(
        `The conflict ${conflict.join('/')} is resolved twice: name each path once.`,
        ...path,
        String(index),
        'path',
      );
    if (take === 'BASE' && !hasBase)
      throw invalid(
        'These versions have no common ancestor, so there is no BASE: take OURS or THEIRS, or name a `baseId`.',
        ...path,
        String(index),
        'take',
      );
    sides.set(key, take);
  }
  return sides;
}

function assertUsed(
  resolutions: readonly MergeResolution[],
  unused: readonly (readonly string[])[],
  path: readonly string[],
): void {
  const [first] = unused;
  if (first === undefined) return;
  const key = JSON.stringify(first);
  const index = resolutions.findIndex((resolution) => JSON.stringify(resolution.path) === key);
  throw invalid(
    `${first.join('/')} is no conflict of this merge: pass the \`path\` of one of the \`conflicts\` of \`mergePreview\`, unchanged.`,
    ...path,
    String(index),
    'path',
  );
}

/** @throws DomainError MERGE_CONFLICT, with the conflicts */
export function assertNoConflict(type: ComponentType, { conflicts }: MergePlan<ComponentType>): void {
  if (conflicts.length === 0) return;
  const labels = conflicts.map(({ path }) => labelOf(path, NO_NAMES));
  const others = labels.length - MAXIMUM_LABELS;
  throw new DomainError(
    'MERGE_CONFLICT',
    `Both sides changed differently: ${labels.slice(0, MAXIMUM_LABELS).join('; ')}${others > 0 ? `; and ${others} more` : ''}. ` +
      'Say for each of the `conflicts` which side to take, in `resolutions`. Nothing was changed.',
    { path: ['input', 'resolutions'], conflicts, componentType: type },
  );
}
