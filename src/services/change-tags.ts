import { invalid, notFound } from '../domain/errors';
import { withoutTags, withTags } from '../domain/tags';
import { checkTagList } from '../domain/versioning/component-input';
import type { ComponentType } from '../domain/versioning/component-type';
import type { TagSubject } from '../domain/versioning/tag-subject';
import { recordAudit } from '../persistence/audit-store';
import { lockAccountTags, lockImageTags, updateAccountTags, updateImageTags } from '../persistence/tag-store';
import { unitOfWork, type ActionContext, type Transaction } from '../persistence/unit-of-work';
import { actingViewer } from './acting-viewer';
import { editHead } from './edit-head';

export interface ChangeTags {
  readonly subject: TagSubject;
  readonly tags: readonly string[];
  /** Components need it; nothing else has a version. */
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
  { subject, expectedVersion }: ChangeTags,
  verb: Verb,
  change: Change,
): Promise<readonly string[]> {
  switch (subject.type) {
    case 'MultiCloudImage':
    case 'ServerTemplate':
    case 'RightScript':
      return changeComponentTags(context, subject.type, subject.key, expectedVersion, verb, change);
    case 'CloudImage':
      return changeImageTags(context, subject.key, verb, change);
    case 'Account':
      return changeAccountTags(context, subject.key, verb, change);
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
    if (after.length === head.tags.length) return null;
    return { verb, changes: { tags: { before: head.tags, after } }, columns: { tags: after } };
  });
  return after;
}

/** tags on images belong to the account that made them. */
function changeImageTags(
  context: ActionContext,
  id: string,
  verb: Verb,
  change: Change,
): Promise<readonly string[]> {
  return unitOfWork(context, async (tx) => {
    const viewer = actingViewer(tx);
    const before = await lockImageTags(tx.manager, viewer, id);
    if (before === null) throw notFound('image', 'input', 'id');
    const after = change(before);
    if (after.length === before.length) return before;
    await updateImageTags(tx.manager, viewer, id, after);
    await recordTags(tx, { type: 'CloudImage', key: id }, `cloudImage.${verb}`, before, after);
    return after;
  });
}

function changeAccountTags(
  context: ActionContext,
  id: string,
  verb: Verb,
  change: Change,
): Promise<readonly string[]> {
  return unitOfWork(context, async (tx) => {
    const { accountId } = actingViewer(tx);
    if (id !== accountId) throw notFound('account', 'input', 'id');
    const before = await lockAccountTags(tx.manager, id);
    const after = change(before);
    if (after.length === before.length) return before;
    await updateAccountTags(tx.manager, id, after);
    await recordTags(tx, { type: 'Account', key: id }, `account.${verb}`, before, after);
    return after;
  });
}

function recordTags(
  tx: Transaction,
  { type, key }: TagSubject,
  action: string,
  before: readonly string[],
  after: readonly string[],
): Promise<void> {
  return recordAudit(tx, {
    action,
    objectType: type,
    objectId: key,
    changes: { tags: { before, after } },
  });
}
