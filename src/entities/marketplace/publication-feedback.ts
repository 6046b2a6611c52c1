import { Field, ID, ObjectType } from 'type-graphql';
import { Check, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Account } from '../access/account';
import { Id, Reference, Text, Timestamp, Whole } from '../columns';
import { Publication } from './publication';
import { User } from '../access/user';

/** One person's rating of a publication. */
@Entity('publication_ratings', { comment: 'Ratings of publications, one per person (R-9.7).' })
@Check('publication_ratings_range', 'rating BETWEEN 1 AND 4')
export class PublicationRating {
  @PrimaryColumn({ type: 'uuid', name: 'publication_id' })
  publicationId: string;

  @PrimaryColumn({ type: 'uuid', name: 'user_id' })
  userId: string;

  @ManyToOne(() => Publication, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'publication_id', foreignKeyConstraintName: 'publication_ratings_publication' })
  publication?: Publication;

  @ManyToOne(() => User, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'publication_ratings_user' })
  user?: User;

  @Whole('rating')
  rating: number;

  @Timestamp('updated_at')
  updatedAt: Date;
}

/** A comment on a publication. Its author is shown to the own account only. */
@ObjectType({
  simpleResolvers: true,
  description: 'A comment on a publication. People of other accounts stay unnamed.',
})
@Entity('publication_comments', { comment: 'Comments on publications (R-9.7).' })
@Index('publication_comments_publication', ['publicationId', 'createdAt', 'id'])
export class PublicationComment {
  @Field(() => ID, { description: 'Tells comments apart.' })
  @Id()
  id: string;

  @Reference('publication_id')
  publicationId: string;

  @ManyToOne(() => Publication, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'publication_id', foreignKeyConstraintName: 'publication_comments_publication_ref' })
  publication?: Publication;

  @Reference('account_id')
  accountId: string;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'publication_comments_account' })
  account?: Account;

  @Reference('user_id', { nullable: true, comment: 'Null: a machine.' })
  userId: string | null;

  @ManyToOne(() => User, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'publication_comments_user' })
  user?: User | null;

  /** From the publication. */
  @Field(() => Boolean, { description: 'Whether the publisher says it.' })
  byPublisher: boolean;

  @Field(() => String, { description: 'What was said, at most 65,536 characters.' })
  @Text('text')
  text: string;

  @Field(() => Date, { description: 'When it was said.' })
  @Timestamp('created_at')
  createdAt: Date;
}
