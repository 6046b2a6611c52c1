import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { auditOf, done, mutationSource, read, refused, refusedWithoutTrace, run } from '../kit/components';
import { insertMultiCloudImageRevision, insertServerTemplateRevision } from '../kit/revisions';

let api: TestApi;
let account: TestAccount;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await api.account();
});

const mciNamed = (name: string): Promise<Data> => done(account, 'createMultiCloudImage', { name });
const create = (...mcis: Data[]): Promise<Data> =>
  done(account, 'createServerTemplate', { name: 'web', multiCloudImageIds: mcis.map((mci) => mci.id) });
const edit = (template: Data, input: object) => ({
  serverTemplateId: template.id,
  expectedVersion: template.version,
  ...input,
});
const pin = (mci: { id: string }, isDefault = false) => ({ isDefault, multiCloudImage: { id: mci.id } });
const refusedEdit = (template: Data, name: string, input: object): Promise<Data> =>
  refusedWithoutTrace(account, 'serverTemplate', template.id, name, edit(template, input));

const ABSENT = 'mci_00000000-0000-4000-8000-000000000000';

describe('creating', () => {
  test('R-5.1: the first MCI is the default; pins are HEAD or a revision', async () => {
    const [one, two] = [await mciNamed('one'), await mciNamed('two')];
    const revision = await insertMultiCloudImageRevision(api.dataSource, two.id);
    const template = await done(account, 'createServerTemplate', {
      name: 'web',
      description: 'serves',
      tags: ['x:y=z'],
      multiCloudImageIds: [one.id, revision],
    });
    expect(template).toMatchObject({
      name: 'web',
      description: 'serves',
      tags: ['x:y=z'],
      version: 1,
      revision: 0,
      editable: true,
      multiCloudImages: [pin(one, true), pin({ id: revision })],
      defaultMultiCloudImage: { id: one.id },
    });
    expect(await auditOf(account)).toContainEqual({
      action: 'serverTemplate.create',
      changes: {
        name: 'web',
        description: 'serves',
        tags: ['x:y=z'],
        multiCloudImageIds: [one.id, revision],
        defaultMultiCloudImageId: one.id,
      },
    });
  });

  test('R-5.1: without MCIs there is no default', async () => {
    expect(await create()).toMatchObject({ multiCloudImages: [], defaultMultiCloudImage: null });
  });

  test('R-5.1: a lineage twice is refused, also by different versions', async () => {
    const one = await mciNamed('one');
    const revision = await insertMultiCloudImageRevision(api.dataSource, one.id);
    const error = await refused(account, 'createServerTemplate', {
      name: 'web',
      multiCloudImageIds: [one.id, revision],
    });
    expect(error).toMatchObject({ code: 'INVALID', path: ['input', 'multiCloudImageIds', '1'] });
    expect(await countServerTemplates()).toBe(0);
  });

  test('R-5.1: 101 MCIs are refused', async () => {
    const one = await mciNamed('one');
    const error = await refused(account, 'createServerTemplate', {
      name: 'web',
      multiCloudImageIds: Array.from({ length: 101 }, () => one.id),
    });
    expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', path: ['input', 'multiCloudImageIds'] });
    expect(await countServerTemplates()).toBe(0);
  });

  test('R-2.2: an MCI of another account, a deleted one and one that does not exist are the same NOT_FOUND', async () => {
    const [one, gone] = [await mciNamed('one'), await mciNamed('gone')];
    await done(account, 'deleteMultiCloudImage', { id: gone.id });
    const other = await api.account();
    const foreign = await done(other, 'createMultiCloudImage', { name: 'foreign' });
    const errors = [];
    for (const id of [foreign.id, gone.id, ABSENT])
      errors.push(
        await refused(account, 'createServerTemplate', { name: 'web', multiCloudImageIds: [one.id, id] }),
      );
    expect(errors[0]).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'multiCloudImageIds', '1'] });
    expect(errors[1]).toEqual(errors[0]);
    expect(errors[2]).toEqual(errors[0]);
    expect(await countServerTemplates()).toBe(0);
  });

  test('R-2.1: needs the role DESIGNER', async () => {
    const token = await account.tokenWith('ACTOR', 'LIBRARY', 'PUBLISHER', 'ADMIN', 'INFRASTRUCTURE');
    const answer = await api.request(token, mutationSource('createServerTemplate'), {
      input: { name: 'web' },
    });
    expect(answer.errors?.map((error) => error.extensions.code)).toEqual(['FORBIDDEN']);
    expect(await countServerTemplates()).toBe(0);
  });
});

