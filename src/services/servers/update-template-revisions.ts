import { toGlobalId } from '../../domain/global-id';
import type { Advisory } from '../../domain/advisories/advisory';
import type { LaunchInputs } from '../../domain/launch/configuration';
import type { LaunchStatus, ResolvedImage } from '../../domain/launch/resolution';
import { resolveLaunch } from '../../domain/launch/resolve-launch';
import {
  assertChoicesFit,
  assertInstances,
  assertCloudsSupported,
  assertItems,
  MAXIMUM_INSTANCES,
  planBulkUpdate,
  type BulkItem,
  type CurrentInstance,
  type NextResolution,
  type PlannedItem,
  type TemplateUse,
} from '../../domain/servers/bulk-update';
import type { ServerType } from '../../domain/servers/defined-type';
import type { ServerDefinition } from '../../entities/servers/server-definition';
import { recordAudit } from '../../persistence/access/audit-store';
import {
  followTemplate,
  lockCurrentInstances,
  lockDefinitions,
  moveNext,
  type BulkDefinitionRow,
} from '../../persistence/servers/bulk-update-store';
import { readLaunchInputs } from '../../persistence/launch/launch-inputs';
import { nextLaunch, textOfLaunch, type LaunchRequest } from '../../persistence/servers/launch-request';
import type { Row } from '../../persistence/select';
import { unitOfWork, type ActionContext, type Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import { lockWantedVersion, lockWantedVersions } from './lock-wanted';

const TYPES: readonly ServerType[] = ['Server', 'ServerArray'];

export interface UpdateTemplateRevisions {
  /** The template version to move to. */
  readonly serverTemplateId: string;
  readonly items: readonly BulkItem[];
  readonly use: TemplateUse;
  /** Only says what would change. */
  readonly dryRun: boolean;
}

/** What the update does to one server or array, and to the image that its next launch boots from. */
export interface TemplateRevisionChange {
  readonly type: ServerType;
  /** Row key of the server or array. */
  readonly definitionId: string;
  readonly name: string;
  readonly cloudId: string;
  readonly imageBefore: ResolvedImage | null;
  readonly imageAfter: ResolvedImage | null;
  readonly imageChanged: boolean;
  readonly statusBefore: LaunchStatus;
  readonly statusAfter: LaunchStatus;
  /** Of the next launch, afterwards. */
  readonly advisories: readonly Advisory[];
  readonly nextChanged: boolean;
  readonly instancesChanged: number;
}

type Planned = PlannedItem<BulkDefinitionRow>;

interface NextLaunches {
  readonly before: NextResolution;
  readonly after: NextResolution;
}

/**
 * moves servers and arrays on one template lineage to another revision of it, all or nothing: what they launch
 * next, what their instances follow, or both.
 *
 * @returns what changes, item by item in their order
 * @throws DomainError NOT_FOUND, NOT_EDITABLE, STALE, INVALID, LIMIT_EXCEEDED or CLOUD_NOT_SUPPORTED, naming the item
 */
export async function updateTemplateRevisions(
  context: ActionContext,
  request: UpdateTemplateRevisions,
): Promise<readonly TemplateRevisionChange[]> {
  const { serverTemplateId, items, use, dryRun } = request;
  assertItems(items);
  assertChoicesFit(items, use);
  return unitOfWork(context, async (tx) => {
    const plan = await lockAndPlan(tx, request);
    const launches = await resolveNext(tx, plan);
    assertCloudsSupported(plan, (item) => launches(item).after);
    if (!dryRun) await apply(tx, serverTemplateId, use, plan);
    return plan.map((item) => describeChange(item, launches(item)));
  });
}

async function lockAndPlan(
  tx: Transaction,
  { serverTemplateId, items, use }: UpdateTemplateRevisions,
): Promise<Planned[]> {
  const { accountId } = actingViewer(tx);
  const definitions = new Map<string, BulkDefinitionRow>();
  const current = new Map<string, CurrentInstance[]>();
  let found = 0;
  for (const type of TYPES) {
    const ids = items.filter((item) => item.type === type).map(({ id }) => id);
    const rows = await lockDefinitions(tx.manager, type, accountId, ids);
    for (const row of rows) definitions.set(row.id, row);
    if (use === 'NEXT') continue;
    const running = await lockCurrentInstances(
      tx.manager,
      type,
      rows.map(({ id }) => id),
      // One more tells that there are too many.
      MAXIMUM_INSTANCES + 1 - found,
    );
    found += running.length;
    assertInstances(found);
    for (const { id } of rows) current.set(id, []);
    for (const instance of running) current.get(instance.definitionId)?.push(instance);
  }
  const { lineageId } = await lockWantedVersion(tx, 'ServerTemplate', {
    id: serverTemplateId,
    path: ['input', 'toId'],
  });
  await lockChosen(tx, items);
  return planBulkUpdate(items, { serverTemplateId, lineageId }, use, definitions, current);
}

/** @throws DomainError NOT_FOUND, naming the item */
async function lockChosen(tx: Transaction, items: readonly BulkItem[]): Promise<void> {
  const wanted = items.flatMap(({ multiCloudImageId: id }, index) =>
    id === null ? [] : [{ id, path: ['input', 'items', String(index), 'multiCloudImageId'] }],
  );
  if (wanted.length > 0) await lockWantedVersions(tx, 'MultiCloudImage', wanted);
}

/** Each next launch before and after the update, all read together; of servers that launch the same, once. */
async function resolveNext(
  tx: Transaction,
  plan: readonly Planned[],
): Promise<(item: { readonly index: number }) => NextLaunches> {
  const requests = [
    ...plan.map(({ definition }) => shownLaunch(definition)),
    ...plan.map(({ definition, next }) => shownLaunch({ ...definition, ...next })),
  ];
  const texts = requests.map(textOfLaunch);
  const different = new Map(requests.map((request, index) => [texts[index], request]));
  const inputs = await readLaunchInputs(tx.manager, actingViewer(tx), [...different.values()]);
  const resolutions = new Map([...different.keys()].map((text, index) => [text, resolved(inputs[index])]));
  return ({ index }) => {
    const before = resolutions.get(texts[index]);
    const after = resolutions.get(texts[plan.length + index]);
    if (before === undefined || after === undefined) throw new Error('An item was not resolved');
    return { before, after };
  };
}

/** What a preview shows of a next launch depends neither on tags nor on user data, which often differ. */
const shownLaunch = (definition: Row<ServerDefinition>): LaunchRequest =>
  nextLaunch({ ...definition, tags: [], userData: null });

function resolved(inputs: LaunchInputs | null | undefined): NextResolution {
  if (!inputs) throw new Error('The template or cloud of a server is referenced but cannot be read');
  return { inputs, resolution: resolveLaunch(inputs) };
}

async function apply(
  tx: Transaction,
  serverTemplateId: string,
  use: TemplateUse,
  plan: readonly Planned[],
): Promise<void> {
  const changed = plan.filter(({ next, instances }) => next !== null || instances.length > 0);
  if (changed.length === 0) return;
  for (const type of TYPES) {
    const moves = changed.flatMap(({ type: of, definition, next }) =>
      of === type && next !== null ? [{ id: definition.id, multiCloudImageId: next.multiCloudImageId }] : [],
    );
    await moveNext(tx.manager, type, serverTemplateId, moves, tx.now);
  }
  const instanceIds = changed.flatMap(({ instances }) => instances.map(({ id }) => id));
  await followTemplate(tx.manager, serverTemplateId, instanceIds);
  await recordAudit(tx, {
    action: 'serverTemplate.updateRevisions',
    objectType: 'ServerTemplate',
    objectId: serverTemplateId,
    changes: { toId: toGlobalId('ServerTemplate', serverTemplateId), use, items: changed.map(describeItem) },
  });
}

/** For the audit log. */
function describeItem({ type, definition, next, instances }: Planned) {
  const templateId = (key: string): string => toGlobalId('ServerTemplate', key);
  const mciId = (key: string | null) => key && toGlobalId('MultiCloudImage', key);
  return {
    id: toGlobalId(type, definition.id),
    ...(next !== null && {
      from: templateId(definition.serverTemplateId),
      multiCloudImageId: {
        before: mciId(definition.multiCloudImageId),
        after: mciId(next.multiCloudImageId),
      },
    }),
    ...(instances.length > 0 && { instances: countByTemplate(instances) }),
  };
}

/** An array may run a thousand: how many follow which version is told, not which. */
function countByTemplate(instances: readonly CurrentInstance[]) {
  const counts = new Map<string, number>();
  for (const { serverTemplateId } of instances)
    counts.set(serverTemplateId, (counts.get(serverTemplateId) ?? 0) + 1);
  return [...counts].map(([key, count]) => ({ from: toGlobalId('ServerTemplate', key), count }));
}

function describeChange(
  { type, definition, next, instances }: Planned,
  { before, after }: NextLaunches,
): TemplateRevisionChange {
  return {
    type,
    definitionId: definition.id,
    name: definition.name,
    cloudId: definition.cloudId,
    imageBefore: before.resolution.image,
    imageAfter: after.resolution.image,
    imageChanged: !sameImage(before.resolution.image, after.resolution.image),
    statusBefore: before.resolution.status,
    statusAfter: after.resolution.status,
    advisories: after.resolution.advisories,
    nextChanged: next !== null,
    instancesChanged: instances.length,
  };
}

/** Of an image that the account doesn't see, only the uid is known. */
const sameImage = (left: ResolvedImage | null, right: ResolvedImage | null): boolean =>
  left?.resourceUid === right?.resourceUid && left?.value?.id === right?.value?.id;
