import { Field, ObjectType } from 'type-graphql';
import type { Atom } from '../../../domain/merge/content';
import { Component } from '../../../entities/components/component';
import { JsonScalar } from '../../../entities/json-scalar';
import { Advisory } from './advisory';
import { Change, CHANGE_PATH, SHOWN_VALUE } from './diff';

@ObjectType({
  simpleResolvers: true,
  description: 'What both sides of a merge changed, differently (R-6.7).',
})
export class MergeConflict {
  @Field(() => [String], {
    description: `${CHANGE_PATH} A resolution names it unchanged.`,
  })
  path: string[];

  @Field(() => String, { description: 'For people: what is in conflict.' })
  label: string;

  @Field(() => JsonScalar, {
    nullable: true,
    description: `What the common ancestor has there; null: nothing, or there is no ancestor. ${SHOWN_VALUE}`,
  })
  base: Atom;

  @Field(() => JsonScalar, { nullable: true, description: 'What HEAD has there; null: nothing.' })
  ours: Atom;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'What the merged version has there; null: nothing.',
  })
  theirs: Atom;
}

@ObjectType({ simpleResolvers: true, description: 'What a merge would do; nothing was changed (R-6.7).' })
export class MergePreview {
  @Field(() => Component, {
    nullable: true,
    description:
      'The version that both are compared with: `baseId`, or the nearest common ancestor; null: there is none, so every difference is a conflict.',
  })
  base: Component | null;

  @Field(() => [Change], {
    description: 'What it would change in HEAD. Where a conflict is unresolved, nothing.',
  })
  changes: Change[];

  @Field(() => [MergeConflict], { description: 'What no resolution was given for.' })
  conflicts: MergeConflict[];

  @Field(() => [Advisory], {
    description:
      'Rules that the merged content would break, with what HEAD has where a conflict is unresolved: edit HEAD, or resolve differently. Also uncommitted work of HEAD that may not be committed, as the merge would do first (UNCOMMITTABLE).',
  })
  violations: Advisory[];

  @Field(() => Boolean, {
    description: 'Whether the merge would be done: no unresolved conflict, and no violation.',
  })
  clean: boolean;
}
