import { z } from 'zod';

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
  MCI_GRAPH_EXPLORER: flag.default(true),
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
  readonly explorer: boolean;
  readonly logLevel: string;
  readonly maximumBodyBytes: number;
  readonly maximumUploadBytes: number;
  readonly queryLimits: QueryLimits;
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
    explorer: variables.MCI_GRAPH_EXPLORER,
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
    shutdownSeconds: variables.MCI_GRAPH_SHUTDOWN_SECONDS,
    openId: openId(variables),
    runByNpm: environment['npm_lifecycle_event'] !== undefined,
  };
}

/** Of a secret only the name is told. */
function describe(name: string, message: string, given: NodeJS.ProcessEnv): string {
  return name === 'DATABASE_URL' ? `${name} ${message}` : `${name} is "${given[name]}": ${message}`;
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
