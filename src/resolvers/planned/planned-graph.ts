import { defaultFieldResolver, isObjectType, type GraphQLSchema } from 'graphql';
import { isNodeType, toGlobalId } from '../../domain/global-id';
import { Cloud } from '../../entities/catalog/cloud';
import { CloudImage } from '../../entities/catalog/cloud-image';
import { InstanceType } from '../../entities/catalog/instance-type';
import { MultiCloudImage } from '../../entities/components/multi-cloud-image';
import { MultiCloudImageMatcher } from '../../entities/components/multi-cloud-image-matcher';
import { MultiCloudImageSetting } from '../../entities/components/multi-cloud-image-setting';
import { RightScript } from '../../entities/components/right-script';
import { ServerTemplate, ServerTemplateMultiCloudImage } from '../../entities/components/server-template';
import { ServerTemplateScript } from '../../entities/components/server-template-script';
import { Organization } from '../../entities/marketplace/organization';
import { Publication } from '../../entities/marketplace/publication';
import { Deployment } from '../../entities/servers/deployment';
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
  catalogRoots,
  cloudFields,
  cloudImageFields,
  imageUsageFields,
  instanceTypeFields,
} from './catalog-fields';
import {
  componentRoots,
  multiCloudImageFields,
  multiCloudImageSettingFields,
  rightScriptFields,
  serverTemplateFields,
  serverTemplateMultiCloudImageFields,
  serverTemplateScriptFields,
} from './component-fields';
import { marketplaceRoots, publicationFields } from './marketplace-fields';
import { entities, nodes } from './nodes';
import { serverDefinitionFields, serverRoots } from './server-fields';

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
      nodes,
      _entities: entities,
    },
  ],
  Cloud: [Cloud, cloudFields],
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
  Publication: [Publication, publicationFields],
  Organization: [Organization, {}],
  Deployment: [Deployment, {}],
  Server: [Server, serverDefinitionFields],
  ServerArray: [ServerArray, serverDefinitionFields],
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
