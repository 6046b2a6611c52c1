import { createHash } from 'node:crypto';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog } from '../kit/catalog';
import { auditOf, done, mutationSource, read, refused, refusedWithoutTrace, run } from '../kit/components';
import { insertRightScriptRevision, insertServerTemplateRevision, insertSnapshot } from '../kit/revisions';

let api: TestApi;
let account: TestAccount;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await api.account();
});

const SOURCE = '#!/bin/sh -e\n\techo "grüße" \r\n';
const ABSENT = 'scr_00000000-0000-4000-8000-000000000000';

/** All that the audit log keeps of a source: it may hold secrets. */
const told = (source: string) => ({
  sourceBytes: Buffer.byteLength(source),
  sourceSha256: createHash('sha256').update(source).digest('hex'),
});

const scriptNamed = (name: string): Promise<Data> =>
  done(account, 'createRightScript', { name, source: SOURCE });
const createTemplate = (name = 'web'): Promise<Data> => done(account, 'createServerTemplate', { name });
const edit = (template: Data, input: object) => ({
  serverTemplateId: template.id,
  expectedVersion: template.version,
  ...input,
});
const attach = (template: Data, script: { id: string }, phase = 'BOOT', position?: number): Promise<Data> =>
  done(account, 'attachScript', edit(template, { rightScriptId: script.id, phase, position }));
const refusedEdit = (template: Data, name: string, input: object): Promise<Data> =>
  refusedWithoutTrace(account, 'serverTemplate', template.id, name, edit(template, input));

/** A template that runs these in BOOT. */
async function templateWith(...scripts: { id: string }[]): Promise<Data> {
  let template = await createTemplate();
  for (const script of scripts) template = await attach(template, script);
  return template;
}

/** As `scripts` answers. */
const running = (phase: string, ...scripts: { id: string }[]) =>
  scripts.map(({ id }, position) => ({ phase, position, rightScript: { id } }));

const storedPositions = (template: Data): Promise<unknown> =>
  api.dataSource.query(
    'SELECT phase, position, right_script_id FROM server_template_scripts WHERE server_template_id = $1 ORDER BY 1, 2',
    [template.id.slice(4)],
  );

async function countRightScripts(): Promise<number> {
  const data = await account.query('{ rightScripts(filter: { versions: ALL }) { totalCount } }');
  return data.rightScripts.totalCount;
}

