import { Directive, Field, ObjectType } from 'type-graphql';
import { JoinColumn, ManyToOne } from 'typeorm';
import { Account } from '../access/account';
import { Text } from '../columns';
import { Component } from './component';
import { ComponentTable } from './component-table';
import { Node } from '../node';
import { User } from '../access/user';

/** A named script (section 1): one row per version. */
@ObjectType({
  implements: [Node, Component],
  simpleResolvers: true,
  description: 'A named script: source text, attached to ServerTemplates per phase.',
})
@Directive('@key(fields: "id")')
@Directive('@key(fields: "lineageId revision")')
@ComponentTable('right_scripts', 'Versions of RightScripts; revision 0 is HEAD.')
export class RightScript extends Component {
  @Field(() => String, { description: 'Source text, at most 262,144 bytes of UTF-8.' })
  // Up to 256 KiB: no list or lock reads it along.
  @Text('source', { select: false })
  source?: string;

  @ManyToOne(() => Account, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'right_scripts_account' })
  account?: Account;

  @ManyToOne(() => User, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'committed_by_id', foreignKeyConstraintName: 'right_scripts_committed_by' })
  committedBy?: User | null;

  @ManyToOne(() => RightScript, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'cloned_from_id', foreignKeyConstraintName: 'right_scripts_cloned_from' })
  clonedFrom?: RightScript | null;

  @ManyToOne(() => RightScript, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'original_id', foreignKeyConstraintName: 'right_scripts_original_reference' })
  original?: RightScript | null;
}
