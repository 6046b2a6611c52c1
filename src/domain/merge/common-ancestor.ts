/** A version as its history knows it. Copies of it in other accounts are one with it. */
export interface HistoryVersion {
  readonly parentIds: readonly string[];
  /** When it was committed. */
  readonly at: Date;
  /** Key of the version or copy whose content the viewer may read; `null`: it may read none of them. */
  readonly readableAs: string | null;
}

type History = ReadonlyMap<string, HistoryVersion>;

/**
 * The base of a merge: of the versions that both sides come from (or are) and that the viewer may read, those
 * that are no ancestor of another such one; of several the latest committed, then the greater id. Those that it may not
 * read are passed over, but what they come from counts.
 *
 * @param ours ids that our side starts from: its version, or the parents of its HEAD
 * @returns the key under which the viewer reads it; `null` if there is none
 */
export function nearestCommonAncestor(
  history: History,
  ours: readonly string[],
  theirs: readonly string[],
): string | null {
  const ourAncestors = versionsBehind(history, ours);
  const theirAncestors = versionsBehind(history, theirs);
  const readable = [...ourAncestors].filter(
    ([id, { readableAs }]) => readableAs !== null && theirAncestors.has(id),
  );
  const farther = versionsBehind(
    history,
    readable.flatMap(([, { parentIds }]) => parentIds),
  );
  const [best] = readable
    .filter(([id]) => !farther.has(id))
    .sort(([leftId, left], [rightId, right]) => {
      const later = right.at.getTime() - left.at.getTime();
      return later !== 0 ? later : leftId < rightId ? 1 : -1;
    });
  return best?.[1].readableAs ?? null;
}

/** Whether one of the versions `ids` is, or comes from, this one. */
export const comesFrom = (history: History, ids: readonly string[], id: string): boolean =>
  versionsBehind(history, ids).has(id);

/** The versions themselves and all their ancestors. */
function versionsBehind(history: History, ids: readonly string[]): Map<string, HistoryVersion> {
  const found = new Map<string, HistoryVersion>();
  const pending = [...ids];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const version = history.get(id);
    if (version === undefined || found.has(id)) continue;
    found.set(id, version);
    pending.push(...version.parentIds);
  }
  return found;
}
