import { Field, ObjectType } from 'type-graphql';
import { Account } from '../../entities/access/account';
import { AccountGroup } from '../../entities/marketplace/account-group';
import { AuditEntry } from '../../entities/access/audit-entry';
import { Cloud } from '../../entities/catalog/cloud';
import { CloudImage } from '../../entities/catalog/cloud-image';
import { Deployment } from '../../entities/servers/deployment';
import { EulaRevision } from '../../entities/marketplace/eula';
import { HistoryEntry } from '../../entities/components/history-entry';
import { ImportedVersion } from '../../entities/marketplace/imported-version';
import { Instance } from '../../entities/servers/instance';
import { InstanceType } from '../../entities/catalog/instance-type';
import { LaunchOrder } from '../../entities/servers/launch-order';
import { MultiCloudImage } from '../../entities/components/multi-cloud-image';
import { MultiCloudImageSetting } from '../../entities/components/multi-cloud-image-setting';
import { Publication } from '../../entities/marketplace/publication';
import { PublicationComment } from '../../entities/marketplace/publication-feedback';
import { RightScript } from '../../entities/components/right-script';
import { Server } from '../../entities/servers/server';
import { ServerArray } from '../../entities/servers/server-array';
import { ServerTemplate } from '../../entities/components/server-template';
import { User } from '../../entities/access/user';
import { Webhook, WebhookDelivery } from '../../entities/events/webhook';
import { CloudCoverage } from './catalog/cloud-coverage';
import { connectionOfEdges, connectionType } from './connection';

export const AccountConnection = connectionType(Account);
export const AccountGroupConnection = connectionType(AccountGroup);
export const AuditEntryConnection = connectionType(AuditEntry);
export const CloudConnection = connectionType(Cloud);
export const CloudCoverageConnection = connectionType(CloudCoverage);
export const CloudImageConnection = connectionType(CloudImage);
export const DeploymentConnection = connectionType(Deployment);
export const EulaRevisionConnection = connectionType(EulaRevision);
export const HistoryConnection = connectionType(HistoryEntry, 'History');
export const ImportConnection = connectionType(ImportedVersion, 'Import');
export const InstanceConnection = connectionType(Instance);
export const InstanceTypeConnection = connectionType(InstanceType);
export const LaunchOrderConnection = connectionType(LaunchOrder);
export const MultiCloudImageConnection = connectionType(MultiCloudImage);
export const MultiCloudImageSettingConnection = connectionType(MultiCloudImageSetting);
export const PublicationConnection = connectionType(Publication);
export const PublicationCommentConnection = connectionType(PublicationComment);
export const RightScriptConnection = connectionType(RightScript);
export const ServerArrayConnection = connectionType(ServerArray);
export const ServerConnection = connectionType(Server);
export const ServerTemplateConnection = connectionType(ServerTemplate);
export const UserConnection = connectionType(User);
export const WebhookConnection = connectionType(Webhook);
export const WebhookDeliveryConnection = connectionType(WebhookDelivery);

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
