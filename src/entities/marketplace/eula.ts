import { Directive, Field, Int, ObjectType } from 'type-graphql';
import { Check, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Account } from '../access/account';
import { Id, Reference, Text, Timestamp, Whole } from '../columns';
import { Node } from '../node';
import { Publication } from './publication';
import { User } from '../access/user';

/** A licence agreement of a publisher: a name, and numbered texts. It is archived, never deleted. */
@Entity('eulas', { comment: 'Licence agreements of publishers; archived, never deleted (R-9.7).' })
@Index('eulas_account', ['accountId', 'name', 'id'])
export class Eula {
  @Id()
  id: string;

  @Reference('account_id')
  accountId: string;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'eulas_account_reference' })
  account?: Account;

  @Text('name')
  name: string;

  @Timestamp('archived_at', { nullable: true, comment: 'No new publication takes it from then on.' })
  archivedAt: Date | null;

  @Timestamp('created_at')
  createdAt: Date;
}

/** One text of a licence agreement; it never changes. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'One numbered text of a licence agreement (EULA), which never changes.',
})
@Directive('@key(fields: "id")')
@Entity('eula_revisions', { comment: 'Texts of licence agreements; they never change (R-9.7).' })
@Index('eula_revisions_number', ['eulaId', 'revision'], { unique: true })
@Check('eula_revisions_range', 'revision >= 1')
export class EulaRevision extends Node {
  @Reference('eula_id')
  eulaId: string;

  @ManyToOne(() => Eula, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'eula_id', foreignKeyConstraintName: 'eula_revisions_eula' })
  eula?: Eula;

  @Field(() => Int, { description: 'Number of the text in its agreement: 1, 2, 3, …' })
  @Whole('revision')
  revision: number;

  /** From its agreement. */
  @Field(() => String, { description: 'Name of the agreement, at most 50 characters.' })
  name: string;

  /** From its agreement. */
  @Field(() => Date, {
    nullable: true,
    description:
      'From then on no new publication takes the agreement; null: they do. Only its publisher sees it.',
  })
  archivedAt: Date | null;

  // Up to 500,000 characters: only who asks for it reads it.
  @Text('text', { select: false })
  text?: string;

  @Field(() => Date, { description: 'When it was made.' })
  @Timestamp('created_at')
  createdAt: Date;
}

/** A text that importers of a publication must accept. */
@Entity('publication_eulas', { comment: 'What importers of publications must accept (R-9.7).' })
@Index('publication_eulas_revision', ['eulaRevisionId'])
export class PublicationEula {
  @PrimaryColumn({ type: 'uuid', name: 'publication_id' })
  publicationId: string;

  @PrimaryColumn({ type: 'uuid', name: 'eula_revision_id' })
  eulaRevisionId: string;

  @ManyToOne(() => Publication, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'publication_id', foreignKeyConstraintName: 'publication_eulas_publication' })
  publication?: Publication;

  @ManyToOne(() => EulaRevision, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'eula_revision_id', foreignKeyConstraintName: 'publication_eulas_eula' })
  eulaRevision?: EulaRevision;
}

/** That an account accepted a text when it imported a publication. */
@Entity('eula_acceptances', { comment: 'Who accepted which licence text with which import (R-9.7).' })
export class EulaAcceptance {
  @PrimaryColumn({ type: 'uuid', name: 'account_id' })
  accountId: string;

  @PrimaryColumn({ type: 'uuid', name: 'publication_id' })
  publicationId: string;

  @PrimaryColumn({ type: 'uuid', name: 'eula_revision_id' })
  eulaRevisionId: string;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'eula_acceptances_account' })
  account?: Account;

  @ManyToOne(() => PublicationEula, { onDelete: 'RESTRICT' })
  @JoinColumn([
    {
      name: 'publication_id',
      referencedColumnName: 'publicationId',
      foreignKeyConstraintName: 'eula_acceptances_attached',
    },
    {
      name: 'eula_revision_id',
      referencedColumnName: 'eulaRevisionId',
      foreignKeyConstraintName: 'eula_acceptances_attached',
    },
  ])
  attached?: PublicationEula;

  @Reference('user_id', { nullable: true, comment: 'Null: a machine.' })
  userId: string | null;

  @ManyToOne(() => User, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'eula_acceptances_user' })
  user?: User | null;

  @Timestamp('accepted_at')
  acceptedAt: Date;
}
