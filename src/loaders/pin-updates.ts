import type { ComponentType } from '../domain/versioning/component-type';
import {
  availableUpdate,
  changedInHead,
  updateOfPin,
  type AvailableUpdate,
  type PinnedType,
} from '../domain/versioning/pin-updates';
import type { Component } from '../entities/components/component';
import type { Publication } from '../entities/marketplace/publication';
import type { Row } from '../persistence/select';
import { versionsOf } from './loaders';
import type { RequestContext } from './request-context';

/** A newer version than the one in use, as it is shown. */
export type ShownUpdate = AvailableUpdate<Row<Component>, Row<Publication>>;

/** A pin of a ServerTemplate version. */
export interface Pin {
  readonly serverTemplateId: string;
  readonly type: PinnedType;
  readonly lineageId: string;
  /** The pinned version. */
  readonly componentId: string;
}

/** what is above the pinned revision, here or in the marketplace; `null` also for pins that nobody can move any more. */
export async function updateAvailable(context: RequestContext, pin: Pin): Promise<ShownUpdate | null> {
  if (!(await isPinOfHead(context, pin))) return null;
  const versions = versionsOf(context.loaders, pin.type);
  const [pinned, newest, offered] = await Promise.all([
    versions.byId.load(pin.componentId),
    versions.latestRevision.load(pin.lineageId),
    context.loaders.newestPublication.load(pin.lineageId),
  ]);
  return pinned && updateOfPin<Row<Component>, Row<Publication>>(pinned, newest, offered);
}

/** of a version of a clone. */
export async function upstreamUpdate(
  { loaders }: RequestContext,
  type: ComponentType,
  { id, clonedFromId }: Pick<Component, 'id' | 'clonedFromId'>,
): Promise<ShownUpdate | null> {
  if (clonedFromId === null) return null;
  const versions = versionsOf(loaders, type);
  const update = await versions.upstreamUpdate.load(id);
  if (update === null) return null;
  const [component, publication] = await Promise.all([
    update.revisionId === null ? null : versions.byId.load(update.revisionId),
    update.publicationId === null ? null : loaders.publication.load(update.publicationId),
  ]);
  return availableUpdate<Row<Component>, Row<Publication>>(component, publication);
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

/** A revision or a snapshot keeps what it pins for ever; what is subscribed pins what its publisher says. */
async function isPinOfHead({ loaders }: RequestContext, { serverTemplateId }: Pin): Promise<boolean> {
  const template = await loaders.serverTemplates.byId.load(serverTemplateId);
  return template !== null && template.revision === 0 && !template.snapshot && template.originalId === null;
}
