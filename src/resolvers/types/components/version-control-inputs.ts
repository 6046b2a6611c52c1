import { Field, ID, InputType, Int } from 'type-graphql';
import { EXPECTED_VERSION } from './component-inputs';
import { MergeResolutionInput } from './merge-inputs';

const MESSAGE = 'What it is about; not empty, at most 10,000 characters.';

@InputType({ description: 'A HEAD to commit.' })
export class CommitComponentInput {
  @Field(() => ID, { description: 'HEAD of the component.' })
  id: string;

  @Field(() => Int, { description: EXPECTED_VERSION })
  expectedVersion: number;

  @Field(() => String, { description: MESSAGE })
  message: string;
}

@InputType({ description: 'A HEAD of a ServerTemplate to commit.' })
export class CommitServerTemplateInput extends CommitComponentInput {
  @Field(() => Boolean, {
    description:
      'Whether the HEADs that it pins are committed first, and their revisions pinned instead (R-6.3). Without it, the revision may pin HEADs, and change under you.',
  })
  commitHeadDependencies: boolean;
}

@InputType({ description: 'A version to clone.' })
export class CloneComponentInput {
  @Field(() => ID, { description: 'HEAD or any revision, also a deleted one: cloning brings it back.' })
  id: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Name of the clone; left out: the name with its last word `v8` counted up, or `v2` behind it, until it is free (R-6.4).',
  })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Description of the clone; left out: the source's, null: none.",
  })
  description?: string | null;
}

@InputType({ description: 'A revision whose content HEAD is to have again.' })
export class RestoreComponentInput {
  @Field(() => ID, { description: 'HEAD of the component.' })
  headId: string;

  @Field(() => Int, { description: EXPECTED_VERSION })
  expectedVersion: number;

  @Field(() => ID, { description: 'A committed revision of the same lineage.' })
  revisionId: string;
}

@InputType({ description: 'A version to merge into a HEAD.' })
export class MergeComponentInput {
  @Field(() => ID, { description: 'HEAD that takes it in.' })
  intoId: string;

  @Field(() => Int, { description: EXPECTED_VERSION })
  expectedVersion: number;

  @Field(() => ID, { description: 'HEAD or revision of the same kind, of any lineage.' })
  fromId: string;

  @Field(() => Int, {
    nullable: true,
    description:
      'The `version` of `fromId` that you saw, if that is a HEAD: when it is at another one by now, the merge is refused as STALE. Left out: whatever it holds now.',
  })
  expectedFromVersion?: number | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Revision or snapshot to compare both with; left out: their nearest common ancestor. Of a version that is no ancestor of both, what differs since is merged, and a merge that takes nothing from it is not remembered.',
  })
  baseId?: string | null;

  @Field(() => [MergeResolutionInput], {
    nullable: true,
    description: 'Which side to take for each conflict that `mergePreview` shows; at most 2,000.',
  })
  resolutions?: MergeResolutionInput[] | null;
}
