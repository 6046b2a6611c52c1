import type { ComponentType } from '../../domain/versioning/component-type';
import type { Contained } from '../../persistence/components/component-contents';
import { recordSnapshots } from '../../persistence/components/component-store';
import { keptVersions } from '../../persistence/components/kept-version';
import type { Transaction } from '../../persistence/unit-of-work';
import { copyOf, copyVersions, sealVersions } from '../../persistence/components/version-copy-store';

/**
 * The immutable versions with the contents that clones or a merge take: a revision or snapshot itself; for a
 * locked HEAD the one that it last became, if it still equals that, else a new snapshot, which HEAD comes from, too,
 * from then on. A bounded number of statements.
 *
 * @returns their keys, in the order of the contents
 */
export async function keepVersions<T extends ComponentType>(
  tx: Transaction,
  type: T,
  contents: readonly Contained<T>[],
): Promise<string[]> {
  const kept = await keptVersions(tx.manager, type, contents);
  const snapshots = contents
    .filter(({ version }) => !kept.has(version.id))
    .map((contained) => copyOf(contained, { snapshot: true }));
  await copyVersions(tx.manager, type, snapshots, tx.now);
  await sealVersions(
    tx.manager,
    type,
    snapshots.map(({ id }) => id),
  );
  await recordSnapshots(tx.manager, type, snapshots);
  for (const { fromId, id } of snapshots) kept.set(fromId, id);
  return contents.map(({ version: { id } }) => {
    const key = kept.get(id);
    if (key === undefined) throw new Error(`No immutable version holds the content of ${type} ${id}`);
    return key;
  });
}

/** The same for one. */
export async function keepVersion<T extends ComponentType>(
  tx: Transaction,
  type: T,
  contained: Contained<T>,
): Promise<string> {
  const [key] = await keepVersions(tx, type, [contained]);
  if (key === undefined) throw new Error(`${type} ${contained.version.id} was not kept`);
  return key;
}
