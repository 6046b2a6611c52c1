/** A key of both orders, and how many keys the longest common order has that starts with it. */
interface Start {
  readonly key: string;
  readonly leftIndex: number;
  readonly rightIndex: number;
  readonly length: number;
}

/**
 * The longest common subsequence of two orders, each key at most once in each; keys of one side only don't count.
 * Of several longest ones it is the least, compared key by key: so the answer is the same when the sides swap.
 * Takes time in the square of the number of keys.
 */
export function longestCommonOrder(left: readonly string[], right: readonly string[]): string[] {
  const starts = commonStarts(left, right);
  const longest = Math.max(0, ...starts.map(({ length }) => length));
  const chain: Start[] = [];
  for (let length = longest; length > 0; length -= 1) {
    const previous = chain.at(-1);
    const next = starts
      .filter((start) => start.length === length && (previous === undefined || follows(previous, start)))
      .reduce((least, start) => (start.key < least.key ? start : least));
    chain.push(next);
  }
  return chain.map(({ key }) => key);
}

function commonStarts(left: readonly string[], right: readonly string[]): Start[] {
  const rightIndexes = new Map(right.map((key, index) => [key, index]));
  const starts: Start[] = [];
  for (const [leftIndex, key] of [...left.entries()].reverse()) {
    const rightIndex = rightIndexes.get(key);
    if (rightIndex === undefined) continue;
    const lengths = starts.filter((start) => start.rightIndex > rightIndex).map(({ length }) => length);
    starts.push({ key, leftIndex, rightIndex, length: 1 + Math.max(0, ...lengths) });
  }
  return starts;
}

function follows(previous: Start, next: Start): boolean {
  return next.leftIndex > previous.leftIndex && next.rightIndex > previous.rightIndex;
}
