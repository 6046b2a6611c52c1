import { z } from 'zod';
import { FEDERATION_VERSIONS, LATEST_FEDERATION, type FederationVersion } from './federation/version';

/** Every environment variable that the service reads, with its default and its bounds. The README shows this table. */

const flag = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');

const whole = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${minimum} to ${maximum}`)
    .transform(Number)
    .refine(
      (value) => value >= minimum && value <= maximum,
      `must be a whole number from ${minimum} to ${maximum}`,
    );

function isDatabaseUrl(text: string): boolean {
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) return false;
  const { username, password, hostname, pathname, searchParams } = new URL(text);
  return (
    (hostname !== '' || searchParams.has('host')) &&
    pathname.length > 1 &&
    [username, password, pathname].every(isPercentEncoded)
  );
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    // URIError is the answer: not well encoded.
    return false;
  }
}

const VARIABLES = z.object({
  DATABASE_URL: z
    .string()
    .refine(
      isDatabaseUrl,
      'must be postgres://user:password@host:port/database, with special characters of the password percent-encoded',
    )
    .optional(),
  DATABASE_POOL_SIZE: whole(1, 100).default(10),
  MCI_GRAPH_DATA: z.string().min(1).optional(),
  MCI_GRAPH_DEMO: flag.optional(),
  MCI_GRAPH_HOST: z.string().min(1).default('127.0.0.1'),
  MCI_GRAPH_PORT: whole(0, 65_535).optional(),
  MCI_GRAPH_CORS_ORIGINS: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((origin) => origin.trim())
        .filter((origin) => origin !== ''),
    )
    .pipe(z.array(z.string().regex(/^https?:\/\/[^/]+$/, 'must be origins such as https://app.example.com'))),
  MCI_GRAPH_INTROSPECTION: flag.default(true),
  MCI_GRAPH_SUGGESTIONS: flag.default(false),
  MCI_GRAPH_EXPLORER: flag.optional(),
  // What a header can carry; shorter ones can be guessed.
  MCI_GRAPH_ROUTER_SECRET: z
    .string()
    .regex(/^[\x21-\x7e]{16,1024}$/, 'must be 16 to 1,024 visible ASCII characters without spaces')
    .optional(),
  MCI_GRAPH_INLINE_TRACE: flag.default(false),
  MCI_GRAPH_SELECTION_PLANNER: flag.default(true),
  MCI_GRAPH_PREPARED_STATEMENTS: flag.default(true),
  MCI_GRAPH_FEDERATION_VERSION: z
    .enum(FEDERATION_VERSIONS, `must be one of ${FEDERATION_VERSIONS.join(', ')}`)
    .default(LATEST_FEDERATION),
  MCI_GRAPH_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  MCI_GRAPH_MAX_BODY_BYTES: whole(1024, 104_857_600).default(4_194_304),
  MCI_GRAPH_MAX_UPLOAD_BYTES: whole(1024, 10_737_418_240).default(1_073_741_824),
  MCI_GRAPH_MAX_TOKENS: whole(0, 1_000_000).default(10_000),
  MCI_GRAPH_MAX_DEPTH: whole(0, 1000).default(25),
  MCI_GRAPH_MAX_ALIASES: whole(0, 100_000).default(200),
  MCI_GRAPH_MAX_ROOT_FIELDS: whole(0, 100_000).default(100),
  MCI_GRAPH_MAX_DIRECTIVES: whole(0, 100_000).default(100),
  MCI_GRAPH_MAX_LIST_ITEMS: whole(0, 10_000_000).default(10_000),
  MCI_GRAPH_MAX_COST: whole(0, 1_000_000_000_000).default(1_000_000),
  MCI_GRAPH_BATCHING: flag.default(false),
  MCI_GRAPH_MAX_BATCH: whole(1, 1000).default(10),
  MCI_GRAPH_PERSISTED_QUERY_BYTES: whole(0, 1_073_741_824).default(8_388_608),
  MCI_GRAPH_PERSISTED_QUERY_SECONDS: whole(1, 31_536_000).default(86_400),
  MCI_GRAPH_OPERATIONS: z.string().min(1).optional(),
  MCI_GRAPH_EVENT_DAYS: whole(1, 365).default(7),
  MCI_GRAPH_WEBHOOKS: flag.default(true),
  MCI_GRAPH_WEBHOOK_PRIVATE_ADDRESSES: flag.default(false),
  MCI_GRAPH_MAX_SUBSCRIPTIONS: whole(1, 1_000_000).default(1000),
  MCI_GRAPH_MAX_SOCKETS: whole(1, 1_000_000).default(200),
  MCI_GRAPH_MAX_SOCKET_SUBSCRIPTIONS: whole(1, 100_000).default(100),
  MCI_GRAPH_RECHECK_SECONDS: whole(1, 30).default(15),
  MCI_GRAPH_SHUTDOWN_SECONDS: whole(0, 600).default(10),
  MCI_GRAPH_OPENID_ISSUER: z.url({ protocol: /^https?$/ }).optional(),
  MCI_GRAPH_OPENID_AUDIENCE: z.string().min(1).optional(),
  MCI_GRAPH_OPENID_JWKS_URL: z.url({ protocol: /^https?$/ }).optional(),
});

export interface OpenIdConfig {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl?: string;
}

/** What one GraphQL request may ask for; 0: no limit. The README says how each is counted. */
export interface QueryLimits {
  readonly tokens: number;
  readonly depth: number;
  readonly aliases: number;
  readonly rootFields: number;
  readonly directives: number;
  /** Items of one list in variables or literals. */
  readonly listItems: number;
  readonly cost: number;
}

/** Automatic persisted queries: how many bytes of texts are kept (0: none), and how long after they were sent. */
export interface PersistedQueryConfig {
  readonly bytes: number;
  readonly seconds: number;
}

/** How many subscriptions one process keeps open, and how soon they end without authorization. */
export interface SubscriptionLimits {
  /** The most of one account, over all transports. */
  readonly perAccount: number;
  /** The most WebSocket connections of one account. */
  readonly socketsPerAccount: number;
  /** The most on one WebSocket connection. */
  readonly perSocket: number;
  /** Seconds without an event after which the token and its roles are checked; at each event they are anyway. */
  readonly recheckSeconds: number;
}

export interface Config {
  /** `null`: run the embedded PostgreSQL. */
  readonly databaseUrl: string | null;
  readonly databasePoolSize: number;
  readonly dataFolder: string | undefined;
  readonly demo: boolean;
  readonly host: string;
  /** `null`: 4000, or any free port when that is taken. */
  readonly port: number | null;
  readonly corsOrigins: readonly string[];
  readonly introspection: boolean;
  /** Whether errors say "Did you mean …", which tells names of the schema. */
  readonly suggestions: boolean;
  readonly explorer: boolean;
  /** What requests for GraphQL must carry, so that only a router can ask; `null`: anybody may ask. */
  readonly routerSecret: string | null;
  /** Whether answers carry a trace when the router asks for one (ftv1). */
  readonly inlineTrace: boolean;
  /** Whether queries are answered by one statement each, where that can be planned. */
  readonly selectionPlanner: boolean;
  /** Whether statements that come again are prepared in their connection. */
  readonly preparedStatements: boolean;
  readonly federationVersion: FederationVersion;
  readonly logLevel: string;
  readonly maximumBodyBytes: number;
  readonly maximumUploadBytes: number;
  readonly queryLimits: QueryLimits;
  /** The most operations of one HTTP request; `null`: a request is one operation. */
  readonly maximumBatch: number | null;
  readonly persistedQueries: PersistedQueryConfig;
  /** A file with the only operations that are answered; `null`: any. */
  readonly operationsFile: string | null;
  /** Days for which events are kept: a subscription can go on after any of them. */
  readonly eventDays: number;
  /** Whether this process sends webhooks; another one may. */
  readonly sendWebhooks: boolean;
  /** Whether webhooks may go over plain HTTP and to addresses that are not public. */
  readonly privateWebhooks: boolean;
  readonly subscriptions: SubscriptionLimits;
  readonly shutdownSeconds: number;
  readonly openId: OpenIdConfig | null;
  /** Whether npm runs us, through a shell that doesn't pass its signals on. */
  readonly runByNpm: boolean;
}

/** A setting has a wrong value; the message names each by its variable. */
export class ConfigError extends Error {}

export function readConfig(environment: NodeJS.ProcessEnv): Config {
  // An empty variable means the same as none: `docker run -e NAME=` and compose files make such.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = VARIABLES.safeParse(given);
  if (!parsed.success)
    throw new ConfigError(
      parsed.error.issues.map((issue) => describe(String(issue.path[0]), issue.message, given)).join('\n'),
    );
  const variables = parsed.data;
  return {
    databaseUrl: variables.DATABASE_URL ?? null,
    databasePoolSize: variables.DATABASE_POOL_SIZE,
    dataFolder: variables.MCI_GRAPH_DATA,
    demo: variables.MCI_GRAPH_DEMO ?? variables.DATABASE_URL === undefined,
    host: variables.MCI_GRAPH_HOST,
    port: variables.MCI_GRAPH_PORT ?? null,
    corsOrigins: variables.MCI_GRAPH_CORS_ORIGINS,
    introspection: variables.MCI_GRAPH_INTROSPECTION,
    suggestions: suggestions(variables),
    // The page can't show the secret: it would only show refusals.
    explorer: variables.MCI_GRAPH_EXPLORER ?? variables.MCI_GRAPH_ROUTER_SECRET === undefined,
    routerSecret: variables.MCI_GRAPH_ROUTER_SECRET ?? null,
    inlineTrace: variables.MCI_GRAPH_INLINE_TRACE,
    selectionPlanner: variables.MCI_GRAPH_SELECTION_PLANNER,
    preparedStatements: variables.MCI_GRAPH_PREPARED_STATEMENTS,
    federationVersion: variables.MCI_GRAPH_FEDERATION_VERSION,
    logLevel: variables.MCI_GRAPH_LOG_LEVEL,
    maximumBodyBytes: variables.MCI_GRAPH_MAX_BODY_BYTES,
    maximumUploadBytes: variables.MCI_GRAPH_MAX_UPLOAD_BYTES,
    queryLimits: {
      tokens: variables.MCI_GRAPH_MAX_TOKENS,
      depth: variables.MCI_GRAPH_MAX_DEPTH,
      aliases: variables.MCI_GRAPH_MAX_ALIASES,
      rootFields: variables.MCI_GRAPH_MAX_ROOT_FIELDS,
      directives: variables.MCI_GRAPH_MAX_DIRECTIVES,
      listItems: variables.MCI_GRAPH_MAX_LIST_ITEMS,
      cost: variables.MCI_GRAPH_MAX_COST,
    },
    maximumBatch: variables.MCI_GRAPH_BATCHING ? variables.MCI_GRAPH_MAX_BATCH : null,
    persistedQueries: {
      bytes: variables.MCI_GRAPH_PERSISTED_QUERY_BYTES,
      seconds: variables.MCI_GRAPH_PERSISTED_QUERY_SECONDS,
    },
    operationsFile: variables.MCI_GRAPH_OPERATIONS ?? null,
    eventDays: variables.MCI_GRAPH_EVENT_DAYS,
    sendWebhooks: variables.MCI_GRAPH_WEBHOOKS,
    privateWebhooks: variables.MCI_GRAPH_WEBHOOK_PRIVATE_ADDRESSES,
    subscriptions: {
      perAccount: variables.MCI_GRAPH_MAX_SUBSCRIPTIONS,
      socketsPerAccount: variables.MCI_GRAPH_MAX_SOCKETS,
      perSocket: variables.MCI_GRAPH_MAX_SOCKET_SUBSCRIPTIONS,
      recheckSeconds: variables.MCI_GRAPH_RECHECK_SECONDS,
    },
    shutdownSeconds: variables.MCI_GRAPH_SHUTDOWN_SECONDS,
    openId: openId(variables),
    runByNpm: environment['npm_lifecycle_event'] !== undefined,
  };
}

const SECRETS: ReadonlySet<string> = new Set(['DATABASE_URL', 'MCI_GRAPH_ROUTER_SECRET']);

/** Of a secret only the name is told. */
function describe(name: string, message: string, given: NodeJS.ProcessEnv): string {
  return SECRETS.has(name) ? `${name} ${message}` : `${name} is "${given[name]}": ${message}`;
}

function suggestions({
  MCI_GRAPH_SUGGESTIONS: wanted,
  MCI_GRAPH_INTROSPECTION: open,
}: z.infer<typeof VARIABLES>): boolean {
  if (wanted && !open)
    throw new ConfigError(
      'MCI_GRAPH_SUGGESTIONS is true, but MCI_GRAPH_INTROSPECTION is false: suggestions would tell the names that introspection hides. Set both to the same.',
    );
  return wanted;
}

function openId(variables: z.infer<typeof VARIABLES>): OpenIdConfig | null {
  const { MCI_GRAPH_OPENID_ISSUER: issuer, MCI_GRAPH_OPENID_AUDIENCE: audience } = variables;
  if (issuer === undefined && audience === undefined && variables.MCI_GRAPH_OPENID_JWKS_URL === undefined)
    return null;
  if (issuer === undefined)
    throw new ConfigError(
      'MCI_GRAPH_OPENID_AUDIENCE or MCI_GRAPH_OPENID_JWKS_URL is set, but MCI_GRAPH_OPENID_ISSUER is not: set issuer and audience.',
    );
  if (audience === undefined)
    throw new ConfigError('MCI_GRAPH_OPENID_ISSUER is set, but MCI_GRAPH_OPENID_AUDIENCE is not: set both.');
  return { issuer, audience, jwksUrl: variables.MCI_GRAPH_OPENID_JWKS_URL };
}
