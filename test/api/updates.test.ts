import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { auditOf, done, refused, refusedWithoutTrace, run } from '../kit/components';
import { clone, commit } from '../kit/version-control';

let api: TestApi;
let account: TestAccount;
let place: Place;

beforeAll(async () => {
  api = await startApi();
  place = await new TestCatalog(api.dataSource).place();
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await api.account();
});

/** How the tests deal with each kind of component that a template pins. */
interface Kind {
  readonly type: 'MultiCloudImage' | 'RightScript';
  create(name: string): Promise<Data>;
  /** Pins a version in a template, which it gives back as it is then. */
  pin(template: Data, version: Data): Promise<Data>;
  repin(template: Data, from: Data, to: Data): Promise<Data>;
  /** Where a template shows its pins of this kind. */
  readonly pins: 'multiCloudImages' | 'scripts';
}

const edit = (template: Data, input: object) => ({
  serverTemplateId: template.id,
  expectedVersion: template.version,
  ...input,
});

const MCI: Kind = {
  type: 'MultiCloudImage',
  create: (name) => done(account, 'createMultiCloudImage', { name, settings: [place.setting] }),
  pin: (template, { id }) =>
    done(account, 'addServerTemplateMultiCloudImage', edit(template, { multiCloudImageId: id })),
  repin: (template, from, to) =>
    done(account, 'repinServerTemplateMultiCloudImage', edit(template, { fromId: from.id, toId: to.id })),
  pins: 'multiCloudImages',
};

const SCRIPT: Kind = {
  type: 'RightScript',
  create: (name) => done(account, 'createRightScript', { name, source: 'echo hello' }),
  pin: (template, { id }) =>
    done(account, 'attachScript', edit(template, { rightScriptId: id, phase: 'BOOT' })),
  repin: (template, from, to) =>
    done(account, 'repinScript', edit(template, { phase: 'BOOT', fromId: from.id, toId: to.id })),
  pins: 'scripts',
};

const describeAs = (kind: Kind, head: Data, description: string): Promise<Data> =>
  done(account, `update${kind.type}`, { id: head.id, expectedVersion: head.version, description });

/** HEAD and its revisions 1, 2, …, each with a description of its own. */
async function lineage(
  kind: Kind,
  name: string,
  revisions: number,
): Promise<{ head: Data; revisions: Data[] }> {
  let head = await kind.create(name);
  const made: Data[] = [];
  for (let number = 1; number <= revisions; number++) {
    head = await describeAs(kind, head, `content ${number}`);
    made.push(await commit(account, kind.type, head));
  }
  return { head, revisions: made };
}

const refusedUpdate = (template: Data): Promise<Data> =>
  refusedWithoutTrace(account, 'serverTemplate', template.id, 'updateServerTemplatePins', edit(template, {}));

const template = (): Promise<Data> => done(account, 'createServerTemplate', { name: 'web' });

const UPDATE = 'updateAvailable { revision inMarketplace component { id revision } } changedInHead';
const OUTLOOK = `query($id: ID!) { serverTemplate(id: $id) { id version revision advisories { code severity message subject { id } }
  multiCloudImages { isDefault multiCloudImage { id } ${UPDATE} }
  scripts { phase position rightScript { id } ${UPDATE} } } }`;

async function outlook(id: string, who = account): Promise<Data> {
  return (await who.query(OUTLOOK, { id })).serverTemplate;
}

/** What the only pin of this kind says about updates. */
async function onlyPin(kind: Kind, { id }: Data): Promise<Data> {
  const [{ updateAvailable, changedInHead }, ...others] = (await outlook(id))[kind.pins];
  expect(others).toEqual([]);
  return { updateAvailable, changedInHead };
}

const localUpdate = ({ id, revision }: Data) => ({
  revision,
  inMarketplace: false,
  component: { id, revision },
});
const CURRENT = { updateAvailable: null, changedInHead: false };

