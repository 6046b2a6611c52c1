import { Field, ObjectType } from 'type-graphql';
import type { Atom, ChangeKind as ChangeKindName } from '../../../domain/merge/content';
import { Component } from '../../../entities/components/component';
import { ChangeKind } from '../../../entities/enums';
import { JsonScalar } from '../../../entities/json-scalar';

const PATH =
  "Where, from the component's content downwards: field names and keys, such as a cloud's id, a lineage or a tag in lower case.";

const SHOWN =
  'An image that this account does not see has nothing but its `resourceUid`; revision 0 is HEAD; positions count from 0.';

@ObjectType({ simpleResolvers: true, description: 'One difference of two versions (R-6.6).' })
export class Change {
  @Field(() => [String], { description: PATH })
  path: string[];

  @Field(() => ChangeKind, { description: 'How the two versions differ there.' })
  kind: ChangeKindName;

  @Field(() => JsonScalar, {
    nullable: true,
    description: `What the first version has there; null: nothing. ${SHOWN}`,
  })
  before: Atom;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'What the second version has there; null: nothing.',
  })
  after: Atom;

  @Field(() => String, { description: 'For people: what differs.' })
  label: string;
}

@ObjectType({ simpleResolvers: true, description: 'What differs between two versions of one kind (R-6.6).' })
export class Diff {
  @Field(() => Component, { description: 'The first version.' })
  from: Component;

  @Field(() => Component, { description: 'The second version.' })
  to: Component;
}

export { PATH as CHANGE_PATH, SHOWN as SHOWN_VALUE };
