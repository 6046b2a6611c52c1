import { Check, Entity, PrimaryColumn } from 'typeorm';
import type { ComponentType } from '../../domain/versioning/component-type';

/**
 * By what a HEAD or a newest imported revision is found in lists by tag, in the order of names (R-10.1). Written by triggers
 * of the components' tables only.
 */
@Entity('listed_component_tags', {
  comment:
    'Tags of HEADs and of the newest imported revisions, for lists by tag and name; written by triggers (R-10.1).',
})
@Check(
  'listed_component_tags_component_type',
  "component_type IN ('MultiCloudImage', 'ServerTemplate', 'RightScript')",
)
export class ListedComponentTag {
  @PrimaryColumn({ type: 'uuid', name: 'account_id' })
  accountId: string;

  @PrimaryColumn({ type: 'text', name: 'component_type', comment: 'GraphQL type of the component.' })
  componentType: ComponentType;

  @PrimaryColumn({
    type: 'text',
    name: 'key',
    comment: 'By what a tag is searched: itself, or namespace:predicate=*.',
  })
  key: string;

  @PrimaryColumn({ type: 'text', name: 'name', comment: 'Of the component.' })
  name: string;

  @PrimaryColumn({ type: 'uuid', name: 'component_id' })
  componentId: string;
}