describe.each([MCI, SCRIPT])('R-5.7: a pinned $type', (kind) => {
  test('1, with 2 local and HEAD = 2: an update, and changed; then, pinned to 2, neither', async () => {
    const { revisions } = await lineage(kind, 'pinned', 2);
    const [one, two] = revisions;
    const web = await kind.pin(await template(), one);
    expect(await onlyPin(kind, web)).toEqual({ updateAvailable: localUpdate(two), changedInHead: true });
    expect(await onlyPin(kind, await kind.repin(web, one, two))).toEqual(CURRENT);
  });

  test('2, the newest: changed as soon as HEAD is edited, and not any more when the edit is undone', async () => {
    const { head, revisions } = await lineage(kind, 'pinned', 2);
    const web = await kind.pin(await template(), revisions[1]);
    const edited = await describeAs(kind, head, 'content 3');
    expect(await onlyPin(kind, web)).toEqual({ updateAvailable: null, changedInHead: true });
    await describeAs(kind, edited, 'content 2');
    expect(await onlyPin(kind, web)).toEqual(CURRENT);
  });

  test('1, with 2 local and HEAD set back to 1: an update, but not changed', async () => {
    const { head, revisions } = await lineage(kind, 'pinned', 2);
    const [one, two] = revisions;
    const web = await kind.pin(await template(), one);
    await describeAs(kind, head, 'content 1');
    expect(await onlyPin(kind, web)).toEqual({ updateAvailable: localUpdate(two), changedInHead: false });
  });

  test('1 of 3: the newest is offered, not the next', async () => {
    const { revisions } = await lineage(kind, 'pinned', 3);
    const web = await kind.pin(await template(), revisions[0]);
    expect(await onlyPin(kind, web)).toEqual({
      updateAvailable: localUpdate(revisions[2]),
      changedInHead: true,
    });
  });

  test('HEAD: no update ever; changed until it is committed, and when it is edited again', async () => {
    const head = await kind.create('pinned');
    const web = await kind.pin(await template(), head);
    expect(await onlyPin(kind, web)).toEqual({ updateAvailable: null, changedInHead: true });
    await commit(account, kind.type, head);
    expect(await onlyPin(kind, web)).toEqual(CURRENT);
    await describeAs(kind, head, 'edited');
    expect(await onlyPin(kind, web)).toEqual({ updateAvailable: null, changedInHead: true });
  });

  test('of what was cloned: the ancestor’s updates never show', async () => {
    const { head, revisions } = await lineage(kind, 'origin', 1);
    const copy = await clone(account, kind.type, revisions[0]);
    const ofClone = await commit(account, kind.type, copy);
    const web = await kind.pin(await template(), ofClone);
    await commit(account, kind.type, await describeAs(kind, head, 'content 2'));
    expect(await onlyPin(kind, web)).toEqual(CURRENT);
  });

  test('in a committed template: nothing moves there any more', async () => {
    const { revisions } = await lineage(kind, 'pinned', 2);
    let web = await kind.pin(await template(), revisions[0]);
    if (kind === SCRIPT) web = await MCI.pin(web, await MCI.create('image'));
    const committed = await commit(account, 'ServerTemplate', web);
    const shown = await outlook(committed.id);
    expect(shown.revision).toBe(1);
    expect(shown[kind.pins]).toMatchObject([CURRENT]);
    expect((await outlook(web.id))[kind.pins]).toMatchObject([
      { updateAvailable: localUpdate(revisions[1]), changedInHead: true },
    ]);
  });

  test('R-6.8: in a snapshot of a template: nothing moves there, either', async () => {
    const { revisions } = await lineage(kind, 'pinned', 2);
    const web = await kind.pin(await template(), revisions[0]);
    const copy = await clone(account, 'ServerTemplate', web);
    const { serverTemplate } = await account.query(
      'query($id: ID!) { serverTemplate(id: $id) { history(first: 1) { edges { node { parents { id isSnapshot } } } } } }',
      { id: copy.id },
    );
    const [snapshot] = serverTemplate.history.edges[0].node.parents;
    expect(snapshot.isSnapshot).toBe(true);
    expect((await outlook(snapshot.id))[kind.pins]).toMatchObject([CURRENT]);
    expect(await onlyPin(kind, copy)).toEqual({
      updateAvailable: localUpdate(revisions[1]),
      changedInHead: true,
    });
    expect(await refusedUpdate({ id: snapshot.id, version: web.version })).toMatchObject({
      code: 'NOT_EDITABLE',
      path: ['input', 'serverTemplateId'],
    });
  });

  test('of a deleted lineage, in a deleted template: no update, not changed', async () => {
    const { head, revisions } = await lineage(kind, 'pinned', 2);
    const web = await kind.pin(await template(), revisions[0]);
    await done(account, 'deleteServerTemplate', { id: web.id });
    await done(account, `delete${kind.type}`, { id: head.id });
    expect(await onlyPin(kind, web)).toEqual(CURRENT);
    expect(await refusedUpdate(web)).toMatchObject({
      code: 'NOT_EDITABLE',
      path: ['input', 'serverTemplateId'],
    });
  });

  test('section 11: UPDATE_AVAILABLE names the newer revision, until the pin is moved', async () => {
    const { revisions } = await lineage(kind, 'pinned', 2);
    const web = await kind.pin(await template(), revisions[0]);
    const updates = async () =>
      (await outlook(web.id)).advisories.filter(({ code }: Data) => code === 'UPDATE_AVAILABLE');
    const name = kind === MCI ? 'MultiCloud Image' : 'RightScript';
    expect(await updates()).toEqual([
      {
        code: 'UPDATE_AVAILABLE',
        severity: 'INFO',
        message: `The ${name} "pinned" [rev 1] has a newer revision, "pinned" [rev 2]. Repin it, or move all pins at once with \`updateServerTemplatePins\`.`,
        subject: { id: revisions[1].id },
      },
    ]);
    await done(account, 'updateServerTemplatePins', edit(web, {}));
    expect(await updates()).toEqual([]);
  });
});

