import { z } from 'zod';

const number = (minimum: number, maximum: number, fallback: number) => {
  const message = `must be a number from ${minimum} to ${maximum}`;
  return z.coerce.number(message).min(minimum, message).max(maximum, message).default(fallback);
};
const whole = (minimum: number, maximum: number, fallback: number) => {
  const message = `must be a whole number from ${minimum} to ${maximum}`;
  return z.coerce.number(message).int(message).min(minimum, message).max(maximum, message).default(fallback);
};

const VARIABLES = z.object({
  MCI_GRAPH_URL: z.url({ protocol: /^https?$/, error: 'must be the address of /graphql, http or https' }),
  MCI_GRAPH_TOKEN: z.string('must be an access token with the role INFRASTRUCTURE'),
  LAUNCHER_CLOUD_TYPE: z.string().default('amazon'),
  LAUNCHER_REGIONS: z
    .string()
    .transform((list) => new Set(list.split(',').map((region) => region.trim())))
    .optional(),
  LAUNCHER_CONCURRENCY: whole(1, 100, 10),
  LAUNCHER_LEASE_SECONDS: whole(60, 3600, 600),
  LAUNCHER_POLL_SECONDS: number(0.1, 60, 5),
  LAUNCHER_LAUNCH_TEMPLATE: z.string().optional(),
  LAUNCHER_TOKEN_COMMAND: z.string().optional(),
});

export interface Settings {
  readonly url: string;
  readonly token: string;
  readonly cloudType: string;
  /** `null`: all that the account sees of this type. */
  readonly regions: ReadonlySet<string> | null;
  /** Orders that are carried out at the same time, at most. */
  readonly concurrency: number;
  readonly leaseSeconds: number;
  /** Between looks for new orders, and at machines that end and images that are being made. */
  readonly pollSeconds: number;
  /** Name of the EC2 launch template that gives what the service doesn't know: network, keys, profile. */
  readonly launchTemplate: string | null;
  /** Program that hands an enrolment token to its machine; `null`: nobody does. */
  readonly tokenCommand: string | null;
}

/** Something that only a person can put right. */
export class Misconfigured extends Error {}

/** @throws Misconfigured naming each wrong variable, without its value: it may be a secret */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const { data, error } = VARIABLES.safeParse(given);
  if (error)
    throw new Misconfigured(
      error.issues.map(({ path, message }) => `${path.join('.')} ${message}.`).join('\n'),
    );
  return {
    url: data.MCI_GRAPH_URL,
    token: data.MCI_GRAPH_TOKEN,
    cloudType: data.LAUNCHER_CLOUD_TYPE,
    regions: data.LAUNCHER_REGIONS ?? null,
    concurrency: data.LAUNCHER_CONCURRENCY,
    leaseSeconds: data.LAUNCHER_LEASE_SECONDS,
    pollSeconds: data.LAUNCHER_POLL_SECONDS,
    launchTemplate: data.LAUNCHER_LAUNCH_TEMPLATE ?? null,
    tokenCommand: data.LAUNCHER_TOKEN_COMMAND ?? null,
  };
}
