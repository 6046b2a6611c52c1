import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { auditOf, done } from '../kit/components';
import { asked, denied, groupOf, organize, publish } from '../kit/marketplace';
import { commit } from '../kit/version-control';
import { create } from '../kit/versions';

let api: TestApi;
let catalog: TestCatalog;
let place: Place;
let publisher: TestAccount;
let member: TestAccount;

beforeAll(async () => {
  // Nothing that runs in a transaction may ask for a second connection.
  api = await startApi({}, 1);
  catalog = new TestCatalog(api.dataSource);
  place = await catalog.place();
});
afterAll(() => api.close());
beforeEach(async () => {
  publisher = await api.account();
  member = await api.account();
  await organize(publisher);
});

const key = (id: string): string => id.slice(4);

/** A publication as it is stored, with its words and groups. */
async function stored({ id }: { readonly id: string }): Promise<Data> {
  const [row] = await api.dataSource.query(
    `SELECT publication.*, lineage.short_description, lineage.long_description, lineage.categories,
       ARRAY(SELECT account_group_id FROM publication_account_groups AS offered
         WHERE offered.publication_id = publication.id ORDER BY 1) AS groups
     FROM publications AS publication JOIN published_lineages AS lineage USING (lineage_id) WHERE publication.id = $1`,
    [key(id)],
  );
  return row;
}

/** Everything about a publication, and the audit log. */
const state = async (publication: { readonly id: string }): Promise<unknown> => [
  await stored(publication),
  await auditOf(publisher),
];

async function deniedWithoutTrace(
  account: TestAccount,
  publication: { readonly id: string },
  name: string,
  input: object = {},
): Promise<Data> {
  const before = await state(publication);
  const error = await denied(account, name, { publicationId: publication.id, ...input });
  expect(await state(publication)).toEqual(before);
  return error;
}

const update = (publication: { readonly id: string }, input: object): Promise<Data> =>
  asked(publisher, 'updatePublication', { publicationId: publication.id, ...input });

const committedScript = async (): Promise<Data> =>
  commit(publisher, 'RightScript', await create(publisher, 'RightScript', place), 'message');

const found = async (publication: Data, words: string): Promise<boolean> => {
  const [{ matches }] = await api.dataSource.query(
    `SELECT search @@ plainto_tsquery('simple', $2) AS matches FROM publications WHERE id = $1`,
    [key(publication.id), words],
  );
  return matches;
};

