import { Directive, Field, ObjectType } from 'type-graphql';
import { Check, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import type { Role } from '../../domain/access/roles';
import { Account } from './account';
import { Text, TextList, Timestamp } from '../columns';
import { Role as RoleEnum } from '../enums';
import { Node } from '../node';

/** A person. What others may see of them depends on the account in which they meet. */
@ObjectType({ implements: Node, simpleResolvers: true, description: 'A person who works in this account.' })
@Directive('@key(fields: "id")')
@Entity('users', {
  comment:
    'People. Names live in their memberships, so that one account never learns what another calls them.',
})
@Index('users_email_unique', { synchronize: false })
@Index('users_openid_subject_unique', ['openidSubject'], {
  unique: true,
  where: 'openid_subject IS NOT NULL',
})
export class User extends Node {
  @Field(() => String, { description: 'E-mail address, unique ignoring case.' })
  @Text('email', { comment: 'Unique, ignoring case.' })
  email: string;

  @Text('openid_subject', {
    nullable: true,
    comment: 'Issuer and subject at the OpenID provider, with # between; linked at the first sign-in.',
  })
  openidSubject: string | null;

  @Timestamp('created_at')
  createdAt: Date;

  /** From the membership in the viewing account. */
  @Field(() => String, { description: 'Name of the person in this account.' })
  name: string;

  /** From the membership in the viewing account. */
  @Field(() => [RoleEnum], { description: 'What the person may do in this account (R-2.1).' })
  roles: Role[];
}

/** What a user may do in one account. */
@Entity('memberships', { comment: 'Roles per user and account (R-2.1).' })
@Index('memberships_user', ['userId'])
@Check(
  'memberships_roles',
  "roles <@ ARRAY['OBSERVER', 'ACTOR', 'DESIGNER', 'LIBRARY', 'PUBLISHER', 'ADMIN', 'INFRASTRUCTURE']",
)
export class Membership {
  @PrimaryColumn({ type: 'uuid', name: 'account_id' })
  accountId: string;

  @PrimaryColumn({ type: 'uuid', name: 'user_id' })
  userId: string;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'memberships_account' })
  account?: Account;

  @ManyToOne(() => User, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'memberships_user_reference' })
  user?: User;

  @Text('name', { comment: 'Display name of the person in this account.' })
  name: string;

  @TextList('roles', { comment: 'Role names of R-2.1.' })
  roles: Role[];

  @Timestamp('created_at')
  createdAt: Date;
}
