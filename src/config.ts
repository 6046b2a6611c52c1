import { z } from 'zod';

/** Every environment variable that the service reads, with its default and its bounds. The README shows this table. */

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

const whole = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(minimum).max(maximum));

const VARIABLES = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://')
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
  readonly shutdownSeconds: number;
  readonly openId: OpenIdConfig | null;
}

/** A setting has a wrong value; the message names each by its variable. */
export class ConfigError extends Error {}

export function readConfig(environment: NodeJS.ProcessEnv): Config {
  // An empty variable means the same as none: `docker run -e NAME=` and compose files make such.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = VARIABLES.safeParse(given);
  if (!parsed.success)
    throw new ConfigError(
      parsed.error.issues
        .map((issue) => `${issue.path.join('.')} is "${given[String(issue.path[0])]}": ${issue.message}`)
        .join('\n'),
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
    shutdownSeconds: variables.MCI_GRAPH_SHUTDOWN_SECONDS,
    openId: openId(variables),
  };
}

function openId(variables: z.infer<typeof VARIABLES>): OpenIdConfig | null {
  const { MCI_GRAPH_OPENID_ISSUER: issuer, MCI_GRAPH_OPENID_AUDIENCE: audience } = variables;
  if (issuer === undefined && audience === undefined) return null;
  if (issuer === undefined)
    throw new ConfigError('MCI_GRAPH_OPENID_AUDIENCE is set, but MCI_GRAPH_OPENID_ISSUER is not: set both.');
  if (audience === undefined)
    throw new ConfigError('MCI_GRAPH_OPENID_ISSUER is set, but MCI_GRAPH_OPENID_AUDIENCE is not: set both.');
  return { issuer, audience, jwksUrl: variables.MCI_GRAPH_OPENID_JWKS_URL };
}
