import { Field, InputType } from 'type-graphql';
import type { MergeSide as MergeSideName } from '../../../domain/merge/content';
import { MergeSide } from '../../../entities/enums';

@InputType({ description: 'How to resolve one conflict of a merge (R-6.7).' })
export class MergeResolutionInput {
  @Field(() => [String], {
    description: 'The `path` of the conflict as `mergePreview` or the refused merge told it, unchanged.',
  })
  path: string[];

  @Field(() => MergeSide, {
    description: 'Which side to take; BASE only where there is a common ancestor or `baseId`.',
  })
  take: MergeSideName;
}
