import { defaultFieldResolver, isObjectType, type GraphQLSchema } from 'graphql';
import { isNodeType, toGlobalId } from '../../domain/global-id';
import { AccessToken } from '../../entities/access/access-token';
import { Account } from '../../entities/access/account';
import { AuditEntry } from '../../entities/access/audit-entry';
import { User } from '../../entities/access/user';
import { Cloud } from '../../entities/catalog/cloud';
import { CloudImage } from '../../entities/catalog/cloud-image';
import { InstanceType } from '../../entities/catalog/instance-type';
import { HistoryEntry } from '../../entities/components/history-entry';
import { MultiCloudImage } from '../../entities/components/multi-cloud-image';
import { MultiCloudImageMatcher } from '../../entities/components/multi-cloud-image-matcher';
import { MultiCloudImageSetting } from '../../entities/components/multi-cloud-image-setting';
import { RightScript } from '../../entities/components/right-script';
import { ServerTemplate, ServerTemplateMultiCloudImage } from '../../entities/components/server-template';
import { ServerTemplateScript } from '../../entities/components/server-template-script';
import { Webhook, WebhookDelivery } from '../../entities/events/webhook';
import { AccountGroup } from '../../entities/marketplace/account-group';
import { EulaRevision } from '../../entities/marketplace/eula';
import { ImportedVersion } from '../../entities/marketplace/imported-version';
import { Organization } from '../../entities/marketplace/organization';
import { Publication } from '../../entities/marketplace/publication';
import { PublicationComment } from '../../entities/marketplace/publication-feedback';
import { Deployment } from '../../entities/servers/deployment';
import { Instance } from '../../entities/servers/instance';
import { LaunchOrder } from '../../entities/servers/launch-order';
import { Server } from '../../entities/servers/server';
import { ServerArray } from '../../entities/servers/server-array';
import { globalId } from '../../persistence/planner/fields';
import type {
  PlannedEntity,
  PlannedFields,
  PlannedGraph,
  PlannedType,
} from '../../persistence/planner/planner';
import {
  accessRoots,
  accountFields,
  membershipFields,
  ofUser,
  userFields,
  viewerFields,
  webhookDeliveryFields,
  webhookFields,
} from './access-fields';
import {
  catalogRoots,
  cloudCoverageFields,
  cloudFields,
  cloudImageFields,
  imageUsageFields,
  instanceTypeFields,
} from './catalog-fields';
import {
  componentRoots,
  historyEntryFields,
  launchStatisticsFields,
  multiCloudImageFields,
  multiCloudImageSettingFields,
  rightScriptFields,
  serverTemplateFields,
  serverTemplateMultiCloudImageFields,
  serverTemplateScriptFields,
} from './component-fields';
import {
  accountGroupFields,
  eulaRevisionFields,
  importFields,
  marketplaceRoots,
  publicationCommentFields,
  publicationFields,
} from './marketplace-fields';
import { entities, node, nodes } from './nodes';
import {
  deploymentFields,
  instanceFields,
  launchConfigurationFields,
  launchOrderFields,
  serverArrayFields,
  serverFields,
  serverRoots,
} from './server-fields';

type Entity = PlannedEntity | null;

/** Which types are planned, with the fields that are no columns; what stands nowhere is left to the resolvers. */
const TYPES: Readonly<Record<string, readonly [Entity, PlannedFields]>> = {
  Query: [
    null,
    {
      ...catalogRoots,
      ...componentRoots,
      ...marketplaceRoots,
      ...serverRoots,
      ...accessRoots,
      node,
      nodes,
      _entities: entities,
    },
  ],
  Cloud: [Cloud, cloudFields],
  CloudCoverage: [null, cloudCoverageFields],
  CloudImage: [CloudImage, cloudImageFields],
  ImageUsage: [null, imageUsageFields],
  InstanceType: [InstanceType, instanceTypeFields],
  MultiCloudImage: [MultiCloudImage, multiCloudImageFields],
  MultiCloudImageSetting: [MultiCloudImageSetting, multiCloudImageSettingFields],
  MultiCloudImageMatcher: [MultiCloudImageMatcher, {}],
  ServerTemplate: [ServerTemplate, serverTemplateFields],
  ServerTemplateMultiCloudImage: [ServerTemplateMultiCloudImage, serverTemplateMultiCloudImageFields],
  ServerTemplateScript: [ServerTemplateScript, serverTemplateScriptFields],
  RightScript: [RightScript, rightScriptFields],
  LaunchStatistics: [null, launchStatisticsFields],
  HistoryEntry: [HistoryEntry, historyEntryFields],
  Publication: [Publication, publicationFields],
  Organization: [Organization, {}],
  PublicationComment: [PublicationComment, publicationCommentFields],
  AccountGroup: [AccountGroup, accountGroupFields],
  EulaRevision: [EulaRevision, eulaRevisionFields],
  Import: [ImportedVersion, importFields],
  Deployment: [Deployment, deploymentFields],
  Server: [Server, serverFields],
  ServerArray: [ServerArray, serverArrayFields],
  // Its row is that of the server or the array; what is no reference is in both.
  LaunchConfiguration: [Server, launchConfigurationFields],
  Instance: [Instance, instanceFields],
  LaunchOrder: [LaunchOrder, launchOrderFields],
  Viewer: [null, viewerFields],
  Membership: [null, membershipFields],
  Account: [Account, accountFields],
  User: [User, userFields],
  AccessToken: [AccessToken, ofUser],
  AuditEntry: [AuditEntry, ofUser],
  Webhook: [Webhook, webhookFields],
  WebhookDelivery: [WebhookDelivery, webhookDeliveryFields],
};

/** What the planner knows of this schema: which fields are plain columns, the schema itself says. */
export const plannedGraph = (schema: GraphQLSchema): PlannedGraph =>
  new Map(
    Object.entries(TYPES).map(([name, [entity, fields]]) => [
      name,
      plannedType(schema, name, entity, fields),
    ]),
  );

function plannedType(
  schema: GraphQLSchema,
  name: string,
  entity: Entity,
  fields: PlannedFields,
): PlannedType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`${name} is planned, but no object type of the schema`);
  const known = type.getFields();
  for (const field of Object.keys(fields))
    if (!(field in known)) throw new Error(`${name}.${field} is planned, but no field of the schema`);
  const plain = Object.values(known).filter(
    ({ resolve }) => (resolve ?? defaultFieldResolver) === defaultFieldResolver,
  );
  const isNode = type.getInterfaces().some((parent) => parent.name === 'Node') && isNodeType(name);
  return {
    entity,
    columns: new Set(plain.map((field) => field.name)),
    fields: isNode ? { id: globalId(toGlobalId(name, '')), ...fields } : fields,
  };
}
