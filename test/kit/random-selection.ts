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

/** Picks numbers from 0 to just below `below`. */
export type Random = (below: number) => number;

/** Texts of arguments by `Type.field`; several are tried. `''`: none. */
export type Arguments = Readonly<Record<string, readonly string[]>>;

const MOST_FIELDS = 5;

/**
 * Queries as nobody would write them: fields in any order, twice, under aliases, in fragments on the type or an interface of
 * it, skipped and included by variables.
 */
export class RandomSelection {
  private alias = 0;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly random: Random,
    private readonly args: Arguments,
    /** Fields that are asked for; of the others few. */
    private readonly isWanted: (typeName: string, field: string) => boolean,
  ) {}

  /** One to three root fields. */
  query(roots: readonly string[]): string {
    const type = this.schema.getQueryType();
    if (!type) throw new Error('The schema has no queries.');
    const chosen = Array.from({ length: 1 + this.random(3) }, () => this.one(roots));
    const fields = chosen.map((name) => this.field(type, name, 4));
    const used = 'yes: __typename @include(if: $yes) no: __typename @include(if: $no)';
    return `query ($yes: Boolean!, $no: Boolean!) { ${fields.join(' ')} ${used} }`;
  }

  private one<T>(choices: readonly T[]): T {
    const choice = choices[this.random(choices.length)];
    if (choice === undefined) throw new Error('There is nothing to choose from.');
    return choice;
  }

  private selection(type: GraphQLNamedType, depth: number): string {
    if (isAbstractType(type)) return this.ofAbstract(type, depth);
    if (!isObjectType(type)) throw new Error(`${type.name} has no fields.`);
    const names = this.fieldsOf(type, depth);
    const parts = Array.from({ length: 1 + this.random(MOST_FIELDS) }, () =>
      this.part(type, this.one(names), depth),
    );
    return `{ ${parts.join(' ')} }`;
  }

  private ofAbstract(type: GraphQLNamedType, depth: number): string {
    if (!isAbstractType(type)) return '';
    const possible = this.schema
      .getPossibleTypes(type)
      .filter(({ name }) => this.isWanted(name, '__typename'));
    const parts = Array.from({ length: 1 + this.random(3) }, () => {
      const chosen = this.one(possible);
      return `... on ${chosen.name} ${this.selection(chosen, depth)}`;
    });
    return `{ __typename ${parts.join(' ')} }`;
  }

  private fieldsOf(type: GraphQLObjectType, depth: number): string[] {
    const names = Object.values(type.getFields())
      .filter((field) => this.isWanted(type.name, field.name) || this.random(200) === 0)
      .filter((field) => `${type.name}.${field.name}` in this.args || !field.args.some(isRequiredArgument))
      .filter((field) => depth > 0 || isLeafType(getNamedType(field.type)))
      .map(({ name }) => name);
    return ['__typename', ...names];
  }

  private part(type: GraphQLObjectType, name: string, depth: number): string {
    const field = this.field(type, name, depth);
    const directive = this.one(['', '', '', ' @include(if: $yes)', ' @skip(if: $no)', ' @skip(if: $yes)']);
    switch (this.random(6)) {
      case 0:
        return `... ${directive} { ${field} }`;
      case 1:
        return `... on ${type.name}${directive} { ${field} }`;
      case 2:
        return this.inInterface(type, name) ?? field;
      default:
        return field;
    }
  }

  private inInterface(type: GraphQLObjectType, name: string): string | null {
    const parent = type.getInterfaces().find((candidate) => name in candidate.getFields());
    return parent && isLeafType(getNamedType(parent.getFields()[name]?.type ?? type))
      ? `... on ${parent.name} { ${name} }`
      : null;
  }

  private field(type: GraphQLObjectType, name: string, depth: number): string {
    if (name === '__typename') return name;
    const field: GraphQLField<unknown, unknown> | undefined = type.getFields()[name];
    if (field === undefined) throw new Error(`${type.name} has no field ${name}.`);
    const given = this.one(this.args[`${type.name}.${name}`] ?? this.argsLike(field));
    const named = getNamedType(field.type);
    const selection = isLeafType(named) ? '' : ` ${this.selection(named, depth - 1)}`;
    // Two of one name would have to be alike.
    return `f${this.alias++}: ${name}${given === '' ? '' : `(${given})`}${selection}`;
  }

  /** Of pages, sizes from both ends. */
  private argsLike(field: GraphQLField<unknown, unknown>): readonly string[] {
    const isPage = field.args.some(({ name }) => name === 'first');
    return isPage ? ['first: 3', 'last: 2', 'first: 0', 'first: 1', 'first: 5'] : [''];
  }
}
