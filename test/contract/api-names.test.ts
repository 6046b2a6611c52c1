import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printSubgraphSchema } from '@apollo/subgraph';
import {
  Kind,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isObjectType,
  isScalarType,
  parse,
  print,
  type FieldDefinitionNode,
  type GraphQLArgument,
  type GraphQLNamedType,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  type TypeDefinitionNode,
} from 'graphql';
import { createSchema } from '../../src/schema';

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await createSchema();
});

const names = parse(readFileSync(join(__dirname, 'public-names.graphql'), 'utf8'))
  .definitions as TypeDefinitionNode[];

interface Typed {
  readonly name: string;
  readonly type: { toString(): string };
}

const typed = (node: FieldDefinitionNode | InputValueDefinitionNode): string =>
  `${node.name.value}: ${print(node.type)}`;
const emitted = ({ name, type }: Typed): string => `${name}: ${type.toString()}`;

/** Fields as `field: Type` and arguments as `field(argument: Type)`. */
const withArguments = (name: string, args: readonly string[]): string[] =>
  args.map((arg) => `${name}(${arg})`);

function promised(definition: TypeDefinitionNode): string[] {
  switch (definition.kind) {
    case Kind.ENUM_TYPE_DEFINITION:
      return (definition.values ?? []).map((value) => value.name.value);
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return (definition.fields ?? []).map(typed);
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION:
      return [
        ...(definition.interfaces ?? []).map((parent) => `implements ${parent.name.value}`),
        ...(definition.fields ?? []).flatMap((field) => [
          typed(field),
          ...withArguments(field.name.value, (field.arguments ?? []).map(typed)),
        ]),
      ];
    default:
      return [];
  }
}

function given(type: GraphQLNamedType | undefined): string[] {
  if (isEnumType(type)) return type.getValues().map((value) => value.name);
  if (isInputObjectType(type)) return Object.values(type.getFields()).map(emitted);
  if (isObjectType(type) || isInterfaceType(type))
    return [
      ...type.getInterfaces().map((parent) => `implements ${parent.name}`),
      ...Object.values(type.getFields()).flatMap((field) => [
        emitted(field),
        ...withArguments(field.name, field.args.map(emitted)),
      ]),
    ];
  return [];
}

const KINDS: Record<string, (type: unknown) => boolean> = {
  ScalarTypeDefinition: isScalarType,
  EnumTypeDefinition: isEnumType,
  InputObjectTypeDefinition: isInputObjectType,
  ObjectTypeDefinition: isObjectType,
  InterfaceTypeDefinition: isInterfaceType,
};

describe('public names', () => {
  test.each(names.map((definition) => [definition.name.value, definition] as const))(
    '%s',
    (name, definition) => {
      const type = schema.getType(name);
      expect(KINDS[definition.kind]?.(type)).toBe(true);
      const have = new Set(given(type));
      expect(promised(definition).filter((promise) => !have.has(promise))).toEqual([]);
    },
  );

  test('a component carries everything of the interface', () => {
    const component = schema.getType('Component');
    if (!isInterfaceType(component)) throw new Error('Component is no interface');
    expect(
      schema
        .getPossibleTypes(component)
        .map((type) => type.name)
        .sort(),
    ).toEqual(['MultiCloudImage', 'RightScript', 'ServerTemplate']);
  });
});

/** Types of ours: not GraphQL's own, nor what federation adds. */
const ownTypes = (): GraphQLNamedType[] =>
  Object.values(schema.getTypeMap()).filter(
    (type) =>
      !type.name.startsWith('_') &&
      !type.name.includes('__') &&
      !['String', 'Int', 'Float', 'Boolean', 'ID'].includes(type.name),
  );

interface Described {
  readonly at: string;
  readonly description: string | null | undefined;
}

function describedParts(type: GraphQLNamedType): Described[] {
  const part = (at: string, description: Described['description']): Described => ({ at, description });
  const own = part(type.name, type.description);
  if (isEnumType(type))
    return [own, ...type.getValues().map((value) => part(`${type.name}.${value.name}`, value.description))];
  if (isInputObjectType(type))
    return [
      own,
      ...Object.values(type.getFields()).map((field) =>
        part(`${type.name}.${field.name}`, field.description),
      ),
    ];
  if (isObjectType(type) || isInterfaceType(type))
    return [
      // The root types are described by their fields.
      ...(['Query', 'Mutation'].includes(type.name) ? [] : [own]),
      ...Object.values(type.getFields())
        .filter((field) => !field.name.startsWith('_'))
        .flatMap((field) => [
          part(`${type.name}.${field.name}`, field.description),
          ...field.args.map((argument) =>
            part(`${type.name}.${field.name}(${argument.name})`, argument.description),
          ),
        ]),
    ];
  return [own];
}