describe('R-9.1: updatePublication', () => {
  test('changes words and categories of the lineage, and the search with them', async () => {
    const head = await create(publisher, 'RightScript', place);
    const publication = await publish(
      publisher,
      'RightScript',
      await commit(publisher, 'RightScript', head),
      {
        longDescription: 'aardvark',
        categories: ['Old'],
      },
    );
    const frozen = await publish(publisher, 'RightScript', head, { groups: [await groupOf(publisher, [])] });
    expect(await found(publication, 'aardvark')).toBe(true);
    const { publication: changed } = await update(publication, {
      shortDescription: ' capybara ',
      longDescription: null,
      categories: ['New', 'new'],
      allowComments: true,
    });
    expect(changed.id).toBe(publication.id);
    const row = await stored(publication);
    expect(row).toMatchObject({
      short_description: 'capybara',
      long_description: null,
      categories: ['New'],
      allow_comments: true,
    });
    expect(row.updated_at.getTime()).toBeGreaterThan(row.published_at.getTime());
    expect(await stored(frozen)).toMatchObject({ updated_at: row.updated_at, allow_comments: false });
    expect(await found(frozen, 'capybara')).toBe(true);
    expect(await found(publication, 'aardvark')).toBe(false);
    expect(await found(publication, 'capybara')).toBe(true);
    const entry = (await auditOf(publisher)).at(-1);
    expect(entry).toEqual({
      action: 'publication.update',
      changes: {
        shortDescription: 'capybara',
        longDescription: null,
        categories: ['New'],
        allowComments: true,
      },
    });
  });

  test('that changes nothing leaves no entry and no new time', async () => {
    const group = await groupOf(publisher, [member]);
    const publication = await publish(publisher, 'RightScript', await committedScript(), { groups: [group] });
    const before = await state(publication);
    await update(publication, {
      shortDescription: 'What it is for',
      categories: [],
      allowComments: false,
      makePublic: false,
      addAccountGroupIds: [group],
    });
    await update(publication, {});
    expect(await state(publication)).toEqual(before);
  });

  test('adds and removes groups, but keeps one at least', async () => {
    const [first, second] = [await groupOf(publisher, []), await groupOf(publisher, [])];
    const publication = await publish(publisher, 'RightScript', await committedScript(), { groups: [first] });
    await update(publication, { addAccountGroupIds: [second] });
    expect((await stored(publication)).groups).toEqual([first, second].map(key).toSorted());
    await update(publication, { removeAccountGroupIds: [first] });
    expect((await stored(publication)).groups).toEqual([key(second)]);
    const error = await deniedWithoutTrace(publisher, publication, 'updatePublication', {
      removeAccountGroupIds: [second],
    });
    expect(error).toMatchObject({ code: 'INVALID', path: ['input', 'removeAccountGroupIds'] });
    await update(publication, { addAccountGroupIds: [first], removeAccountGroupIds: [second] });
    expect((await stored(publication)).groups).toEqual([key(first)]);
    const both = await deniedWithoutTrace(publisher, publication, 'updatePublication', {
      addAccountGroupIds: [second],
      removeAccountGroupIds: [second],
    });
    expect(both.code).toBe('INVALID');
  });

  test('makes private public, for ever; a HEAD never', async () => {
    const group = await groupOf(publisher, [member]);
    const head = await create(publisher, 'RightScript', place);
    const revision = await commit(publisher, 'RightScript', head);
    const publication = await publish(publisher, 'RightScript', revision, { groups: [group] });
    await update(publication, { makePublic: true });
    expect(await stored(publication)).toMatchObject({ visibility: 'PUBLIC', groups: [] });
    const before = await state(publication);
    await update(publication, { makePublic: true });
    expect(await state(publication)).toEqual(before);
    for (const field of ['addAccountGroupIds', 'removeAccountGroupIds'])
      expect(
        await deniedWithoutTrace(publisher, publication, 'updatePublication', { [field]: [group] }),
      ).toMatchObject({ code: 'INVALID', path: ['input', field] });

    const frozen = await publish(publisher, 'RightScript', head, { groups: [group] });
    expect(
      await deniedWithoutTrace(publisher, frozen, 'updatePublication', { makePublic: true }),
    ).toMatchObject({ code: 'INVALID', path: ['input', 'makePublic'] });
    expect(
      await deniedWithoutTrace(publisher, frozen, 'updatePublication', { allowComments: true }),
    ).toMatchObject({ code: 'INVALID', path: ['input', 'allowComments'] });
  });

  test('R-9.2: what a template pins is offered to more along with it', async () => {
    const [first, second] = [await groupOf(publisher, [member]), await groupOf(publisher, [])];
    const image = await commit(
      publisher,
      'MultiCloudImage',
      await create(publisher, 'MultiCloudImage', place),
    );
    const template = await commit(
      publisher,
      'ServerTemplate',
      await done(publisher, 'createServerTemplate', { name: 'template', multiCloudImageIds: [image.id] }),
    );
    const publication = await publish(publisher, 'ServerTemplate', template, { groups: [first] });
    const [{ id }] = await api.dataSource.query(
      `SELECT 'pub_' || id AS id FROM publications WHERE component_id = $1`,
      [key(image.id)],
    );
    const before = [await state(publication), await stored({ id })];
    const plan = await update(publication, {
      addAccountGroupIds: [second],
      shortDescription: 'another',
      allowComments: true,
      dryRun: true,
    });
    expect([await state(publication), await stored({ id })]).toEqual(before);
    expect(plan.publication.id).toBe(publication.id);
    expect(plan).toMatchObject({
      implicit: [],
      widened: [{ component: { id: image.id }, publication: { id } }],
    });
    const { implicit, widened } = await update(publication, { addAccountGroupIds: [second] });
    expect({ implicit, widened }).toEqual({ implicit: plan.implicit, widened: plan.widened });
    expect((await stored({ id })).groups).toEqual([first, second].map(key).toSorted());
    expect((await auditOf(publisher)).at(-1)?.changes).toMatchObject({ widened: [image.id] });
    // Withdrawing the template from a group leaves what it pins.
    expect(await update(publication, { removeAccountGroupIds: [second] })).toMatchObject({
      implicit: [],
      widened: [],
    });
    expect((await stored({ id })).groups).toEqual([first, second].map(key).toSorted());
    await update(publication, { makePublic: true });
    expect(await stored({ id })).toMatchObject({ visibility: 'PUBLIC', groups: [] });
  });

  test('R-9.2: an image that new accounts can not use: PRIVATE_IMAGE', async () => {
    const secret = await catalog.image(place.cloud, { ownerAccountId: publisher.key, name: 'secret' });
    await catalog.share(secret, member.key);
    const setting = { ...place.setting, imageId: secret.id };
    const head = await done(publisher, 'createMultiCloudImage', { name: 'mci', settings: [setting] });
    const image = await commit(publisher, 'MultiCloudImage', head);
    const template = await done(publisher, 'createServerTemplate', {
      name: 'template',
      multiCloudImageIds: [head.id],
    });
    const group = await groupOf(publisher, [member]);
    const others = await groupOf(publisher, [await api.account()]);
    for (const publication of [
      await publish(publisher, 'MultiCloudImage', image, { groups: [group] }),
      await publish(publisher, 'MultiCloudImage', head, { groups: [group] }),
      await publish(publisher, 'ServerTemplate', template, { groups: [group] }),
    ]) {
      const error = await deniedWithoutTrace(publisher, publication, 'updatePublication', {
        addAccountGroupIds: [others],
      });
      expect(error).toMatchObject({ code: 'PRIVATE_IMAGE', path: ['input', 'addAccountGroupIds'] });
      expect(error.message).toContain('"secret"');
      expect(
        await deniedWithoutTrace(publisher, publication, 'updatePublication', {
          addAccountGroupIds: [others],
          dryRun: true,
        }),
      ).toEqual(error);
    }
  });

  test.each([
    ['an empty short description', { shortDescription: '' }, 'shortDescription'],
    ['no short description', { shortDescription: null }, 'shortDescription'],
    ['a long category', { categories: ['x'.repeat(65)] }, 'categories'],
  ])('%s is refused', async (_what, input, field) => {
    const publication = await publish(publisher, 'RightScript', await committedScript());
    const error = await deniedWithoutTrace(publisher, publication, 'updatePublication', input);
    expect(error).toMatchObject({ code: 'INVALID', path: ['input', field] });
  });
});

