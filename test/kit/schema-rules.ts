import {
  Kind,
  print,
  visit,
  type DirectiveNode,
  type DocumentNode,
  type ObjectTypeDefinitionNode,
  type StringValueNode,
  type TypeNode,
} from 'graphql';
import { BOUNDED_INPUT_LISTS, BOUNDED_LISTS } from './bounded-lists';

/** What is wrong at one place of the schema, such as `Type.field(argument)`, and how to cure it. */
export interface SchemaProblem {
  readonly at: string;
  readonly message: string;
}

/** Rules of this graph that no linter has, on the schema as it is printed. */
export function schemaProblems(schema: DocumentNode): SchemaProblem[] {
  return [...undescribed(schema), ...unboundedLists(schema), ...missingKeys(schema)];
}

/** A sentence of two words at least; lists of values may end in `…`. */
const SENTENCE = /^[\p{Lu}\d`"'(]\S*\s[^]*[.!?…)`]$/u;

/** Every part that can have a description has one that says something. */
export function described(schema: DocumentNode): [at: string, description: StringValueNode | undefined][] {
  const found: [string, StringValueNode | undefined][] = [];
  const path: string[] = [];
  visit(schema, {
    enter(node) {
      if (node.kind === Kind.SCHEMA_EXTENSION || node.kind === Kind.DIRECTIVE_DEFINITION) return false;
      if (!('description' in node) || !('name' in node) || node.name === undefined) return undefined;
      const isArgument = node.kind === Kind.INPUT_VALUE_DEFINITION && path.length === 2;
      path.push(node.name.value);
      const [type, field, argument] = path;
      found.push([isArgument ? `${type}.${field}(${argument})` : path.join('.'), node.description]);
      return undefined;
    },
    leave(node) {
      if ('description' in node && 'name' in node && node.name !== undefined) path.pop();
    },
  });
  return found;
}

function undescribed(schema: DocumentNode): SchemaProblem[] {
  return described(schema)
    .filter(([, description]) => !SENTENCE.test(description?.value ?? ''))
    .map(([at]) => ({ at, message: 'say in a sentence what it means, its unit and its limits' }));
}

const isList = (type: TypeNode): boolean =>
  type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && isList(type.type));

const elementName = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : elementName(type.type);

/** Edges are a page; refusals name a part of the input each; a path is as long as the input is deep. */
const BOUNDED_EVERYWHERE = /(Connection\.edges|Payload\.userErrors|Error\.path)$/;

/** `At most 100.`, `1 to 1,000 items`. */
const BOUND = /\b(at most|\d to) [\d,]+/i;

function unboundedLists(schema: DocumentNode): SchemaProblem[] {
  const lists: SchemaProblem[] = [];
  const inputLists: SchemaProblem[] = [];
  const enums = new Set(
    schema.definitions.map((node) => (node.kind === Kind.ENUM_TYPE_DEFINITION ? node.name.value : '')),
  );
  const seen = new Set<string>();
  const checkInput = (at: string, type: TypeNode, description?: StringValueNode) => {
    if (!isList(type)) return;
    seen.add(at);
    const isBounded =
      // There are only so many values.
      enums.has(elementName(type)) || at in BOUNDED_INPUT_LISTS || BOUND.test(description?.value ?? '');
    if (!isBounded)
      inputLists.push({
        at,
        message:
          'bound the list and say by how much ("at most 100"), or tell BOUNDED_INPUT_LISTS what bounds it',
      });
  };
  for (const node of schema.definitions) {
    if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
      for (const field of node.fields ?? [])
        checkInput(`${node.name.value}.${field.name.value}`, field.type, field.description);
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const field of node.fields ?? []) {
      const at = `${node.name.value}.${field.name.value}`;
      for (const argument of field.arguments ?? [])
        checkInput(`${at}(${argument.name.value})`, argument.type, argument.description);
      if (!isList(field.type)) continue;
      seen.add(at);
      if (!BOUNDED_EVERYWHERE.test(at) && !(at in BOUNDED_LISTS))
        lists.push({ at, message: 'make the list a connection, or tell BOUNDED_LISTS what bounds it' });
    }
  }
  const gone = [...Object.keys(BOUNDED_LISTS), ...Object.keys(BOUNDED_INPUT_LISTS)]
    .filter((at) => !seen.has(at))
    .map((at) => ({
      at,
      message: 'is no list of the schema any more: take it out of test/kit/bounded-lists.ts',
    }));
  return [...lists, ...inputLists, ...gone];
}

/** By what else than `id` other subgraphs know an entity. */
const NATURAL_KEYS: Record<string, string> = {
  Cloud: 'cloudType region',
  CloudImage: 'cloudType region resourceUid',
  InstanceType: 'cloudType region resourceUid',
  MultiCloudImage: 'lineageId revision',
  ServerTemplate: 'lineageId revision',
  RightScript: 'lineageId revision',
};

const isKey = ({ name }: DirectiveNode): boolean => name.value === 'key';

/** Everything that can be fetched again by its id is an entity with that key; some have a natural one, too. */
function missingKeys(schema: DocumentNode): SchemaProblem[] {
  const types = schema.definitions.filter(
    (node): node is ObjectTypeDefinitionNode => node.kind === Kind.OBJECT_TYPE_DEFINITION,
  );
  const wanted = types
    .filter(({ interfaces }) => interfaces?.some(({ name }) => name.value === 'Node'))
    .map(({ name }) => [name.value, 'id'] as const);
  return [...wanted, ...Object.entries(NATURAL_KEYS)]
    .map(([at, fields]) => ({ at, key: `@key(fields: "${fields}")` }))
    .filter(({ at, key }) => {
      const type = types.find(({ name }) => name.value === at);
      return !type?.directives?.filter(isKey).some((directive) => print(directive) === key);
    })
    .map(({ at, key }) => ({ at, message: `give the entity the key ${key}` }));
}