describe('creating', () => {
  test('the source is kept as it is given', async () => {
    const script = await done(account, 'createRightScript', {
      name: 'install',
      description: 'puts it there',
      tags: ['x:y=z'],
      source: SOURCE,
    });
    expect(script).toEqual({
      id: script.id,
      lineageId: expect.any(String),
      name: 'install',
      description: 'puts it there',
      tags: ['x:y=z'],
      source: SOURCE,
      version: 1,
      revision: 0,
      isHead: true,
      editable: true,
      deletedAt: null,
    });
    expect(script.id).toMatch(/^scr_/);
    expect(await auditOf(account)).toEqual([
      {
        action: 'rightScript.create',
        changes: { name: 'install', description: 'puts it there', tags: ['x:y=z'], ...told(SOURCE) },
      },
    ]);
    const data = await account.query(
      `query($id: ID!) { rightScript(id: $id) { kind origin isSnapshot committedBy { name } clonedFrom { id } advisories { code }
        head { id } latestRevision { id } revisions { totalCount } serverTemplates { totalCount } } }`,
      { id: script.id },
    );
    expect(data.rightScript).toEqual({
      kind: 'RIGHT_SCRIPT',
      origin: 'PRIVATE',
      isSnapshot: false,
      committedBy: null,
      clonedFrom: null,
      advisories: [],
      head: { id: script.id },
      latestRevision: null,
      revisions: { totalCount: 0 },
      serverTemplates: { totalCount: 0 },
    });
  });

  test.each([
    [{ name: ' ' }, 'INVALID', 'name'],
    [{ tags: ['a:b'] }, 'INVALID', 'tags'],
    [{ source: '' }, 'INVALID', 'source'],
    [{ source: ' \n\t' }, 'INVALID', 'source'],
  ])('refuses %j', async (input, code, field) => {
    const error = await refused(account, 'createRightScript', { name: 'x', source: SOURCE, ...input });
    expect(error).toMatchObject({ __typename: 'ValidationError', code, path: ['input', field] });
    expect(await countRightScripts()).toBe(0);
    expect(await auditOf(account)).toEqual([]);
  });

  test('refuses 262,145 bytes of UTF-8, and text that can not be stored', async () => {
    const source = `${'é'.repeat(131_072)}x`;
    expect(await refused(account, 'createRightScript', { name: 'x', source })).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      path: ['input', 'source'],
      message: '`source` has 262145 bytes of UTF-8; at most 262144 are allowed.',
    });
    const answer = await api.request(account.token, mutationSource('createRightScript'), {
      input: { name: 'x', source: 'echo \0' },
    });
    expect(answer.errors).toMatchObject([
      {
        message: expect.stringContaining('`variables.input.source`'),
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
    expect(await countRightScripts()).toBe(0);
  });

  test('R-2.1: needs the role DESIGNER', async () => {
    const token = await account.tokenWith('ACTOR', 'LIBRARY', 'PUBLISHER', 'ADMIN', 'INFRASTRUCTURE');
    const answer = await api.request(token, mutationSource('createRightScript'), {
      input: { name: 'x', source: SOURCE },
    });
    expect(answer.errors?.map((error) => error.extensions.code)).toEqual(['FORBIDDEN']);
    expect(await countRightScripts()).toBe(0);
  });
});

describe('updating', () => {
  test('R-6.9: name, description and source are content: the version rises once per edit', async () => {
    const script = await scriptNamed('install');
    const longest = 'é'.repeat(131_072);
    const all = await done(account, 'updateRightScript', {
      id: script.id,
      expectedVersion: 1,
      name: 'set up',
      description: 'newer',
      source: longest,
    });
    expect(all).toEqual({ ...script, name: 'set up', description: 'newer', source: longest, version: 2 });
    const source = await done(account, 'updateRightScript', {
      id: script.id,
      expectedVersion: 2,
      source: SOURCE,
    });
    expect(source).toEqual({ ...all, source: SOURCE, version: 3 });
    expect((await auditOf(account)).at(-1)).toEqual({
      action: 'rightScript.update',
      changes: {
        sourceBytes: { before: 262_144, after: told(SOURCE).sourceBytes },
        sourceSha256: { before: told(longest).sourceSha256, after: told(SOURCE).sourceSha256 },
      },
    });
    const cleared = await done(account, 'updateRightScript', {
      id: script.id,
      expectedVersion: 3,
      description: null,
    });
    expect(cleared).toEqual({ ...source, description: null, version: 4 });
  });

  test('R-2.4: what changes nothing leaves no trace', async () => {
    const script = await scriptNamed('install');
    const before = await auditOf(account);
    for (const input of [{}, { name: 'install', source: SOURCE, description: null }])
      expect(
        await done(account, 'updateRightScript', { id: script.id, expectedVersion: 1, ...input }),
      ).toEqual(script);
    expect(await auditOf(account)).toEqual(before);
  });

  test.each([
    ['no name', { name: null }, 'INVALID', 'name'],
    ['no source', { source: null }, 'INVALID', 'source'],
    ['a blank source', { source: '\n' }, 'INVALID', 'source'],
    ['a source that is too long', { source: 'x'.repeat(262_145) }, 'LIMIT_EXCEEDED', 'source'],
    ['another version', { expectedVersion: 2, source: 'other' }, 'STALE', 'expectedVersion'],
  ])('refuses %s, and nothing changed', async (_what, input, code, field) => {
    const script = await scriptNamed('install');
    const error = await refusedWithoutTrace(account, 'rightScript', script.id, 'updateRightScript', {
      id: script.id,
      expectedVersion: 1,
      ...input,
    });
    expect(error).toMatchObject({ code, path: ['input', field] });
  });

  test('R-6.1: a committed revision is NOT_EDITABLE, also at the database', async () => {
    const script = await scriptNamed('install');
    const revision = await insertRightScriptRevision(api.dataSource, script.id);
    for (const [name, input] of [
      ['updateRightScript', { source: 'other' }],
      ['addTags', { tags: ['x'] }],
    ] as const) {
      const error = await refusedWithoutTrace(account, 'rightScript', revision, name, {
        id: revision,
        expectedVersion: 1,
        ...input,
      });
      expect(error).toMatchObject({
        __typename: 'NotEditableError',
        code: 'NOT_EDITABLE',
        path: ['input', 'id'],
      });
    }
    await expect(
      api.dataSource.query(`UPDATE right_scripts SET source = 'other' WHERE id = $1`, [revision.slice(4)]),
    ).rejects.toThrow('a committed revision never changes');
    expect(await read(account, 'rightScript', revision)).toMatchObject({
      source: SOURCE,
      revision: 1,
      isHead: false,
      editable: false,
    });
  });

  test('R-2.2: a script of another account and none are the same', async () => {
    const script = await scriptNamed('install');
    const other = await api.account();
    const input = { expectedVersion: 1, source: 'mine' };
    const foreign = await refused(other, 'updateRightScript', { id: script.id, ...input });
    expect(foreign).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'id'] });
    expect(foreign).toEqual(await refused(other, 'updateRightScript', { id: ABSENT, ...input }));
    expect(await read(account, 'rightScript', script.id)).toEqual(script);
    expect(await read(other, 'rightScript', script.id)).toBeNull();
  });

  test('R-6.9: of 20 edits at once with the same version exactly one wins', async () => {
    const script = await scriptNamed('install');
    const payloads = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        run(account, 'updateRightScript', { id: script.id, expectedVersion: 1, source: `echo ${index}` }),
      ),
    );
    const codes = payloads.flatMap((payload) => payload.userErrors.map((error: Data) => error.code));
    expect(codes).toEqual(Array.from({ length: 19 }, () => 'STALE'));
    const winner = payloads.find((payload) => payload.userErrors.length === 0)?.rightScript;
    expect(await read(account, 'rightScript', script.id)).toEqual(winner);
  });
});

