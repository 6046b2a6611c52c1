import { Field, InputType } from 'type-graphql';
import { Organization } from '../../../entities/marketplace/organization';
import { payloadType } from '../payload';

export const SetOrganizationPayload = payloadType(
  'SetOrganization',
  'organization',
  Organization,
  'The organization.',
);

@InputType({ description: 'As which this account publishes. Messages that are left out stay.' })
export class SetOrganizationInput {
  @Field(() => String, {
    description: 'Name, at most 255 characters, without any of `; \\ / > < & , .`',
  })
  name: string;

  @Field(() => String, {
    description: 'E-mail address at which whoever may see the publications reaches the organization.',
  })
  email: string;

  @Field(() => String, {
    nullable: true,
    description: 'Words to those who import, at most 65,536 characters; null clears them.',
  })
  welcomeMessage?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'How to get help, at most 65,536 characters; null clears it.',
  })
  supportMessage?: string | null;
}
