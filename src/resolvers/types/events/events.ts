import { Field, ID, ObjectType } from 'type-graphql';
import type { InstanceState as InstanceStateName } from '../../../domain/servers/instance-state';
import type { HistoryEvent as HistoryEventName } from '../../../domain/versioning/history-event';
import { Component } from '../../../entities/components/component';
import { HistoryEvent, InstanceState } from '../../../entities/enums';
import { Instance } from '../../../entities/servers/instance';
import { Publication } from '../../../entities/marketplace/publication';

const ID_DESCRIPTION =
  'Names the event, the same for whoever is told of it: pass it as `after` to go on behind it.';
const AT = 'When it happened.';

@ObjectType({ simpleResolvers: true, description: 'Something happened to a component.' })
export class ComponentEvent {
  @Field(() => ID, { description: ID_DESCRIPTION })
  id: string;

  @Field(() => HistoryEvent, { description: 'What happened.' })
  kind: HistoryEventName;

  @Field(() => Component, {
    description: 'The version that it made or changed, as it is now: HEAD, or the new revision.',
  })
  component: Component;

  @Field(() => Date, { description: AT })
  at: Date;
}

@ObjectType({
  simpleResolvers: true,
  description:
    'A publication is new, is offered to more accounts than before, or something about it changed: its words, status, audience or content.',
})
export class PublicationEvent {
  @Field(() => ID, { description: ID_DESCRIPTION })
  id: string;

  @Field(() => Publication, { description: 'The publication as it is now.' })
  publication: Publication;

  @Field(() => Date, { description: AT })
  at: Date;
}

@ObjectType({
  simpleResolvers: true,
  description: 'An instance was launched, or came from one state to another (R-8.3).',
})
export class InstanceEvent {
  @Field(() => ID, { description: ID_DESCRIPTION })
  id: string;

  @Field(() => Instance, { description: 'The instance as it is now: it may have moved on since.' })
  instance: Instance;

  @Field(() => InstanceState, {
    nullable: true,
    description: 'Its state before; null: it has just been launched.',
  })
  from: InstanceStateName | null;

  @Field(() => InstanceState, { description: 'The state that it came to.' })
  to: InstanceStateName;

  @Field(() => Date, { description: AT })
  at: Date;
}

@ObjectType({
  simpleResolvers: true,
  description: 'The marketplace began to offer a newer revision of something imported (R-9.6).',
})
export class ImportUpdateEvent {
  @Field(() => ID, { description: ID_DESCRIPTION })
  id: string;

  @Field(() => Component, {
    description: 'The highest version of its lineage in the local collection; of a subscription HEAD.',
  })
  component: Component;

  @Field(() => Publication, { description: 'The newer revision, to import.' })
  update: Publication;

  @Field(() => Date, { description: AT })
  at: Date;
}