describe('R-5.4: the scripts of a ServerTemplate', () => {
  test('are attached per phase, at a position or behind the others, as HEAD or a revision', async () => {
    const [one, two, three] = [
      await scriptNamed('one'),
      await scriptNamed('two'),
      await scriptNamed('three'),
    ];
    const revision = { id: await insertRightScriptRevision(api.dataSource, two.id) };
    let template = await createTemplate();
    template = await attach(template, one);
    expect(template).toMatchObject({ version: 2, scripts: running('BOOT', one) });
    template = await attach(template, revision);
    template = await attach(template, three, 'BOOT', 0);
    expect(template).toMatchObject({ version: 4, scripts: running('BOOT', three, one, revision) });
    template = await attach(template, one, 'DECOMMISSION');
    template = await attach(template, two, 'OPERATIONAL', 0);
    expect(template.scripts).toEqual([
      ...running('BOOT', three, one, revision),
      ...running('OPERATIONAL', two),
      ...running('DECOMMISSION', one),
    ]);
    expect((await auditOf(account)).slice(-3)).toEqual([
      {
        action: 'serverTemplate.attachScript',
        changes: { phase: 'BOOT', before: [one.id, revision.id], after: [three.id, one.id, revision.id] },
      },
      {
        action: 'serverTemplate.attachScript',
        changes: { phase: 'DECOMMISSION', before: [], after: [one.id] },
      },
      {
        action: 'serverTemplate.attachScript',
        changes: { phase: 'OPERATIONAL', before: [], after: [two.id] },
      },
    ]);
    const data = await account.query(
      `query($id: ID!) { serverTemplate(id: $id) { boot: scripts(phase: BOOT) { rightScript { name revision } }
        decommission: scripts(phase: DECOMMISSION) { position rightScript { name } } } }`,
      { id: template.id },
    );
    expect(data.serverTemplate).toEqual({
      boot: [
        { rightScript: { name: 'three', revision: 0 } },
        { rightScript: { name: 'one', revision: 0 } },
        { rightScript: { name: 'two', revision: 1 } },
      ],
      decommission: [{ position: 0, rightScript: { name: 'one' } }],
    });
  });

  test('a lineage at most once per phase: the refusal names the cure', async () => {
    const one = await scriptNamed('one');
    const revision = await insertRightScriptRevision(api.dataSource, one.id);
    const template = await templateWith(one);
    for (const rightScriptId of [one.id, revision]) {
      const error = await refusedEdit(template, 'attachScript', { rightScriptId, phase: 'BOOT' });
      expect(error).toMatchObject({ code: 'INVALID', path: ['input', 'rightScriptId'] });
      expect(error.message).toContain('`repinScript`');
    }
  });

  test('at most 100 per phase', async () => {
    const scripts = await Promise.all(
      Array.from({ length: 101 }, (_, index) => scriptNamed(`script ${index}`)),
    );
    const template = await createTemplate();
    await api.dataSource.query(
      `INSERT INTO server_template_scripts (server_template_id, phase, script_lineage_id, right_script_id, position)
       SELECT $1, 'BOOT', script.lineage_id, script.id, wanted.position - 1
       FROM unnest($2::uuid[]) WITH ORDINALITY AS wanted(id, position) JOIN right_scripts AS script ON script.id = wanted.id`,
      [template.id.slice(4), scripts.slice(0, 100).map((script) => script.id.slice(4))],
    );
    const last = scripts[100];
    const error = await refusedEdit(template, 'attachScript', { rightScriptId: last.id, phase: 'BOOT' });
    expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', path: ['input', 'phase'] });
    const elsewhere = await attach(template, last, 'OPERATIONAL');
    const moved = await done(
      account,
      'moveScript',
      edit(elsewhere, { rightScriptId: scripts[99].id, phase: 'BOOT', position: 0 }),
    );
    expect(moved.scripts).toEqual([
      ...running('BOOT', scripts[99], ...scripts.slice(0, 99)),
      ...running('OPERATIONAL', last),
    ]);
  });

  test('a position out of range is refused with the range', async () => {
    const [one, two, three] = [
      await scriptNamed('one'),
      await scriptNamed('two'),
      await scriptNamed('three'),
    ];
    const template = await templateWith(one, two);
    for (const [name, script, position, maximum] of [
      ['attachScript', three, 3, 2],
      ['attachScript', three, -1, 2],
      ['moveScript', one, 2, 1],
      ['moveScript', one, -1, 1],
    ] as const) {
      const error = await refusedEdit(template, name, { rightScriptId: script.id, phase: 'BOOT', position });
      expect(error).toMatchObject({
        code: 'INVALID',
        path: ['input', 'position'],
        message: `\`position\` is ${position}, but must be between 0 (the first) and ${maximum}.`,
      });
    }
  });

  test('move; positions stay without gaps, and the other phases as they are', async () => {
    const [one, two, three, four] = await Promise.all(['one', 'two', 'three', 'four'].map(scriptNamed));
    let template = await attach(await templateWith(one, two, three, four), two, 'OPERATIONAL');
    const move = async (script: Data, position: number): Promise<void> => {
      template = await done(
        account,
        'moveScript',
        edit(template, { rightScriptId: script.id, phase: 'BOOT', position }),
      );
    };
    await move(four, 1);
    expect(template.scripts).toEqual([
      ...running('BOOT', one, four, two, three),
      ...running('OPERATIONAL', two),
    ]);
    expect((await auditOf(account)).at(-1)).toEqual({
      action: 'serverTemplate.moveScript',
      changes: {
        phase: 'BOOT',
        before: [one.id, two.id, three.id, four.id],
        after: [one.id, four.id, two.id, three.id],
      },
    });
    await move(one, 3);
    const orderedBefore = template;
    expect(template.scripts).toEqual([
      ...running('BOOT', four, two, three, one),
      ...running('OPERATIONAL', two),
    ]);
    await move(one, 3);
    expect(template).toEqual(orderedBefore);
  });

  test('are detached; positions stay without gaps', async () => {
    const [one, two, three] = [
      await scriptNamed('one'),
      await scriptNamed('two'),
      await scriptNamed('three'),
    ];
    const template = await attach(await templateWith(one, two, three), one, 'DECOMMISSION');
    const detached = await done(
      account,
      'detachScript',
      edit(template, { rightScriptId: one.id, phase: 'BOOT' }),
    );
    expect(detached.scripts).toEqual([...running('BOOT', two, three), ...running('DECOMMISSION', one)]);
    expect(await storedPositions(template)).toEqual([
      { phase: 'BOOT', position: 0, right_script_id: two.id.slice(4) },
      { phase: 'BOOT', position: 1, right_script_id: three.id.slice(4) },
      { phase: 'DECOMMISSION', position: 0, right_script_id: one.id.slice(4) },
    ]);
    const again = await refusedEdit(detached, 'detachScript', { rightScriptId: one.id, phase: 'BOOT' });
    expect(again).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'rightScriptId'] });
  });

  test('are repinned within their lineage, in one phase only', async () => {
    const [one, two] = [await scriptNamed('one'), await scriptNamed('two')];
    const revision = { id: await insertRightScriptRevision(api.dataSource, one.id) };
    const template = await attach(await templateWith(one, two), one, 'DECOMMISSION');
    const repin = (fromId: string, toId: string) => ({ phase: 'BOOT', fromId, toId });
    const other = await refusedEdit(template, 'repinScript', repin(one.id, two.id));
    expect(other).toMatchObject({ code: 'INVALID', path: ['input', 'toId'] });
    const unpinned = await refusedEdit(template, 'repinScript', repin(revision.id, one.id));
    expect(unpinned).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'fromId'] });
    const absent = await refusedEdit(template, 'repinScript', repin(one.id, ABSENT));
    expect(absent).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'toId'] });
    const repinned = await done(account, 'repinScript', edit(template, repin(one.id, revision.id)));
    expect(repinned.scripts).toEqual([...running('BOOT', revision, two), ...running('DECOMMISSION', one)]);
    const same = await done(account, 'repinScript', edit(repinned, repin(revision.id, revision.id)));
    expect(same).toEqual(repinned);
  });

  test('R-2.2: a foreign, a deleted and a missing script are the same NOT_FOUND', async () => {
    const gone = await scriptNamed('gone');
    await done(account, 'deleteRightScript', { id: gone.id });
    const other = await api.account();
    const foreign = await done(other, 'createRightScript', { name: 'foreign', source: SOURCE });
    const template = await createTemplate();
    const errors = [];
    for (const { id } of [foreign, gone, { id: ABSENT }])
      errors.push(await refusedEdit(template, 'attachScript', { rightScriptId: id, phase: 'BOOT' }));
    expect(errors[0]).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'rightScriptId'] });
    expect(errors[1]).toEqual(errors[0]);
    expect(errors[2]).toEqual(errors[0]);
  });

  test('an id of something else is refused, naming the field', async () => {
    const template = await createTemplate();
    const script = await scriptNamed('one');
    const phase = 'BOOT';
    for (const [name, input, field] of [
      ['attachScript', { rightScriptId: template.id }, 'rightScriptId'],
      ['moveScript', { rightScriptId: 'x', position: 0 }, 'rightScriptId'],
      ['detachScript', { rightScriptId: template.id }, 'rightScriptId'],
      ['repinScript', { fromId: template.id, toId: script.id }, 'fromId'],
      ['repinScript', { fromId: script.id, toId: template.id }, 'toId'],
    ] as const) {
      const error = await refusedEdit(template, name, { phase, ...input });
      expect(error).toMatchObject({ code: 'INVALID', path: ['input', field] });
    }
  });

  test('R-6.9, R-6.1: a stale version and a committed revision are refused', async () => {
    const [one, two] = [await scriptNamed('one'), await scriptNamed('two')];
    const template = await templateWith(one, two);
    const revision = await insertServerTemplateRevision(api.dataSource, template.id);
    for (const [name, input] of [
      ['attachScript', { rightScriptId: one.id, phase: 'OPERATIONAL' }],
      ['moveScript', { rightScriptId: one.id, phase: 'BOOT', position: 1 }],
      ['detachScript', { rightScriptId: one.id, phase: 'BOOT' }],
      ['repinScript', { fromId: one.id, toId: one.id, phase: 'BOOT' }],
    ] as const) {
      const stale = await refusedWithoutTrace(account, 'serverTemplate', template.id, name, {
        serverTemplateId: template.id,
        expectedVersion: 1,
        ...input,
      });
      expect(stale).toMatchObject({ code: 'STALE', currentVersion: template.version });
      const sealed = await refusedWithoutTrace(account, 'serverTemplate', revision, name, {
        serverTemplateId: revision,
        expectedVersion: 1,
        ...input,
      });
      expect(sealed).toMatchObject({ code: 'NOT_EDITABLE', path: ['input', 'serverTemplateId'] });
    }
    for (const sql of [
      'DELETE FROM server_template_scripts WHERE server_template_id = $1',
      'UPDATE server_template_scripts SET position = 9 WHERE server_template_id = $1',
    ])
      await expect(api.dataSource.query(sql, [revision.slice(4)])).rejects.toThrow(
        'a committed revision never changes',
      );
    expect((await read(account, 'serverTemplate', revision)).scripts).toEqual(running('BOOT', one, two));
  });

  test('of 20 attachments at once with the same version exactly one wins', async () => {
    const scripts = await Promise.all(
      Array.from({ length: 20 }, (_, index) => scriptNamed(`script ${index}`)),
    );
    const template = await createTemplate();
    const payloads = await Promise.all(
      scripts.map((script) =>
        run(account, 'attachScript', edit(template, { rightScriptId: script.id, phase: 'BOOT' })),
      ),
    );
    const codes = payloads.flatMap((payload) => payload.userErrors.map((error: Data) => error.code));
    expect(codes).toEqual(Array.from({ length: 19 }, () => 'STALE'));
    expect((await read(account, 'serverTemplate', template.id)).scripts).toHaveLength(1);
  });
});

