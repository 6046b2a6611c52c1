import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import type { PlanValues } from './plan-values';

/** A query of the graph whose statements are explained. */
export interface PlanOperation {
  /** What it is about: a field, and the arguments that it is given. */
  readonly name: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Whether `$after` is to be the end of the first hundred rows, which `query` gives without it. */
  readonly later?: true;
}

interface Case {
  readonly name: string;
  readonly args: string;
}

type Field = GraphQLField<unknown, unknown>;

const PAGING = new Set(['first', 'after', 'last', 'before']);
const PAGE_INFO = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

/**
 * Every list of the schema with every order and every filter that it takes, and every other field of what has an id.
 *
 * @throws Error naming an argument, a filter, a root field or a type for which there are no values: what is new has to be
 * thought of in plan-values.ts
 */
export function planOperations(schema: GraphQLSchema, values: PlanValues): PlanOperation[] {
  return new Operations(schema, values).all();
}

class Operations {
  /** Types without an id, each of which is looked into where it is found first. */
  private readonly seen = new Set<string>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly values: PlanValues,
  ) {}

  all(): PlanOperation[] {
    return [...this.roots(), ...this.nodes()];
  }

  private roots(): PlanOperation[] {
    const query = this.objectType('Query');
    return Object.values(query.getFields()).flatMap((field) => {
      if (field.name.startsWith('_')) return [];
      const connection = connectionOf(field);
      if (connection === null) return this.single(field);
      return this.list(query, field, (selection) => ({ query: `{ ${selection} }`, variables: {} }));
    });
  }

  /** What gives no page is asked for as the values say. */
  private single({ name, type }: Field): PlanOperation[] {
    const cases = this.values.roots[name];
    if (cases === undefined)
      throw new Error(`No way is known to ask for Query.${name}: say one in plan-values.ts.`);
    const selection = this.briefly(getNamedType(type).name);
    return Object.entries(cases).map(([how, given]) => ({
      name: `${name}, ${how}`,
      query: `{ ${name}${given} ${selection} }`,
      variables: {},
    }));
  }

  private nodes(): PlanOperation[] {
    const node = this.schema.getType('Node');
    if (!isInterfaceType(node)) throw new Error('The schema has no interface Node.');
    return this.schema.getPossibleTypes(node).flatMap((type) => {
      const ids = this.values.ids[type.name];
      if (ids === undefined) throw new Error(`No ids of ${type.name} are known: add some in plan-values.ts.`);
      if (ids.length === 0) throw new Error(`The data has no ${type.name}: add some in plan-records.ts.`);
      return this.fieldsOf(type, (selection) => ({
        query: `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ${type.name} { ${selection} } } }`,
        variables: { ids },
      }));
    });
  }

  private fieldsOf(type: GraphQLObjectType, ask: Ask): PlanOperation[] {
    const fields = Object.values(type.getFields());
    const leaves = fields.filter((field) => isLeaf(field) && !field.args.some(isRequiredArgument));
    return [
      ...(leaves.length === 0
        ? []
        : [
            {
              name: `${type.name}, its plain fields`,
              ...ask(leaves.map(({ name }) => name).join(' ')),
            },
          ]),
      ...fields
        .filter((field) => !leaves.includes(field))
        .flatMap((field) =>
          connectionOf(field) === null ? this.object(type, field, ask) : this.list(type, field, ask),
        ),
    ];
  }

  /** An object or a list of all there are; what has no id itself is looked into. */
  private object(parent: GraphQLObjectType, field: Field, ask: Ask): PlanOperation[] {
    const type = getNamedType(field.type);
    const name = `${parent.name}.${field.name}`;
    const cases = this.argumentCases(parent, field);
    const ways =
      cases.length === 0 || !field.args.some(isRequiredArgument) ? [{ name: '', args: '' }, ...cases] : cases;
    const own = ways.map((way) => ({
      name: titled(name, way.name),
      ...ask(`${field.name}${inBrackets(way.args)} ${isLeafType(type) ? '' : this.briefly(type.name)}`),
    }));
    const first = ways[0]?.args ?? '';
    return [
      ...own,
      ...this.within(type.name, (inner) => ask(`${field.name}${inBrackets(first)} { ${inner} }`)),
    ];
  }

  private within(typeName: string, ask: Ask): PlanOperation[] {
    const type = this.schema.getType(typeName);
    if (!isObjectType(type) || 'id' in type.getFields() || this.seen.has(typeName)) return [];
    this.seen.add(typeName);
    return this.fieldsOf(type, ask);
  }

  private list(parent: GraphQLObjectType, field: Field, ask: Ask): PlanOperation[] {
    const nodeType = connectionOf(field) ?? '';
    const name = `${parent.name}.${field.name}`;
    const isRoot = parent.name === 'Query';
    const size = isRoot ? 25 : 10;
    const rows = (args: string, page = `first: ${size}`) =>
      `${field.name}${inBrackets([args, page].filter(Boolean).join(', '))} { edges { cursor node ${this.briefly(nodeType)} } ${PAGE_INFO} }`;
    const orders = this.orders(field);
    const filters = this.argumentCases(parent, field);
    const paged = orders.flatMap((order): PlanOperation[] => [
      { name: titled(name, order), ...ask(rows(order)) },
      { name: titled(name, order, 'from the end'), ...ask(rows(order, `last: ${size}`)) },
      ...(isRoot
        ? [
            {
              name: titled(name, order, 'a later page'),
              query: `query ($after: String) { ${rows(order, 'first: 100, after: $after')} }`,
              variables: {},
              later: true as const,
            },
          ]
        : []),
    ]);
    const narrowed = filters.flatMap((filter) =>
      [...new Set(['', orders.at(-1) ?? ''])].map((order) => ({
        name: titled(name, filter.name, order),
        ...ask(rows([order, filter.args].filter(Boolean).join(', '))),
      })),
    );
    return [
      ...paged,
      ...narrowed,
      { name: titled(name, 'totalCount'), ...ask(`${field.name} { totalCount }`) },
      ...this.within(nodeType, (inner) =>
        ask(`${field.name}(first: ${size}) { edges { node { ${inner} } } }`),
      ),
    ];
  }

  private orders({ args }: Field): string[] {
    const type = args.find(({ name }) => name === 'orderBy')?.type;
    if (type === undefined) return [''];
    const named = getNamedType(type);
    if (!isEnumType(named)) throw new Error(`orderBy is a ${named.name}, not an enum.`);
    return named
      .getValues()
      .map(({ name }) => name)
      .filter((name) => !(name in this.values.dependentOrders))
      .map((name) => `orderBy: ${name}`);
  }

  /** Each argument but those of paging, and each field of a filter, with each of its values. */
  private argumentCases(parent: GraphQLObjectType, field: Field): Case[] {
    return field.args
      .filter(({ name }) => !PAGING.has(name) && name !== 'orderBy')
      .flatMap((argument) => this.casesOf(`${parent.name}.${field.name}`, argument));
  }

  private casesOf(field: string, { name, type }: GraphQLArgument): Case[] {
    const named = getNamedType(type);
    if (name !== 'filter' || !isInputObjectType(named))
      return this.literals(`${field}(${name})`).map((text) => ({
        name: `${name}: ${text}`,
        args: `${name}: ${text}`,
      }));
    const single = Object.keys(named.getFields())
      .filter((key) => !this.values.refused[field]?.includes(key))
      .flatMap((key) => this.literals(`${named.name}.${key}`).map((text) => `${key}: ${text}`));
    return [...single, ...(this.values.combinations[named.name] ?? [])].map((text) => ({
      name: text,
      args: `filter: {${text}}`,
    }));
  }

  private literals(path: string): readonly string[] {
    const literals = this.values.literals[path];
    if (literals === undefined)
      throw new Error(`No values of ${path} are known: add some in plan-values.ts.`);
    return literals;
  }

  /** Enough of an object to have read its row. */
  private briefly(typeName: string): string {
    const type = this.schema.getType(typeName);
    if (isLeafType(type)) return '';
    if (!isObjectType(type) && !isInterfaceType(type)) return '{ __typename }';
    const names = ['id', 'name', 'createdAt'].filter((name) => name in type.getFields());
    return `{ __typename ${names.join(' ')} }`;
  }

  private objectType(name: string): GraphQLObjectType {
    const type = this.schema.getType(name);
    if (!isObjectType(type)) throw new Error(`${name} is no object type.`);
    return type;
  }
}

/** A query with a selection at the right place. */
type Ask = (selection: string) => {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
};

/** Name of the type of its nodes; `null`: it gives no page. */
function connectionOf({ type }: Field): string | null {
  const named = getNamedType(type);
  if (!isObjectType(named) || !named.name.endsWith('Connection')) return null;
  const edges = named.getFields()['edges'];
  const edge = edges && getNamedType(edges.type);
  const node = isObjectType(edge) ? edge.getFields()['node'] : undefined;
  return node === undefined ? null : getNamedType(node.type).name;
}

const isLeaf = ({ type }: Field): boolean => {
  const inner = isNonNullType(type) ? type.ofType : type;
  return isLeafType(getNamedType(isListType(inner) ? inner.ofType : inner));
};

const titled = (...parts: readonly string[]): string => parts.filter(Boolean).join(', ');

const inBrackets = (args: string): string => (args === '' ? '' : `(${args})`);
