import {
  execute,
  getNamedType,
  GraphQLError,
  isScalarType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { compileQuery, isCompiledQuery, type CompiledQuery } from 'graphql-jit';
import { BoundedMap } from '../bounded-map';
import { expandedSize } from './expanded-size';
import { keyOfOperation, type Operation } from './operation';

/** Operations whose code is kept. */
const MOST_COMPILED = 200;
/** Fields of an operation, expanded: larger ones take longer to compile than they then save, and much memory. */
const MOST_FIELDS = 1_000;

/** `null`: not to be compiled. `SEEN`: came once; what does not come again is not worth it. */
type Known = CompiledQuery | typeof SEEN | null;
const SEEN = Symbol('came once');

/**
 * Runs resolvers, by code that is compiled for an operation when it comes for the second time. What can't be compiled, and
 * variables that are wrong, are left to graphql-js, which says what is wrong.
 */
export class CompiledExecutor {
  private readonly known = new BoundedMap<Known>(MOST_COMPILED);

  constructor(private readonly schema: GraphQLSchema) {}

  async execute(operation: Operation): Promise<ExecutionResult> {
    const compiled = nullsDefault(operation) ? null : this.compiledFor(operation);
    if (compiled !== null) {
      const result = (await compiled.query(
        undefined,
        operation.context,
        operation.sent ?? {},
      )) as ExecutionResult;
      if (result.data !== undefined) return withGraphQLErrors(result);
    }
    return execute({
      schema: this.schema,
      document: operation.document,
      operationName: operation.operationName,
      variableValues: operation.sent,
      contextValue: operation.context,
    });
  }

  private compiledFor(operation: Operation): CompiledQuery | null {
    const key = keyOfOperation(operation);
    const known = this.known.get(key);
    if (known === undefined) {
      this.known.set(key, SEEN);
      return null;
    }
    if (known !== SEEN) return known;
    const compiled = this.compile(operation);
    this.known.set(key, compiled);
    return compiled;
  }

  private compile({ document, definition, operationName }: Operation): CompiledQuery | null {
    // Graphql-js says what is wrong.
    if (definition === undefined || isCompiledWrongly(this.schema, document)) return null;
    if (expandedSize(this.schema, document, definition, MOST_FIELDS) >= MOST_FIELDS) return null;
    const query = compileQuery(this.schema, document, operationName);
    return isCompiledQuery(query) ? query : null;
  }
}

/** An explicit `null` gets where the default let the variable stand and no `null` may: compiled code doesn't look. */
const nullsDefault = ({ definition, sent }: Operation): boolean =>
  definition?.variableDefinitions?.some(
    ({ defaultValue, variable }) => defaultValue !== undefined && sent?.[variable.name.value] === null,
  ) ?? false;

/**
 * Compiled code puts what `@include` and `@skip` decide behind the other fields, whatever the order in the query. It makes
 * objects where `__proto__` is no key, and knows no variables in what is written out for a scalar (`_Any`).
 */
function isCompiledWrongly(schema: GraphQLSchema, document: DocumentNode): boolean {
  const types = new TypeInfo(schema);
  let found = false;
  visit(
    document,
    visitWithTypeInfo(types, {
      Directive: ({ name }) => {
        found ||= name.value === 'include' || name.value === 'skip';
      },
      Field: ({ alias }) => {
        found ||= alias?.value === '__proto__';
      },
      ObjectValue: () => {
        found ||= isScalarType(getNamedType(types.getInputType()));
      },
    }),
  );
  return found;
}

/**
 * As graphql-js gives them. Compiled code makes errors of a class of its own, with the places in the text but not the
 * nodes; it tells what went wrong in each part of what an error made null, where one error is meant to stand for all.
 */
function withGraphQLErrors(result: ExecutionResult): ExecutionResult {
  const { errors, data } = result;
  if (errors === undefined) return result;
  const nulls = new Set<string>();
  const first = errors.filter(({ path }) => {
    const place = JSON.stringify(nullOf(data, path ?? []));
    return !nulls.has(place) && nulls.add(place);
  });
  return { ...result, errors: first.map(toGraphQLError) };
}

/** Where the `null` stands that an error at this path left in the data. */
function nullOf(data: unknown, path: readonly (string | number)[]): readonly (string | number)[] {
  let value = data;
  for (const [depth, key] of path.entries()) {
    if (typeof value !== 'object' || value === null) return path.slice(0, depth);
    value = (value as Readonly<Record<string | number, unknown>>)[key];
  }
  return path;
}

function toGraphQLError(given: GraphQLError): GraphQLError {
  const { message, path, locations, extensions } = given;
  // What no resolver threw (a null where the schema has none) is a fault, as it is where graphql-js finds it.
  const originalError = given.originalError ?? new Error(message);
  const error = new GraphQLError(message, { path, extensions, originalError });
  return Object.assign(error, { locations });
}
