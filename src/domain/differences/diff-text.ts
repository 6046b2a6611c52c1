import { ComparisonBudget } from '../merge/comparison-budget';
import type { Atom } from '../merge/content';
import type { Change } from '../merge/diff-content';
import { unifiedLines } from '../merge/text-diff';
import { describeVersion, type NamedVersion } from '../versioning/describe-version';
import type { FieldPresentation } from './field-presentation';
import { onOneLine, type Names } from './names';
import { labelOf, presentationOf } from './presentations';

/**
 * Differences as a text in the manner of unified diffs: both versions, then for each change its label between
 * `@@` and the lines of its values behind `-` (before), `+` (after) or a space (both).
 *
 * @param budget for comparing all its texts by line
 * @returns empty if nothing differs
 */
export function diffText(
  from: NamedVersion,
  to: NamedVersion,
  changes: readonly Change[],
  names: Names,
  budget = new ComparisonBudget(),
): string {
  if (changes.length === 0) return '';
  return [
    `--- ${onOneLine(describeVersion(from))}`,
    `+++ ${onOneLine(describeVersion(to))}`,
    ...changes.flatMap((change) => [
      `@@ ${labelOf(change.path, names)} @@`,
      ...changeLines(change, names, budget),
    ]),
  ].join('\n');
}

function changeLines(
  { path, kind, before, after }: Change,
  names: Names,
  budget: ComparisonBudget,
): string[] {
  if (kind === 'MOVED') return [`~ moved from ${positionOf(before)} to ${positionOf(after)}`];
  const presentation = presentationOf(path);
  if (before === null) return marked('+', presentation.lines(after, null, names));
  if (after === null) return marked('-', presentation.lines(before, null, names));
  return modifiedLines(presentation, before, after, names, budget);
}

function modifiedLines(
  { byLine, lines }: FieldPresentation,
  before: Atom,
  after: Atom,
  names: Names,
  budget: ComparisonBudget,
): string[] {
  const old = lines(before, after, names);
  const now = lines(after, before, names);
  if (byLine === true) return unifiedLines(old.join('\n'), now.join('\n'), budget);
  // All in one hunk, whose place doesn't say anything.
  const [, ...compared] = unifiedLines(old.join('\n'), now.join('\n'), budget, Infinity);
  // Two different images can have the same name and uid.
  return compared.length > 0 ? compared : [...marked('-', old), ...marked('+', now)];
}

const marked = (mark: string, lines: readonly string[]): string[] => lines.map((line) => mark + line);

const positionOf = (moved: Atom): number => (moved as { readonly position: number }).position;