describe('deleting', () => {
  const MESSAGE =
    'Cannot delete as the RightScript (HEAD/committed revision) is being used by one or more ServerTemplates.';

  test.each(['HEAD', 'a revision'])(
    'R-4.5: is refused while HEAD or a revision of a template runs %s of it, in whatever phases',
    async (pinned) => {
      const script = await scriptNamed('used');
      const revision = await insertRightScriptRevision(api.dataSource, script.id);
      const used = { id: pinned === 'HEAD' ? script.id : revision };
      let template = await attach(await templateWith(used), used, 'DECOMMISSION');
      const committed = await insertServerTemplateRevision(api.dataSource, template.id);
      for (const id of [script.id, revision]) {
        const error = await refusedWithoutTrace(account, 'rightScript', script.id, 'deleteRightScript', {
          id,
        });
        expect(error).toEqual({
          __typename: 'InUseError',
          code: 'IN_USE',
          message: MESSAGE,
          path: ['input', 'id'],
          usedBy: [
            { id: template.id, name: 'web', revision: 0 },
            { id: committed, name: 'web', revision: 1 },
          ],
        });
      }
      for (const phase of ['BOOT', 'DECOMMISSION'])
        template = await done(account, 'detachScript', edit(template, { rightScriptId: used.id, phase }));
      const error = await refused(account, 'deleteRightScript', { id: script.id });
      expect(error.usedBy).toEqual([{ id: committed, name: 'web', revision: 1 }]);
    },
  );

  test('R-4.5, R-5.5: deletes HEAD and all revisions; they are still read by id, and say so', async () => {
    const script = await scriptNamed('unused');
    const revision = await insertRightScriptRevision(api.dataSource, script.id);
    const template = await templateWith({ id: revision });
    await done(account, 'deleteServerTemplate', { id: template.id });
    expect(await run(account, 'deleteRightScript', { id: revision })).toEqual({
      deletedId: revision,
      userErrors: [],
    });
    for (const [id, name] of [
      [script.id, '"unused" [HEAD]'],
      [revision, '"unused" [rev 1]'],
    ]) {
      const data = await account.query(
        'query($id: ID!) { rightScript(id: $id) { source deletedAt editable version advisories { code severity message subject { id } } } }',
        { id },
      );
      expect(data.rightScript).toEqual({
        source: SOURCE,
        deletedAt: expect.stringMatching(/Z$/),
        editable: false,
        version: 1,
        advisories: [
          {
            code: 'COMPONENT_DELETED',
            severity: 'WARNING',
            message: `The RightScript ${name} was deleted. Clone it to bring it back, or choose another one.`,
            subject: { id },
          },
        ],
      });
    }
    expect(await countRightScripts()).toBe(0);
    expect(await read(account, 'serverTemplate', template.id)).toMatchObject({
      scripts: running('BOOT', { id: revision }),
    });
    expect(await auditOf(account)).toContainEqual({
      action: 'rightScript.delete',
      changes: { name: 'unused', revisions: [0, 1] },
    });
    const again = await refused(account, 'deleteRightScript', { id: script.id });
    expect(again).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'id'] });
    const late = await refused(account, 'updateRightScript', {
      id: script.id,
      expectedVersion: 1,
      name: 'x',
    });
    expect(late).toMatchObject({ code: 'NOT_EDITABLE', path: ['input', 'id'] });
  });

  test('R-2.2: a script of another account can not be deleted, nor told apart from none', async () => {
    const script = await scriptNamed('mine');
    const other = await api.account();
    const foreign = await refused(other, 'deleteRightScript', { id: script.id });
    expect(foreign).toMatchObject({ code: 'NOT_FOUND' });
    expect(foreign).toEqual(await refused(other, 'deleteRightScript', { id: ABSENT }));
    expect(await read(account, 'rightScript', script.id)).toEqual(script);
  });

  test('R-4.5: when a deletion and an attachment meet, no live template runs a deleted script', async () => {
    for (let round = 0; round < 15; round += 1) {
      const script = await scriptNamed(`contested ${round}`);
      const template = await createTemplate();
      const [deletion, attached] = await Promise.all([
        run(account, 'deleteRightScript', { id: script.id }),
        run(account, 'attachScript', edit(template, { rightScriptId: script.id, phase: 'BOOT' })),
      ]);
      const deleted = deletion.userErrors.length === 0;
      expect(attached.userErrors.length === 0).toBe(!deleted);
      const codes = [deletion, attached].flatMap((payload) =>
        payload.userErrors.map((error: Data) => error.code),
      );
      expect(codes).toEqual([deleted ? 'NOT_FOUND' : 'IN_USE']);
    }
    const broken: unknown[] = await api.dataSource.query(
      `SELECT FROM server_template_scripts AS attached
       JOIN server_templates AS template ON template.id = attached.server_template_id
       JOIN right_scripts AS script ON script.id = attached.right_script_id
       WHERE template.account_id = $1 AND template.deleted_at IS NULL AND script.deleted_at IS NOT NULL`,
      [account.key],
    );
    expect(broken).toEqual([]);
  });
});

