import { toGlobalId } from '../global-id';
import type { ComponentType } from '../versioning/component-type';
import type { GraphEvent, PublicationChanged } from './event';
import { eventId } from './event-id';

/** Before every type of event; what follows is the thing and what happened to it. */
const TYPE_PREFIX = 'dev.mci-graph';

/** What is told of one thing that happened: a CloudEvent without the installation that it comes from. */
export interface Notification {
  /** Unique in the installation. */
  readonly id: string;
  readonly type: string;
  /** Global id of the thing. */
  readonly subject: string;
  readonly time: Date;
  readonly data: Record<string, unknown>;
}

/** What people call a thing, and which version of it it is; an instance has none. */
export interface NamedThing {
  readonly name: string;
  readonly revision: number | null;
}

/** A version that an account imported, of which a newer one is offered to it. */
export interface OutdatedImport extends NamedThing {
  /** Key of the imported version. */
  readonly id: string;
  readonly componentType: ComponentType;
  readonly lineageId: string;
}

const typeOf = (thing: string, change: string): string => `${TYPE_PREFIX}.${thing}.${change.toLowerCase()}`;

/** What happened, told to those who may see it. */
export function notificationOf(event: GraphEvent, { name, revision }: NamedThing): Notification {
  const facts = { id: eventId(event.position), time: event.at };
  switch (event.kind) {
    case 'COMPONENT': {
      const { change, componentType, lineageId } = event;
      const id = toGlobalId(componentType, event.componentId);
      return {
        ...facts,
        type: typeOf('component', change),
        subject: id,
        data: { change, component: { __typename: componentType, id, lineageId, revision, name } },
      };
    }
    case 'PUBLICATION': {
      const { change } = event;
      const publication = publicationOf(event, { name, revision });
      return {
        ...facts,
        type: typeOf('publication', change),
        subject: publication.id,
        data: { change, publication },
      };
    }
    case 'INSTANCE': {
      const { from, to, serverId, serverArrayId } = event;
      const id = toGlobalId('Instance', event.instanceId);
      return {
        ...facts,
        type: typeOf('instance', 'state_changed'),
        subject: id,
        data: {
          from,
          to,
          instance: {
            id,
            name,
            serverId: serverId === null ? null : toGlobalId('Server', serverId),
            serverArrayId: serverArrayId === null ? null : toGlobalId('ServerArray', serverArrayId),
          },
        },
      };
    }
  }
}

/** That an import can be brought up to date by what was published. */
export function importUpdateOf(
  event: PublicationChanged,
  offered: NamedThing,
  { componentType, lineageId, revision, name, ...imported }: OutdatedImport,
): Notification {
  const id = toGlobalId(componentType, imported.id);
  return {
    // Each importer is told of another one.
    id: `${eventId(event.position)}.${id}`,
    time: event.at,
    type: typeOf('import', 'update_available'),
    subject: id,
    data: {
      component: { __typename: componentType, id, lineageId, revision, name },
      update: publicationOf(event, offered),
    },
  };
}

const publicationOf = (
  { publicationId, componentType, lineageId }: PublicationChanged,
  { name, revision }: NamedThing,
) => ({
  __typename: 'Publication',
  id: toGlobalId('Publication', publicationId),
  componentType,
  lineageId,
  revision,
  name,
});

/** Nothing happened: whether a receiver listens is tried. Keys of the delivery and of its webhook. */
export function pingOf(deliveryId: string, webhookId: string, time: Date): Notification {
  const webhook = toGlobalId('Webhook', webhookId);
  return {
    id: toGlobalId('WebhookDelivery', deliveryId),
    type: typeOf('webhook', 'ping'),
    subject: webhook,
    time,
    data: { webhook: { __typename: 'Webhook', id: webhook } },
  };
}

/** A CloudEvent in its JSON format (CloudEvents 1.0). `installation`: its UUID. */
export const cloudEvent = (installation: string, notification: Notification): string =>
  JSON.stringify({
    specversion: '1.0',
    id: notification.id,
    source: `urn:uuid:${installation}`,
    type: notification.type,
    subject: notification.subject,
    time: notification.time.toISOString(),
    datacontenttype: 'application/json',
    data: notification.data,
  });
