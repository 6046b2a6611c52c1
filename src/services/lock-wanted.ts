import { notFound } from '../domain/errors';
import { COMPONENT_NAMES, type ComponentType } from '../domain/versioning/component-type';
import { lockPinnable } from '../persistence/server-template-store';
import type { Transaction } from '../persistence/unit-of-work';
import { actingViewer } from './acting-viewer';

/** A version that a request wants pinned, and the path of the input field that names it. */
export interface WantedVersion {
  readonly id: string;
  readonly path: readonly string[];
}

/** A version, and the lineage that it belongs to. */
type OfLineage<W> = W & { readonly lineageId: string };

/** The wanted versions, in their order, locked against deletion. @throws DomainError NOT_FOUND, naming the field */
export async function lockWantedVersions<W extends WantedVersion>(
  tx: Transaction,
  type: ComponentType,
  wanted: readonly W[],
): Promise<OfLineage<W>[]> {
  const { accountId } = actingViewer(tx);
  const ids = wanted.map(({ id }) => id);
  const versions = await lockPinnable(tx.manager, type, accountId, ids);
  const lineages = new Map(versions.map(({ id, lineageId }) => [id, lineageId]));
  return wanted.map((one) => {
    const lineageId = lineages.get(one.id);
    if (lineageId === undefined) throw notFound(COMPONENT_NAMES[type], ...one.path);
    return { ...one, lineageId };
  });
}

/** The same for one. */
export async function lockWantedVersion(
  tx: Transaction,
  type: ComponentType,
  wanted: WantedVersion,
): Promise<OfLineage<WantedVersion>> {
  const [version] = await lockWantedVersions(tx, type, [wanted]);
  if (version === undefined) throw notFound(COMPONENT_NAMES[type], ...wanted.path);
  return version;
}
