import { Field, Int, ObjectType } from 'type-graphql';
import { Component } from '../../../entities/components/component';
import { Publication } from '../../../entities/marketplace/publication';

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

  @Field(() => Publication, {
    nullable: true,
    description: 'The newest one that the marketplace offers to this account; null when there is none.',
  })
  publication: Publication | null;

  @Field(() => Boolean, { description: 'Whether it must be imported from the marketplace first.' })
  inMarketplace: boolean;
}
