import { Field, Int, ObjectType } from 'type-graphql';
import { Component } from '../../entities/component';
import type { Row } from '../../persistence/select';

@ObjectType({
  simpleResolvers: true,
  description: 'A newer revision of a component than the one in use (R-5.7, R-6.10).',
})
export class ComponentUpdate {
  @Field(() => Int, { description: 'Its number.' })
  revision: number;

  @Field(() => Component, {
    nullable: true,
    description: 'The newest one in the local collection; null when there is none.',
  })
  component: Component | null;

  @Field(() => Boolean, { description: 'Whether it must be imported from the marketplace first.' })
  inMarketplace: boolean;
}

/** An update that is in the local collection already. */
export const localUpdate = (component: Row<Component> | null): ComponentUpdate | null =>
  component && { revision: component.revision, component, inMarketplace: false };
