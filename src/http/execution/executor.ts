import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import type { FormattedExecutionResult, GraphQLSchema } from 'graphql';
import type { AnonymousContext, RequestContext } from '../../loaders/request-context';
import { CompiledExecutor } from './compiled-executor';
import type { PlannedAnswers } from './planned-answers';

type Gateway = ApolloServerOptionsWithGateway<RequestContext | AnonymousContext>['gateway'];

/** The `data` of an answer as the text that it will be. */
class JsonData {
  constructor(readonly text: string) {}

  /** For whoever looks into it before it is sent. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

/**
 * How Apollo takes an executor: as if a gateway had brought it (its option `gateway`; docs/adr/0016). Plugins, persisted
 * queries, CSRF prevention and error formatting stay Apollo's.
 */
export function asGateway(schema: GraphQLSchema, planned: PlannedAnswers): Gateway {
  const compiled = new CompiledExecutor(schema);
  return {
    load: async () => ({
      executor: async ({ document, operation: definition, source, queryHash, request, context }) => {
        const operation = {
          document,
          definition,
          source,
          queryHash,
          operationName: request.operationName,
          sent: request.variables,
          context: context as RequestContext | AnonymousContext,
        };
        const text = await planned.answer(operation);
        // Apollo looks at errors only, and hands `data` on to `stringifyResult`.
        if (text !== null) return { data: new JsonData(text) as unknown as Record<string, unknown> };
        const result = await compiled.execute(operation);
        if (result.errors === undefined) planned.reportFailure(operation);
        return result;
      },
    }),
    onSchemaLoadOrUpdate: (tell) => {
      tell({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    stop: async () => undefined,
  };
}

/** An answer as text: what is JSON already is not read again. */
export function stringifyResult(result: FormattedExecutionResult): string {
  const { data, ...others } = result;
  if (!(data instanceof JsonData))
    return `${JSON.stringify(result)}
`;
  const rest = JSON.stringify(others);
  return rest === '{}'
    ? `{"data":${data.text}}
`
    : `${rest.slice(0, -1)},"data":${data.text}}
`;
}
