import type { DataSource } from 'typeorm';
import type { Answer, Data, TestAccount, TestApi } from './api';

const ERRORS = 'userErrors { __typename code message path }';

const INSTANCE = `id name state stateReason resourceUid tags launchedAt operationalAt terminatedAt bootSeconds userData
  imageResourceUid image { id } instanceType { id } kernelImage { id } ramdiskImage { id } multiCloudImage { id }
  serverTemplate { id } launchedFrom { id } server { id } serverArray { id } cloud { id }`;

const SERVER = `server { id state current { ${INSTANCE} } instances(first: 100) { edges { node { id state } } } }`;
const ARRAY = `serverArray { id instances(first: 100, running: true) { totalCount edges { node { id name state } } } }`;
const ORDER =
  'order { id kind state attempts claimableAt leaseExpiresAt failure instance { id } image { id } }';

/** What a machine without any role may read of itself. */
const PLAIN = 'instance { id name state stateReason resourceUid tags }';

const SELECTIONS: Record<string, string> = {
  launchServer: SERVER,
  relaunchServer: SERVER,
  terminateServer: SERVER,
  launchServerArray: `${ARRAY} instances { id name state }`,
  terminateServerArray: ARRAY,
  forceOperational: `instance { ${INSTANCE} }`,
  bundleInstance: `cloudImage { id resourceUid name description lifecycle availability visibility imageType osPlatform
    operatingSystem cpuArchitecture virtualizationType rootDeviceStorage fingerprint agentEnabled publishedAt cloud { id } } ${ORDER}`,
  claimLaunchOrders: `orders { order { id kind state attempts leaseExpiresAt } claimId enrolmentToken instanceName cloud { id }
    launch { imageResourceUid instanceTypeResourceUid kernelImageResourceUid ramdiskImageResourceUid userData tags }
    resourceUid launchOrder { id } bundleName bundleDescription }`,
  completeLaunchOrder: ORDER,
  failLaunchOrder: ORDER,
  enrolInstance: `${PLAIN} credential`,
  reportInstance: PLAIN,
};

export function launchingMutation(name: string): string {
  const selection = SELECTIONS[name];
  if (selection === undefined) throw new Error(`No selection for ${name}`);
  const input = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  return `mutation($input: ${input}!) { ${name}(input: $input) { ${selection} ${ERRORS} } }`;
}

/** People and machines at work on the instances of one account. */
export class Launching {
  private constructor(
    private readonly api: TestApi,
    readonly account: TestAccount,
    readonly machine: string,
  ) {}

  static async of(api: TestApi, account: TestAccount): Promise<Launching> {
    return new Launching(api, account, await account.tokenWith('INFRASTRUCTURE'));
  }

  request(token: string | null, name: string, input: object): Promise<Answer> {
    return this.api.request(token, launchingMutation(name), { input });
  }

  /** Runs a mutation that must succeed, and gives its payload. */
  private async done(token: string | null, name: string, input: object): Promise<Data> {
    const { errors, data } = await this.request(token, name, input);
    expect({ errors, userErrors: data?.[name]?.userErrors }).toEqual({ errors: undefined, userErrors: [] });
    return data[name];
  }

  /** As the account's user. */
  act = (name: string, input: object): Promise<Data> => this.done(this.account.token, name, input);

  /** As a machine with the role INFRASTRUCTURE. */
  drive = (name: string, input: object): Promise<Data> => this.done(this.machine, name, input);

  /** With any credentials, or none. */
  as = (token: string | null, name: string, input: object): Promise<Data> => this.done(token, name, input);

  /** A mutation that must be refused for one reason, which it gives; no row of the account may change. */
  async refused(token: string | null, name: string, input: object): Promise<Data> {
    const before = await launchedRows(this.api.dataSource);
    const { errors, data } = await this.request(token, name, input);
    expect(errors).toBeUndefined();
    expect(data[name].userErrors).toHaveLength(1);
    expect(await launchedRows(this.api.dataSource)).toEqual(before);
    return data[name].userErrors[0];
  }

  refusedToPeople = (name: string, input: object): Promise<Data> =>
    this.refused(this.account.token, name, input);

  refusedToMachines = (name: string, input: object): Promise<Data> => this.refused(this.machine, name, input);

  async instance(id: string): Promise<Data> {
    const source = `query($id: ID!) { instance(id: $id) { ${INSTANCE} } }`;
    return (await this.account.query(source, { id })).instance;
  }

  async server(id: string): Promise<Data> {
    const source = `query($id: ID!) { ${SERVER.replace('server', 'server(id: $id)')} }`;
    return (await this.account.query(source, { id })).server;
  }

  /** The orders about an instance, the oldest first. */
  async orders(instanceId: string): Promise<Data[]> {
    const source = `query($filter: LaunchOrderFilter) { launchOrders(filter: $filter) {
      edges { node { id kind state attempts failure claimableAt leaseExpiresAt image { id } } } } }`;
    const { launchOrders } = await this.account.query(source, { filter: { instanceId } });
    return launchOrders.edges.map(({ node }: Data) => node);
  }

  /** Claims orders, and must get so many. */
  async claim(count: number, input: object = {}): Promise<Data[]> {
    const { orders } = await this.drive('claimLaunchOrders', { limit: 100, leaseSeconds: 600, ...input });
    expect(orders).toHaveLength(count);
    return orders;
  }

  /** Claims the only order there is. */
  async claimOne(input: object = {}): Promise<Data> {
    const [claimed] = await this.claim(1, input);
    return claimed;
  }

  complete = (claimed: Data, resourceUid?: string): Promise<Data> =>
    this.drive('completeLaunchOrder', { orderId: claimed.order.id, claimId: claimed.claimId, resourceUid });

  fail = (claimed: Data, reason: string): Promise<Data> =>
    this.drive('failLaunchOrder', { orderId: claimed.order.id, claimId: claimed.claimId, reason });

  report = (instanceId: string, state: string, rest: object = {}): Promise<Data> =>
    this.drive('reportInstance', { instanceId, state, ...rest });

  /** Launches a server and has its machine boot. @returns the id of the instance */
  async boot(serverId: string, resourceUid: string): Promise<string> {
    const { server } = await this.act('launchServer', { id: serverId });
    await this.complete(await this.claimOne(), resourceUid);
    return server.current.id;
  }

  /** The same, until it is operational. */
  async run(serverId: string, resourceUid: string): Promise<string> {
    const id = await this.boot(serverId, resourceUid);
    await this.report(id, 'OPERATIONAL');
    return id;
  }
}

/** Every instance, order, bundle and audit entry of all accounts, with all columns. */
export async function launchedRows(dataSource: DataSource): Promise<unknown> {
  const tables = ['instances', 'launch_orders', 'cloud_images', 'audit_entries'];
  return Promise.all(
    tables.map((table) => dataSource.query(`SELECT to_jsonb(t) AS row FROM ${table} AS t ORDER BY id`)),
  );
}

/** Lets the leases of all orders that are claimed expire. */
export const expireLeases = (dataSource: DataSource): Promise<unknown> =>
  dataSource.query(
    `UPDATE launch_orders SET lease_expires_at = now() - interval '1 second' WHERE state = 'CLAIMED'`,
  );

/** Lets the time come at which orders can be claimed that can't be yet. */
export const ripenOrders = (dataSource: DataSource): Promise<unknown> =>
  dataSource.query(
    `UPDATE launch_orders SET claimable_at = now() - interval '1 second' WHERE state = 'OPEN' AND claimable_at > now()`,
  );
