import {
  execute,
  getOperationAST,
  getVariableValues,
  parse,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import type { DataSource } from 'typeorm';
import { commandLine } from '../src/domain/access/principal';
import type { Viewer } from '../src/domain/access/viewer';
import { SelectedFields } from '../src/http/execution/selected-fields';
import { RequestContext } from '../src/loaders/request-context';
import { PlannedQueries } from '../src/persistence/planner/planned-queries';
import type { PlannedGraph } from '../src/persistence/planner/planner';
import { NotPlanned } from '../src/persistence/planner/statement';
import type { PlanOperation } from './plan-operations';
import type { Recorder, Statement } from './recorder';

type Values = Readonly<Record<string, unknown>>;

/** The seed's revisions have hashes of their names: what compares contents refuses them when it has read all. */
const UNSEALED = 'is not what was committed: its hash differs';

/** Not the beginning and the end of a transaction. */
const isRead = ({ sql }: Statement): boolean => /^\s*(SELECT|WITH)\b/i.test(sql);

/** As a literal of bytes. */
const NO_TOKEN = `\\x${'0'.repeat(64)}`;

/** One that is sent the first time, and the one that is kept for all later ones: it reads the token, too. */
interface PlannedStatements {
  readonly alone: Statement;
  readonly withToken: Statement;
}

interface PlanServiceOptions {
  readonly dataSource: DataSource;
  readonly schema: GraphQLSchema;
  readonly graph: PlannedGraph;
  readonly recorder: Recorder;
  /** Who asks. */
  readonly viewer: Viewer;
  /** Key of the person who does. */
  readonly userId: string;
}

/** Makes of queries of the graph the statements that the service sends for them, both ways (docs/adr/0016). */
export class PlanService {
  private readonly queries: PlannedQueries;

  constructor(private readonly options: PlanServiceOptions) {
    this.queries = new PlannedQueries(options.dataSource);
  }

  /** @throws Error when the query is none, or its answer has errors */
  async statementsOf(
    operation: PlanOperation,
  ): Promise<{ readonly planned: PlannedStatements | null; readonly resolved: readonly Statement[] }> {
    const document = parse(operation.query);
    const mistakes = validate(this.options.schema, document);
    if (mistakes.length > 0) throw new Error(`${operation.query}\n${mistakes.join('\n')}`);
    const variables = operation.later
      ? { ...operation.variables, after: await this.endOfFirstPage(operation, document) }
      : operation.variables;
    return {
      planned: this.planned(operation, document, variables),
      resolved: (
        await this.options.recorder.during(() => this.resolve(operation, document, variables))
      ).filter(isRead),
    };
  }

  /** `null`: it is left to the resolvers. */
  private planned({ query }: PlanOperation, document: DocumentNode, sent: Values): PlannedStatements | null {
    const definition = getOperationAST(document);
    if (definition == null) throw new Error(`No operation: ${query}`);
    const { coerced, errors } = getVariableValues(
      this.options.schema,
      definition.variableDefinitions ?? [],
      sent,
    );
    if (coerced === undefined) throw new Error(`${query}\n${errors.join('\n')}`);
    const context = this.context();
    const fields = new SelectedFields(
      this.options.schema,
      { document, definition, source: query, queryHash: '', operationName: undefined, sent, context },
      coerced,
    );
    try {
      const { statement, alone, withToken } = this.queries.plan(this.options.graph, fields);
      const parameters = statement.valuesFor({
        ...context.viewer,
        principal: context.principal,
        variables: coerced,
      });
      return {
        alone: { sql: alone.text, parameters },
        withToken: { sql: withToken.text, parameters: [...parameters, NO_TOKEN] },
      };
    } catch (error) {
      if (error instanceof NotPlanned) return null;
      throw error;
    }
  }

  private async resolve(
    { query }: PlanOperation,
    document: DocumentNode,
    sent: Values,
  ): Promise<ExecutionResult> {
    const result = await execute({
      schema: this.options.schema,
      document,
      variableValues: sent,
      contextValue: this.context(),
    });
    const errors = (result.errors ?? []).filter(({ message }) => !message.endsWith(UNSEALED));
    if (errors.length > 0) throw new Error(`${query}\n${errors.join('\n')}`);
    return result;
  }

  private async endOfFirstPage(operation: PlanOperation, document: DocumentNode): Promise<string | null> {
    const { data } = await this.resolve(operation, document, operation.variables);
    const [list] = Object.values(data ?? {}) as { pageInfo: { endCursor: string | null } }[];
    return list?.pageInfo.endCursor ?? null;
  }

  private context(): RequestContext {
    return new RequestContext({
      dataSource: this.options.dataSource,
      principal: { ...commandLine(this.options.viewer.accountId), userId: this.options.userId },
      now: this.options.viewer.now,
      requestId: 'plans',
      privateWebhooks: false,
    });
  }
}
