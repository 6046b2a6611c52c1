import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { done } from '../kit/components';
import { crashDuring, type Crash } from '../kit/crash';
import { ask, asked, groupOf, organize, publish, subscribe } from '../kit/marketplace';
import { storedRows } from '../kit/stored-rows';
import { commit } from '../kit/version-control';
import { create, describeAs } from '../kit/versions';

let api: TestApi;
let place: Place;

beforeAll(async () => {
  // Over one connection a request sends the same statements in the same order each time.
  api = await startApi({}, 1);
  place = await new TestCatalog(api.dataSource).place();
});
afterAll(() => api.close());

/** A request that is to be made, and who sees what it does. */
interface Prepared {
  readonly account: TestAccount;
  readonly mutation: string;
  readonly input: object;
  readonly witness: TestAccount;
}

const attachTo = (account: TestAccount, template: Data, script: Data): Promise<Data> =>
  done(account, 'attachScript', {
    serverTemplateId: template.id,
    expectedVersion: template.version,
    rightScriptId: script.id,
    phase: 'BOOT',
  });

async function publisherWith(member: TestAccount) {
  const publisher = await api.account();
  await organize(publisher);
  return { publisher, groups: [await groupOf(publisher, [member])] };
}

/** With a licence, what comes back after its removal, what is there, and what is new. */
async function anImport(): Promise<Prepared> {
  const account = await api.account();
  const { publisher } = await publisherWith(account);
  const [mci, other] = [
    await create(publisher, 'MultiCloudImage', place, 'image'),
    await create(publisher, 'MultiCloudImage', place, 'other'),
  ];
  const script = await create(publisher, 'RightScript', place, 'script');
  const there = await publish(
    publisher,
    'MultiCloudImage',
    await commit(publisher, 'MultiCloudImage', other),
  );
  const removed = await publish(publisher, 'RightScript', await commit(publisher, 'RightScript', script));
  await asked(account, 'importPublication', { publicationId: there.id });
  const { component } = await asked(account, 'importPublication', { publicationId: removed.id });
  await asked(account, 'removeImport', { id: component.id });
  const head = await done(publisher, 'createServerTemplate', {
    name: 'web',
    multiCloudImageIds: [mci.id, other.id],
  });
  const template = await attachTo(publisher, head, script);
  const { eulaRevision } = await asked(publisher, 'createEula', { name: 'Terms', text: 'Be kind.' });
  const revision = await commit(publisher, 'ServerTemplate', template, 'all', true);
  const publication = await publish(publisher, 'ServerTemplate', revision, {
    eulaRevisionIds: [eulaRevision.id],
  });
  return {
    account,
    mutation: 'importPublication',
    input: { publicationId: publication.id, acceptEulaRevisionIds: [eulaRevision.id] },
    witness: account,
  };
}

/** A template that follows HEADs of both kinds. */
async function followed(account: TestAccount) {
  const { publisher, groups } = await publisherWith(account);
  const mci = await create(publisher, 'MultiCloudImage', place, 'image');
  const script = await create(publisher, 'RightScript', place, 'script');
  const head = await done(publisher, 'createServerTemplate', { name: 'web', multiCloudImageIds: [mci.id] });
  const template = await attachTo(publisher, head, script);
  const publication = await publish(publisher, 'ServerTemplate', template, { groups });
  return { publisher, mci, script, template, publication };
}

async function aSubscription(): Promise<Prepared> {
  const account = await api.account();
  const { publication } = await followed(account);
  const input = { publicationId: publication.id };
  return { account, mutation: 'subscribePublication', input, witness: account };
}

/** With changed and new HEADs, for one that follows. */
async function aRepublishing(): Promise<Prepared> {
  const witness = await api.account();
  const { publisher, mci, script, template, publication } = await followed(witness);
  await subscribe(witness, publication);
  await describeAs(publisher, 'MultiCloudImage', mci, 'changed');
  await describeAs(publisher, 'RightScript', script, 'changed');
  const added = await create(publisher, 'MultiCloudImage', place, 'added');
  await done(publisher, 'addServerTemplateMultiCloudImage', {
    serverTemplateId: template.id,
    expectedVersion: template.version,
    multiCloudImageId: added.id,
  });
  return { account: publisher, mutation: 'republish', input: { publicationId: publication.id }, witness };
}

