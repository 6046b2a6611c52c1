import { Misconfigured, type Settings } from './settings';

export type OrderKind = 'LAUNCH' | 'TERMINATE' | 'BUNDLE';

/** With what a machine is launched: as it was frozen, and as EC2 calls it. */
export interface LaunchCall {
  readonly imageResourceUid: string;
  readonly instanceTypeResourceUid: string;
  readonly kernelImageResourceUid: string | null;
  readonly ramdiskImageResourceUid: string | null;
  readonly userData: string | null;
  readonly tags: readonly string[];
}

/** An order that is this launcher's until its deadline. */
export interface ClaimedOrder {
  readonly order: {
    readonly id: string;
    readonly kind: OrderKind;
    readonly attempts: number;
    readonly instance: { readonly id: string };
  };
  readonly claimId: string;
  readonly cloud: { readonly region: string };
  readonly instanceName: string;
  /** The machine to terminate or bundle; `null`: to terminate whatever machine `launchOrder` made, if any. */
  readonly resourceUid: string | null;
  readonly launchOrder: { readonly id: string } | null;
  readonly enrolmentToken: string | null;
  readonly bundleName: string | null;
  readonly bundleDescription: string | null;
  readonly launch: LaunchCall | null;
  /** When to stop calling EC2, in milliseconds of `Date.now()`: early enough to report before the lease expires. */
  readonly deadline: number;
}

/** Why the service did not take a report. */
export interface UserError {
  readonly code: string;
  readonly message: string;
}

const CLOUDS = `query ($cloudType: String!) {
  clouds(first: 100, filter: { cloudType: $cloudType }) { totalCount edges { node { id region } } }
}`;
const CLAIM = `mutation ($input: ClaimLaunchOrdersInput!) {
  claimLaunchOrders(input: $input) {
    orders {
      order { id kind attempts instance { id } }
      claimId cloud { region } instanceName resourceUid launchOrder { id } enrolmentToken bundleName bundleDescription
      launch { imageResourceUid instanceTypeResourceUid kernelImageResourceUid ramdiskImageResourceUid userData tags }
    }
    userErrors { code message }
  }
}`;
const COMPLETE = `mutation ($input: CompleteLaunchOrderInput!) {
  completeLaunchOrder(input: $input) { userErrors { code message } }
}`;
const FAIL = `mutation ($input: FailLaunchOrderInput!) { failLaunchOrder(input: $input) { userErrors { code message } } }`;
const STATE = `query ($id: ID!) { node(id: $id) { ... on LaunchOrder { state } } }`;

const ANSWER_WITHIN = 30_000;
const TIME_TO_REPORT = 10_000;
/** The token is wrong, or lacks the role: asking again won't help. */
const HOPELESS = new Set(['UNAUTHENTICATED', 'FORBIDDEN']);

interface Claims {
  readonly orders: readonly Omit<ClaimedOrder, 'deadline'>[];
  readonly userErrors: readonly UserError[];
}
interface Clouds {
  readonly totalCount: number;
  readonly edges: readonly { readonly node: { readonly id: string; readonly region: string } }[];
}
interface GraphqlAnswer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

/** What the launcher asks of the service. Every method throws when the service can't be reached or refuses the token. */
export class Service {
  constructor(private readonly settings: Settings) {}

  /** At most so many orders of the clouds that this launcher serves. */
  async claim(limit: number): Promise<ClaimedOrder[]> {
    const cloudIds = await this.cloudIds();
    if (cloudIds.length === 0) return [];
    const { leaseSeconds } = this.settings;
    // From before the request: the service starts the lease later, so that this side gives up first.
    const deadline = Date.now() + leaseSeconds * 1000 - TIME_TO_REPORT;
    const { claimLaunchOrders } = await this.ask<{ claimLaunchOrders: Claims }>(CLAIM, {
      input: { limit, leaseSeconds, cloudIds },
    });
    const [refusal] = claimLaunchOrders.userErrors;
    if (refusal) throw new Error(refusal.message);
    return claimLaunchOrders.orders.map((order) => ({ ...order, deadline }));
  }

  /** @returns why the service does not take it; `null`: it did */
  async complete({ order, claimId }: ClaimedOrder, resourceUid: string | null): Promise<UserError | null> {
    const input = { orderId: order.id, claimId, resourceUid };
    const { completeLaunchOrder } = await this.ask<{ completeLaunchOrder: { userErrors: UserError[] } }>(
      COMPLETE,
      { input },
    );
    return completeLaunchOrder.userErrors[0] ?? null;
  }

  /** @returns why the service does not take it; `null`: it did */
  async fail({ order, claimId }: ClaimedOrder, reason: string): Promise<UserError | null> {
    const input = { orderId: order.id, claimId, reason };
    const { failLaunchOrder } = await this.ask<{ failLaunchOrder: { userErrors: UserError[] } }>(FAIL, {
      input,
    });
    return failLaunchOrder.userErrors[0] ?? null;
  }

  /** Whether an order has failed for good, whoever said so. */
  async hasFailed({ order }: ClaimedOrder): Promise<boolean> {
    const { node } = await this.ask<{ node: { state: string } | null }>(STATE, { id: order.id });
    return node?.state === 'FAILED';
  }

  private async cloudIds(): Promise<string[]> {
    const { cloudType, regions } = this.settings;
    const { clouds } = await this.ask<{ clouds: Clouds }>(CLOUDS, { cloudType });
    if (clouds.totalCount > clouds.edges.length)
      throw new Misconfigured(
        `The account sees ${clouds.totalCount} clouds of the type ${cloudType}; a launcher serves at most ${clouds.edges.length}.`,
      );
    return clouds.edges
      .filter(({ node }) => regions === null || regions.has(node.region))
      .map(({ node }) => node.id);
  }

  private async ask<Data>(query: string, variables: object): Promise<Data> {
    const response = await fetch(this.settings.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.settings.token}` },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(ANSWER_WITHIN),
    });
    const { data, errors } = (await response.json()) as GraphqlAnswer;
    const [error] = errors ?? [];
    if (error) {
      const { message, extensions } = error;
      throw HOPELESS.has(extensions.code)
        ? new Misconfigured(`The service refuses MCI_GRAPH_TOKEN: ${message}`)
        : new Error(`The service answered ${extensions.code}: ${message}`);
    }
    return data as Data;
  }
}
