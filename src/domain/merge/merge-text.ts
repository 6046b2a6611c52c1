import { comparisons, differingStretches, linesOf, type Stretch } from './align-lines';
import { diff3MergeRegions } from './compare-lines';
import type { ComparisonBudget } from './comparison-budget';
import type { Conflicts } from './conflicts';
import { mergeValue, takeSide, type ThreeWay } from './three-way';

/** Regions in conflict above which nobody resolves one by one: the text then conflicts as a whole. */
const MAXIMUM_TEXT_CONFLICTS = 200;

/** Lines that both sides changed differently. */
interface DisputedRegion {
  /** Where the region starts in the base, from 1. */
  readonly line: number;
  readonly sides: ThreeWay<readonly string[]>;
}

type Region = { readonly lines: readonly string[] } | DisputedRegion;

const isDisputed = (region: Region): region is DisputedRegion => 'sides' in region;

/**
 * by line, each region that both sides changed differently a conflict of its own, at the number of the line of
 * the base where it starts; a side that has no line there is `null` in it. Edits of neighbouring lines are one region.
 * Atomic is a text that one side lacks, one whose comparison would take more than is left of the budget, and one with
 * more than `MAXIMUM_TEXT_CONFLICTS` such regions.
 */
export function mergeTexts(
  texts: ThreeWay<string | null>,
  path: readonly string[],
  conflicts: Conflicts,
  budget: ComparisonBudget,
): string | null {
  const regions = changedByBoth(texts) ? mergeLines(texts, budget) : null;
  if (regions === null || regions.filter(isDisputed).length > MAXIMUM_TEXT_CONFLICTS)
    return mergeValue(texts, path, conflicts);
  return regions.flatMap((region) => settledLines(region, path, conflicts)).join('\n');
}

function changedByBoth(texts: ThreeWay<string | null>): texts is ThreeWay<string> {
  const { base, ours, theirs } = texts;
  const distinct = new Set([base, ours, theirs]);
  return distinct.size === 3 && !distinct.has(null);
}

/** The merged text as regions, or `null` where comparing would take too long. */
function mergeLines(texts: ThreeWay<string>, budget: ComparisonBudget): Region[] | null {
  const base = texts.base.split('\n');
  const stretches = differingStretches({
    base,
    ours: texts.ours.split('\n'),
    theirs: texts.theirs.split('\n'),
  });
  const cost = stretches.reduce((sum, stretch) => sum + mergeCost(stretch), 0);
  if (!budget.spend(cost)) return null;
  const regions = stretches.flatMap((stretch, index): Region[] => [
    { lines: base.slice(stretches[index - 1]?.base.end ?? 0, stretch.base.start) },
    ...mergeStretch(stretch),
  ]);
  return [...regions, { lines: base.slice(stretches.at(-1)?.base.end ?? 0) }];
}

function mergeCost({ base, ours, theirs }: ThreeWay<Stretch>): number {
  return comparisons(linesOf(base), linesOf(ours)) + comparisons(linesOf(base), linesOf(theirs));
}

function mergeStretch({ base, ours, theirs }: ThreeWay<Stretch>): Region[] {
  return diff3MergeRegions(linesOf(ours), linesOf(base), linesOf(theirs)).map((region) => {
    if (region.stable) return { lines: region.bufferContent };
    const { oStart, oContent, aContent, bContent } = region;
    if (aContent.join('\n') === bContent.join('\n') && aContent.length === bContent.length)
      return { lines: aContent };
    return {
      line: base.start + oStart + 1,
      sides: { base: oContent, ours: aContent, theirs: bContent },
    };
  });
}

function settledLines(region: Region, path: readonly string[], conflicts: Conflicts): readonly string[] {
  if (!isDisputed(region)) return region.lines;
  const { base, ours, theirs } = region.sides;
  const side = conflicts.settle({
    path: [...path, String(region.line)],
    base: shownLines(base),
    ours: shownLines(ours),
    theirs: shownLines(theirs),
  });
  return takeSide(region.sides, side);
}

function shownLines(lines: readonly string[]): string | null {
  return lines.length === 0 ? null : lines.join('\n');
}
