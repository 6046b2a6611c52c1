import { toGlobalId } from '../domain/global-id';
import type { PinnedType } from '../domain/versioning/pin-updates';
import { readContent } from '../persistence/component-contents';
import { lockVersion, updateOrigins } from '../persistence/component-store';
import { repointPin, type PinnedVersion } from '../persistence/deleted-pins';
import type { Transaction } from '../persistence/unit-of-work';
import { actingViewer } from './acting-viewer';
import { insertClone } from './insert-clone';

/** A deleted component that came back as a new private one. */
export interface ResurrectedDependency {
  readonly type: PinnedType;
  /** Key of the new HEAD. */
  readonly headId: string;
  /** For the audit log. */
  readonly change: { readonly fromId: string; readonly headId: string };
}

/**
 * what a new clone of a template pins and was deleted comes back as new private components, which it pins
 * instead, at their HEADs: they have nothing else yet.
 *
 * @param deleted what it pins and was deleted; locked
 */
export async function resurrectDependencies(
  tx: Transaction,
  templateId: string,
  deleted: readonly PinnedVersion[],
): Promise<ResurrectedDependency[]> {
  const { accountId } = actingViewer(tx);
  const resurrected: ResurrectedDependency[] = [];
  for (const { type, versionId } of deleted) {
    const source = await lockVersion(tx.manager, type, accountId, versionId);
    if (source === null) throw new Error(`${type} ${versionId} is pinned but cannot be read`);
    const { headId } = await insertClone(tx, type, source);
    await repointPin(tx.manager, templateId, type, versionId, headId);
    resurrected.push({
      type,
      headId,
      change: { fromId: toGlobalId(type, versionId), headId: toGlobalId(type, headId) },
    });
  }
  if (resurrected.length > 0) await rehash(tx, accountId, templateId);
  return resurrected;
}

async function rehash(tx: Transaction, accountId: string, templateId: string): Promise<void> {
  const template = await lockVersion(tx.manager, 'ServerTemplate', accountId, templateId);
  if (template === null) throw new Error(`ServerTemplate ${templateId} is gone`);
  const { hash } = await readContent(tx.manager, 'ServerTemplate', template);
  await updateOrigins(tx.manager, 'ServerTemplate', [
    { id: templateId, parentIds: template.parentIds, contentHash: hash },
  ]);
}