describe('pins', () => {
  test('R-5.1: are added; the first is the default, a later one when asked', async () => {
    const [one, two, three] = [await mciNamed('one'), await mciNamed('two'), await mciNamed('three')];
    const name = 'addServerTemplateMultiCloudImage';
    let template = await create();
    template = await done(account, name, edit(template, { multiCloudImageId: one.id }));
    expect(template).toMatchObject({ version: 2, multiCloudImages: [pin(one, true)] });
    template = await done(account, name, edit(template, { multiCloudImageId: two.id }));
    expect(template).toMatchObject({ version: 3, multiCloudImages: [pin(one, true), pin(two)] });
    template = await done(account, name, edit(template, { multiCloudImageId: three.id, makeDefault: true }));
    expect(template).toMatchObject({
      version: 4,
      multiCloudImages: [pin(three, true), pin(one), pin(two)],
      defaultMultiCloudImage: { id: three.id },
    });
    expect(await auditOf(account)).toContainEqual({
      action: 'serverTemplate.addMultiCloudImage',
      changes: {
        before: { multiCloudImageIds: [one.id, two.id], defaultMultiCloudImageId: one.id },
        after: { multiCloudImageIds: [one.id, two.id, three.id], defaultMultiCloudImageId: three.id },
      },
    });
  });

  test('R-5.1: another version of a lineage that is named already is refused', async () => {
    const one = await mciNamed('one');
    const revision = await insertMultiCloudImageRevision(api.dataSource, one.id);
    const template = await create(one);
    for (const id of [one.id, revision]) {
      const error = await refusedEdit(template, 'addServerTemplateMultiCloudImage', {
        multiCloudImageId: id,
      });
      expect(error).toMatchObject({ code: 'INVALID', path: ['input', 'multiCloudImageId'] });
    }
  });

  test('R-5.1: the default moves', async () => {
    const [one, two] = [await mciNamed('one'), await mciNamed('two')];
    const template = await create(one, two);
    const moved = await done(
      account,
      'setDefaultMultiCloudImage',
      edit(template, { multiCloudImageId: two.id }),
    );
    expect(moved).toMatchObject({ version: 2, multiCloudImages: [pin(two, true), pin(one)] });
    const same = await done(account, 'setDefaultMultiCloudImage', edit(moved, { multiCloudImageId: two.id }));
    expect(same).toEqual(moved);
    const three = await mciNamed('three');
    const error = await refusedEdit(moved, 'setDefaultMultiCloudImage', { multiCloudImageId: three.id });
    expect(error).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'multiCloudImageId'] });
  });

  test('R-5.1: the default is removed only with a new one named, unless it is the last', async () => {
    const [one, two, three] = [await mciNamed('one'), await mciNamed('two'), await mciNamed('three')];
    const name = 'removeServerTemplateMultiCloudImage';
    let template = await create(one, two, three);
    const unnamed = await refusedEdit(template, name, { multiCloudImageId: one.id });
    expect(unnamed).toMatchObject({ code: 'INVALID', path: ['input', 'newDefaultId'] });
    const itself = await refusedEdit(template, name, { multiCloudImageId: one.id, newDefaultId: one.id });
    expect(itself).toMatchObject({ code: 'INVALID', path: ['input', 'newDefaultId'] });
    const absent = await refusedEdit(template, name, { multiCloudImageId: one.id, newDefaultId: ABSENT });
    expect(absent).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'newDefaultId'] });
    template = await done(
      account,
      name,
      edit(template, { multiCloudImageId: one.id, newDefaultId: three.id }),
    );
    expect(template).toMatchObject({ version: 2, multiCloudImages: [pin(three, true), pin(two)] });
    template = await done(account, name, edit(template, { multiCloudImageId: two.id }));
    expect(template).toMatchObject({ version: 3, multiCloudImages: [pin(three, true)] });
    template = await done(account, name, edit(template, { multiCloudImageId: three.id }));
    expect(template).toMatchObject({ version: 4, multiCloudImages: [], defaultMultiCloudImage: null });
  });

  test('R-5.1: pins keep their order through removal, adding and repinning', async () => {
    const [one, two, three, four] = await Promise.all(['one', 'two', 'three', 'four'].map(mciNamed));
    const revision = await insertMultiCloudImageRevision(api.dataSource, two.id);
    let template = await create(one, two, three);
    template = await done(
      account,
      'removeServerTemplateMultiCloudImage',
      edit(template, { multiCloudImageId: one.id, newDefaultId: three.id }),
    );
    template = await done(
      account,
      'addServerTemplateMultiCloudImage',
      edit(template, { multiCloudImageId: four.id }),
    );
    template = await done(
      account,
      'repinServerTemplateMultiCloudImage',
      edit(template, { fromId: two.id, toId: revision }),
    );
    expect(template.multiCloudImages).toEqual([pin(three, true), pin({ id: revision }), pin(four)]);
  });

  test('R-5.1: a pin moves only to another version of the same lineage', async () => {
    const [one, two] = [await mciNamed('one'), await mciNamed('two')];
    const revision = await insertMultiCloudImageRevision(api.dataSource, one.id);
    const name = 'repinServerTemplateMultiCloudImage';
    const template = await create(one, two);
    const other = await refusedEdit(template, name, { fromId: one.id, toId: two.id });
    expect(other).toMatchObject({ code: 'INVALID', path: ['input', 'toId'] });
    const unpinned = await refusedEdit(template, name, { fromId: revision, toId: one.id });
    expect(unpinned).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'fromId'] });
    const absent = await refusedEdit(template, name, { fromId: one.id, toId: ABSENT });
    expect(absent).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'toId'] });
    const moved = await done(account, name, edit(template, { fromId: one.id, toId: revision }));
    expect(moved).toMatchObject({
      version: 2,
      multiCloudImages: [pin({ id: revision }, true), pin(two)],
      defaultMultiCloudImage: { id: revision },
    });
    expect(await done(account, name, edit(moved, { fromId: revision, toId: revision }))).toEqual(moved);
  });

  test('R-5.1: the database refuses a template whose MCIs have no default', async () => {
    const one = await mciNamed('one');
    const template = await create(one);
    await expect(
      api.dataSource.query('UPDATE server_templates SET default_mci_lineage_id = NULL WHERE id = $1', [
        template.id.slice(4),
      ]),
    ).rejects.toThrow('exactly one of its MCIs must be the default');
    expect(await read(account, 'serverTemplate', template.id)).toEqual(template);
  });
});

