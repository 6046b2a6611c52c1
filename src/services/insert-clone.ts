import { randomUUID } from 'node:crypto';
import { contentHash } from '../domain/merge/content-hash';
import type { ComponentType } from '../domain/versioning/component-type';
import { readContent } from '../persistence/component-contents';
import type { ComponentRows } from '../persistence/component-store';
import { recordHistory } from '../persistence/history-store';
import type { Row } from '../persistence/select';
import { takenNames } from '../persistence/taken-names';
import type { Transaction } from '../persistence/unit-of-work';
import { copyVersions } from '../persistence/version-copy-store';
import { actingViewer } from './acting-viewer';
import { freeCloneName } from './free-clone-name';
import { keepVersion } from './keep-version';

export interface CloneFields {
  /** Left out: as counts. */
  readonly name?: string | null;
  /** Left out: the source's; `null` for none. */
  readonly description?: string | null;
}

/**
 * HEAD of a new lineage with the content of a locked version, pins as they are; without an audit entry: it may be one
 * of several that one mutation makes. A HEAD keeps a snapshot of what is taken.
 */
export async function insertClone<T extends ComponentType>(
  tx: Transaction,
  type: T,
  source: Row<ComponentRows[T]>,
  { name: given, description: described }: CloneFields = {},
): Promise<{ readonly headId: string; readonly name: string }> {
  const { accountId } = actingViewer(tx);
  const contained = await readContent(tx.manager, type, source);
  const takenFromId = await keepVersion(tx, type, contained);
  const taken = (names: readonly string[]) => takenNames(tx.manager, type, accountId, names);
  const name = given ?? (await freeCloneName(source.name, taken));
  const description = described === undefined ? source.description : described;
  const [headId, lineageId] = [randomUUID(), randomUUID()];
  const copy = {
    fromId: source.id,
    id: headId,
    accountId,
    lineageId,
    revision: 0,
    snapshot: false,
    version: 1,
    name,
    description,
    contentHash: contentHash({ ...contained.content, name, description }),
    parentIds: [takenFromId],
    clonedFromId: source.id,
    commitMessage: null,
    committedAt: null,
    committedById: null,
  };
  await copyVersions(tx.manager, type, [copy], tx.now);
  await recordHistory(tx, [
    { type, accountId, lineageId, event: 'CLONED', componentId: headId, parentIds: [takenFromId] },
  ]);
  return { headId, name };
}
