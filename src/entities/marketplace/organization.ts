import { Field, ObjectType } from 'type-graphql';
import { Entity, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import { Account } from '../access/account';
import { Text, Timestamp } from '../columns';

/** As which an account publishes. */
@ObjectType({
  simpleResolvers: true,
  description: 'As which an account publishes to the marketplace: what its users see of it.',
})
@Entity('organizations', { comment: 'As which accounts publish (R-9.1).' })
export class Organization {
  @PrimaryColumn({ type: 'uuid', name: 'account_id' })
  accountId: string;

  @OneToOne(() => Account, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'organizations_account' })
  account?: Account;

  @Field(() => String, {
    description: 'Name, at most 255 characters, without any of `; \\ / > < & , .`',
  })
  @Text('name')
  name: string;

  @Field(() => String, {
    description: 'E-mail address at which whoever may see its publications reaches the organization.',
  })
  @Text('email')
  email: string;

  @Field(() => String, {
    nullable: true,
    description: 'Words to those who import, at most 65,536 characters.',
  })
  @Text('welcome_message', { nullable: true })
  welcomeMessage: string | null;

  @Field(() => String, { nullable: true, description: 'How to get help, at most 65,536 characters.' })
  @Text('support_message', { nullable: true })
  supportMessage: string | null;

  @Timestamp('created_at')
  createdAt: Date;

  @Timestamp('updated_at')
  updatedAt: Date;
}
