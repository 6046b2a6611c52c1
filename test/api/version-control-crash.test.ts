import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { done } from '../kit/components';
import { crashDuring, type Crash } from '../kit/crash';
import { storedRows } from '../kit/stored-rows';
import { clone, commit, versionControlSource, type Kind, type Verb } from '../kit/version-control';
import { create, describeAs } from '../kit/versions';

let api: TestApi;
let places: Place[];

beforeAll(async () => {
  // Over one connection a request sends the same statements in the same order each time.
  api = await startApi({}, 1);
  const catalog = new TestCatalog(api.dataSource);
  places = [await catalog.place(), await catalog.place(), await catalog.place()];
});
afterAll(() => api.close());

/** A request that is to be made, and whose account holds nothing but what it needs. */
interface Prepared {
  readonly account: TestAccount;
  readonly verb: Verb;
  readonly kind: Kind;
  readonly input: object;
}

const settingAt = (index: number) => {
  const place = places[index];
  if (place === undefined) throw new Error(`There is no place ${index}`);
  return place.setting;
};

const editTemplate = (account: TestAccount, template: Data, name: string, input: object): Promise<Data> =>
  done(account, name, { serverTemplateId: template.id, expectedVersion: template.version, ...input });

/** A template with HEADs of both kinds, changed and not, one of them in two phases. */
async function commitWithDependencies(): Promise<Prepared> {
  const account = await api.account();
  const [place] = places;
  if (place === undefined) throw new Error('There is no place');
  const [fresh, more, same] = [
    await create(account, 'MultiCloudImage', place, 'fresh'),
    await create(account, 'MultiCloudImage', place, 'more'),
    await create(account, 'MultiCloudImage', place, 'same'),
  ];
  await commit(account, 'MultiCloudImage', same, 'before');
  const scripts = [
    await create(account, 'RightScript', place, 'first'),
    await create(account, 'RightScript', place, 'second'),
  ];
  let template = await done(account, 'createServerTemplate', {
    name: 'web',
    multiCloudImageIds: [fresh.id, more.id, same.id],
  });
  for (const phase of ['BOOT', 'DECOMMISSION'])
    for (const script of scripts)
      template = await editTemplate(account, template, 'attachScript', { rightScriptId: script.id, phase });
  return {
    account,
    verb: 'commit',
    kind: 'ServerTemplate',
    input: {
      id: template.id,
      expectedVersion: template.version,
      message: 'all of it',
      commitHeadDependencies: true,
    },
  };
}

const mergeInput = (into: Data, from: Data) => ({
  intoId: into.id,
  expectedVersion: into.version,
  fromId: from.id,
});

/** Both HEADs have uncommitted work; settings and matchers come, go and change. */
async function mergeOfMultiCloudImages(): Promise<Prepared> {
  const account = await api.account();
  const edit = (mci: Data, name: string, input: object): Promise<Data> =>
    done(account, name, { multiCloudImageId: mci.id, expectedVersion: mci.version, ...input });
  const matcher = (fingerprint: string) => ({ fingerprint, pick: 'UNIQUE', instanceTypes: ['large'] });
  let ours = await done(account, 'createMultiCloudImage', {
    name: 'ours',
    settings: [settingAt(0), settingAt(1)],
  });
  ours = await edit(ours, 'addMultiCloudImageMatcher', matcher('base'));
  await commit(account, 'MultiCloudImage', ours, 'before');
  const copy = await clone(account, 'MultiCloudImage', ours, { name: 'theirs' });
  let theirs = await edit(copy, 'setMultiCloudImageSetting', { ...settingAt(0), userData: 'changed' });
  theirs = await edit(theirs, 'removeMultiCloudImageSetting', { cloudId: settingAt(1).cloudId });
  theirs = await edit(theirs, 'setMultiCloudImageSetting', settingAt(2));
  theirs = await edit(theirs, 'addMultiCloudImageMatcher', matcher('theirs'));
  ours = await describeAs(account, 'MultiCloudImage', ours, 'not committed');
  return { account, verb: 'merge', kind: 'MultiCloudImage', input: mergeInput(ours, theirs) };
}

/** Both HEADs have uncommitted work; pins and scripts come, go and change. */
async function mergeOfServerTemplates(): Promise<Prepared> {
  const account = await api.account();
  const [place] = places;
  if (place === undefined) throw new Error('There is no place');
  const mci = (name: string) => create(account, 'MultiCloudImage', place, name);
  const script = (name: string) => create(account, 'RightScript', place, name);
  const [repinned, removed, added] = [await mci('repinned'), await mci('removed'), await mci('added')];
  const [first, second, third] = [await script('first'), await script('second'), await script('third')];
  const repinnedOne = await commit(account, 'MultiCloudImage', repinned, 'before');
  let ours = await done(account, 'createServerTemplate', {
    name: 'ours',
    multiCloudImageIds: [repinned.id, removed.id],
  });
  for (const attached of [first, second])
    ours = await editTemplate(account, ours, 'attachScript', { rightScriptId: attached.id, phase: 'BOOT' });
  await commit(account, 'ServerTemplate', ours, 'before');
  let theirs = await clone(account, 'ServerTemplate', ours, { name: 'theirs' });
  for (const [name, input] of [
    ['repinServerTemplateMultiCloudImage', { fromId: repinned.id, toId: repinnedOne.id }],
    ['removeServerTemplateMultiCloudImage', { multiCloudImageId: removed.id }],
    ['addServerTemplateMultiCloudImage', { multiCloudImageId: added.id, makeDefault: true }],
    ['moveScript', { rightScriptId: second.id, phase: 'BOOT', position: 0 }],
    ['attachScript', { rightScriptId: third.id, phase: 'OPERATIONAL' }],
  ] as const)
    theirs = await editTemplate(account, theirs, name, input);
  ours = await describeAs(account, 'ServerTemplate', ours, 'not committed');
  return { account, verb: 'merge', kind: 'ServerTemplate', input: mergeInput(ours, theirs) };
}

