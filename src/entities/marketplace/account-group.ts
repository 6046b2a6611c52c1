import { Directive, Field, Int, ObjectType } from 'type-graphql';
import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Account } from '../access/account';
import { Hash, Id, Reference, Text, Timestamp, Whole } from '../columns';
import { Node } from '../node';
import { User } from '../access/user';

/** Accounts that a publisher offers private publications to. Only the publisher sees it. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'Accounts to which this account offers private publications. Nobody else sees it.',
})
@Directive('@key(fields: "id")')
@Entity('account_groups', { comment: 'Accounts that a publisher offers private publications to (R-9.5).' })
@Index('account_groups_name', ['accountId', 'name', 'id'])
export class AccountGroup extends Node {
  @Reference('account_id', { comment: 'The publisher.' })
  accountId: string;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'account_groups_account' })
  account?: Account;

  @Field(() => String, { description: 'Name, at most 255 characters; need not be unique.' })
  @Text('name')
  name: string;

  @Field(() => String, { nullable: true, description: 'Free text, at most 65,536 characters.' })
  @Text('description', { nullable: true })
  description: string | null;

  @Field(() => Int, {
    description: 'Rises with every change. Send it as `expectedVersion` with an edit.',
  })
  @Whole('version', { default: 1, comment: 'Rises with every change of name or description.' })
  version: number;

  @Field(() => Date, { description: 'When it was made.' })
  @Timestamp('created_at')
  createdAt: Date;

  @Field(() => Date, { description: 'When name or description last changed.' })
  @Timestamp('updated_at')
  updatedAt: Date;
}

/** An account that has access. */
@Entity('account_group_members', { comment: 'Accounts that have access to account groups (R-9.5).' })
@Index('account_group_members_account', ['accountId'])
export class AccountGroupMember {
  @PrimaryColumn({ type: 'uuid', name: 'account_group_id' })
  accountGroupId: string;

  @PrimaryColumn({ type: 'uuid', name: 'account_id' })
  accountId: string;

  @ManyToOne(() => AccountGroup, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_group_id', foreignKeyConstraintName: 'account_group_members_group' })
  accountGroup?: AccountGroup;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'account_group_members_account_reference' })
  account?: Account;

  @Timestamp('created_at')
  createdAt: Date;
}

/** A membership code, usable once, expiring. */
@Entity('account_group_invitations', {
  comment: 'Membership codes of account groups; each is used once, and expires (R-9.5).',
})
@Index('account_group_invitations_code', ['codeHash'], { unique: true })
@Index('account_group_invitations_group', ['accountGroupId'])
export class AccountGroupInvitation {
  @Id()
  id: string;

  @Reference('account_group_id')
  accountGroupId: string;

  @ManyToOne(() => AccountGroup, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_group_id', foreignKeyConstraintName: 'account_group_invitations_group_ref' })
  accountGroup?: AccountGroup;

  @Hash('code_hash', { comment: 'SHA-256 of the code; the code itself is not kept.' })
  codeHash: Buffer;

  @Reference('created_by_id', { nullable: true })
  createdById: string | null;

  @ManyToOne(() => User, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'created_by_id', foreignKeyConstraintName: 'account_group_invitations_user' })
  createdBy?: User | null;

  @Timestamp('created_at')
  createdAt: Date;

  @Timestamp('expires_at')
  expiresAt: Date;

  @Timestamp('used_at', { nullable: true, comment: 'Null: not used yet.' })
  usedAt: Date | null;
}
