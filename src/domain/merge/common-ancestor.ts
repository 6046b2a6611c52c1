/** A version as its history knows it. */
export interface HistoryVersion {
  readonly parentIds: readonly string[];
  /** When it was committed. */
  readonly at: Date;
}

type History = ReadonlyMap<string, HistoryVersion>;

/**
 * The base of a merge: of the versions that both sides come from (or are), those that are no ancestor of
 * another one; of several the latest committed, then the greater id. Versions that the history doesn't hold, because
 * the viewer may not see them, are passed over with all that only they lead to.
 *
 * @param ours ids that our side starts from: its version, or the parents of its HEAD
 * @returns `null` if the sides have no common ancestor
 */
export function nearestCommonAncestor(
  history: History,
  ours: readonly string[],
  theirs: readonly string[],
): string | null {
  const ourAncestors = versionsBehind(history, ours);
  const theirAncestors = versionsBehind(history, theirs);
  const common = new Map([...ourAncestors].filter(([id]) => theirAncestors.has(id)));
  // All ancestors of a common one are common: who is an ancestor of another is also a parent of another.
  for (const { parentIds } of [...common.values()]) for (const id of parentIds) common.delete(id);
  const [best] = [...common].sort(([leftId, left], [rightId, right]) => {
    const later = right.at.getTime() - left.at.getTime();
    return later !== 0 ? later : leftId < rightId ? 1 : -1;
  });
  return best?.[0] ?? null;
}

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
