import type { EntityManager } from 'typeorm';
import type { Viewer } from '../domain/access/viewer';
import { latestTwoRevisions } from '../persistence/components/latest-two-revisions';
import { readOnce } from '../persistence/read-once';
import type { RequestContext } from './request-context';
import { readDiffs, type DiffSides, type VersionDiff } from './version-diffs';

/** compares two versions; `null` when one of them isn't visible. One transaction. */
export const diffOfVersions = (context: RequestContext, sides: DiffSides): Promise<VersionDiff | null> =>
  readOnce(context.dataSource, (manager) => readDiff(manager, context.viewer, sides));

/**
 * The same for a lineage's newest revision against the one before; `null` when fewer than two are visible.
 *
 * @param lineageId of any kind of component
 */
export const diffOfLineage = (context: RequestContext, lineageId: string): Promise<VersionDiff | null> =>
  readOnce(context.dataSource, async (manager) => {
    const [newest, before] = await latestTwoRevisions(manager, context.viewer, lineageId);
    if (newest === undefined || before === undefined) return null;
    return readDiff(manager, context.viewer, { type: newest.type, fromId: before.id, toId: newest.id });
  });

async function readDiff(
  manager: EntityManager,
  viewer: Viewer,
  sides: DiffSides,
): Promise<VersionDiff | null> {
  const [diff] = await readDiffs(manager, viewer, [sides]);
  return diff ?? null;
}
