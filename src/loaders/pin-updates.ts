import { changedInHead, updateOfPin, type PinnedType } from '../domain/versioning/pin-updates';
import type { Component } from '../entities/component';
import type { Row } from '../persistence/select';
import { versionsOf } from './loaders';
import type { RequestContext } from './request-context';

/** A pin of a ServerTemplate version. */
export interface Pin {
  readonly serverTemplateId: string;
  readonly type: PinnedType;
  readonly lineageId: string;
  /** The pinned version. */
  readonly componentId: string;
}

/** the newest local revision above the pinned one; `null` also for pins that nobody can move any more. */
export async function newerRevision(context: RequestContext, pin: Pin): Promise<Row<Component> | null> {
  if (!(await isPinOfHead(context, pin))) return null;
  const versions = versionsOf(context.loaders, pin.type);
  const [pinned, newest] = await Promise.all([
    versions.byId.load(pin.componentId),
    versions.latestRevision.load(pin.lineageId),
  ]);
  return pinned && updateOfPin<Row<Component>>(pinned, newest);
}

/** R-5.7 `changedInHead`. */
export async function isChangedInHead(context: RequestContext, pin: Pin): Promise<boolean> {
  if (!(await isPinOfHead(context, pin))) return false;
  const versions = versionsOf(context.loaders, pin.type);
  const [pinned, head, newest] = await Promise.all([
    versions.byId.load(pin.componentId),
    versions.head.load(pin.lineageId),
    versions.latestRevision.load(pin.lineageId),
  ]);
  return pinned !== null && changedInHead(pinned, head, newest);
}

/** A revision or a snapshot keeps what it pins for ever. */
async function isPinOfHead({ loaders }: RequestContext, { serverTemplateId }: Pin): Promise<boolean> {
  const template = await loaders.serverTemplates.byId.load(serverTemplateId);
  return template !== null && template.revision === 0 && !template.snapshot;
}
