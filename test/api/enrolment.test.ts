import { randomUUID } from 'node:crypto';
import { principalOfInstance } from '../../src/domain/access/instance-principal';
import { toGlobalId } from '../../src/domain/global-id';
import { createSchema } from '../../src/schema';
import { reportInstance } from '../../src/services/servers/report-instance';
import { minimalOperation, rootFields } from '../contract/minimal-operation';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { auditOf } from '../kit/components';
import { define, makeGround, type Ground } from '../kit/definitions';
import { expireLeases, Launching, ripenOrders } from '../kit/launching';

let api: TestApi;
let account: TestAccount;
let launching: Launching;
let ground: Ground;
let server: Data;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await api.account();
  launching = await Launching.of(api, account);
  ground = await makeGround(api.dataSource, account);
  server = await define(account, 'createServer', ground.server);
});

const claim = async (): Promise<Data> => {
  await launching.act('launchServer', { id: server.id });
  return launching.claimOne();
};

const enrol = (claimed: Data, resourceUid = 'i-1'): Promise<Data> =>
  launching.as(null, 'enrolInstance', { enrolmentToken: claimed.enrolmentToken, resourceUid });

/** A machine that boots, and its credential. */
async function enrolled(): Promise<{ id: string; credential: string }> {
  const claimed = await claim();
  await launching.complete(claimed, 'i-1');
  const { instance, credential } = await enrol(claimed);
  return { id: instance.id, credential };
}