async function aRemoval(): Promise<Prepared> {
  const account = await api.account();
  const { publisher } = await publisherWith(account);
  const head = await create(publisher, 'RightScript', place, 'script');
  const publication = await publish(publisher, 'RightScript', await commit(publisher, 'RightScript', head));
  const { component } = await asked(account, 'importPublication', { publicationId: publication.id });
  return { account, mutation: 'removeImport', input: { id: component.id }, witness: account };
}

/** All that an account has, told without ids, so that it can be compared with another account's. */
async function storyOf({ witness }: Prepared): Promise<unknown> {
  const VERSION = 'name revision version description origin deletedAt';
  const data: Data = await witness.query(`{
    multiCloudImages(filter: { versions: ALL, includeDeleted: true }, first: 100) { edges { node { name revision version description origin
      settings { cloud { id } image { id } } } } }
    serverTemplates(filter: { versions: ALL }, first: 100) { edges { node { ${VERSION}
      multiCloudImages { isDefault multiCloudImage { ${VERSION} } } scripts { phase position rightScript { ${VERSION} } } } } }
    rightScripts(filter: { versions: ALL }, first: 100) { edges { node { ${VERSION} source } } }
    auditEntries(first: 100) { edges { node { action } } } }`);
  const told = ([field, { edges }]: [string, Data]) => [
    field,
    edges.map(({ node }: Data) => JSON.stringify(node)).toSorted(),
  ];
  return Object.fromEntries(
    Object.entries(data).map(told as (entry: [string, unknown]) => [string, unknown]),
  );
}

const everythingStored = async (): Promise<string> => JSON.stringify(await storedRows(api.dataSource));

/** What becomes of a request whose connection is killed: nothing of it is stored beside what was, or all of it. */
async function crash({ account, mutation, input }: Prepared, where: Crash, stored: string) {
  let failed = false;
  let errors: unknown[] = [];
  const { before, killed } = await crashDuring(where, async () => {
    await ask(account, mutation, input).then(
      ({ userErrors }) => {
        errors = userErrors;
      },
      () => {
        failed = true;
      },
    );
  });
  const changed = (await everythingStored()) !== stored;
  return { before, killed, changed, failed, errors };
}

describe.each([
  ['an import', anImport],
  ['a subscription', aSubscription],
  ['a republishing', aRepublishing],
  ['a removal', aRemoval],
])('R-9.4: a crash during %s', (_what, prepare) => {
  test('at any statement leaves all or nothing, and the service goes on', async () => {
    const unharmed = await prepare();
    await asked(unharmed.account, unharmed.mutation, unharmed.input);
    const complete = await storyOf(unharmed);

    let prepared = await prepare();
    let stored = await everythingStored();
    const killedAt: string[] = [];
    for (;;) {
      const { before, killed, changed, failed, errors } = await crash(
        prepared,
        { at: killedAt.length + 1, when: 'UNSENT' },
        stored,
      );
      if (killed === null) {
        // Ran to its end: every statement was tried, and each time the same request ran again after the crash.
        expect({ before, failed, errors }).toEqual({ before: killedAt, failed: false, errors: [] });
        expect(await storyOf(prepared)).toEqual(complete);
        break;
      }
      killedAt.push(killed);
      expect({ killed, changed, failed }).toEqual({
        killed,
        changed: before.includes('COMMIT'),
        failed: true,
      });
      if (!changed) continue;
      expect(await storyOf(prepared)).toEqual(complete);
      prepared = await prepare();
      stored = await everythingStored();
    }
    expect(killedAt.filter((text) => text === 'START TRANSACTION')).toHaveLength(1);
    expect(killedAt.filter((text) => text === 'COMMIT')).toHaveLength(1);
  });
});
