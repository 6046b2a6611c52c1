import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import { keyOf } from '../../domain/global-id';
import type { RequestContext } from '../../loaders/request-context';
import { acceptInvitation } from '../../services/marketplace/accept-invitation';
import { createAccountGroup } from '../../services/marketplace/create-account-group';
import { deleteAccountGroup } from '../../services/marketplace/delete-account-group';
import { inviteToAccountGroup } from '../../services/marketplace/invite-to-account-group';
import { revokeAccountGroupAccess } from '../../services/marketplace/revoke-account-group-access';
import { updateAccountGroup } from '../../services/marketplace/update-account-group';
import { mutate } from '../mutate';
import {
  AcceptInvitationInput,
  AcceptInvitationPayload,
  CreateAccountGroupInput,
  CreateAccountGroupPayload,
  DeleteAccountGroupInput,
  DeleteAccountGroupPayload,
  InviteToAccountGroupInput,
  InviteToAccountGroupPayload,
  RevokeAccountGroupAccessInput,
  RevokeAccountGroupAccessPayload,
  UpdateAccountGroupInput,
  UpdateAccountGroupPayload,
} from '../types/marketplace/account-group-inputs';

@Resolver()
export class AccountGroupMutations {
  @Authorized('PUBLISHER')
  @Mutation(() => CreateAccountGroupPayload, {
    description: 'Makes a group of accounts to offer private publications to (R-9.5), without members.',
  })
  createAccountGroup(
    @Arg('input', () => CreateAccountGroupInput, { description: 'The new group.' })
    input: CreateAccountGroupInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () => createAccountGroup(context, input));
  }

  @Authorized('PUBLISHER')
  @Mutation(() => UpdateAccountGroupPayload, {
    description: 'Renames an account group, or describes it anew.',
  })
  updateAccountGroup(
    @Arg('input', () => UpdateAccountGroupInput, { description: 'What changes.' })
    input: UpdateAccountGroupInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, async () => updateAccountGroup(context, { ...input, id: groupKey(input) }));
  }

  @Authorized('PUBLISHER')
  @Mutation(() => DeleteAccountGroupPayload, {
    description:
      'Deletes an account group; refused as IN_USE while an account has access. Codes not used yet stop working, and nothing is offered to it any more.',
  })
  deleteAccountGroup(
    @Arg('input', () => DeleteAccountGroupInput, { description: 'The group.' })
    input: DeleteAccountGroupInput,
    @Ctx() context: RequestContext,
  ) {
    const act = async () => deleteAccountGroup(context, groupKey(input));
    return mutate(context, act, () => ({ deletedId: input.id }));
  }

  @Authorized('PUBLISHER')
  @Mutation(() => InviteToAccountGroupPayload, {
    description: 'Makes a code that gives one account access to a group; it works once, and for 6 days.',
  })
  inviteToAccountGroup(
    @Arg('input', () => InviteToAccountGroupInput, { description: 'The group.' })
    input: InviteToAccountGroupInput,
    @Ctx() context: RequestContext,
  ) {
    const act = async () => inviteToAccountGroup(context, groupKey(input));
    return mutate(context, act, (invitation) => invitation);
  }

  @Authorized('ADMIN')
  @Mutation(() => AcceptInvitationPayload, {
    description:
      'Gives this account access to what a publisher offers to a group, by the code that it gave (R-9.5).',
  })
  acceptInvitation(
    @Arg('input', () => AcceptInvitationInput, { description: 'The code.' }) input: AcceptInvitationInput,
    @Ctx() context: RequestContext,
  ) {
    const act = () => acceptInvitation(context, input.membershipCode);
    return mutate(context, act, (organization) => ({ organization }));
  }

  @Authorized('PUBLISHER')
  @Mutation(() => RevokeAccountGroupAccessPayload, {
    description: "Ends an account's access through a group. What it imported stays with it.",
  })
  revokeAccountGroupAccess(
    @Arg('input', () => RevokeAccountGroupAccessInput, { description: 'Which group, and which account.' })
    input: RevokeAccountGroupAccessInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, async () =>
      revokeAccountGroupAccess(context, {
        id: groupKey(input),
        accountId: keyOf('Account', input.accountId, 'input', 'accountId'),
      }),
    );
  }
}

const change = (context: RequestContext, act: () => Promise<string>) =>
  mutate(context, act, async (key) => ({ accountGroup: await context.loaders.accountGroup.load(key) }));

const groupKey = ({ id }: { id: string }): string => keyOf('AccountGroup', id, 'input', 'id');