describe('editing', () => {
  test('R-6.9: every edit carries the version; a stale one loses nothing', async () => {
    const [one, two] = [await mciNamed('one'), await mciNamed('two')];
    const created = await create(one, two);
    const template = await done(account, 'updateServerTemplate', {
      id: created.id,
      expectedVersion: 1,
      description: 'newer',
    });
    const stale = { serverTemplateId: template.id, expectedVersion: 1 };
    for (const [name, input] of [
      ['updateServerTemplate', { id: template.id, expectedVersion: 1, name: 'x' }],
      ['addServerTemplateMultiCloudImage', { ...stale, multiCloudImageId: one.id }],
      ['removeServerTemplateMultiCloudImage', { ...stale, multiCloudImageId: two.id }],
      ['repinServerTemplateMultiCloudImage', { ...stale, fromId: one.id, toId: one.id }],
      ['setDefaultMultiCloudImage', { ...stale, multiCloudImageId: two.id }],
      ['addTags', { id: template.id, expectedVersion: 1, tags: ['x'] }],
    ] as const) {
      const error = await refusedWithoutTrace(account, 'serverTemplate', template.id, name, input);
      expect(error).toMatchObject({ __typename: 'StaleVersionError', code: 'STALE', currentVersion: 2 });
    }
  });

  test('R-6.9: of 20 edits at once with the same version exactly one wins, the others are STALE', async () => {
    const mcis = await Promise.all(Array.from({ length: 20 }, (_, index) => mciNamed(`mci ${index}`)));
    const template = await create();
    const payloads = await Promise.all(
      mcis.map((mci) =>
        run(account, 'addServerTemplateMultiCloudImage', edit(template, { multiCloudImageId: mci.id })),
      ),
    );
    const codes = payloads.flatMap((payload) => payload.userErrors.map((error: Data) => error.code));
    expect(codes).toEqual(Array.from({ length: 19 }, () => 'STALE'));
    const winner = payloads.find((payload) => payload.userErrors.length === 0)?.serverTemplate;
    const after = await read(account, 'serverTemplate', template.id);
    expect(after).toEqual(winner);
    expect(after.multiCloudImages).toHaveLength(1);
    expect(after.version).toBe(2);
  });

  test('R-6.1: a committed revision is NOT_EDITABLE, also at the database', async () => {
    const [one, two] = [await mciNamed('one'), await mciNamed('two')];
    const template = await create(one);
    const revision = await insertServerTemplateRevision(api.dataSource, template.id);
    for (const [name, input] of [
      ['updateServerTemplate', { id: revision, name: 'x' }],
      ['addServerTemplateMultiCloudImage', { serverTemplateId: revision, multiCloudImageId: two.id }],
      ['removeServerTemplateMultiCloudImage', { serverTemplateId: revision, multiCloudImageId: one.id }],
    ] as const) {
      const error = await refusedWithoutTrace(account, 'serverTemplate', revision, name, {
        expectedVersion: 1,
        ...input,
      });
      expect(error).toMatchObject({ __typename: 'NotEditableError', code: 'NOT_EDITABLE' });
    }
    const before = await read(account, 'serverTemplate', revision);
    for (const sql of [
      `UPDATE server_templates SET name = 'x' WHERE id = $1`,
      'DELETE FROM server_template_multi_cloud_images WHERE server_template_id = $1',
      'UPDATE server_template_multi_cloud_images SET position = 9 WHERE server_template_id = $1',
    ])
      await expect(api.dataSource.query(sql, [revision.slice(4)])).rejects.toThrow(
        'a committed revision never changes',
      );
    expect(await read(account, 'serverTemplate', revision)).toEqual(before);
  });
});

