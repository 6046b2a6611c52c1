import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { Role } from '../../../domain/access/roles';
import { AccessToken } from '../../../entities/access/access-token';
import { Role as RoleEnum } from '../../../entities/enums';
import { User } from '../../../entities/access/user';
import { connectionType } from '../connection';
import { Payload, payloadType } from '../payload';

export const AccessTokenConnection = connectionType(AccessToken);
export const CreateUserPayload = payloadType('CreateUser', 'user', User, 'The user, now in this account.');
export const RevokeTokenPayload = payloadType(
  'RevokeToken',
  'accessToken',
  AccessToken,
  'The token, now revoked.',
);

@InputType({ description: 'Who to let into this account.' })
export class CreateUserInput {
  @Field(() => String, {
    description: 'E-mail address, at most 254 characters; upper and lower case are the same.',
  })
  email: string;

  @Field(() => String, { description: 'Name of the person in this account, at most 255 characters.' })
  name: string;

  @Field(() => [RoleEnum], { description: 'What the user may do; at least one. OBSERVER comes with each.' })
  roles: Role[];
}

@InputType({ description: 'What a user may do in this account from now on.' })
export class SetRolesInput {
  @Field(() => ID, { description: 'A user of this account.' })
  userId: string;

  @Field(() => [RoleEnum], {
    description:
      'All roles of the user from now on; OBSERVER comes with each. Empty: none, the user is shut out. The last admin stays one.',
  })
  roles: Role[];
}

@ObjectType({ simpleResolvers: true, description: 'What `setRoles` answers.' })
export class SetRolesPayload extends Payload {
  @Field(() => User, { nullable: true, description: 'The user.' })
  user: User | null;

  @Field(() => [RoleEnum], { nullable: true, description: 'What the user may do now.' })
  roles: Role[] | null;
}

@InputType({ description: 'What an access token is to be.' })
export class CreateTokenInput {
  @Field(() => String, { description: 'What it is for, at most 255 characters.' })
  name: string;

  @Field(() => ID, { nullable: true, description: 'A user of this account; without, it is for a machine.' })
  userId?: string | null;

  @Field(() => [RoleEnum], {
    nullable: true,
    description:
      'Of a machine: what it may do, required. Of a user: the roles that the token is limited to; without, all that the user has at the time of each request.',
  })
  roles?: Role[] | null;

  @Field(() => Date, {
    nullable: true,
    description: 'From then on it is refused; in the future. Without, it does not expire.',
  })
  expiresAt?: Date | null;
}

@ObjectType({ simpleResolvers: true, description: 'What `createToken` answers.' })
export class CreateTokenPayload extends Payload {
  @Field(() => AccessToken, { nullable: true, description: 'The token, without its secret.' })
  accessToken: AccessToken | null;

  @Field(() => String, {
    nullable: true,
    description: 'The secret, to be sent as `authorization: Bearer …`. Shown here only: keep it safe.',
  })
  token: string | null;
}

@InputType({ description: 'Which access token to end.' })
export class RevokeTokenInput {
  @Field(() => ID, { description: 'A token of this account.' })
  id: string;
}