test('every type, field, argument, enum value and input field says what it means', () => {
  const parts = ownTypes().flatMap(describedParts);
  expect(parts.length).toBeGreaterThan(500);
  expect(parts.filter(({ description }) => !description?.trim()).map(({ at }) => at)).toEqual([]);
});

/** Lists that are no connections, and what bounds them. */
const BOUNDED: Record<string, string> = {
  'EulaNotAcceptedError.eulas': '100, checked when it is published',
  'ImportPublicationPayload.imported': 'a template, 100 MultiCloud Images and 300 scripts (R-5.1, R-5.4)',
  'ImportPublicationPayload.reused': 'a template, 100 MultiCloud Images and 300 scripts (R-5.1, R-5.4)',
  'AccessToken.roles': 'seven roles',
  'Account.tags': '100 tags (R-10.1)',
  'CatalogImportReport.cloudsCreated': 'regions of one listing',
  'CatalogImportReport.refused': '10,000, in the import',
  'CatalogImportReport.sources': 'sources of one listing',
  'Change.path': 'as long as the content is deep: at most three segments',
  'CloneServerTemplatePayload.resurrected': '100 MultiCloud Images and 300 scripts (R-5.1, R-5.4)',
  'ClaimLaunchOrdersPayload.orders': '100, checked when they are claimed',
  'CloudImage.tags': '100 tags (R-10.1)',
  'CloudNotSupportedError.items': '1,000 servers and arrays (R-8.7)',
  'CloudNotSupportedError.alternatives': '100 MultiCloud Images (R-5.1)',
  'CloudNotSupportedError.supportedClouds': '500 clouds of each of 100 MultiCloud Images',
  'CommitServerTemplatePayload.dependencies': '100 MultiCloud Images and 300 scripts (R-5.1, R-5.4)',
  'Component.advisories': 'a few per setting, at most 500 settings',
  'Component.tags': '100 tags (R-10.1)',
  'Deployment.tags': '100 tags (R-10.1)',
  'DeploymentInUseError.serverArrays': '100, in the query',
  'DeploymentInUseError.servers': '100, in the query',
  'Diff.changes':
    'two per item of a content: at most 500 settings, 100 matchers, 100 MultiCloud Images, 300 scripts, 100 tags, of two sides',
  'HistoryEntry.parents': 'the previous version, and the merges since',
  'InUseError.usedBy': '100, in the query',
  'Instance.advisories': 'a few codes per image, type and component',
  'Instance.tags': '100 tags of its server or array, and 100 of the MultiCloud Image (R-8.2)',
  'LaunchCall.tags': '100 tags of its server or array, and 100 of the MultiCloud Image (R-8.2)',
  'LaunchServerArrayPayload.instances': '1,000, the most that an array may have (R-8.5)',
  'Instance.drift': 'seven values of a launch (R-8.6)',
  'InstanceType.cpuArchitectures': 'the architectures that a processor knows',
  'LaunchConfiguration.advisories': 'a few per value of a launch',
  'LaunchConfiguration.none': 'three fields',
  'LaunchResolution.advisories': 'a few per value of a launch',
  'LaunchResolution.alternatives': '100 MultiCloud Images (R-5.1)',
  'LaunchResolution.steps': 'a few candidates for each of six values',
  'LaunchResolution.supportedClouds': '500 clouds of each of 100 MultiCloud Images',
  'LaunchResolution.tags': '100 tags of the MultiCloud Image (R-8.2)',
  'Membership.roles': 'seven roles',
  'MergeConflict.path': 'as long as the content is deep: at most three segments',
  'MergeConflictError.conflicts':
    'one per item of a content, as in `Diff.changes`, and per changed part of a text',
  'MergePreview.changes': 'as in `Diff.changes`',
  'MergePreview.conflicts': 'as in `MergeConflictError.conflicts`',
  'MergePreview.violations': 'a few, one per setting or pin that is brought in',
  'MergeViolationError.violations': 'a few, one per setting or pin that is brought in',
  'MultiCloudImage.advisories': 'a few per setting, at most 500 settings',
  'MultiCloudImage.clouds': '500 (R-4.1)',
  'MultiCloudImage.matchers': '100, checked when one is added',
  'MultiCloudImage.settings': '500 (R-4.1)',
  'MultiCloudImage.tags': '100 tags (R-10.1)',
  'MultiCloudImageMatcher.instanceTypes': 'checked when the matcher is added',
  'MultiCloudImageSetting.advisories': 'a few codes',
  'Publication.accountGroups': '100, checked when it is published or updated',
  'Publication.categories': '20, checked when it is published or updated (R-9.1)',
  'Publication.eulas': '100, checked when it is published',
  'Publication.supportedClouds': '500 clouds of each of 100 MultiCloud Images',
  'PublicationPayload.implicit': '100 MultiCloud Images and 300 scripts (R-5.1, R-5.4)',
  'PublicationPayload.widened': '100 MultiCloud Images and 300 scripts (R-5.1, R-5.4)',
  'PublishComponentPayload.implicit': '100 MultiCloud Images and 300 scripts (R-5.1, R-5.4)',
  'PublishComponentPayload.widened': '100 MultiCloud Images and 300 scripts (R-5.1, R-5.4)',
  'Query.nodes': 'as many as ids were given, at most 100',
  'RematchMultiCloudImagePayload.created': '500 settings (R-4.1)',
  'RematchMultiCloudImagePayload.removed': '500 settings (R-4.1)',
  'RematchMultiCloudImagePayload.unmatched': 'one per visible cloud',
  'RematchMultiCloudImagePayload.updated': '500 settings (R-4.1)',
  'RightScript.advisories': 'a few codes',
  'RightScript.tags': '100 tags (R-10.1)',
  'Server.tags': '100 tags (R-10.1)',
  'ServerArray.tags': '100 tags (R-10.1)',
  'ServerTemplate.advisories': 'a few per MultiCloud Image, at most 100, and per script, at most 300',
  'ServerTemplate.multiCloudImages': '100 (R-5.1)',
  'ServerTemplate.scripts': '100 in each of three phases (R-5.4)',
  'ServerTemplate.supportedClouds': '500 clouds of each of 100 MultiCloud Images',
  'ServerTemplate.tags': '100 tags (R-10.1)',
  'SetRolesPayload.roles': 'seven roles',
  'TagsPayload.tags': '100 tags (R-10.1)',
  'TemplateRevisionChange.advisories': 'a few per value of a launch',
  'UpdateServerTemplatePinsPayload.moved': '100 MultiCloud Images (R-5.1), 100 scripts per phase (R-5.4)',
  'UpdateTemplateRevisionsPayload.preview': '1,000 items (R-8.7)',
  'User.roles': 'seven roles',
  'Viewer.accounts': '100, in the query',
  'Viewer.roles': 'seven roles',
};

