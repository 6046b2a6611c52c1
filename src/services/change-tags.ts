import { invalid, notFound } from '../domain/errors';
import type { DefinedType } from '../domain/servers/defined-type';
import { withoutTags, withTags } from '../domain/tags';
import { checkTagList } from '../domain/versioning/component-input';
import type { ComponentType } from '../domain/versioning/component-type';
import type { TagSubject } from '../domain/versioning/tag-subject';
import { recordAudit } from '../persistence/access/audit-store';
import { lockInstance, updateInstance } from '../persistence/servers/instance-store';
import { lockAccountTags, lockImageTags, updateAccountTags, updateImageTags } from '../persistence/tag-store';
import { unitOfWork, type ActionContext, type Transaction } from '../persistence/unit-of-work';
import { actingViewer } from './acting-viewer';
import { editDefined } from './edit-defined';
import { editHead } from './components/edit-head';

export interface ChangeTags {
  readonly subject: TagSubject;
  readonly tags: readonly string[];
  /** Components need it; deployments, servers and arrays have one; nothing else has a version. */
  readonly expectedVersion: number | null;
}

type Verb = 'addTags' | 'removeTags';

/** Adds tags, in their order behind those that are there. @returns all tags afterwards */
export function addTags(context: ActionContext, input: ChangeTags): Promise<readonly string[]> {
  const tags = checkTagList(input.tags, 'input', 'tags');
  return changeTags(context, input, 'addTags', (before) => withTags(before, tags, 'input', 'tags'));
}

/** Removes tags, whatever the case of their spelling. Those that are not there don't matter. @returns all tags afterwards */
export function removeTags(context: ActionContext, input: ChangeTags): Promise<readonly string[]> {
  const tags = checkTagList(input.tags, 'input', 'tags');
  return changeTags(context, input, 'removeTags', (before) => withoutTags(before, tags));
}

type Change = (before: readonly string[]) => string[];

function changeTags(
  context: ActionContext,
  { subject: { type, key }, expectedVersion }: ChangeTags,
  verb: Verb,
  change: Change,
): Promise<readonly string[]> {
  switch (type) {
    case 'MultiCloudImage':
    case 'ServerTemplate':
    case 'RightScript':
      return changeComponentTags(context, type, key, expectedVersion, verb, change);
    case 'Deployment':
    case 'Server':
    case 'ServerArray':
      return changeDefinedTags(context, type, key, expectedVersion, verb, change);
    default:
      return changeBareTags(context, type, key, verb, change);
  }
}

/** Tags are part of a component's content. */
async function changeComponentTags(
  context: ActionContext,
  type: ComponentType,
  id: string,
  expectedVersion: number | null,
  verb: Verb,
  change: Change,
): Promise<readonly string[]> {
  if (expectedVersion === null)
    throw invalid(
      'Tags are part of the content of a component: send its `version` as `expectedVersion`.',
      'input',
      'expectedVersion',
    );
  let after: string[] = [];
  await editHead(context, { type, id, expectedVersion, field: 'id' }, (_tx, head) => {
    after = change(head.tags);
    return after.length === head.tags.length ? null : tagEdit(verb, head.tags, after);
  });
  return after;
}

/** An addition or removal is right whatever the version, so that sending the version is up to the client. */
async function changeDefinedTags(
  context: ActionContext,
  type: DefinedType,
  id: string,
  expectedVersion: number | null,
  verb: Verb,
  change: Change,
): Promise<readonly string[]> {
  let after: string[] = [];
  await editDefined(context, type, { id, expectedVersion }, (_tx, row) => {
    after = change(row.tags);
    return after.length === row.tags.length ? null : tagEdit(verb, row.tags, after);
  });
  return after;
}

const tagEdit = (verb: Verb, before: readonly string[], after: string[]) => ({
  verb,
  changes: { tags: { before, after } },
  columns: { tags: after },
});

/** What has no version. */
type BareType = Exclude<TagSubject['type'], ComponentType | DefinedType>;

interface BareTags {
  readonly noun: string;
  /** The tags, locked until the transaction ends; `null`: the account sees no such thing. */
  readonly lock: (tx: Transaction, id: string) => Promise<string[] | null>;
  readonly update: (tx: Transaction, id: string, tags: string[]) => Promise<void>;
}

const BARE: Record<BareType, BareTags> = {
  // tags on images belong to the account that made them.
  CloudImage: {
    noun: 'image',
    lock: (tx, id) => lockImageTags(tx.manager, actingViewer(tx), id),
    update: (tx, id, tags) => updateImageTags(tx.manager, actingViewer(tx), id, tags),
  },
  Instance: {
    noun: 'instance',
    lock: async (tx, id) => (await lockInstance(tx.manager, actingViewer(tx).accountId, id))?.tags ?? null,
    update: (tx, id, tags) => updateInstance(tx.manager, id, { tags }),
  },
  Account: {
    noun: 'account',
    lock: async (tx, id) =>
      id === actingViewer(tx).accountId ? lockAccountTags(tx.manager, id) : Promise.resolve(null),
    update: (tx, id, tags) => updateAccountTags(tx.manager, id, tags),
  },
};

function changeBareTags(
  context: ActionContext,
  type: BareType,
  id: string,
  verb: Verb,
  change: Change,
): Promise<readonly string[]> {
  const { noun, lock, update } = BARE[type];
  return unitOfWork(context, async (tx) => {
    const before = await lock(tx, id);
    if (before === null) throw notFound(noun, 'input', 'id');
    const after = change(before);
    if (after.length === before.length) return before;
    await update(tx, id, after);
    await recordAudit(tx, {
      action: `${type.charAt(0).toLowerCase()}${type.slice(1)}.${verb}`,
      objectType: type,
      objectId: id,
      changes: { tags: { before, after } },
    });
    return after;
  });
}
