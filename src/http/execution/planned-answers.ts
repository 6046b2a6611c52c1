import {
  getVariableValues,
  GraphQLError,
  OperationTypeNode,
  type GraphQLSchema,
  type VariableDefinitionNode,
} from 'graphql';
import type { DataSource } from 'typeorm';
import { hasRole, type AccountPrincipal } from '../../domain/access/principal';
import type { Role } from '../../domain/access/roles';
import type { TokenFacts } from '../../domain/access/token-principal';
import { DomainError } from '../../domain/errors';
import { RequestContext } from '../../loaders/request-context';
import { tokenByHash } from '../../persistence/access/token-store';
import { PlannedQueries, type PlannedQuery } from '../../persistence/planner/planned-queries';
import type { PlannedGraph } from '../../persistence/planner/planner';
import { NotPlanned } from '../../persistence/planner/statement';
import { isObject } from '../is-object';
import type { Log } from '../log-faults';
import { BoundedMap } from '../bounded-map';
import { keyOfOperation, type Operation } from './operation';
import { SelectedFields } from './selected-fields';

/** Characters of SQL that are kept. */
const MOST_TEXT = 16_000_000;
const MOST_OPERATIONS = 2_000;
/** Characters of queries that are kept. */
const MOST_SOURCE = 4_000_000;
const MOST_TOKENS = 10_000;

type Values = Readonly<Record<string, unknown>>;

interface Plan {
  readonly query: PlannedQuery;
  /** Of each of these, and so of each root field, one is needed. */
  readonly roles: readonly (readonly Role[])[];
}

/** What is known of an operation. */
interface KnownOperation {
  readonly definitions: readonly VariableDefinitionNode[];
  /** Names of the variables on whose values its plans depend. */
  readonly dependsOn: ReadonlySet<string>;
}

/** What a plan was run for. */
interface Request {
  readonly key: string;
  /** As they were sent. */
  readonly sent: Values | undefined;
}

interface AnswerAhead extends Request {
  readonly plan: Plan;
  readonly json: string;
}

export interface PlannedAnswersOptions {
  readonly schema: GraphQLSchema;
  readonly graph: PlannedGraph;
  readonly dataSource: DataSource;
  /** The roles of which one is needed for a root field; none: it is not planned. */
  readonly rolesOf: (rootField: string) => readonly Role[];
  /** `false`: nothing is planned. */
  readonly enabled: boolean;
  readonly log: Log;
}

/**
 * Answers queries with the JSON that one statement builds (docs/adr/0016). What is not planned, refused or wrong in any way
 * is left to the resolvers, which say what there is to say.
 */
export class PlannedAnswers {
  private readonly operations = new BoundedMap<KnownOperation>(MOST_OPERATIONS);
  /** `null`: not planned. */
  private readonly plans = new BoundedMap<Plan | null>(MOST_TEXT);
  /** To which account a token belongs, by its hash: that never changes. */
  private readonly accounts = new BoundedMap<string>(MOST_TOKENS);
  /** Of texts that were planned, by themselves: faster than to hash them. */
  private readonly hashes = new BoundedMap<string>(MOST_SOURCE);
  /** By who asks, one object for each request: Apollo copies the context. */
  private readonly answersAhead = new WeakMap<AccountPrincipal, AnswerAhead>();
  /** What went wrong, by who asked. */
  private readonly failures = new WeakMap<AccountPrincipal, unknown>();
  private readonly queries: PlannedQueries;

  constructor(private readonly options: PlannedAnswersOptions) {
    this.queries = new PlannedQueries(options.dataSource);
  }

  /** The JSON of `data`; `null`: ask the resolvers. */
  async answer(operation: Operation): Promise<string | null> {
    const { definition, context, sent } = operation;
    if (!this.options.enabled || definition?.operation !== OperationTypeNode.QUERY || !isReader(context))
      return null;
    const key = keyOfOperation(operation);
    const ahead = this.answersAhead.get(context.principal);
    if (ahead?.key === key && ahead.sent === sent) return isAllowed(ahead.plan, context) ? ahead.json : null;
    const variables = this.coerced(definition.variableDefinitions ?? [], sent);
    const plan = variables && this.planFor(key, operation, variables);
    return variables && plan && isAllowed(plan, context) ? this.run(plan, context, variables) : null;
  }

  private async run(
    { query }: Plan,
    { viewer, principal }: RequestContext,
    variables: Values,
  ): Promise<string | null> {
    try {
      return await this.queries.json(query, { ...viewer, principal, variables });
    } catch (error) {
      if (!isExpected(error)) this.failures.set(principal, error);
      return null;
    }
  }