describe('R-8.9 enrolInstance', () => {
  test('a token is spent with the first use of its credential; spent, wrong and void ones are the same NOT_FOUND', async () => {
    const claimed = await claim();
    await launching.complete(claimed, 'i-1');
    const { instance, credential } = await enrol(claimed);
    expect(instance).toMatchObject({ name: 'server', state: 'BOOTING', resourceUid: 'i-1' });
    expect(credential).toMatch(/^mcigi_/);
    const rows = await api.dataSource.query(
      `SELECT sha256($1::bytea) = credential_hash AS hashed FROM instances WHERE account_id = $2`,
      [Buffer.from(credential), account.key],
    );
    expect(rows).toEqual([{ hashed: true }]);
    expect((await auditOf(account)).at(-1)).toEqual({
      action: 'instance.enrol',
      changes: { statedResourceUid: 'i-1', state: { before: 'BOOTING', after: 'BOOTING' } },
    });
    await launching.as(credential, 'reportInstance', { state: 'BOOTING' });
    const again = { enrolmentToken: claimed.enrolmentToken, resourceUid: 'i-1' };
    const spent = await launching.refused(null, 'enrolInstance', again);
    expect(spent).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'enrolmentToken'] });
    const wrong = await launching.refused(null, 'enrolInstance', { ...again, enrolmentToken: 'mcige_x' });
    expect(wrong).toEqual(spent);
  });

  test('an answer that was lost is asked for again: the new credential holds, the one before ended', async () => {
    const claimed = await claim();
    await launching.complete(claimed, 'i-1');
    const { credential: lost } = await enrol(claimed);
    const { credential } = await enrol(claimed);
    expect(credential).not.toBe(lost);
    expect((await auditOf(account)).at(-1)).toMatchObject({
      action: 'instance.enrol',
      changes: { credential: 'replaced' },
    });
    const refusedAs = async (bearer: string) =>
      (await launching.request(bearer, 'reportInstance', { state: 'OPERATIONAL' })).status;
    expect(await refusedAs(lost)).toBe(401);
    // The token is not spent by a credential that holds no more.
    const { credential: last } = await enrol(claimed);
    expect(await refusedAs(credential)).toBe(401);
    await launching.as(last, 'reportInstance', { state: 'OPERATIONAL' });
    const again = { enrolmentToken: claimed.enrolmentToken, resourceUid: 'i-1' };
    expect(await launching.refused(null, 'enrolInstance', again)).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('of several exchanges at once, one credential holds', async () => {
    const claimed = await claim();
    await launching.complete(claimed, 'i-1');
    const credentials = await Promise.all([1, 2, 3].map(async () => (await enrol(claimed)).credential));
    const statuses: (number | undefined)[] = [];
    for (const credential of credentials)
      statuses.push((await launching.request(credential, 'reportInstance', { state: 'BOOTING' })).status);
    expect(statuses.sort()).toEqual([200, 401, 401]);
  });

  test('a token expires 24 hours after its order was completed', async () => {
    const claimed = await claim();
    await launching.complete(claimed, 'i-1');
    const completed = (ago: string) =>
      api.dataSource.query(
        `UPDATE launch_orders SET completed_at = now() - $2::interval WHERE account_id = $1`,
        [account.key, ago],
      );
    await completed('23 hours');
    await enrol(claimed);
    // The database rounds times up, and the service rounds them down.
    await completed('24 hours 1 second');
    const input = { enrolmentToken: claimed.enrolmentToken, resourceUid: 'i-1' };
    expect(await launching.refused(null, 'enrolInstance', input)).toMatchObject({
      code: 'NOT_FOUND',
      path: ['input', 'enrolmentToken'],
    });
  });

  test('a machine faster than its launcher proves that the cloud took the call', async () => {
    const claimed = await claim();
    const { instance } = await enrol(claimed, 'i-fast');
    expect(instance).toMatchObject({ state: 'BOOTING', resourceUid: null });
    expect((await launching.complete(claimed, 'i-fast')).order.state).toBe('COMPLETED');
    expect(await launching.instance(instance.id)).toMatchObject({ state: 'BOOTING', resourceUid: 'i-fast' });
    await expireLeases(api.dataSource);
    await launching.claim(0);
  });

  test('who drives the cloud alone says which machine it is: none has another one ended', async () => {
    const claimed = await claim();
    const { instance, credential } = await enrol(claimed, 'i-victim');
    const report = { state: 'DECOMMISSIONING', resourceUid: 'i-victim' };
    await launching.as(credential, 'reportInstance', report);
    expect(await launching.instance(instance.id)).toMatchObject({
      state: 'DECOMMISSIONING',
      resourceUid: null,
    });
    // Until it is known which machine that is, nobody is told to end it.
    await launching.claim(0);
    await launching.complete(claimed, 'i-own');
    expect(await launching.claimOne()).toMatchObject({
      order: { kind: 'TERMINATE' },
      resourceUid: 'i-own',
    });
  });

  test('the token of a claim dies with its lease, and with the next claim', async () => {
    const first = await claim();
    await expireLeases(api.dataSource);
    const input = { enrolmentToken: first.enrolmentToken, resourceUid: 'i-1' };
    expect(await launching.refused(null, 'enrolInstance', input)).toMatchObject({ code: 'NOT_FOUND' });
    const second = await launching.claimOne();
    expect(await launching.refused(null, 'enrolInstance', input)).toMatchObject({ code: 'NOT_FOUND' });
    expect((await enrol(second)).instance.state).toBe('BOOTING');
  });

  test('and with the end of its instance', async () => {
    const claimed = await claim();
    await launching.complete(claimed, 'i-1');
    const { instance } = (await account.query(`{ instances { edges { node { id } } } }`)).instances.edges.map(
      ({ node }: Data) => ({ instance: node }),
    )[0];
    await launching.report(instance.id, 'TERMINATED');
    const input = { enrolmentToken: claimed.enrolmentToken, resourceUid: 'i-1' };
    expect(await launching.refused(null, 'enrolInstance', input)).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('a machine that says it is another one is refused like an unknown token, which stays good', async () => {
    const claimed = await claim();
    await launching.complete(claimed, 'i-1');
    const input = { enrolmentToken: claimed.enrolmentToken, resourceUid: 'i-2' };
    expect(await launching.refused(null, 'enrolInstance', input)).toMatchObject({
      code: 'NOT_FOUND',
      path: ['input', 'enrolmentToken'],
    });
    expect((await enrol(claimed)).instance.resourceUid).toBe('i-1');
  });

  test("with a token of another account the machine isn't known (R-2.2); with its own it is read whole", async () => {
    const claimed = await claim();
    await launching.complete(claimed, 'i-1');
    const input = { enrolmentToken: claimed.enrolmentToken, resourceUid: 'i-1' };
    const stranger = await api.account();
    expect(await launching.refused(stranger.token, 'enrolInstance', input)).toMatchObject({
      code: 'NOT_FOUND',
    });
    const source = `mutation($input: EnrolInstanceInput!) { enrolInstance(input: $input) {
      instance { server { id } } userErrors { code } } }`;
    const { data } = await api.request(launching.machine, source, { input });
    expect(data.enrolInstance).toEqual({ instance: { server: { id: server.id } }, userErrors: [] });
  });

  test('without a token of the account nothing is read but the plain fields', async () => {
    const claimed = await claim();
    await launching.complete(claimed, 'i-1');
    const input = { enrolmentToken: claimed.enrolmentToken, resourceUid: 'i-1' };
    const source = `mutation($input: EnrolInstanceInput!) { enrolInstance(input: $input) {
      instance { name server { id } } userErrors { code } } }`;
    const { data, errors } = await api.request(null, source, { input });
    expect(data.enrolInstance.instance).toEqual({ name: 'server', server: null });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});

describe('R-8.3 a machine that enrolled before its launcher answered', () => {
  const faster = async (): Promise<{ claimed: Data; id: string; credential: string }> => {
    const claimed = await claim();
    const { instance, credential } = await enrol(claimed);
    return { claimed, id: instance.id, credential };
  };

  test('is looked for when it is to end: after the lease, by its LAUNCH order, which is not handed out again', async () => {
    const { claimed, id } = await faster();
    await launching.act('terminateServer', { id: server.id });
    expect(await launching.instance(id)).toMatchObject({ state: 'DECOMMISSIONING', resourceUid: null });
    expect(await launching.orders(id)).toMatchObject([
      { kind: 'LAUNCH', state: 'FAILED' },
      { kind: 'TERMINATE', state: 'OPEN', claimableAt: claimed.order.leaseExpiresAt },
    ]);
    await launching.claim(0);
    await ripenOrders(api.dataSource);
    const search = await launching.claimOne();
    expect(search).toMatchObject({
      order: { kind: 'TERMINATE' },
      resourceUid: null,
      launchOrder: { id: claimed.order.id },
    });
    await launching.complete(search);
    expect(await launching.instance(id)).toMatchObject({ state: 'TERMINATED' });
    await launching.claim(0);
  });

  test('at once, when the lease is over; and again, when that failed and its end is asked for again', async () => {
    const { claimed, id } = await faster();
    await expireLeases(api.dataSource);
    await launching.act('terminateServer', { id: server.id });
    await launching.fail(await launching.claimOne(), 'not now');
    expect((await launching.instance(id)).state).toBe('DECOMMISSIONING');
    await launching.claim(0);
    await launching.act('terminateServer', { id: server.id });
    expect(await launching.claimOne()).toMatchObject({
      order: { kind: 'TERMINATE', attempts: 1 },
      launchOrder: { id: claimed.order.id },
    });
  });

  test('whose launcher answers after all: it is ended by its id, and its instance with it', async () => {
    const { claimed, id } = await faster();
    await launching.act('terminateServer', { id: server.id });
    await ripenOrders(api.dataSource);
    const search = await launching.claimOne();
    await launching.complete(claimed, 'i-1');
    await launching.complete(claimed, 'i-1');
    expect((await auditOf(account)).filter(({ changes }) => changes.tooLate)).toHaveLength(1);
    const input = { orderId: search.order.id, claimId: search.claimId };
    expect(await launching.refusedToMachines('completeLaunchOrder', input)).toMatchObject({
      code: 'NOT_FOUND',
    });
    const ending = await launching.claimOne();
    expect(ending).toMatchObject({ order: { kind: 'TERMINATE', attempts: 1 }, resourceUid: 'i-1' });
    await launching.complete(ending);
    expect(await launching.instance(id)).toMatchObject({ state: 'TERMINATED', resourceUid: 'i-1' });
    await launching.complete(claimed, 'i-1');
    await launching.claim(0);
  });

  test('whose id is reported while it is looked for: it is ended by that at once', async () => {
    const { id } = await faster();
    await launching.act('terminateServer', { id: server.id });
    await launching.report(id, 'DECOMMISSIONING', { resourceUid: 'i-1' });
    const ending = await launching.claimOne();
    expect(ending).toMatchObject({ order: { kind: 'TERMINATE' }, resourceUid: 'i-1', launchOrder: null });
    await ripenOrders(api.dataSource);
    await launching.claim(0);
    await launching.complete(ending);
    expect((await launching.instance(id)).state).toBe('TERMINATED');
  });

  test('whose launcher answers after all, when ending it was refused: it is not ordered by that', async () => {
    const { claimed, id } = await faster();
    await launching.report(id, 'BOOTING', { resourceUid: 'i-1' });
    await launching.act('terminateServer', { id: server.id });
    await launching.fail(await launching.claimOne(), 'protected');
    await launching.complete(claimed, 'i-1');
    expect((await launching.instance(id)).state).toBe('DECOMMISSIONING');
    await launching.claim(0);
  });

  test.each([['BOOTING'], ['OPERATIONAL'], ['STRANDED']])(
    'and is %s, when the launcher says that the cloud refused: it is looked for, with that reason',
    async (state) => {
      const { claimed, id, credential } = await faster();
      await launching.as(credential, 'reportInstance', { state });
      expect((await launching.fail(claimed, 'quota')).order).toMatchObject({
        state: 'FAILED',
        failure: 'quota',
      });
      expect(await launching.instance(id)).toMatchObject({ state: 'DECOMMISSIONING', stateReason: 'quota' });
      const search = await launching.claimOne();
      expect(search).toMatchObject({ order: { kind: 'TERMINATE' }, launchOrder: { id: claimed.order.id } });
      const entries = await auditOf(account);
      await launching.fail(claimed, 'quota');
      expect(await auditOf(account)).toEqual(entries);
      await launching.complete(search);
      expect((await launching.instance(id)).state).toBe('TERMINATED');
    },
  );

  test('and that a report says is ending, with its id: it is ended by that at once', async () => {
    const { id } = await faster();
    await launching.report(id, 'DECOMMISSIONING', { resourceUid: 'i-1' });
    expect((await launching.orders(id))[0]).toMatchObject({ kind: 'LAUNCH', state: 'FAILED' });
    expect(await launching.claimOne()).toMatchObject({
      order: { kind: 'TERMINATE' },
      resourceUid: 'i-1',
      launchOrder: null,
    });
  });

  test('and whose id is known: the launch has not failed', async () => {
    const { claimed, id } = await faster();
    await launching.report(id, 'BOOTING', { resourceUid: 'i-1' });
    const input = { orderId: claimed.order.id, claimId: claimed.claimId, reason: 'quota' };
    expect(await launching.refusedToMachines('failLaunchOrder', input)).toMatchObject({
      code: 'INVALID',
      path: ['input', 'orderId'],
      message: expect.stringContaining('known as the machine i-1: complete the order with that'),
    });
    expect((await launching.complete(claimed, 'i-1')).order.state).toBe('COMPLETED');
  });
});

describe('R-8.9 the credential of an instance', () => {
  test('reports for that instance only, by name or without', async () => {
    const { id, credential } = await enrolled();
    const other = await define(account, 'createServer', ground.server);
    const otherId = (await launching.act('launchServer', { id: other.id })).server.current.id;
    await launching.complete(await launching.claimOne(), 'i-2');
    const { instance } = await launching.as(credential, 'reportInstance', { state: 'OPERATIONAL' });
    expect(instance).toMatchObject({ id, state: 'OPERATIONAL' });
    await launching.as(credential, 'reportInstance', { instanceId: id, state: 'DECOMMISSIONING' });
    const refusal = await launching.refused(credential, 'reportInstance', {
      instanceId: otherId,
      state: 'OPERATIONAL',
    });
    expect(refusal).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'instanceId'] });
    const missing = toGlobalId('Instance', randomUUID());
    expect(
      await launching.refused(credential, 'reportInstance', { instanceId: missing, state: 'OPERATIONAL' }),
    ).toEqual(refusal);
  });

  test('does not declare its own machine gone', async () => {
    const { credential } = await enrolled();
    // Its first use spends the token.
    await launching.as(credential, 'reportInstance', { state: 'BOOTING' });
    expect(await launching.refused(credential, 'reportInstance', { state: 'TERMINATED' })).toMatchObject({
      code: 'INVALID',
      path: ['input', 'state'],
    });
  });

  test('closes no order to end its machine, also when it ends at the same time', async () => {
    const claimed = await claim();
    const { instance } = await enrol(claimed);
    await launching.report(instance.id, 'TERMINATED');
    await launching.complete(claimed, 'i-1');
    // It was known when the request came in.
    const found = {
      id: instance.id.slice(4),
      name: 'server',
      account: { id: account.key, name: account.name, operator: false },
    };
    const principal = principalOfInstance(found, null);
    const context = { dataSource: api.dataSource, now: new Date(), principal };
    const report = { instanceId: null, state: 'TERMINATED', resourceUid: 'i-1', reason: null } as const;
    await reportInstance(context, report);
    expect((await launching.claimOne()).order.kind).toBe('TERMINATE');
  });

  test('ends with its instance', async () => {
    const { id, credential } = await enrolled();
    await launching.report(id, 'TERMINATED');
    const { status, errors } = await launching.request(credential, 'reportInstance', {
      state: 'OPERATIONAL',
    });
    expect(status).toBe(401);
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED', reason: 'UNKNOWN_TOKEN' } }]);
  });

  test('reads and does nothing else: every other root field is FORBIDDEN', async () => {
    const { credential } = await enrolled();
    const fields = rootFields(await createSchema()).filter(
      ({ field }) => !['reportInstance', 'enrolInstance', '_service'].includes(field.name),
    );
    expect(fields.length).toBeGreaterThan(80);
    const allowed: string[] = [];
    for (const field of fields) {
      const { source, variables } = minimalOperation(field, { id: () => toGlobalId('Cloud', randomUUID()) });
      const { errors } = await api.request(credential, source, variables);
      if (errors?.[0]?.extensions.code !== 'FORBIDDEN') allowed.push(field.field.name);
    }
    expect(allowed).toEqual([]);
  });

  test('of its own instance it reads the plain fields only', async () => {
    const { credential } = await enrolled();
    const { data, errors } = await api.request(
      credential,
      `mutation { reportInstance(input: { state: BOOTING }) { instance { state tags server { id } } } }`,
    );
    expect(data.reportInstance.instance).toEqual({ state: 'BOOTING', tags: [], server: null });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  test('uploads no catalog, and is bound to its account', async () => {
    const { credential } = await enrolled();
    const upload = await fetch(`${api.url}/catalog/imports?format=csv`, {
      method: 'POST',
      headers: { authorization: `Bearer ${credential}`, 'content-type': 'text/csv' },
      body: 'x',
    });
    expect(upload.status).toBe(403);
    const elsewhere = await api.account();
    const { errors } = await api.request(
      credential,
      `mutation { reportInstance(input: { state: BOOTING }) { userErrors { code } } }`,
      {},
      { 'x-mci-account': elsewhere.id },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED', reason: 'WRONG_ACCOUNT' } }]);
  });
});
