import { DomainError } from '../../domain/errors';
import { toGlobalId } from '../../domain/global-id';
import { commitObstacle, equalsRevision } from '../../domain/versioning/commit';
import { headPins, withCommittedPins } from '../../domain/versioning/head-pins';
import { COMPONENT_NAMES } from '../../domain/versioning/component-type';
import type { PinnedType } from '../../domain/versioning/pin-updates';
import { readContents, writeContent, type Contained } from '../../persistence/components/component-contents';
import { latestRevisions, lockHeads } from '../../persistence/components/component-store';
import type { Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import { commitHeads } from './commit-heads';

/** A pinned HEAD, and the revision that is pinned instead. */
export interface CommittedDependency {
  readonly type: PinnedType;
  /** Key of the revision: new, or the newest one when HEAD equals it. */
  readonly revisionId: string;
  /** For the audit log. */
  readonly change: { readonly headId: string; readonly revisionId: string; readonly revision: number };
}

/**
 * Commits the HEADs that a template's locked HEAD pins, and pins their revisions instead. A HEAD that equals
 * its newest revision isn't committed again.
 *
 * @returns HEAD as it is then
 * @throws DomainError HEAD_DEPENDENCY, naming a HEAD that can't be committed, and the cure
 */
export async function commitHeadDependencies(
  tx: Transaction,
  head: Contained<'ServerTemplate'>,
  message: string,
): Promise<{ head: Contained<'ServerTemplate'>; dependencies: CommittedDependency[] }> {
  const pins = headPins(head.content);
  const images = await commitPinned(tx, 'MultiCloudImage', pins.multiCloudImages, message);
  const scripts = await commitPinned(tx, 'RightScript', pins.rightScripts, message);
  const dependencies = [...images.values(), ...scripts.values()];
  if (dependencies.length === 0) return { head, dependencies };
  const numbers = (committed: ReadonlyMap<string, CommittedDependency>) =>
    new Map([...committed].map(([lineage, { change }]) => [lineage, change.revision]));
  const after = withCommittedPins(head.content, numbers(images), numbers(scripts));
  const hash = await writeContent(tx.manager, 'ServerTemplate', head, after, {
    donors: [],
    columns: {},
    now: tx.now,
  });
  const version = { ...head.version, version: head.version.version + 1, updatedAt: tx.now };
  return { head: { version, content: after, hash }, dependencies };
}

async function commitPinned<T extends PinnedType>(
  tx: Transaction,
  type: T,
  lineageIds: readonly string[],
  message: string,
): Promise<Map<string, CommittedDependency>> {
  if (lineageIds.length === 0) return new Map();
  const viewer = actingViewer(tx);
  const rows = await lockHeads(tx.manager, type, viewer.accountId, lineageIds);
  assertAllThere(type, lineageIds, rows);
  const heads = await readContents(tx.manager, type, rows);
  for (const head of heads) assertCanBeCommitted(type, head);
  const latest = await latestRevisions(tx.manager, type, viewer, lineageIds);
  const isCommitted = ({ version, hash }: Contained<T>): boolean =>
    equalsRevision(latest.get(version.lineageId), hash);
  const made = await commitHeads(
    tx,
    type,
    heads
      .filter((head) => !isCommitted(head))
      .map((head) => ({ head, revision: (latest.get(head.version.lineageId)?.revision ?? 0) + 1 })),
    message,
  );
  const newest = new Map<string, { readonly id: string; readonly revision: number }>([
    ...latest,
    ...made.map((copy) => [copy.lineageId, copy] as const),
  ]);
  return new Map(
    heads.map(({ version: { id, lineageId } }) => {
      const revision = newest.get(lineageId);
      if (revision === undefined) throw new Error(`${type} ${id} was not committed`);
      return [lineageId, describe(type, id, revision)];
    }),
  );
}

function describe(
  type: PinnedType,
  headId: string,
  { id, revision }: { readonly id: string; readonly revision: number },
): CommittedDependency {
  return {
    type,
    revisionId: id,
    change: { headId: toGlobalId(type, headId), revisionId: toGlobalId(type, id), revision },
  };
}

/** What this account has no HEAD of was not made here. */
function assertAllThere(
  type: PinnedType,
  lineageIds: readonly string[],
  heads: readonly { readonly lineageId: string }[],
): void {
  const there = new Set(heads.map(({ lineageId }) => lineageId));
  const missing = lineageIds.filter((lineageId) => !there.has(lineageId));
  if (missing.length > 0)
    throw new DomainError(
      'HEAD_DEPENDENCY',
      `This account can not commit pinned HEADs of the ${COMPONENT_NAMES[type]} lineages ${missing.join(', ')}: ` +
        'pin a committed revision of each, or commit with `commitHeadDependencies: false`.',
      { path: ['input', 'commitHeadDependencies'] },
    );
}

function assertCanBeCommitted<T extends PinnedType>(
  type: T,
  { version: { name, originalId, deletedAt }, content }: Contained<T>,
): void {
  const obstacle =
    originalId !== null
      ? "It was subscribed to, and is its publisher's to commit: import a revision of it, or clone it, and pin that."
      : deletedAt === null
        ? commitObstacle(type, content)
        : 'It was deleted: clone it and pin the clone.';
  if (obstacle !== null)
    throw new DomainError(
      'HEAD_DEPENDENCY',
      `The pinned HEAD of the ${COMPONENT_NAMES[type]} "${name}" can not be committed: ${obstacle} ` +
        'Or pin a committed revision of it, or commit with `commitHeadDependencies: false`.',
      { path: ['input', 'commitHeadDependencies'] },
    );
}