const PAGE = ['first: Int', 'after: String', 'last: Int', 'before: String'];

describe('lists', () => {
  const outputFields = () =>
    ownTypes().flatMap((type) =>
      isObjectType(type) || isInterfaceType(type)
        ? Object.values(type.getFields())
            .filter((field) => !field.name.startsWith('_'))
            .map((field) => ({ at: `${type.name}.${field.name}`, field }))
        : [],
    );

  test('every one is a connection, or known to be bounded', () => {
    const plain = outputFields()
      .filter(({ field }) => isListType(getNullableType(field.type)))
      // Edges are a page; refusals name a part of the input each; a path is as long as the input is deep.
      .filter(({ at }) => !/(Connection\.edges|Payload\.userErrors|Error\.path)$/.test(at))
      .map(({ at }) => at);
    expect(plain.sort()).toEqual(Object.keys(BOUNDED).sort());
  });

  test('every connection takes a page in both directions, and has edges, page information and a total', () => {
    const connections = outputFields().filter(({ field }) =>
      getNamedType(field.type).name.endsWith('Connection'),
    );
    expect(connections.length).toBeGreaterThan(15);
    for (const { at, field } of connections) {
      expect({ at, args: field.args.map(emitted) }).toEqual({ at, args: expect.arrayContaining(PAGE) });
      const name = getNamedType(field.type).name;
      expect(given(schema.getType(name))).toEqual(
        expect.arrayContaining([
          `edges: [${name.replace(/Connection$/, 'Edge')}!]!`,
          'pageInfo: PageInfo!',
          'totalCount: Int!',
        ]),
      );
    }
  });

  test('every mutation takes one input and answers userErrors', () => {
    const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
    expect(mutations.length).toBeGreaterThan(20);
    for (const { name, args, type } of mutations) {
      expect({ name, args: args.map((arg: GraphQLArgument) => arg.name) }).toEqual({ name, args: ['input'] });
      expect({ name, fields: given(getNamedType(type)) }).toEqual({
        name,
        fields: expect.arrayContaining(['userErrors: [UserError!]!']),
      });
    }
  });
});

test('schema.graphql is the emitted schema', () => {
  const file = join(__dirname, '..', '..', 'schema.graphql');
  expect(existsSync(file)).toBe(true);
  expect(`${printSubgraphSchema(schema).trim()}\n`).toBe(readFileSync(file, 'utf8'));
});
