import { capitalize, enumerate, nameCloud } from '../advisories/naming';
import { DomainError, invalid, notFound } from '../errors';
import { toGlobalId } from '../global-id';
import type { LaunchInputs } from '../launch/configuration';
import type { LaunchResolution } from '../launch/resolution';
import { DEFINED_NAMES, type ServerType } from './defined-type';

/** */
const MAXIMUM_ITEMS = 1_000;
/** What it locks, and moves, at most. */
export const MAXIMUM_INSTANCES = 10_000;
/** A message names no more than so many items. */
const NAMED_ITEMS = 5;

/** What a bulk update moves: the next launches, what runs now, or both. */
export type TemplateUse = 'NEXT' | 'CURRENT' | 'BOTH';

/** One server or array of a bulk update, by row keys. */
export interface BulkItem {
  readonly type: ServerType;
  readonly id: string;
  /** `null`: the revision's default. */
  readonly multiCloudImageId: string | null;
  readonly expectedVersion: number;
}

/** The template version that all items move to. */
export interface BulkTarget {
  readonly serverTemplateId: string;
  readonly lineageId: string;
}

/** A server or array as it is. */
export interface BulkDefinition {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly deletedAt: Date | null;
  readonly serverTemplateId: string;
  /** Of its template. */
  readonly templateLineageId: string;
  readonly multiCloudImageId: string | null;
}

/** An instance that runs, and is not on its way out. */
export interface CurrentInstance {
  readonly id: string;
  readonly name: string;
  /** The server or array that it belongs to. */
  readonly definitionId: string;
  readonly serverTemplateId: string;
  readonly templateLineageId: string;
}

/** What a bulk update does to one item. */
export interface PlannedItem<D extends BulkDefinition> {
  readonly type: ServerType;
  /** Its place in the request. */
  readonly index: number;
  readonly definition: D;
  /** `null`: its next launch stays as it is. */
  readonly next: { readonly serverTemplateId: string; readonly multiCloudImageId: string | null } | null;
  /** The instances that follow another version so far. */
  readonly instances: readonly CurrentInstance[];
}

const nameItem = (type: ServerType, { name }: { readonly name: string }): string =>
  `the ${DEFINED_NAMES[type]} "${name}"`;

const pathOf = (index: number, field: string): string[] => ['input', 'items', String(index), field];

/** 1 to 1,000 items, each once. @throws DomainError INVALID or LIMIT_EXCEEDED */
export function assertItems(items: readonly BulkItem[]): void {
  if (items.length === 0)
    throw invalid('`items` is empty: name at least one server or array.', 'input', 'items');
  if (items.length > MAXIMUM_ITEMS)
    throw new DomainError(
      'LIMIT_EXCEEDED',
      `\`items\` has ${items.length} servers and arrays; at most 1,000 can be updated at once.`,
      { path: ['input', 'items'] },
    );
  const seen = new Set<string>();
  for (const [index, { id, type }] of items.entries()) {
    if (seen.has(id))
      throw invalid(`This ${DEFINED_NAMES[type]} is named twice: name it once.`, ...pathOf(index, 'id'));
    seen.add(id);
  }
}

/** @throws DomainError LIMIT_EXCEEDED */
export function assertInstances(count: number): void {
  if (count > MAXIMUM_INSTANCES)
    throw new DomainError(
      'LIMIT_EXCEEDED',
      'The servers and arrays of `items` run more than 10,000 instances, which is the most that one update moves: name fewer of them at a time.',
      { path: ['input', 'items'] },
    );
}

/** MCIs are chosen for next launches. @throws DomainError INVALID */
export function assertChoicesFit(items: readonly BulkItem[], use: TemplateUse): void {
  if (use !== 'CURRENT') return;
  const index = items.findIndex(({ multiCloudImageId }) => multiCloudImageId !== null);
  if (index >= 0)
    throw invalid(
      'A running instance keeps its MultiCloud Image: leave `multiCloudImageId` out, or use NEXT or BOTH.',
      ...pathOf(index, 'multiCloudImageId'),
    );
}

/**
 * what to move, in the order of the request. All or nothing: the first item that can't be moved refuses
 * the whole.
 *
 * @param definitions of the account, by key; those that it doesn't have are missing
 * @param current instances by the key of their server or array
 * @throws DomainError NOT_FOUND, NOT_EDITABLE, STALE or INVALID, naming the item
 */
