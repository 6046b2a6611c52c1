import { getDirectiveValues, type GraphQLField, type GraphQLSchema } from 'graphql';

/** What the schema says about the cost of a field, by `@cost` and `@listSize`. */
export interface DeclaredCost {
  /** Of each object, instead of 1. */
  readonly weight: number | null;
  /** Of the list, or of the lists in `sizedFields`. */
  readonly assumedSize: number | null;
  /** Arguments that say the size, the largest counts. */
  readonly slicingArguments: readonly string[];
  /** Lists of the object that it sizes. */
  readonly sizedFields: readonly string[];
}

interface ListSize {
  readonly assumedSize?: number | null;
  readonly slicingArguments?: readonly string[] | null;
  readonly sizedFields?: readonly string[] | null;
}

const NOTHING: DeclaredCost = { weight: null, assumedSize: null, slicingArguments: [], sizedFields: [] };

const known = new WeakMap<GraphQLField<unknown, unknown>, DeclaredCost>();

/** Read from the field's directives once. */
export function declaredCost(schema: GraphQLSchema, field: GraphQLField<unknown, unknown>): DeclaredCost {
  const read = known.get(field);
  if (read !== undefined) return read;
  const cost = valuesOf(schema, 'cost', field) as { weight?: number } | undefined;
  const listSize = valuesOf(schema, 'listSize', field) as ListSize | undefined;
  const declared =
    cost === undefined && listSize === undefined
      ? NOTHING
      : {
          weight: cost?.weight ?? null,
          assumedSize: listSize?.assumedSize ?? null,
          slicingArguments: listSize?.slicingArguments ?? [],
          sizedFields: listSize?.sizedFields ?? [],
        };
  known.set(field, declared);
  return declared;
}

function valuesOf(
  schema: GraphQLSchema,
  name: string,
  { astNode }: GraphQLField<unknown, unknown>,
): Record<string, unknown> | undefined {
  const directive = schema.getDirective(name);
  return directive && astNode ? getDirectiveValues(directive, astNode) : undefined;
}