describe('R-9.3: deprecate and reactivate', () => {
  test('hide and offer again; what is so already stays, without an entry', async () => {
    const publication = await publish(publisher, 'RightScript', await committedScript());
    const input = { publicationId: publication.id };
    const before = await state(publication);
    await asked(publisher, 'deprecatePublication', { ...input, dryRun: true });
    expect(await state(publication)).toEqual(before);
    expect((await asked(publisher, 'deprecatePublication', input)).publication.status).toBe('DEPRECATED');
    const deprecated = await state(publication);
    await asked(publisher, 'deprecatePublication', input);
    expect(await state(publication)).toEqual(deprecated);
    expect((await asked(publisher, 'reactivatePublication', input)).publication.status).toBe('ACTIVE');
    const active = await state(publication);
    await asked(publisher, 'reactivatePublication', input);
    expect(await state(publication)).toEqual(active);
    expect((await auditOf(publisher)).map(({ action }) => action).slice(-2)).toEqual([
      'publication.deprecate',
      'publication.reactivate',
    ]);
  });
});

describe('R-2.2: publications of others', () => {
  test.each(['updatePublication', 'deprecatePublication', 'reactivatePublication'])(
    '%s: NOT_EDITABLE where it is offered, else NOT_FOUND, as if there were none',
    async (name) => {
      const publication = await publish(publisher, 'RightScript', await committedScript());
      const hidden = await publish(publisher, 'RightScript', await committedScript(), {
        groups: [await groupOf(publisher, [])],
      });
      await organize(member);
      const offered = await deniedWithoutTrace(member, publication, name);
      expect(offered).toMatchObject({ code: 'NOT_EDITABLE', path: ['input', 'publicationId'] });
      expect(offered.message).toContain('Only its publisher');
      const errors = [
        await deniedWithoutTrace(member, hidden, name),
        await denied(member, name, { publicationId: 'pub_00000000-0000-4000-8000-000000000000' }),
      ];
      expect(errors[0]).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'publicationId'] });
      expect(new Set(errors.map((error) => JSON.stringify(error))).size).toBe(1);
    },
  );

  test('their account groups are not found', async () => {
    const group = await groupOf(publisher, [member]);
    const publication = await publish(publisher, 'RightScript', await committedScript(), { groups: [group] });
    const foreign = await groupOf(member, []);
    for (const field of ['addAccountGroupIds', 'removeAccountGroupIds'])
      expect(
        await deniedWithoutTrace(publisher, publication, 'updatePublication', { [field]: [foreign] }),
      ).toMatchObject({ code: 'NOT_FOUND', path: ['input', field] });
  });
});

