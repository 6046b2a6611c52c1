import { randomUUID } from 'node:crypto';
import type { ComponentType } from '../domain/versioning/component-type';
import type { Contained } from '../persistence/component-contents';
import { updateOrigins } from '../persistence/component-store';
import type { Transaction } from '../persistence/unit-of-work';
import { keptVersion } from '../persistence/kept-version';
import { copyVersions, sealVersions } from '../persistence/version-copy-store';

/**
 * The immutable version with the content that a clone or merge takes: a revision or snapshot itself; for a
 * locked HEAD the one that it last became, if it still equals that, else a new snapshot, which HEAD comes from, too,
 * from then on.
 *
 * @returns its key
 */
export async function keepVersion<T extends ComponentType>(
  tx: Transaction,
  type: T,
  contained: Contained<T>,
): Promise<string> {
  return (await keptVersion(tx.manager, type, contained)) ?? takeSnapshot(tx, type, contained);
}

async function takeSnapshot<T extends ComponentType>(
  tx: Transaction,
  type: T,
  { version: head, hash }: Contained<T>,
): Promise<string> {
  const id = randomUUID();
  const { accountId, lineageId, version, name, description, parentIds, clonedFromId } = head;
  const copy = {
    fromId: head.id,
    id,
    accountId,
    lineageId,
    revision: 0,
    snapshot: true,
    version,
    name,
    description,
    contentHash: hash,
    parentIds,
    clonedFromId,
    commitMessage: null,
    committedAt: null,
    committedById: null,
  };
  await copyVersions(tx.manager, type, [copy], tx.now);
  await sealVersions(tx.manager, type, [id]);
  await updateOrigins(tx.manager, type, [{ id: head.id, parentIds: [...parentIds, id], contentHash: hash }]);
  return id;
}
