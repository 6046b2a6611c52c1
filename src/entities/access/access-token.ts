import { Check, Column, Entity, Index, JoinColumn, ManyToOne } from 'typeorm';
import { Directive, Field, ObjectType } from 'type-graphql';
import type { Role } from '../../domain/access/roles';
import { Account } from './account';
import { Reference, Text, Timestamp } from '../columns';
import { Role as RoleEnum } from '../enums';
import { Node } from '../node';
import { User } from './user';

/** A bearer token. Only its hash is kept. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'A bearer token of a user or a machine. The secret itself is shown once, when it is made.',
})
@Directive('@key(fields: "id")')
@Entity('access_tokens', { comment: 'Bearer tokens, hashed, revocable, expiring.' })
@Index('access_tokens_hash_unique', ['tokenHash'], { unique: true })
@Index('access_tokens_account', ['accountId'])
@Check(
  'access_tokens_roles',
  "roles <@ ARRAY['OBSERVER', 'ACTOR', 'DESIGNER', 'LIBRARY', 'PUBLISHER', 'ADMIN', 'INFRASTRUCTURE']",
)
@Check('access_tokens_machine_roles', 'user_id IS NOT NULL OR roles IS NOT NULL')
export class AccessToken extends Node {
  @Reference('account_id')
  accountId: string;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'access_tokens_account_reference' })
  account?: Account;

  @Reference('user_id', { nullable: true, comment: 'Null: a machine.' })
  userId: string | null;

  @ManyToOne(() => User, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'access_tokens_user_reference' })
  user?: User | null;

  @Field(() => String, { description: 'What the token is for.' })
  @Text('name')
  name: string;

  @Column({ type: 'bytea', name: 'token_hash', comment: 'SHA-256 of the token.' })
  tokenHash: Buffer;

  @Field(() => [RoleEnum], {
    nullable: true,
    description:
      'Roles of a machine; for a user, the roles that the token is limited to (null: all that the user has).',
  })
  @Column({ type: 'text', name: 'roles', array: true, nullable: true })
  roles: Role[] | null;

  @Field(() => Date, { nullable: true, description: 'From then on it is refused; null: never.' })
  @Timestamp('expires_at', { nullable: true })
  expiresAt: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was revoked.' })
  @Timestamp('revoked_at', { nullable: true })
  revokedAt: Date | null;

  @Field(() => Date, { description: 'When it was made.' })
  @Timestamp('created_at')
  createdAt: Date;
}
