/** Numbers of nested lists outgrow what is exact, and what JSON can say: they stop there. */
export const bounded = (count: number): number => Math.min(count, Number.MAX_SAFE_INTEGER);
