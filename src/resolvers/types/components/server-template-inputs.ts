import { Field, ID, InputType, Int } from 'type-graphql';
import { EXPECTED_VERSION } from './component-inputs';
import { NewNamedInput } from '../new-named-input';

@InputType({ description: 'A new ServerTemplate.' })
export class CreateServerTemplateInput extends NewNamedInput {
  @Field(() => [ID], {
    nullable: true,
    description:
      'MultiCloud Images to name, each pinned to the very version given (HEAD or a revision); at most 100, the first is the default.',
  })
  multiCloudImageIds?: string[] | null;
}

@InputType({ description: 'An edit of a ServerTemplate.' })
export class ServerTemplateEditInput {
  @Field(() => ID, { description: 'HEAD of the ServerTemplate.' })
  serverTemplateId: string;

  @Field(() => Int, { description: EXPECTED_VERSION })
  expectedVersion: number;
}

@InputType({ description: 'A MultiCloud Image to name.' })
export class AddServerTemplateMultiCloudImageInput extends ServerTemplateEditInput {
  @Field(() => ID, { description: 'The version to pin: HEAD or a revision.' })
  multiCloudImageId: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it becomes the default; false unless told. The first one always does.',
  })
  makeDefault?: boolean | null;
}

@InputType({ description: 'A MultiCloud Image not to name any more.' })
export class RemoveServerTemplateMultiCloudImageInput extends ServerTemplateEditInput {
  @Field(() => ID, { description: 'The pinned version.' })
  multiCloudImageId: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'Another pinned version that becomes the default; needed to remove the default unless it is the last.',
  })
  newDefaultId?: string | null;
}

@InputType({ description: 'A pin to move to another version of the same MultiCloud Image.' })
export class RepinServerTemplateMultiCloudImageInput extends ServerTemplateEditInput {
  @Field(() => ID, { description: 'The pinned version.' })
  fromId: string;

  @Field(() => ID, { description: 'The version to pin instead: HEAD or a revision of the same lineage.' })
  toId: string;
}

@InputType({ description: 'The MultiCloud Image that servers boot from unless they choose another.' })
export class SetDefaultMultiCloudImageInput extends ServerTemplateEditInput {
  @Field(() => ID, { description: 'The pinned version.' })
  multiCloudImageId: string;
}

@InputType({
  description: 'A ServerTemplate whose pins are all to be moved to the newest local revisions (R-5.8).',
})
export class UpdateServerTemplatePinsInput extends ServerTemplateEditInput {}
