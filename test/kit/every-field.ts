import {
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import type { Arguments } from './random-selection';

type Field = GraphQLField<unknown, unknown>;

/** A type on the way from a root field to all that is behind it. */
interface Reached {
  readonly type: GraphQLNamedType;
  /** The query, with this as the selection of the type. */
  readonly around: (selection: string) => string;
}

/**
 * Queries that ask for every field of every object type that root fields lead to: one query for each type, by a shortest
 * way, with what is a leaf one step further.
 */
export class EveryField {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly args: Arguments,
    private readonly isWanted: (typeName: string, field: string) => boolean,
  ) {}

  /** By the names of the types. @param roots the first of them that lead to a type are taken */
  queries(roots: readonly string[]): Map<string, string> {
    const query = this.schema.getQueryType();
    const found = new Map<string, string>();
    const seen = new Set<string>();
    let reached = roots.flatMap((name): Reached[] => {
      const field = query?.getFields()[name];
      if (field === undefined) return [];
      const around = (selection: string) => `{ ${this.call('Query', field)} ${selection} }`;
      return [{ type: getNamedType(field.type), around }];
    });
    while (reached.length > 0) {
      const fresh = reached.filter(({ type: { name } }) => !seen.has(name) && seen.add(name));
      for (const { type, around } of fresh)
        if (isObjectType(type)) found.set(type.name, around(this.all(type)));
      reached = fresh.flatMap((from) => this.next(from));
    }
    return found;
  }

  private next({ type, around }: Reached): Reached[] {
    if (isAbstractType(type))
      return this.schema
        .getPossibleTypes(type)
        .map((one) => ({ type: one, around: (selection) => around(`{ ... on ${one.name} ${selection} }`) }));
    if (!isObjectType(type)) return [];
    return this.fieldsOf(type).map((field) => ({
      type: getNamedType(field.type),
      around: (selection) => around(`{ ${this.call(type.name, field)} ${selection} }`),
    }));
  }

  private fieldsOf(type: GraphQLObjectType): Field[] {
    return Object.values(type.getFields())
      .filter((field) => this.isWanted(type.name, field.name))
      .filter((field) => `${type.name}.${field.name}` in this.args || !field.args.some(isRequiredArgument));
  }

  private all(type: GraphQLObjectType): string {
    return `{ ${this.fieldsOf(type)
      .map(
        (field, index) =>
          `f${index}: ${this.call(type.name, field)} ${this.leaves(getNamedType(field.type))}`,
      )
      .join(' ')} }`;
  }

  private leaves(type: GraphQLNamedType): string {
    if (isLeafType(type)) return '';
    if (!isObjectType(type)) return '{ __typename ... on Node { id } }';
    const fields = this.fieldsOf(type);
    const texts = fields.flatMap((field) => {
      const named = getNamedType(field.type);
      if (isLeafType(named)) return [this.call(type.name, field)];
      return /^(edges|node)$/.test(field.name) ? [`${field.name} ${this.leaves(named)}`] : [];
    });
    return `{ __typename ${texts.join(' ')} }`;
  }

  private call(typeName: string, { name }: Field): string {
    const given = this.args[`${typeName}.${name}`]?.[0] ?? '';
    return given === '' ? name : `${name}(${given})`;
  }
}