  /**
   * Reads a token, and in the same statement the answer to what is asked with it, if that was planned before: it counts only
   * if the operation turns out to be allowed.
   *
   * @param body of the request
   */
  readAhead(body: unknown, now: Date): TokenReading {
    let found: AnswerAhead | null = null;
    return {
      read: async (hash) => {
        const request = this.requestOf(body);
        const accountId = this.accounts.get(hash.toString('base64'));
        if (request !== null && accountId !== undefined) {
          // What fails here is asked again by itself, and told then.
          const values = { accountId, now, variables: request.variables };
          const both = await this.queries.jsonAndToken(request.plan.query, values, hash).catch(() => null);
          if (both?.token?.account.id === accountId) {
            found = { ...request, json: both.json };
            return both.token;
          }
        }
        const token = await tokenByHash(this.options.dataSource.manager, hash);
        if (token !== null) this.accounts.set(hash.toString('base64'), token.account.id);
        return token;
      },
      keepFor: (principal) => {
        if (found !== null) this.answersAhead.set(principal, found);
      },
    };
  }

  /** What a body asks for, if it is one operation that was planned before. */
  private requestOf(body: unknown): (Request & { readonly plan: Plan; readonly variables: Values }) | null {
    if (!isObject(body) || typeof body['query'] !== 'string') return null;
    const { query, operationName, variables: sent } = body;
    const queryHash = this.hashes.get(query);
    if (queryHash === undefined) return null;
    const key = keyOfOperation({
      queryHash,
      operationName: typeof operationName === 'string' ? operationName : undefined,
    });
    const known = this.operations.get(key);
    if (known === undefined || (sent != null && !isObject(sent))) return null;
    const variables = this.coerced(known.definitions, sent ?? undefined);
    const plan = variables && this.plans.get(planKey(key, known, variables));
    return plan ? { key, sent: sent ?? undefined, plan, variables } : null;
  }

  private coerced(
    definitions: readonly VariableDefinitionNode[],
    sent: Values | undefined,
  ): Record<string, unknown> | null {
    return getVariableValues(this.options.schema, definitions, sent ?? {}).coerced ?? null;
  }

  private planFor(key: string, operation: Operation, variables: Record<string, unknown>): Plan | null {
    const known = this.operations.get(key);
    const plan = known && this.plans.get(planKey(key, known, variables));
    if (plan !== undefined) return plan;
    const fields = new SelectedFields(this.options.schema, operation, variables);
    const made = this.plan(fields);
    const now: KnownOperation = {
      definitions: operation.definition?.variableDefinitions ?? [],
      dependsOn: new Set([...(known?.dependsOn ?? []), ...fields.variablesOfPlan()]),
    };
    this.operations.set(key, now);
    if (made !== null) this.hashes.set(operation.source, operation.queryHash, operation.source.length);
    this.plans.set(planKey(key, now, variables), made, made === null ? 1_000 : made.query.size);
    return made;
  }

  private plan(fields: SelectedFields): Plan | null {
    const { graph, rolesOf } = this.options;
    try {
      const roots = fields.of('Query').filter(({ name }) => name !== '__typename');
      const roles = roots.map(({ name }) => rolesOf(name));
      if (roles.length === 0 || roles.some((needed) => needed.length === 0)) return null;
      const query = this.queries.plan(graph, fields);
      return { query, roles: [...roles, ...query.roles] };
    } catch (error) {
      if (isExpected(error)) return null;
      throw error;
    }
  }

  /** Tells that a statement failed where the resolvers then did not: it was planned wrongly. */
  reportFailure({ context }: Operation): void {
    const failure = context.principal && this.failures.get(context.principal);
    if (failure !== undefined && failure !== null)
      this.options.log.error(
        { err: failure, reqId: context.requestId },
        'a planned statement failed; the resolvers answered instead',
      );
  }
}

/** How a request's token is read. */
export interface TokenReading {
  readonly read: (hash: Buffer) => Promise<TokenFacts | null>;
  /** Hands on what was read along. */
  readonly keepFor: (principal: AccountPrincipal) => void;
}

/** Who reads with loaders; the credential of a machine doesn't. */
const isReader = (context: Operation['context']): context is RequestContext =>
  context instanceof RequestContext && context.principal.instanceId === undefined;

const isAllowed = ({ roles }: Plan, { principal }: RequestContext): boolean =>
  roles.every((needed) => hasRole(principal, ...needed));

/** What the resolvers refuse, they refuse in their own words, as graphql-js does what no argument can be. */
const isExpected = (error: unknown): boolean =>
  error instanceof NotPlanned ||
  error instanceof DomainError ||
  error instanceof GraphQLError ||
  PlannedQueries.missesValue(error);

/** The values that a plan depends on, and which of the others there are. */
function planKey(key: string, { definitions, dependsOn }: KnownOperation, variables: Values): string {
  if (definitions.length === 0) return key;
  const values = definitions.map(({ variable: { name } }) =>
    dependsOn.has(name.value) ? [variables[name.value]] : variables[name.value] != null,
  );
  return `${key} ${JSON.stringify(values)}`;
}
