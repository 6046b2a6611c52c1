import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { AccountGroup } from '../../../entities/marketplace/account-group';
import { Organization } from '../../../entities/marketplace/organization';
import { deletePayloadType, Payload, payloadType } from '../payload';

const payload = (name: string) => payloadType(name, 'accountGroup', AccountGroup, 'The account group.');

export const CreateAccountGroupPayload = payload('CreateAccountGroup');
export const UpdateAccountGroupPayload = payload('UpdateAccountGroup');
export const RevokeAccountGroupAccessPayload = payload('RevokeAccountGroupAccess');
export const DeleteAccountGroupPayload = deletePayloadType('DeleteAccountGroup');
export const AcceptInvitationPayload = payloadType(
  'AcceptInvitation',
  'organization',
  Organization,
  'The publisher to whose private publications the account now has access; null when it has not said yet as which it publishes.',
);

@InputType({ description: 'A new account group.' })
export class CreateAccountGroupInput {
  @Field(() => String, { description: 'Name, at most 255 characters; need not be unique.' })
  name: string;

  @Field(() => String, { nullable: true, description: 'Free text, at most 65,536 characters.' })
  description?: string | null;
}

@InputType({ description: 'New name or description of an account group. What is left out stays.' })
export class UpdateAccountGroupInput {
  @Field(() => ID, { description: 'The account group.' })
  id: string;

  @Field(() => Int, { description: 'Its `version` when it was read.' })
  expectedVersion: number;

  @Field(() => String, { nullable: true, description: 'Name, at most 255 characters.' })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Free text, at most 65,536 characters; null clears it.',
  })
  description?: string | null;
}

@InputType({ description: 'An account group to delete.' })
export class DeleteAccountGroupInput {
  @Field(() => ID, { description: 'The account group; no account may have access through it any more.' })
  id: string;
}

@InputType({ description: 'An account group to invite an account to.' })
export class InviteToAccountGroupInput {
  @Field(() => ID, { description: 'The account group.' })
  id: string;
}

@ObjectType({ simpleResolvers: true, description: 'What `inviteToAccountGroup` answers.' })
export class InviteToAccountGroupPayload extends Payload {
  @Field(() => String, {
    nullable: true,
    description:
      'What an admin of the other account gives `acceptInvitation`, once. Shown here only: pass it on safely.',
  })
  membershipCode: string | null;

  @Field(() => Date, { nullable: true, description: 'From then on the code is refused: after 6 days.' })
  expiresAt: Date | null;
}

@InputType({ description: 'An invitation to accept.' })
export class AcceptInvitationInput {
  @Field(() => String, { description: 'The code that the publisher gave; it works once.' })
  membershipCode: string;
}

@InputType({ description: 'Whose access to end.' })
export class RevokeAccountGroupAccessInput {
  @Field(() => ID, { description: 'The account group.' })
  id: string;

  @Field(() => ID, { description: 'An account that has access through it.' })
  accountId: string;
}