describe('R-6.8: a snapshot of a HEAD', () => {
  test('is read by id, never changes, and is in no list', async () => {
    const script = await scriptNamed('kept');
    const template = await templateWith(script);
    const snapshot = await insertSnapshot(api.dataSource, 'RightScript', script.id);
    const ofTemplate = await insertSnapshot(api.dataSource, 'ServerTemplate', template.id);
    const data = await account.query(
      `query($id: ID!, $lineageId: ID!) { rightScript(id: $id) { revision isSnapshot isHead editable source head { id } }
        rightScripts(filter: { lineageId: $lineageId, versions: ALL }) { edges { node { id serverTemplates { edges { node { id } } } } } } }`,
      { id: snapshot, lineageId: script.lineageId },
    );
    expect(data).toEqual({
      rightScript: {
        revision: 0,
        isSnapshot: true,
        isHead: false,
        editable: false,
        source: SOURCE,
        head: { id: script.id },
      },
      rightScripts: {
        edges: [{ node: { id: script.id, serverTemplates: { edges: [{ node: { id: template.id } }] } } }],
      },
    });
    expect((await read(account, 'serverTemplate', ofTemplate)).scripts).toEqual(running('BOOT', script));
    for (const [name, input] of [
      ['updateRightScript', { id: snapshot, source: 'other' }],
      ['addTags', { id: snapshot, tags: ['x'] }],
    ] as const) {
      const error = await refusedWithoutTrace(account, 'rightScript', snapshot, name, {
        expectedVersion: 1,
        ...input,
      });
      expect(error).toMatchObject({ code: 'NOT_EDITABLE', path: ['input', 'id'] });
    }
    const pinned = await refusedEdit(template, 'attachScript', {
      rightScriptId: snapshot,
      phase: 'DECOMMISSION',
    });
    expect(pinned).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'rightScriptId'] });
  });

  test('R-4.5: stands for nothing in a deletion: neither as what is deleted, nor as a user, nor in the audit log', async () => {
    const script = await scriptNamed('kept');
    const revision = await insertRightScriptRevision(api.dataSource, script.id);
    const template = await templateWith(script);
    const snapshots = [];
    for (let count = 0; count < 5; count += 1)
      snapshots.push(await insertSnapshot(api.dataSource, 'RightScript', script.id));
    await insertSnapshot(api.dataSource, 'ServerTemplate', template.id);
    const error = await refusedWithoutTrace(account, 'rightScript', script.id, 'deleteRightScript', {
      id: snapshots[0],
    });
    expect(error).toMatchObject({ code: 'INVALID', path: ['input', 'id'] });
    const used = await refused(account, 'deleteRightScript', { id: script.id });
    expect(used.usedBy).toEqual([{ id: template.id, name: 'web', revision: 0 }]);
    await done(account, 'detachScript', edit(template, { rightScriptId: script.id, phase: 'BOOT' }));
    await done(account, 'deleteRightScript', { id: revision });
    const data = await account.query(
      'query($id: ID!) { auditEntries(first: 1, filter: { objectId: $id }) { edges { node { action changes } } } }',
      { id: script.id },
    );
    expect(data.auditEntries.edges).toEqual([
      { node: { action: 'rightScript.delete', changes: { name: 'kept', revisions: [0, 1] } } },
    ]);
  });
});

