import { comparisons, differingStretches, linesOf, type Stretch } from './align-lines';
import { diffIndices } from './compare-lines';
import type { ComparisonBudget } from './comparison-budget';

/** Lines of one text that stand for lines of the other; one of both may be empty. */
interface LineChange {
  readonly before: Stretch;
  readonly after: Stretch;
}

/**
 * The differences of two texts as unified hunks: `@@ -line,count +line,count @@`, then the lines, each behind
 * a space (in both), `-` (before only) or `+` (after only). A text that ends in a line break ends in an empty line.
 * Texts whose comparison would take more than is left of the budget are shown as replaced where they differ.
 *
 * @param context how many equal lines are shown around each difference
 * @returns nothing for equal texts
 */
export function unifiedLines(before: string, after: string, budget: ComparisonBudget, context = 3): string[] {
  const changes = lineChanges(before.split('\n'), after.split('\n'), budget);
  return hunks(changes, context).flatMap((hunk) => hunkLines(hunk, context));
}

function lineChanges(
  before: readonly string[],
  after: readonly string[],
  budget: ComparisonBudget,
): LineChange[] {
  const stretches = differingStretches({ before, after });
  const cost = stretches
    .map((stretch) => comparisons(linesOf(stretch.before), linesOf(stretch.after)))
    .reduce((sum, next) => sum + next, 0);
  return budget.spend(cost) ? stretches.flatMap(changesWithin) : stretches;
}

function changesWithin({ before, after }: LineChange): LineChange[] {
  return diffIndices(linesOf(before), linesOf(after)).map(({ buffer1, buffer2 }) => ({
    before: part(before, buffer1),
    after: part(after, buffer2),
  }));
}

function part({ lines, start }: Stretch, [offset, length]: readonly [number, number]): Stretch {
  return { lines, start: start + offset, end: start + offset + length };
}

/** Changes in order, together as long as the context between them would touch. */
function hunks(changes: readonly LineChange[], context: number): LineChange[][] {
  const result: LineChange[][] = [];
  for (const change of changes) {
    const current = result.at(-1);
    const previous = current?.at(-1);
    if (current && previous && change.before.start - previous.before.end <= 2 * context) current.push(change);
    else result.push([change]);
  }
  return result;
}

function hunkLines(hunk: readonly LineChange[], context: number): string[] {
  const [first] = hunk;
  const last = hunk.at(-1);
  if (first === undefined || last === undefined) return [];
  const before = widened(first.before, last.before, context);
  const after = widened(first.after, last.after, context);
  const body = hunk.flatMap((change, index) => [
    ...marked(' ', before.lines.slice(hunk[index - 1]?.before.end ?? before.start, change.before.start)),
    ...marked('-', linesOf(change.before)),
    ...marked('+', linesOf(change.after)),
  ]);
  const rest = marked(' ', before.lines.slice(last.before.end, before.end));
  return [`@@ -${range(before)} +${range(after)} @@`, ...body, ...rest];
}

function widened(first: Stretch, last: Stretch, context: number): Stretch {
  return {
    lines: first.lines,
    start: Math.max(0, first.start - context),
    end: Math.min(first.lines.length, last.end + context),
  };
}

/** Lines count from 1; no lines stand behind the one that is named. */
function range({ start, end }: Stretch): string {
  return `${end > start ? start + 1 : start},${end - start}`;
}

function marked(mark: string, lines: readonly string[]): string[] {
  return lines.map((line) => mark + line);
}