export function planBulkUpdate<D extends BulkDefinition>(
  items: readonly BulkItem[],
  target: BulkTarget,
  use: TemplateUse,
  definitions: ReadonlyMap<string, D>,
  current: ReadonlyMap<string, readonly CurrentInstance[]>,
): PlannedItem<D>[] {
  return items.map((item, index) => {
    const definition = definitions.get(item.id);
    if (definition === undefined) throw notFound(DEFINED_NAMES[item.type], ...pathOf(index, 'id'));
    assertUnchanged(item, definition, index);
    const instances = current.get(item.id) ?? [];
    assertOnLineage(item, definition, instances, { target, use, index });
    return {
      type: item.type,
      index,
      definition,
      next: use === 'CURRENT' ? null : nextOf(item, definition, target),
      instances: instances.filter(
        ({ serverTemplateId }) => use !== 'NEXT' && serverTemplateId !== target.serverTemplateId,
      ),
    };
  });
}

function assertUnchanged({ type, expectedVersion }: BulkItem, definition: BulkDefinition, index: number) {
  const name = capitalize(nameItem(type, definition));
  if (definition.deletedAt !== null)
    throw new DomainError('NOT_EDITABLE', `${name} was deleted: leave it out.`, {
      path: pathOf(index, 'id'),
    });
  if (definition.version !== expectedVersion)
    throw new DomainError(
      'STALE',
      `${name} is at version ${definition.version}, but \`expectedVersion\` is ${expectedVersion}: it was changed since. ` +
        'Read it again, and repeat the update with the version that you then see.',
      { path: pathOf(index, 'expectedVersion'), currentVersion: definition.version },
    );
}

/** What is moved has to be on the target's lineage; where nothing runs, that is what next names. */
function assertOnLineage(
  { type }: BulkItem,
  definition: BulkDefinition,
  instances: readonly CurrentInstance[],
  { target, use, index }: { target: BulkTarget; use: TemplateUse; index: number },
): void {
  const name = capitalize(nameItem(type, definition));
  const movesNext = use !== 'CURRENT' || instances.length === 0;
  if (movesNext && definition.templateLineageId !== target.lineageId)
    throw invalid(
      `${name} is to launch from another ServerTemplate than \`toId\`: leave it out, or change its next launch by itself.`,
      ...pathOf(index, 'id'),
    );
  const stranger =
    use === 'NEXT'
      ? undefined
      : instances.find(({ templateLineageId }) => templateLineageId !== target.lineageId);
  if (stranger !== undefined)
    throw invalid(
      `${name} runs the instance "${stranger.name}" of another ServerTemplate than \`toId\`, which can only move to ` +
        'another revision of its own. Leave it out, use NEXT, or relaunch it first.',
      ...pathOf(index, 'id'),
    );
}

function nextOf(
  { multiCloudImageId }: BulkItem,
  definition: BulkDefinition,
  { serverTemplateId }: BulkTarget,
): PlannedItem<BulkDefinition>['next'] {
  const same =
    definition.serverTemplateId === serverTemplateId && definition.multiCloudImageId === multiCloudImageId;
  return same ? null : { serverTemplateId, multiCloudImageId };
}

/** A next launch, as it would be after the update. */
export interface NextResolution {
  readonly inputs: LaunchInputs;
  readonly resolution: LaunchResolution;
}

/**
 * whatever is overridden, the MCI of each changed next launch needs a setting for its cloud.
 *
 * @param nextOf what an item would launch
 * @throws DomainError CLOUD_NOT_SUPPORTED, naming the items
 */
export function assertCloudsSupported(
  plan: readonly PlannedItem<BulkDefinition>[],
  nextOf: (item: PlannedItem<BulkDefinition>) => NextResolution,
): void {
  const unsupported = plan.filter((item) => item.next !== null && nextOf(item).resolution.setting === null);
  const first = unsupported[0];
  if (first === undefined) return;
  const named = unsupported
    .slice(0, NAMED_ITEMS)
    .map((item) => `${nameItem(item.type, item.definition)} in ${nameCloud(nextOf(item).inputs.cloud)}`);
  const others = unsupported.length - named.length;
  if (others > 0) named.push(`${others} more`);
  const { inputs, resolution } = nextOf(first);
  throw new DomainError(
    'CLOUD_NOT_SUPPORTED',
    `The MultiCloud Image that would be used has no setting for the cloud of ${enumerate(named)}. ` +
      'Choose another one by `multiCloudImageId`, give it the setting, or leave them out.',
    {
      path: pathOf(first.index, 'multiCloudImageId'),
      unsupported: {
        serverTemplateId: inputs.serverTemplate.id,
        alternatives: resolution.alternatives.map(({ id }) => id),
      },
      items: unsupported.map(({ type, definition }) => toGlobalId(type, definition.id)),
    },
  );
}