describe('reading', () => {
  test('the list is narrowed and ordered like those of the other components', async () => {
    const [b, a] = [await scriptNamed('b install'), await scriptNamed('a drain')];
    const revision = await insertRightScriptRevision(api.dataSource, b.id);
    await done(account, 'addTags', { id: a.id, expectedVersion: 1, tags: ['team:owner=web'] });
    const other = await api.account();
    await done(other, 'createRightScript', { name: 'foreign', source: SOURCE });
    const ids = async (filter: object, orderBy: string | null = null): Promise<string[]> => {
      const data = await account.query(
        'query($filter: ComponentFilter, $orderBy: ComponentOrder) { rightScripts(filter: $filter, orderBy: $orderBy) { edges { node { id } } } }',
        { filter, orderBy },
      );
      return data.rightScripts.edges.map((edge: Data) => edge.node.id);
    };
    expect(await ids({})).toEqual([a.id, b.id]);
    expect(await ids({}, 'NAME_DESC')).toEqual([b.id, a.id]);
    expect(await ids({ versions: 'REVISIONS' })).toEqual([revision]);
    expect(await ids({ lineageId: b.lineageId, versions: 'ALL' })).toEqual(
      expect.arrayContaining([b.id, revision]),
    );
    expect(await ids({ name: 'DRAIN' })).toEqual([a.id]);
    expect(await ids({ search: 'inst' })).toEqual([b.id]);
    expect(await ids({ tag: 'team:owner=*' })).toEqual([a.id]);
    expect(await ids({ origin: 'IMPORTED' })).toEqual([]);
    await done(account, 'deleteRightScript', { id: a.id });
    expect(await ids({})).toEqual([b.id]);
    expect(await ids({ includeDeleted: true })).toEqual([a.id, b.id]);
  });

  test('R-5.2: scripts know no clouds: that filter is refused with the cure', async () => {
    const answer = await api.request(
      account.token,
      '{ rightScripts(filter: { cloudId: "cld_00000000-0000-4000-8000-000000000000" }) { totalCount } }',
    );
    expect(answer.errors).toMatchObject([
      {
        message:
          'A RightScript has no clouds: leave `cloudId` out, or filter ServerTemplates by it and read their `scripts`.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  test('R-5.6: where a very version is used; each template once', async () => {
    const script = await scriptNamed('shared');
    const revision = { id: await insertRightScriptRevision(api.dataSource, script.id) };
    let twice = await createTemplate('twice');
    for (const phase of ['BOOT', 'OPERATIONAL', 'DECOMMISSION']) twice = await attach(twice, script, phase);
    const committed = await insertServerTemplateRevision(api.dataSource, twice.id);
    const pinned = await attach(await createTemplate('pinned'), revision);
    const gone = await attach(await createTemplate('gone'), script);
    await done(account, 'deleteServerTemplate', { id: gone.id });
    const usersOf = async (viewer: TestAccount, id: string): Promise<Data> => {
      const data = await viewer.query(
        'query($id: ID!) { node(id: $id) { ... on RightScript { serverTemplates(first: 5) { totalCount edges { node { id revision } } } } } }',
        { id },
      );
      return data.node?.serverTemplates ?? null;
    };
    const ofHead = await usersOf(account, script.id);
    expect(ofHead.totalCount).toBe(2);
    expect(ofHead.edges.map((edge: Data) => edge.node)).toEqual(
      expect.arrayContaining([
        { id: twice.id, revision: 0 },
        { id: committed, revision: 1 },
      ]),
    );
    expect(await usersOf(account, revision.id)).toEqual({
      totalCount: 1,
      edges: [{ node: { id: pinned.id, revision: 0 } }],
    });
    expect(await usersOf(await api.account(), script.id)).toBeNull();
  });

  test('R-2.2: a reference of a gateway by lineage and number, and by id', async () => {
    const script = await scriptNamed('referenced');
    const revision = await insertRightScriptRevision(api.dataSource, script.id);
    const references = [
      { __typename: 'RightScript', lineageId: script.lineageId, revision: 0 },
      { __typename: 'RightScript', lineageId: script.lineageId, revision: 1 },
      { __typename: 'RightScript', id: script.id },
      { __typename: 'RightScript', lineageId: script.lineageId, revision: 2 },
    ];
    const resolve = async (viewer: TestAccount): Promise<Data> => {
      const data = await viewer.query(
        'query($references: [_Any!]!) { _entities(representations: $references) { ... on RightScript { id } } }',
        { references },
      );
      return data._entities;
    };
    expect(await resolve(account)).toEqual([{ id: script.id }, { id: revision }, { id: script.id }, null]);
    expect(await resolve(await api.account())).toEqual([null, null, null, null]);
  });

  test('revisions lead to each other', async () => {
    const script = await scriptNamed('versioned');
    const [first, second] = [
      await insertRightScriptRevision(api.dataSource, script.id),
      await insertRightScriptRevision(api.dataSource, script.id),
    ];
    const data = await account.query(
      `query($id: ID!) { rightScript(id: $id) { revision isHead head { id } latestRevision { id }
        revisions(first: 5) { totalCount edges { node { id revision commitMessage } } } } }`,
      { id: first },
    );
    expect(data.rightScript).toEqual({
      revision: 1,
      isHead: false,
      head: { id: script.id },
      latestRevision: { id: second },
      revisions: {
        totalCount: 2,
        edges: [
          { node: { id: second, revision: 2, commitMessage: 'committed' } },
          { node: { id: first, revision: 1, commitMessage: 'committed' } },
        ],
      },
    });
  });
});

describe('section 11: advisories', () => {
  const advisoriesOf = async (template: Data): Promise<Data> => {
    const data = await account.query(
      'query($id: ID!) { serverTemplate(id: $id) { advisories { code severity subject { id } } } }',
      { id: template.id },
    );
    return data.serverTemplate.advisories;
  };

  test('R-6.3, R-5.5, R-10.2: of a template: HEADs among its scripts once each, deleted ones, and the agent tag', async () => {
    const mci = await done(account, 'createMultiCloudImage', { name: 'mci' });
    const head = await scriptNamed('head');
    const pinned = { id: await insertRightScriptRevision(api.dataSource, (await scriptNamed('pinned')).id) };
    let template = await done(account, 'createServerTemplate', { name: 'web', multiCloudImageIds: [mci.id] });
    const ofMci = { code: 'HEAD_DEPENDENCY', severity: 'WARNING', subject: { id: mci.id } };
    expect(await advisoriesOf(template)).toEqual([ofMci]);
    template = await attach(template, head);
    template = await attach(template, head, 'DECOMMISSION');
    template = await attach(template, pinned);
    expect(await advisoriesOf(template)).toEqual([
      ofMci,
      { code: 'HEAD_DEPENDENCY', severity: 'WARNING', subject: { id: head.id } },
      { code: 'AGENT_TAG_MISSING', severity: 'WARNING', subject: { id: mci.id } },
    ]);
    const place = await new TestCatalog(api.dataSource).place();
    const data = await account.query(
      'query($id: ID!, $cloudId: ID!) { serverTemplate(id: $id) { resolve(cloudId: $cloudId) { advisories { code } } } }',
      { id: template.id, cloudId: place.cloud.id },
    );
    expect(data.serverTemplate.resolve.advisories).toContainEqual({ code: 'AGENT_TAG_MISSING' });
    await api.dataSource.query('UPDATE right_scripts SET deleted_at = now() WHERE id = $1', [
      pinned.id.slice(4),
    ]);
    expect(await advisoriesOf(template)).toContainEqual({
      code: 'COMPONENT_DELETED',
      severity: 'WARNING',
      subject: { id: pinned.id },
    });
  });
});