const ask = ({ account, verb, kind, input }: Prepared) =>
  api.request(account.token, versionControlSource(verb, kind), { input });

const VERSION = `name revision version description tags commitMessage
  history(first: 100) { edges { node { event message component { revision } parents { name revision isSnapshot } } } }`;

const STORY = `{
  multiCloudImages(filter: { versions: ALL }, first: 100) { edges { node { ${VERSION}
    settings { cloud { id } image { id } userData madeBy } matchers { fingerprint } } } }
  serverTemplates(filter: { versions: ALL }, first: 100) { edges { node { ${VERSION}
    multiCloudImages { isDefault multiCloudImage { name revision } } scripts { phase position rightScript { name revision } } } } }
  rightScripts(filter: { versions: ALL }, first: 100) { edges { node { ${VERSION} source } } }
  auditEntries(first: 100) { edges { node { action } } } }`;

/** All that an account has, told without ids, so that it can be compared with another account's. */
async function storyOf({ account }: Prepared): Promise<unknown> {
  const data: Data = await account.query(STORY);
  const told = ([field, { edges }]: [string, Data]) => {
    const nodes: unknown[] = edges.map(({ node }: Data) => node);
    // Audit entries of one moment have no order either.
    return [field, nodes.map((node) => JSON.stringify(node)).toSorted()];
  };
  return Object.fromEntries(
    Object.entries(data).map(told as (entry: [string, unknown]) => [string, unknown]),
  );
}

/** What becomes of a request whose connection is killed: nothing of it is stored, or all of it. */
async function crash(prepared: Prepared, where: Crash) {
  const stored = await storedRows(api.dataSource);
  let codes: (string | undefined)[] = [];
  const { before, killed } = await crashDuring(where, async () => {
    codes = ((await ask(prepared)).errors ?? []).map(({ extensions }) => extensions.code);
  });
  const changed = JSON.stringify(await storedRows(api.dataSource)) !== JSON.stringify(stored);
  return { before, killed, changed, codes };
}

describe.each([
  ['commit with HEAD dependencies', commitWithDependencies],
  ['merge of MultiCloud Images', mergeOfMultiCloudImages],
  ['merge of ServerTemplates', mergeOfServerTemplates],
])('R-6.3, R-6.7: a crash during a %s', (_what, prepare) => {
  test('at any statement leaves all or nothing, and the service goes on', async () => {
    const unharmed = await prepare();
    const { data } = await ask(unharmed);
    expect(data[`${unharmed.verb}${unharmed.kind}`].userErrors).toEqual([]);
    const complete = await storyOf(unharmed);

    let prepared = await prepare();
    const killedAt: string[] = [];
    for (;;) {
      const { before, killed, changed, codes } = await crash(prepared, {
        at: killedAt.length + 1,
        when: 'UNSENT',
      });
      if (killed === null) {
        // Ran to its end: every statement was tried, and each time the same request ran again after the crash.
        expect(before).toEqual(killedAt);
        expect(await storyOf(prepared)).toEqual(complete);
        break;
      }
      killedAt.push(killed);
      expect({ killed, changed, codes }).toEqual({
        killed,
        changed: before.includes('COMMIT'),
        codes: ['INTERNAL_SERVER_ERROR'],
      });
      if (!changed) continue;
      expect(await storyOf(prepared)).toEqual(complete);
      prepared = await prepare();
    }
    expect(killedAt).toContain('START TRANSACTION');
    expect(killedAt.filter((text) => text === 'COMMIT')).toHaveLength(1);
  });

  test('that loses only the answer to COMMIT leaves all', async () => {
    const unharmed = await prepare();
    const statements = (await crashDuring({ at: Infinity, when: 'UNSENT' }, () => ask(unharmed))).before;
    const complete = await storyOf(unharmed);
    const prepared = await prepare();
    const at = statements.indexOf('COMMIT') + 1;
    expect(await crash(prepared, { at, when: 'UNANSWERED' })).toMatchObject({
      killed: 'COMMIT',
      changed: true,
    });
    expect(await storyOf(prepared)).toEqual(complete);
    const again = await ask(prepared);
    expect(again.errors).toBeUndefined();
    expect(again.data[`${prepared.verb}${prepared.kind}`].userErrors).toMatchObject([{ code: 'STALE' }]);
  });
});
