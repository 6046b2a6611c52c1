import type { Conflicts } from './conflicts';
import type { Sequence } from './content';
import { mergeKeyed, mergeValue, type ThreeWay } from './three-way';

/**
 * the items as keyed atoms, the order of the common ones as one value at `order` (so no key is called that),
 * and what one side added behind its predecessor of that side.
 */
export function mergeSequences(
  sides: ThreeWay<Sequence>,
  path: readonly string[],
  conflicts: Conflicts,
): Sequence {
  const { base, ours, theirs } = sides;
  const items = mergeKeyed(
    { base: base.items, ours: ours.items, theirs: theirs.items },
    path,
    conflicts,
    (value) => ({ value }),
  );
  const isCommon = (key: string) =>
    ours.items.has(key) && theirs.items.has(key) && (!conflicts.hasBase || base.items.has(key));
  const commonOrder = ({ order }: Sequence): readonly string[] => order.filter(isCommon);
  const common = mergeValue(
    { base: commonOrder(base), ours: commonOrder(ours), theirs: commonOrder(theirs) },
    [...path, 'order'],
    conflicts,
  );
  const order = withAdditions(withAdditions(common, ours, items), theirs, items);
  return { order, items: new Map([...items].sort(byPositionIn(order))) };
}

/**
 * Each surviving key of the side that is not placed yet, behind its predecessor of that side; keys that only the
 * other side has and that stand there already stay in front of it.
 */
function withAdditions(
  placed: readonly string[],
  side: Sequence,
  survivors: ReadonlyMap<string, unknown>,
): string[] {
  const result = [...placed];
  const isPlaced = new Set(placed);
  let predecessor = -1;
  for (const key of side.order) {
    if (isPlaced.has(key)) {
      predecessor = result.indexOf(key);
    } else if (survivors.has(key)) {
      let index = predecessor + 1;
      for (let next = result[index]; next !== undefined && !side.items.has(next); next = result[index])
        index += 1;
      result.splice(index, 0, key);
      predecessor = index;
    }
  }
  return result;
}

function byPositionIn(order: readonly string[]) {
  const positions = new Map(order.map((key, position) => [key, position]));
  const position = ([key]: readonly [string, unknown]) => positions.get(key) ?? order.length;
  return (left: readonly [string, unknown], right: readonly [string, unknown]) =>
    position(left) - position(right);
}
