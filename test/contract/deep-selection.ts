import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

/**
 * Selections of everything there is: all fields of a type, of the objects in them, and so on, until so many nodes lie
 * behind each other; what is no node (edges, advisories, resolutions) doesn't count. Every field is asked for under the
 * name `TYPE_FIELD`, so that types may be mixed, and answers tell what was read.
 */
export class DeepSelection {
  /** `TYPE_FIELD` of all fields selected so far. */
  readonly selected = new Set<string>();
  private readonly fragments = new Map<string, string>();

  /** @param argumentOf the value of a required argument, as GraphQL writes it */
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly argumentOf: (name: string) => string,
  ) {}

  /** What to put between the braces of a field of this type. */
  of(type: GraphQLCompositeType, nodes: number): string {
    if (!isAbstractType(type)) return `...${this.fragment(type, nodes)}`;
    const types = this.schema.getPossibleTypes(type);
    return ['__typename', ...types.map((possible) => `...${this.fragment(possible, nodes)}`)].join(' ');
  }

  /** The operation with the fragments that it needs. */
  document(operation: string): string {
    const needed = new Set<string>();
    const collect = (text: string): void => {
      for (const [, name = ''] of text.matchAll(/\.\.\.(\w+)/g)) {
        if (needed.has(name) || name === 'on') continue;
        needed.add(name);
        collect(this.fragments.get(name) ?? '');
      }
    };
    collect(operation);
    return [operation, ...[...needed].map((name) => this.fragments.get(name))].join('\n');
  }

  private fragment(type: GraphQLObjectType, nodes: number): string {
    const name = `${type.name}_${nodes}`;
    if (this.fragments.has(name)) return name;
    this.fragments.set(name, '');
    const fields = Object.values(type.getFields()).flatMap((field) => this.field(type, field, nodes));
    this.fragments.set(name, `fragment ${name} on ${type.name} { __typename ${fields.join(' ')} }`);
    return name;
  }

  private field(parent: GraphQLObjectType, field: GraphQLField<unknown, unknown>, nodes: number): string[] {
    const type = getNamedType(field.type);
    const left = this.isNode(type) ? nodes - 1 : nodes;
    if (left < 0) return [];
    const alias = `${parent.name}_${field.name}`;
    this.selected.add(alias);
    const passed = field.args.flatMap((argument) => {
      if (argument.name === 'first') return ['first: 5'];
      return isRequiredArgument(argument) ? [`${argument.name}: ${this.argumentOf(argument.name)}`] : [];
    });
    const call = `${alias}: ${field.name}${passed.length > 0 ? `(${passed.join(', ')})` : ''}`;
    return [isCompositeType(type) ? `${call} { ${this.of(type, left)} }` : call];
  }

  isNode(type: unknown): boolean {
    if (isObjectType(type)) return type.getInterfaces().some(({ name }) => name === 'Node');
    return type === this.schema.getType('Node') || type === this.schema.getType('Component');
  }
}

/** `TYPE_FIELD` of everything that can be read from these types on. */
export function fieldsBehind(schema: GraphQLSchema, types: readonly GraphQLCompositeType[]): string[] {
  const seen = new Set<string>();
  const found: string[] = [];
  const visit = (type: GraphQLCompositeType): void => {
    if (isAbstractType(type)) return schema.getPossibleTypes(type).forEach(visit);
    if (seen.has(type.name)) return;
    seen.add(type.name);
    for (const field of Object.values(type.getFields())) {
      found.push(`${type.name}_${field.name}`);
      const next = getNamedType(field.type);
      if (isCompositeType(next)) visit(next);
    }
  };
  types.forEach(visit);
  return found;
}
