/**
 * Comparisons of lines that one diff or merge makes, over all of its texts: the time of comparing two texts grows with
 * the number of pairs of equal lines times the length, which texts of many equal lines could drive to minutes. About
 * 30 milliseconds.
 */
export const MAXIMUM_COMPARISONS = 50_000_000;

/** What is left of the comparisons of one diff or merge. */
export class ComparisonBudget {
  private total = 0;

  /** The comparisons that were granted; at most `MAXIMUM_COMPARISONS`. */
  get spent(): number {
    return this.total;
  }

  /** Spends these comparisons, if so many are left; else none, so that a cheaper text may still be compared. */
  spend(comparisons: number): boolean {
    if (this.total + comparisons > MAXIMUM_COMPARISONS) return false;
    this.total += comparisons;
    return true;
  }
}
