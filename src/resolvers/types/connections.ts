import { Field, ObjectType } from 'type-graphql';
import { AuditEntry } from '../../entities/audit-entry';
import { Cloud } from '../../entities/cloud';
import { CloudImage } from '../../entities/cloud-image';
import { HistoryEntry } from '../../entities/history-entry';
import { InstanceType } from '../../entities/instance-type';
import { MultiCloudImage } from '../../entities/multi-cloud-image';
import { MultiCloudImageSetting } from '../../entities/multi-cloud-image-setting';
import { RightScript } from '../../entities/right-script';
import { ServerTemplate } from '../../entities/server-template';
import { User } from '../../entities/user';
import { CloudCoverage } from './cloud-coverage';
import { connectionOfEdges, connectionType } from './connection';

export const AuditEntryConnection = connectionType(AuditEntry);
export const CloudConnection = connectionType(Cloud);
export const CloudCoverageConnection = connectionType(CloudCoverage);
export const CloudImageConnection = connectionType(CloudImage);
export const HistoryConnection = connectionType(HistoryEntry, 'History');
export const InstanceTypeConnection = connectionType(InstanceType);
export const MultiCloudImageConnection = connectionType(MultiCloudImage);
export const MultiCloudImageSettingConnection = connectionType(MultiCloudImageSetting);
export const RightScriptConnection = connectionType(RightScript);
export const ServerTemplateConnection = connectionType(ServerTemplate);
export const UserConnection = connectionType(User);

@ObjectType({ simpleResolvers: true, description: 'A ServerTemplate that names a MultiCloud Image.' })
class MultiCloudImageServerTemplateEdge {
  @Field(() => String, { description: 'Pass it as `after` or `before` to go on from here.' })
  cursor: string;

  @Field(() => ServerTemplate, { description: 'The ServerTemplate.' })
  node: ServerTemplate;

  @Field(() => Boolean, { description: 'Whether the MultiCloud Image is its default.' })
  isDefault: boolean;
}

export const MultiCloudImageServerTemplateConnection = connectionOfEdges(
  MultiCloudImageServerTemplateEdge,
  'MultiCloudImageServerTemplate',
);
