/** Part of a text: its lines from `start` up to, not including, `end`. */
export interface Stretch {
  readonly lines: readonly string[];
  readonly start: number;
  readonly end: number;
}

/** One of each text, by the text's name. */
type Stretches<Name extends string> = Readonly<Record<Name, Stretch>>;

/**
 * Where texts differ: stretches, one of each text, between which all texts have the same lines. Cut off are the
 * common first and last lines, and lines that each text has exactly once and that stand behind the same such lines
 * in each. So the comparison of what is left is short, and the order of the texts doesn't matter.
 */
export function differingStretches<Name extends string>(
  texts: Readonly<Record<Name, readonly string[]>>,
): Stretches<Name>[] {
  const names = Object.keys(texts) as Name[];
  const named = (stretches: readonly Stretch[]) =>
    Object.fromEntries(names.map((name, index) => [name, stretches[index]])) as Stretches<Name>;
  const whole = names.map((name) => ({ lines: texts[name], start: 0, end: texts[name].length }));
  return cutAtFixedLines(trim(whole))
    .map(trim)
    .filter((stretches) => stretches.some(({ start, end }) => end > start))
    .map(named);
}

function cutAtFixedLines(stretches: readonly Stretch[]): Stretch[][] {
  const cut: Stretch[][] = [];
  let rest = [...stretches];
  for (const line of fixedLines(stretches)) {
    const before = rest.map((stretch) => ({ ...stretch, end: stretch.lines.indexOf(line, stretch.start) }));
    cut.push(before);
    rest = rest.map((stretch, index) => ({ ...stretch, start: (before[index]?.end ?? stretch.end) + 1 }));
  }
  return [...cut, rest];
}

/** An upper bound for the comparisons that finding the longest common lines of two texts takes. */
export function comparisons(left: readonly string[], right: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const line of left) counts.set(line, (counts.get(line) ?? 0) + 1);
  const pairs = right.reduce((sum, line) => sum + (counts.get(line) ?? 0), 0);
  return pairs * Math.min(left.length, right.length);
}

export function linesOf({ lines, start, end }: Stretch): string[] {
  return lines.slice(start, end);
}

function trim(stretches: readonly Stretch[]): Stretch[] {
  const shortest = Math.min(...stretches.map(({ start, end }) => end - start));
  const shared = (index: (stretch: Stretch) => number) =>
    new Set(stretches.map((stretch) => stretch.lines[index(stretch)])).size === 1;
  let first = 0;
  while (first < shortest && shared(({ start }) => start + first)) first += 1;
  let last = 0;
  while (last < shortest - first && shared(({ end }) => end - 1 - last)) last += 1;
  return stretches.map(({ lines, start, end }) => ({ lines, start: start + first, end: end - last }));
}

/** Each cuts every text in two, with the same once-held lines before it in all of them. */
function fixedLines(stretches: readonly Stretch[]): string[] {
  const heldOnce = stretches.map((stretch) => linesHeldOnce(linesOf(stretch)));
  const orders = heldOnce.map((lines) =>
    [...lines].filter((line) => heldOnce.every((others) => others.has(line))),
  );
  const indexes = orders.map((order) => new Map(order.map((line, index) => [line, index])));
  let furthest = -1;
  return (orders[0] ?? []).filter((line, index) => {
    const closed = furthest === index - 1;
    furthest = Math.max(furthest, ...indexes.map((places) => places.get(line) ?? Infinity));
    return closed && furthest === index;
  });
}

function linesHeldOnce(lines: readonly string[]): Set<string> {
  const once = new Set(lines);
  const seen = new Set<string>();
  for (const line of lines) {
    if (seen.has(line)) once.delete(line);
    seen.add(line);
  }
  return once;
}
