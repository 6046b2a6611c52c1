import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import { keyOf, optionalKeyOf } from '../../domain/global-id';
import type { RequestContext } from '../../loaders/request-context';
import { createToken } from '../../services/access/create-token';
import { createUser } from '../../services/access/create-user';
import { revokeToken } from '../../services/access/revoke-token';
import { setRoles } from '../../services/access/set-roles';
import { mutate } from '../mutate';
import {
  CreateTokenInput,
  CreateTokenPayload,
  CreateUserInput,
  CreateUserPayload,
  RevokeTokenInput,
  RevokeTokenPayload,
  SetRolesInput,
  SetRolesPayload,
} from '../types/access/access-inputs';

@Resolver()
export class AccessMutations {
  @Authorized('ADMIN')
  @Mutation(() => CreateUserPayload, {
    description: 'Lets a person into this account, by e-mail address. INVALID for who is in already.',
  })
  createUser(
    @Arg('input', () => CreateUserInput, { description: 'Who, and what they may do.' })
    input: CreateUserInput,
    @Ctx() context: RequestContext,
  ) {
    return mutate(
      context,
      () => createUser(context, input),
      async (key) => ({ user: await context.loaders.user.load(key) }),
    );
  }

  @Authorized('ADMIN')
  @Mutation(() => SetRolesPayload, {
    description:
      'Sets what a user may do in this account (R-2.1); it holds for their tokens, too, from the next request on.',
  })
  setRoles(
    @Arg('input', () => SetRolesInput, { description: 'Who, and what they may do.' }) input: SetRolesInput,
    @Ctx() context: RequestContext,
  ) {
    const userId = () => keyOf('User', input.userId, 'input', 'userId');
    return mutate(
      context,
      async () => setRoles(context, { ...input, userId: userId() }),
      async (roles) => ({ user: await context.loaders.user.load(userId()), roles }),
    );
  }

  @Authorized('ADMIN')
  @Mutation(() => CreateTokenPayload, {
    description: 'Makes an access token for a user or a machine of this account. Its secret is shown once.',
  })
  createToken(
    @Arg('input', () => CreateTokenInput, { description: 'What the token is to be.' })
    input: CreateTokenInput,
    @Ctx() context: RequestContext,
  ) {
    return mutate(
      context,
      async () =>
        createToken(context, { ...input, userId: optionalKeyOf('User', input.userId, 'input', 'userId') }),
      async ({ id, token }) => ({ accessToken: await accessToken(context, id), token }),
    );
  }

  @Authorized('ADMIN')
  @Mutation(() => RevokeTokenPayload, {
    description: 'Ends an access token at once. A revoked one stays revoked; doing it again changes nothing.',
  })
  revokeToken(
    @Arg('input', () => RevokeTokenInput, { description: 'Which token.' }) input: RevokeTokenInput,
    @Ctx() context: RequestContext,
  ) {
    return mutate(
      context,
      async () => revokeToken(context, { id: keyOf('AccessToken', input.id, 'input', 'id') }),
      async (key) => ({ accessToken: await accessToken(context, key) }),
    );
  }
}

const accessToken = ({ loaders }: RequestContext, key: string) => loaders.accessToken.load(key);
