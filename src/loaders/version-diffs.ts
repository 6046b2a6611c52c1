import type { EntityManager } from 'typeorm';
import type { Viewer } from '../domain/access/viewer';
import type { Names } from '../domain/differences/names';
import { diffContent, type Change } from '../domain/merge/diff-content';
import { CONTENT_SCHEMAS } from '../domain/versioning/component-content';
import type { ComponentType } from '../domain/versioning/component-type';
import type { Component } from '../entities/components/component';
import { versionsById } from '../persistence/components/component-batches';
import { readVisibleContents, type Contained } from '../persistence/components/component-contents';
import { COMPONENT_ENTITIES } from '../persistence/components/component-store';
import type { Row } from '../persistence/select';
import { namesOfDifferences } from './present-changes';

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

/** of many at once, in the order of the sides; `null` where one isn't visible: a bounded number of statements, however many there are. */
export async function readDiffs(
  manager: EntityManager,
  viewer: Viewer,
  all: readonly DiffSides[],
): Promise<(VersionDiff | null)[]> {
  const contents = await readSides(manager, viewer, all);
  const compared = all.map(({ type, fromId, toId }) => {
    const [from, to] = [contents.get(fromId), contents.get(toId)];
    if (from === undefined || to === undefined) return null;
    const changes = diffContent(CONTENT_SCHEMAS[type], from.content, to.content);
    return { from: from.version, to: to.version, changes };
  });
  const names = await namesOfDifferences(
    manager,
    viewer,
    compared.flatMap((diff) => diff?.changes ?? []),
    [],
  );
  return compared.map((diff) => diff && { ...diff, names });
}

/** The visible versions among those to compare, with their contents as the viewer may read them, by key. */
async function readSides(
  manager: EntityManager,
  viewer: Viewer,
  all: readonly DiffSides[],
): Promise<Map<string, Contained<ComponentType>>> {
  const contents = new Map<string, Contained<ComponentType>>();
  for (const type of new Set(all.map((sides) => sides.type))) {
    const ids = all.filter((sides) => sides.type === type).flatMap(({ fromId, toId }) => [fromId, toId]);
    const rows = await versionsById(manager, COMPONENT_ENTITIES[type], viewer, [...new Set(ids)]);
    for (const contained of await readVisibleContents(manager, type, viewer, rows))
      contents.set(contained.version.id, contained);
  }
  return contents;
}
