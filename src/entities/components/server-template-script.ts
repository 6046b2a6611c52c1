import { Field, Int, ObjectType } from 'type-graphql';
import { Check, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import type { ScriptPhase as ScriptPhaseName } from '../../domain/versioning/component-content';
import { Reference, Whole } from '../columns';
import { ScriptPhase } from '../enums';
import { RightScript } from './right-script';
import { ServerTemplate } from './server-template';

/** A script that a ServerTemplate runs in a phase, pinned to HEAD or one revision. */
@ObjectType({
  simpleResolvers: true,
  description: 'A RightScript that a ServerTemplate runs in a phase, pinned to HEAD or one revision.',
})
@Entity('server_template_scripts', {
  comment: 'RightScripts that a ServerTemplate version attaches; a lineage at most once per phase (R-5.4).',
})
@Index('server_template_scripts_script', ['rightScriptId', 'serverTemplateId'])
@Index('server_template_scripts_lineage', ['scriptLineageId', 'serverTemplateId'])
@Index('server_template_scripts_order', ['serverTemplateId', 'phase', 'position'])
@Check('server_template_scripts_position', 'position >= 0')
@Check('server_template_scripts_phase', "phase IN ('BOOT', 'OPERATIONAL', 'DECOMMISSION')")
export class ServerTemplateScript {
  @PrimaryColumn({ type: 'uuid', name: 'server_template_id' })
  serverTemplateId: string;

  @Field(() => ScriptPhase, { description: 'When it runs.' })
  @PrimaryColumn({ type: 'text', name: 'phase' })
  phase: ScriptPhaseName;

  @PrimaryColumn({ type: 'uuid', name: 'script_lineage_id' })
  scriptLineageId: string;

  @ManyToOne(() => ServerTemplate, { onDelete: 'RESTRICT' })
  @JoinColumn({
    name: 'server_template_id',
    foreignKeyConstraintName: 'server_template_scripts_template',
  })
  serverTemplate?: ServerTemplate;

  @Reference('right_script_id', { comment: 'The pinned version: HEAD or a revision of that lineage.' })
  rightScriptId: string;

  @ManyToOne(() => RightScript, { onDelete: 'RESTRICT' })
  @JoinColumn([
    {
      name: 'right_script_id',
      referencedColumnName: 'id',
      foreignKeyConstraintName: 'server_template_scripts_pin',
    },
    {
      name: 'script_lineage_id',
      referencedColumnName: 'lineageId',
      foreignKeyConstraintName: 'server_template_scripts_pin',
    },
  ])
  rightScript?: RightScript;

  /** Stored without gaps, from 0. */
  @Whole('position', { comment: 'Place in the order of the phase; the first is 0.' })
  @Field(() => Int, { description: 'Place in the order of its phase; the first is 0.' })
  position: number;
}
