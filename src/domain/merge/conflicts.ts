import type { Atom, MergeSide } from './content';

/** What both sides changed, differently; `null` where a side has nothing. */
export interface Conflict {
  readonly path: readonly string[];
  readonly base: Atom;
  readonly ours: Atom;
  readonly theirs: Atom;
}

/** The conflicts of one merge, and how its caller resolves them. */
export class Conflicts {
  private readonly found = new Set<string>();
  private readonly open: Conflict[] = [];

  /**
   * @param resolutions by the JSON of the conflict's path
   * @param hasBase whether there is a common ancestor: without one BASE resolves nothing
   */
  constructor(
    private readonly resolutions: ReadonlyMap<string, MergeSide>,
    readonly hasBase: boolean,
  ) {}

  /** The side to take: as resolved, or ours while the conflict stays open. */
  settle(conflict: Conflict): MergeSide {
    const key = JSON.stringify(conflict.path);
    this.found.add(key);
    const side = this.resolutions.get(key);
    if (side !== undefined && (side !== 'BASE' || this.hasBase)) return side;
    this.open.push(conflict);
    return 'OURS';
  }

  /** Sorted by path; numbers, as the lines of a text, before other segments and by their value. */
  unresolved(): Conflict[] {
    return [...this.open].sort((left, right) => comparePaths(left.path, right.path));
  }

  /** The paths that were resolved though they are in no conflict. */
  unused(): string[][] {
    return [...this.resolutions.keys()]
      .filter((key) => !this.found.has(key))
      .map((key) => JSON.parse(key) as string[])
      .sort(comparePaths);
  }
}

function comparePaths(left: readonly string[], right: readonly string[]): number {
  const index = left.findIndex((segment, position) => segment !== right[position]);
  const segment = left[index];
  const other = right[index];
  if (segment === undefined || other === undefined) return left.length - right.length;
  const numbers = Number(isNumber(other)) - Number(isNumber(segment));
  if (numbers !== 0) return numbers;
  if (isNumber(segment) && segment.length !== other.length) return segment.length - other.length;
  return segment < other ? -1 : 1;
}

function isNumber(segment: string): boolean {
  return /^[0-9]+$/.test(segment);
}