describe('R-9.7: licences', () => {
  let template: Data;
  let head: Data;

  beforeEach(async () => {
    head = await create(publisher, 'ServerTemplate', place);
    template = await commit(publisher, 'ServerTemplate', head, 'message', true);
  });

  const input = (id: string, eulaRevisionIds: readonly string[]) => ({
    id,
    visibility: 'PUBLIC',
    shortDescription: 'short',
    eulaRevisionIds,
  });

  test('are attached to a committed template', async () => {
    const { eulaRevision } = await asked(publisher, 'createEula', { name: 'Terms', text: 'One' });
    const { publication } = await asked(
      publisher,
      'publishServerTemplate',
      input(template.id, [eulaRevision.id, eulaRevision.id]),
    );
    expect(
      await api.dataSource.query('SELECT eula_revision_id FROM publication_eulas WHERE publication_id = $1', [
        key(publication.id),
      ]),
    ).toEqual([{ eula_revision_id: key(eulaRevision.id) }]);
  });

  test('of others, archived, or of a HEAD are refused', async () => {
    const count = () => api.dataSource.query('SELECT count(*) FROM publications');
    const before = await count();
    const { eulaRevision: foreign } = await asked(member, 'createEula', { name: 'Terms', text: 'One' });
    expect(await denied(publisher, 'publishServerTemplate', input(template.id, [foreign.id]))).toMatchObject({
      code: 'NOT_FOUND',
      path: ['input', 'eulaRevisionIds'],
    });
    const { eulaRevision } = await asked(publisher, 'createEula', { name: 'Terms', text: 'One' });
    const group = await groupOf(publisher, []);
    expect(
      await denied(publisher, 'publishServerTemplate', {
        ...input(head.id, [eulaRevision.id]),
        visibility: 'PRIVATE',
        accountGroupIds: [group],
      }),
    ).toMatchObject({ code: 'INVALID', path: ['input', 'eulaRevisionIds'] });
    await asked(publisher, 'archiveEula', { id: eulaRevision.id });
    const archived = await denied(publisher, 'publishServerTemplate', input(template.id, [eulaRevision.id]));
    expect(archived).toMatchObject({ code: 'INVALID', path: ['input', 'eulaRevisionIds'] });
    expect(archived.message).toContain('archived');
    expect(await count()).toEqual(before);
  });
});
