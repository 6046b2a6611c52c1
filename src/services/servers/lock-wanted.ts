import type { ComponentType } from '../../domain/versioning/component-type';
import { lockPinnable } from '../../persistence/components/server-template-store';
import type { Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import { missingVersion } from '../marketplace/missing-version';

/** A version that a request wants pinned, and the path of the input field that names it. */
export interface WantedVersion {
  readonly id: string;
  readonly path: readonly string[];
}

/** A version, and the lineage that it belongs to. */
type OfLineage<W> = W & { readonly lineageId: string };

/** The wanted versions, in their order, locked against deletion. @throws DomainError NOT_FOUND, or INVALID for what is not imported */
export async function lockWantedVersions<W extends WantedVersion>(
  tx: Transaction,
  type: ComponentType,
  wanted: readonly W[],
): Promise<OfLineage<W>[]> {
  const { accountId } = actingViewer(tx);
  const ids = wanted.map(({ id }) => id);
  const versions = await lockPinnable(tx.manager, type, accountId, ids);
  const lineages = new Map(versions.map(({ id, lineageId }) => [id, lineageId]));
  const found: OfLineage<W>[] = [];
  for (const one of wanted) {
    const lineageId = lineages.get(one.id);
    if (lineageId === undefined) throw await missingVersion(tx, type, one.id, ...one.path);
    found.push({ ...one, lineageId });
  }
  return found;
}

/** The same for one. */
export async function lockWantedVersion(
  tx: Transaction,
  type: ComponentType,
  wanted: WantedVersion,
): Promise<OfLineage<WantedVersion>> {
  const [version] = await lockWantedVersions(tx, type, [wanted]);
  if (version === undefined) throw new Error(`${type} ${wanted.id} was not locked`);
  return version;
}