/** A template with pins that can move and pins that can't. */
async function mixed() {
  const [stale, current, headed] = [
    await lineage(MCI, 'stale', 3),
    await lineage(MCI, 'current', 2),
    await lineage(MCI, 'headed', 1),
  ];
  const [staleScript, headedScript] = [await lineage(SCRIPT, 'stale', 2), await lineage(SCRIPT, 'headed', 1)];
  let web = await template();
  for (const mci of [stale.revisions[0], current.revisions[1], headed.head]) web = await MCI.pin(web, mci);
  const attach = async (script: Data, phase: string) => {
    web = await done(account, 'attachScript', edit(web, { rightScriptId: script.id, phase }));
  };
  await attach(staleScript.revisions[0], 'DECOMMISSION');
  await attach(headedScript.head, 'BOOT');
  await attach(staleScript.revisions[0], 'BOOT');
  return { web, stale, current, headed, staleScript, headedScript };
}

describe('R-5.8 updateServerTemplatePins', () => {
  test('moves all that can move in one step, says what, and leaves everything else', async () => {
    const { web, stale, current, headed, staleScript, headedScript } = await mixed();
    const audited = await auditOf(account);
    const payload = await run(account, 'updateServerTemplatePins', edit(web, {}));
    const [mciFrom, , mciTo] = stale.revisions;
    const [scriptFrom, scriptTo] = staleScript.revisions;
    expect(payload).toMatchObject({
      userErrors: [],
      serverTemplate: { id: web.id, version: web.version + 1 },
      moved: [
        { from: { id: mciFrom.id }, to: { id: mciTo.id }, phase: null },
        { from: { id: scriptFrom.id }, to: { id: scriptTo.id }, phase: 'BOOT' },
        { from: { id: scriptFrom.id }, to: { id: scriptTo.id }, phase: 'DECOMMISSION' },
      ],
    });
    const after = await outlook(web.id);
    expect(after.multiCloudImages).toEqual([
      { isDefault: true, multiCloudImage: { id: mciTo.id }, ...CURRENT },
      { isDefault: false, multiCloudImage: { id: current.revisions[1].id }, ...CURRENT },
      { isDefault: false, multiCloudImage: { id: headed.head.id }, ...CURRENT },
    ]);
    expect(after.scripts).toEqual([
      { phase: 'BOOT', position: 0, rightScript: { id: headedScript.head.id }, ...CURRENT },
      { phase: 'BOOT', position: 1, rightScript: { id: scriptTo.id }, ...CURRENT },
      { phase: 'DECOMMISSION', position: 0, rightScript: { id: scriptTo.id }, ...CURRENT },
    ]);
    expect((await auditOf(account)).slice(audited.length)).toEqual([
      {
        action: 'serverTemplate.updatePins',
        changes: {
          moved: [
            { from: mciFrom.id, to: mciTo.id },
            { from: scriptFrom.id, to: scriptTo.id, phase: 'BOOT' },
            { from: scriptFrom.id, to: scriptTo.id, phase: 'DECOMMISSION' },
          ],
        },
      },
    ]);
  });

  test('with nothing to move changes nothing', async () => {
    const { web } = await mixed();
    const moved = await done(account, 'updateServerTemplatePins', edit(web, {}));
    const before = [await outlook(web.id), await auditOf(account)];
    const again = await run(account, 'updateServerTemplatePins', edit(moved, {}));
    expect(again).toMatchObject({
      userErrors: [],
      moved: [],
      serverTemplate: { id: web.id, version: moved.version },
    });
    expect([await outlook(web.id), await auditOf(account)]).toEqual(before);
  });

  test('leaves what is committed as it is, and is something to commit', async () => {
    const { head, revisions } = await lineage(MCI, 'pinned', 1);
    const web = await MCI.pin(await template(), revisions[0]);
    const first = await commit(account, 'ServerTemplate', web);
    const newest = await commit(account, 'MultiCloudImage', await describeAs(MCI, head, 'content 2'));
    const second = await commit(
      account,
      'ServerTemplate',
      await done(account, 'updateServerTemplatePins', edit(web, {})),
    );
    expect(second.revision).toBe(2);
    const pinned = async ({ id }: Data) => (await outlook(id)).multiCloudImages[0].multiCloudImage.id;
    expect([await pinned(first), await pinned(second)]).toEqual([revisions[0].id, newest.id]);
  });

  test('R-6.9: who saw another version is STALE', async () => {
    const { web } = await mixed();
    expect(await refusedUpdate({ id: web.id, version: web.version - 1 })).toMatchObject({
      code: 'STALE',
      path: ['input', 'expectedVersion'],
      currentVersion: web.version,
    });
  });

  test('R-6.1: a revision is NOT_EDITABLE', async () => {
    const { web } = await mixed();
    const committed = await commit(account, 'ServerTemplate', web);
    expect(await refusedUpdate(committed)).toMatchObject({
      code: 'NOT_EDITABLE',
      path: ['input', 'serverTemplateId'],
    });
  });

  test('R-2.2: another account’s template is NOT_FOUND', async () => {
    const { web } = await mixed();
    const other = await api.account();
    const before = await outlook(web.id);
    expect(await refused(other, 'updateServerTemplatePins', edit(web, {}))).toMatchObject({
      code: 'NOT_FOUND',
      path: ['input', 'serverTemplateId'],
    });
    expect(await outlook(web.id)).toEqual(before);
    expect(await auditOf(other)).toEqual([]);
  });
});
