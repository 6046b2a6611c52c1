import { toGlobalId } from '../../domain/global-id';
import type { PinnedType } from '../../domain/versioning/pin-updates';
import { readContent } from '../../persistence/components/component-contents';
import { lockVersion, lockVersions, updateOrigins } from '../../persistence/components/component-store';
import { repointPins, type PinnedVersion } from '../../persistence/components/deleted-pins';
import { recordHistory } from '../../persistence/components/history-store';
import type { Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import { insertClones } from './insert-clone';

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
 * instead, at their HEADs: they have nothing else yet. A bounded number of statements.
 *
 * @param deleted what it pins and was deleted; locked
 */
export async function resurrectDependencies(
  tx: Transaction,
  templateId: string,
  deleted: readonly PinnedVersion[],
): Promise<ResurrectedDependency[]> {
  const resurrected: ResurrectedDependency[] = [];
  for (const type of ['MultiCloudImage', 'RightScript'] as const) {
    const ids = deleted.filter((pin) => pin.type === type).map(({ versionId }) => versionId);
    resurrected.push(...(await resurrect(tx, templateId, type, ids)));
  }
  if (resurrected.length > 0) await rehash(tx, actingViewer(tx).accountId, templateId);
  return resurrected;
}

async function resurrect<T extends PinnedType>(
  tx: Transaction,
  templateId: string,
  type: T,
  ids: readonly string[],
): Promise<ResurrectedDependency[]> {
  if (ids.length === 0) return [];
  const versions = await lockVersions(tx.manager, type, actingViewer(tx).accountId, ids);
  if (versions.length < ids.length) throw new Error(`ServerTemplate ${templateId} pins what cannot be read`);
  const clones = await insertClones(
    tx,
    type,
    versions.map((version) => ({ version })),
  );
  await recordHistory(
    tx,
    clones.map(({ history }) => history),
  );
  const moves = versions.flatMap(({ id: fromId }, index) => {
    const clone = clones[index];
    return clone === undefined ? [] : [{ fromId, toId: clone.headId }];
  });
  await repointPins(tx.manager, templateId, type, moves);
  return moves.map(({ fromId, toId: headId }) => ({
    type,
    headId,
    change: { fromId: toGlobalId(type, fromId), headId: toGlobalId(type, headId) },
  }));
}

async function rehash(tx: Transaction, accountId: string, templateId: string): Promise<void> {
  const template = await lockVersion(tx.manager, 'ServerTemplate', accountId, templateId);
  if (template === null) throw new Error(`ServerTemplate ${templateId} is gone`);
  const { hash } = await readContent(tx.manager, 'ServerTemplate', template);
  await updateOrigins(tx.manager, 'ServerTemplate', [
    { id: templateId, parentIds: template.parentIds, contentHash: hash },
  ]);
}
