import type { InstanceState } from '../servers/instance-state';
import type { ComponentType } from '../versioning/component-type';
import type { HistoryEvent } from '../versioning/history-event';

/** What happened to a publication: it is new, it reaches more accounts than before, or something else about it changed. */
export type PublicationChange = 'PUBLISHED' | 'OFFERED' | 'CHANGED';

interface EventFacts {
  /** Where it stands among all events; counts from 1, may leave numbers out. */
  readonly position: number;
  readonly at: Date;
  /** Whose component or instance it is; of a publication the publisher. */
  readonly accountId: string;
}

/** An entry of a component's history. */
export interface ComponentChanged extends EventFacts {
  readonly kind: 'COMPONENT';
  readonly change: HistoryEvent;
  readonly componentType: ComponentType;
  readonly lineageId: string;
  /** The version that it made or changed. */
  readonly componentId: string;
}

export interface PublicationChanged extends EventFacts {
  readonly kind: 'PUBLICATION';
  readonly change: PublicationChange;
  readonly componentType: ComponentType;
  readonly lineageId: string;
  readonly publicationId: string;
}

/** An instance was launched (`from` is null), or came from one state to another. */
export interface InstanceMoved extends EventFacts {
  readonly kind: 'INSTANCE';
  readonly from: InstanceState | null;
  readonly to: InstanceState;
  readonly instanceId: string;
  readonly serverId: string | null;
  readonly serverArrayId: string | null;
}

/** Something that happened and that subscribers and webhooks are told of. */
export type GraphEvent = ComponentChanged | PublicationChanged | InstanceMoved;

export type EventKind = GraphEvent['kind'];
