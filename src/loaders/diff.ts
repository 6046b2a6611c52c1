import type { EntityManager } from 'typeorm';
import type { Viewer } from '../domain/access/viewer';
import type { Names } from '../domain/differences/names';
import { diffContent, type Change } from '../domain/merge/diff-content';
import { CONTENT_SCHEMAS } from '../domain/versioning/component-content';
import type { ComponentType } from '../domain/versioning/component-type';
import type { Component } from '../entities/component';
import { versionsById } from '../persistence/component-batches';
import { readContents } from '../persistence/component-contents';
import { COMPONENT_ENTITIES } from '../persistence/component-store';
import { latestTwoRevisions } from '../persistence/latest-two-revisions';
import { readOnce } from '../persistence/read-once';
import type { Row } from '../persistence/select';
import { namesOfDifferences } from './present-changes';
import type { RequestContext } from './request-context';

/** What to compare: two versions of one kind by their keys. */
export interface DiffSides {
  readonly type: ComponentType;
  readonly fromId: string;
  readonly toId: string;
}

/** Two versions and what differs. */
export interface VersionDiff {
  readonly from: Row<Component>;
  readonly to: Row<Component>;
  readonly changes: readonly Change[];
  /** Of what the changes refer to. */
  readonly names: Names;
}

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
  { type, fromId, toId }: DiffSides,
): Promise<VersionDiff | null> {
  const rows = await versionsById(manager, COMPONENT_ENTITIES[type], viewer, [fromId, toId]);
  const contents = await readContents(manager, type, rows);
  const from = contents.find(({ version }) => version.id === fromId);
  const to = contents.find(({ version }) => version.id === toId);
  if (from === undefined || to === undefined) return null;
  const changes = diffContent(CONTENT_SCHEMAS[type], from.content, to.content);
  const names = await namesOfDifferences(manager, viewer, changes, []);
  return { from: from.version, to: to.version, changes, names };
}