describe('deleting', () => {
  const MESSAGE =
    'Cannot delete as the MultiCloud Image (HEAD/committed revision) is being used by one or more ServerTemplates.';

  test.each(['HEAD', 'a revision'])(
    'R-4.5: an MCI is kept while HEAD or a revision of a template names %s of it',
    async (pinned) => {
      const mci = await mciNamed('used');
      const revision = await insertMultiCloudImageRevision(api.dataSource, mci.id);
      const template = await create({ id: pinned === 'HEAD' ? mci.id : revision });
      const committed = await insertServerTemplateRevision(api.dataSource, template.id);
      for (const id of [mci.id, revision]) {
        const error = await refusedWithoutTrace(account, 'multiCloudImage', mci.id, 'deleteMultiCloudImage', {
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
      await done(
        account,
        'removeServerTemplateMultiCloudImage',
        edit(template, { multiCloudImageId: pinned === 'HEAD' ? mci.id : revision }),
      );
      const error = await refused(account, 'deleteMultiCloudImage', { id: mci.id });
      expect(error.usedBy).toEqual([{ id: committed, name: 'web', revision: 1 }]);
    },
  );

  test('R-4.5: deletes HEAD and all revisions, once no live template names them', async () => {
    const mci = await mciNamed('unused');
    const revision = await insertMultiCloudImageRevision(api.dataSource, mci.id);
    const template = await create({ id: revision });
    await done(account, 'deleteServerTemplate', { id: template.id });
    expect(await run(account, 'deleteMultiCloudImage', { id: revision })).toEqual({
      deletedId: revision,
      userErrors: [],
    });
    for (const id of [mci.id, revision])
      expect(await read(account, 'multiCloudImage', id)).toMatchObject({
        deletedAt: expect.stringMatching(/Z$/),
        editable: false,
        version: 1,
      });
    const list = await account.query('{ multiCloudImages(filter: { versions: ALL }) { totalCount } }');
    expect(list.multiCloudImages.totalCount).toBe(0);
    expect(await auditOf(account)).toContainEqual({
      action: 'multiCloudImage.delete',
      changes: { name: 'unused', revisions: [0, 1] },
    });
    const again = await refused(account, 'deleteMultiCloudImage', { id: mci.id });
    expect(again).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'id'] });
    const late = await refused(account, 'updateMultiCloudImage', {
      id: mci.id,
      expectedVersion: 1,
      name: 'x',
    });
    expect(late).toMatchObject({ code: 'NOT_EDITABLE', path: ['input', 'id'] });
  });

  test('R-5.5: a deleted template can still be read, and says so', async () => {
    const template = await create(await mciNamed('one'));
    const revision = await insertServerTemplateRevision(api.dataSource, template.id);
    expect(await run(account, 'deleteServerTemplate', { id: template.id })).toEqual({
      deletedId: template.id,
      userErrors: [],
    });
    for (const id of [template.id, revision]) {
      const data = await account.query(
        'query($id: ID!) { serverTemplate(id: $id) { deletedAt editable advisories { code severity } } }',
        { id },
      );
      expect(data.serverTemplate).toMatchObject({ deletedAt: expect.any(String), editable: false });
      expect(data.serverTemplate.advisories).toContainEqual({
        code: 'COMPONENT_DELETED',
        severity: 'WARNING',
      });
    }
    expect(await countServerTemplates()).toBe(0);
    const again = await refused(account, 'deleteServerTemplate', { id: revision });
    expect(again).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'id'] });
  });

  test("R-2.2: another account's components can not be deleted, nor told apart from none", async () => {
    const mci = await mciNamed('mine');
    const other = await api.account();
    const foreign = await refused(other, 'deleteMultiCloudImage', { id: mci.id });
    expect(foreign).toMatchObject({ code: 'NOT_FOUND' });
    expect(foreign).toEqual(await refused(other, 'deleteMultiCloudImage', { id: ABSENT }));
    expect(await read(account, 'multiCloudImage', mci.id)).toEqual(mci);
  });

  test('R-4.5: when a deletion and a pin meet, no live template names a deleted MCI', async () => {
    for (let round = 0; round < 15; round += 1) {
      const mci = await mciNamed(`contested ${round}`);
      const template = await create();
      const [deletion, added, created] = await Promise.all([
        run(account, 'deleteMultiCloudImage', { id: mci.id }),
        run(account, 'addServerTemplateMultiCloudImage', edit(template, { multiCloudImageId: mci.id })),
        run(account, 'createServerTemplate', { name: 'new', multiCloudImageIds: [mci.id] }),
      ]);
      const deleted = deletion.userErrors.length === 0;
      const pinned = [added, created].filter((payload) => payload.userErrors.length === 0);
      expect(pinned.length > 0).toBe(!deleted);
      const codes = [deletion, added, created].flatMap((payload) =>
        payload.userErrors.map((error: Data) => error.code),
      );
      expect(new Set(codes)).toEqual(new Set([deleted ? 'NOT_FOUND' : 'IN_USE']));
    }
    const broken: unknown[] = await api.dataSource.query(
      `SELECT FROM server_template_multi_cloud_images AS pin
       JOIN server_templates AS template ON template.id = pin.server_template_id
       JOIN multi_cloud_images AS mci ON mci.id = pin.multi_cloud_image_id
       WHERE template.account_id = $1 AND template.deleted_at IS NULL AND mci.deleted_at IS NOT NULL`,
      [account.key],
    );
    expect(broken).toEqual([]);
  });
});

async function countServerTemplates(): Promise<number> {
  const data = await account.query('{ serverTemplates(filter: { versions: ALL }) { totalCount } }');
  return data.serverTemplates.totalCount;
}
