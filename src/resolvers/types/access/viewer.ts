import { Field, ObjectType } from 'type-graphql';
import type { Role } from '../../../domain/access/roles';
import { Account } from '../../../entities/access/account';
import { Role as RoleEnum } from '../../../entities/enums';

@ObjectType({ simpleResolvers: true, description: 'An account that the user works in.' })
export class Membership {
  @Field(() => Account, { description: 'The account.' })
  account: Account;

  @Field(() => [RoleEnum], { description: 'What the user may do there.' })
  roles: Role[];
}

@ObjectType({
  simpleResolvers: true,
  description: 'For whom this request acts: one user or machine in one account (R-2.2).',
})
export class Viewer {
  @Field(() => [RoleEnum], { description: 'What this request may do.' })
  roles: Role[];
}
