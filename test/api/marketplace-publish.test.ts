import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { auditOf, done, refused } from '../kit/components';
import { ask, asked, denied, groupOf, organize, publish } from '../kit/marketplace';
import { insertSnapshot } from '../kit/revisions';
import { KINDS, clone, commit, fieldOf, type Kind } from '../kit/version-control';
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
});

const key = (id: string): string => id.slice(4);

/** Every row that publishing writes, of all accounts, and this account's audit log. */
async function state(): Promise<unknown> {
  const tables = [
    'published_lineages',
    'publications',
    'publication_versions',
    'publication_account_groups',
    'publication_eulas',
    'multi_cloud_images',
    'server_templates',
    'right_scripts',
  ];
  const rows: Record<string, unknown> = {};
  for (const table of tables) {
    const [{ found }] = await api.dataSource.query(
      `SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY to_jsonb(t)), '[]') AS found FROM ${table} AS t`,
    );
    rows[table] = found;
  }
  return { rows, audit: await auditOf(publisher) };
}

/** A refusal that leaves no trace. */
async function deniedWithoutTrace(account: TestAccount, name: string, input: object): Promise<Data> {
  const before = await state();
  const error = await denied(account, name, input);
  expect(await state()).toEqual(before);
  return error;
}

const STORED = `SELECT publication.*, lineage.short_description, lineage.long_description, lineage.categories,
  ARRAY(SELECT account_group_id FROM publication_account_groups AS offered
    WHERE offered.publication_id = publication.id ORDER BY 1) AS groups,
  ARRAY(SELECT version_id FROM publication_versions AS carried
    WHERE carried.publication_id = publication.id ORDER BY 1) AS carried
  FROM publications AS publication JOIN published_lineages AS lineage USING (lineage_id)`;

/** A publication as it is stored. */
async function stored(id: string): Promise<Data> {
  const [row] = await api.dataSource.query(`${STORED} WHERE publication.id = $1`, [key(id)]);
  return row;
}

/** The publication of a version, or `null`. */
async function publicationOf(version: { readonly id: string }): Promise<Data> {
  const [row] = await api.dataSource.query(`${STORED} WHERE publication.component_id = $1`, [
    key(version.id),
  ]);
  return row ?? null;
}

const publicationIdOf = async (version: { readonly id: string }): Promise<string> =>
  `pub_${(await publicationOf(version)).id}`;

const PUBLIC = { visibility: 'PUBLIC', shortDescription: 'What it is for' };

const toGroups = (...accountGroupIds: string[]) => ({
  visibility: 'PRIVATE',
  shortDescription: 'What it is for',
  accountGroupIds,
});

/** A template whose HEAD pins these, committed so. */
async function templateOf(
  account: TestAccount,
  images: readonly Data[],
  scripts: readonly Data[] = [],
): Promise<{ head: Data; revision: Data }> {
  let head = await done(account, 'createServerTemplate', {
    name: 'template',
    multiCloudImageIds: images.map(({ id }) => id),
  });
  for (const script of scripts)
    head = await done(account, 'attachScript', {
      serverTemplateId: head.id,
      expectedVersion: head.version,
      rightScriptId: script.id,
      phase: 'BOOT',
    });
  return { head, revision: await commit(account, 'ServerTemplate', head, 'first of all') };
}

describe.each(KINDS)('R-9.1: publishing a %s', (kind: Kind) => {
  /** A HEAD, and a revision of it that can be published. */
  async function published(): Promise<{ head: Data; revision: Data }> {
    const head = await create(publisher, kind, place);
    return { head, revision: await commit(publisher, kind, head, 'the message', kind === 'ServerTemplate') };
  }

  test('needs the organization first; then a committed revision is offered to everyone', async () => {
    const { revision } = await published();
    const error = await deniedWithoutTrace(publisher, `publish${kind}`, { id: revision.id, ...PUBLIC });
    expect(error).toMatchObject({ code: 'INVALID', path: ['input'] });
    expect(error.message).toContain('setOrganization');

    await organize(publisher);
    const publication = await publish(publisher, kind, revision, {
      shortDescription: '  in a line ',
      longDescription: 'in many',
      categories: [' Linux ', 'linux', 'Web'],
      allowComments: true,
    });
    expect(publication).toMatchObject({
      revision: 1,
      lineageId: revision.lineageId,
      visibility: 'PUBLIC',
      status: 'ACTIVE',
      implicit: false,
      component: { id: revision.id },
    });
    expect(await stored(publication.id)).toMatchObject({
      account_id: publisher.key,
      component_type: kind,
      component_id: key(revision.id),
      content_id: key(revision.id),
      name: revision.name,
      revision_notes: 'the message',
      allow_comments: true,
      import_count: 0,
      short_description: 'in a line',
      long_description: 'in many',
      categories: ['Linux', 'Web'],
      groups: [],
    });
    const entry = (await auditOf(publisher)).findLast(({ action }) => action.endsWith('.publish'));
    expect(entry).toMatchObject({
      action: `${fieldOf(kind)}.publish`,
      changes: { publicationId: publication.id, revision: 1, visibility: 'PUBLIC' },
    });
  });

  test('happens once for each revision, and names what changes it', async () => {
    await organize(publisher);
    const { revision } = await published();
    await publish(publisher, kind, revision);
    const error = await deniedWithoutTrace(publisher, `publish${kind}`, { id: revision.id, ...PUBLIC });
    expect(error).toMatchObject({ code: 'ALREADY_PUBLISHED', path: ['input', 'id'] });
    expect(error.message).toContain('updatePublication');
    await asked(publisher, 'deprecatePublication', { publicationId: await publicationIdOf(revision) });
    const deprecated = await denied(publisher, `publish${kind}`, { id: revision.id, ...PUBLIC });
    expect(deprecated).toMatchObject({ code: 'ALREADY_PUBLISHED', path: ['input', 'id'] });
    expect(deprecated.message).toContain('reactivatePublication');
  });

  test('of HEAD to everyone is refused with the cure; to a group it is offered frozen', async () => {
    await organize(publisher);
    const group = await groupOf(publisher, [member]);
    const { head } = await published();
    const error = await deniedWithoutTrace(publisher, `publish${kind}`, { id: head.id, ...PUBLIC });
    expect(error).toMatchObject({ code: 'INVALID', path: ['input', 'visibility'] });
    expect(error.message).toContain('commit');

    const publication = await publish(publisher, kind, head, { groups: [group] });
    expect(publication).toMatchObject({ revision: 0, visibility: 'PRIVATE' });
    const row = await stored(publication.id);
    expect(row).toMatchObject({ component_id: key(head.id), revision_notes: null, groups: [key(group)] });
    expect(row.content_id).not.toBe(key(head.id));
    const again = await deniedWithoutTrace(publisher, `publish${kind}`, {
      id: head.id,
      ...toGroups(group),
    });
    expect(again.code).toBe('ALREADY_PUBLISHED');
    expect(again.message).toContain('republish');
  });

  test('refuses what is not there, not its own, or deleted', async () => {
    await organize(publisher);
    const { head, revision } = await published();
    const stranger = await api.account();
    await organize(stranger);
    const input = { id: revision.id, ...PUBLIC };
    expect(await deniedWithoutTrace(stranger, `publish${kind}`, input)).toMatchObject({
      code: 'NOT_FOUND',
      path: ['input', 'id'],
    });
    const missing = `${revision.id.slice(0, 4)}00000000-0000-4000-8000-000000000000`;
    const foreign = await denied(stranger, `publish${kind}`, input);
    expect(await denied(stranger, `publish${kind}`, { ...input, id: missing })).toEqual(foreign);
    await done(publisher, `delete${kind}`, { id: head.id });
    const deleted = await deniedWithoutTrace(publisher, `publish${kind}`, input);
    expect(deleted).toMatchObject({ code: 'INVALID', path: ['input', 'id'] });
    expect(deleted.message).toContain('clone');
  });

  test('R-6.8: refuses the content that a clone kept of a HEAD', async () => {
    await organize(publisher);
    const head = await create(publisher, kind, place);
    const id = await insertSnapshot(api.dataSource, kind, head.id);
    const error = await deniedWithoutTrace(publisher, `publish${kind}`, { id, ...PUBLIC });
    expect(error).toMatchObject({ code: 'INVALID', path: ['input', 'id'] });
    expect(error.message).toContain('head');
  });

  test('R-4.5, R-5.5: what was published can never be deleted', async () => {
    await organize(publisher);
    const { head, revision } = await published();
    await publish(publisher, kind, revision);
    const before = await state();
    const error = await refused(publisher, `delete${kind}`, { id: head.id });
    expect(error).toMatchObject({ code: 'PUBLISHED', path: ['input', 'id'] });
    expect(error.message).toContain('deprecatePublication');
    expect(await state()).toEqual(before);
  });

  test('R-4.5, R-5.5: nor what is published as HEAD only', async () => {
    await organize(publisher);
    const group = await groupOf(publisher, []);
    const head = await create(publisher, kind, place);
    await publish(publisher, kind, head, { groups: [group] });
    expect((await refused(publisher, `delete${kind}`, { id: head.id })).code).toBe('PUBLISHED');
  });
});

describe('R-9.1: the input', () => {
  let revision: Data;

  beforeEach(async () => {
    await organize(publisher);
    revision = await commit(publisher, 'RightScript', await create(publisher, 'RightScript', place));
  });

  const group = () => groupOf(publisher, []);

  test.each([
    ['an empty short description', { shortDescription: ' ' }, 'shortDescription'],
    ['none at all the first time', { shortDescription: undefined }, 'shortDescription'],
    ['a long short description', { shortDescription: 'x'.repeat(256) }, 'shortDescription'],
    ['a longer long description', { longDescription: 'x'.repeat(65_537) }, 'longDescription'],
    ['longer notes', { revisionNotes: 'x'.repeat(65_537) }, 'revisionNotes'],
    ['an empty category', { categories: ['a', ' '] }, 'categories'],
    ['a long category', { categories: ['x'.repeat(65)] }, 'categories'],
    [
      '21 categories',
      { categories: Array.from({ length: 21 }, (_none, index) => `c${index}`) },
      'categories',
    ],
    [
      'licences of a script',
      { eulaRevisionIds: ['eul_00000000-0000-4000-8000-000000000000'] },
      'eulaRevisionIds',
    ],
    ['PRIVATE without groups', { visibility: 'PRIVATE' }, 'accountGroupIds'],
    ['an id of something else', { id: 'grp_00000000-0000-4000-8000-000000000000' }, 'id'],
  ])('%s is refused, naming the field', async (_what, input, field) => {
    const error = await deniedWithoutTrace(publisher, 'publishRightScript', {
      id: revision.id,
      ...PUBLIC,
      ...input,
    });
    expect(['INVALID', 'LIMIT_EXCEEDED']).toContain(error.code);
    expect(error.path).toEqual(['input', field]);
  });

  test('groups with PUBLIC are refused; foreign and missing groups are not found', async () => {
    const own = await group();
    const input = { id: revision.id, ...toGroups(own) };
    expect(
      await deniedWithoutTrace(publisher, 'publishRightScript', { ...input, visibility: 'PUBLIC' }),
    ).toMatchObject({ code: 'INVALID', path: ['input', 'accountGroupIds'] });
    const foreign = await groupOf(member, []);
    const missing = 'grp_00000000-0000-4000-8000-000000000000';
    const [one, two] = [
      await deniedWithoutTrace(publisher, 'publishRightScript', {
        ...input,
        accountGroupIds: [own, foreign],
      }),
      await denied(publisher, 'publishRightScript', { ...input, accountGroupIds: [own, missing] }),
    ];
    expect(one).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'accountGroupIds'] });
    expect(two).toEqual(one);
  });

  test('words belong to the lineage: a later publish overwrites what it names; notes are its own', async () => {
    const publication = await publish(publisher, 'RightScript', revision, {
      longDescription: 'long',
      categories: ['a'],
      revisionNotes: 'said',
    });
    const head = await done(publisher, 'updateRightScript', {
      id: (
        await publisher.query('query($id: ID!) { rightScript(id: $id) { head { id } } }', {
          id: revision.id,
        })
      ).rightScript.head.id,
      expectedVersion: 1,
      description: 'new',
    });
    const two = await commit(publisher, 'RightScript', head, 'the second');
    const { publication: second } = await asked(publisher, 'publishRightScript', {
      id: two.id,
      visibility: 'PUBLIC',
      categories: ['b'],
    });
    const words = { short_description: 'What it is for', long_description: 'long', categories: ['b'] };
    expect(await stored(publication.id)).toMatchObject({ ...words, revision_notes: 'said' });
    expect(await stored(second.id)).toMatchObject({ ...words, revision_notes: 'the second' });
  });
});

describe('R-9.2: what a template pins', () => {
  let image: Data;
  let script: Data;

  beforeEach(async () => {
    await organize(publisher);
    image = await commit(publisher, 'MultiCloudImage', await create(publisher, 'MultiCloudImage', place));
    const head = await done(publisher, 'createRightScript', {
      name: 'script',
      description: 'd'.repeat(300),
      source: 'echo',
    });
    script = await commit(publisher, 'RightScript', head, 'of the script');
  });

  test('is published along, to the same audience; a dry run says so and changes nothing', async () => {
    const group = await groupOf(publisher, [member]);
    const { revision } = await templateOf(publisher, [image], [script]);
    const input = { id: revision.id, ...toGroups(group) };
    const before = await state();
    const dry = await asked(publisher, 'publishServerTemplate', { ...input, dryRun: true });
    expect(await state()).toEqual(before);
    const pinned = [image.id, script.id].toSorted();
    const ids = (along: Data[]) => along.map(({ component }) => component.id).toSorted();
    expect({ ...dry, implicit: ids(dry.implicit) }).toEqual({
      publication: null,
      implicit: pinned,
      widened: [],
      userErrors: [],
    });

    const { publication, implicit, widened } = await asked(publisher, 'publishServerTemplate', input);
    expect(ids(implicit)).toEqual(pinned);
    expect(widened).toEqual([]);
    expect(await stored(publication.id)).toMatchObject({
      implicit: false,
      carried: [revision.id, image.id, script.id].map(key).toSorted(),
      groups: [key(group)],
    });
    expect(await publicationOf(image)).toMatchObject({
      implicit: true,
      visibility: 'PRIVATE',
      groups: [key(group)],
      carried: [key(image.id)],
      short_description: 'one',
      long_description: null,
      allow_comments: false,
    });
    expect(await publicationOf(script)).toMatchObject({
      implicit: true,
      revision_notes: 'of the script',
      short_description: `${'d'.repeat(254)}…`,
      long_description: 'd'.repeat(300),
    });
    const entries = (await auditOf(publisher)).filter(({ action }) => action.endsWith('.publish'));
    expect(entries).toHaveLength(1);
    expect(entries[0]?.changes.implicit.toSorted()).toEqual(pinned);
  });

  test('is left when it is offered to this audience already, and widened else', async () => {
    const first = await groupOf(publisher, [member], 'first');
    const second = await groupOf(publisher, [member], 'second');
    const { revision } = await templateOf(publisher, [image], [script]);
    await publish(publisher, 'MultiCloudImage', image, { groups: [first] });
    await publish(publisher, 'RightScript', script, { groups: [first, second] });
    await asked(publisher, 'deprecatePublication', {
      publicationId: `pub_${(await publicationOf(image)).id}`,
    });
    const input = { id: revision.id, ...toGroups(second) };
    const dry = await asked(publisher, 'publishServerTemplate', { ...input, dryRun: true });
    expect(dry.widened.map(({ component }: Data) => component.id)).toEqual([image.id]);
    expect((await publicationOf(image)).groups).toEqual([key(first)]);
    const payload = await asked(publisher, 'publishServerTemplate', input);
    expect(payload.implicit).toEqual([]);
    expect(payload.widened.map(({ component }: Data) => component.id)).toEqual([image.id]);
    expect(await publicationOf(image)).toMatchObject({
      groups: [first, second].map(key).toSorted(),
      status: 'DEPRECATED',
      implicit: false,
    });
    expect((await publicationOf(script)).groups).toEqual([first, second].map(key).toSorted());
  });

  test('becomes public with a public template', async () => {
    const group = await groupOf(publisher, [member]);
    const { revision } = await templateOf(publisher, [image], [script]);
    await publish(publisher, 'MultiCloudImage', image, { groups: [group] });
    await publish(publisher, 'RightScript', script);
    const payload = await asked(publisher, 'publishServerTemplate', { id: revision.id, ...PUBLIC });
    expect(payload.implicit).toEqual([]);
    expect(payload.widened.map(({ component }: Data) => component.id)).toEqual([image.id]);
    expect(await publicationOf(image)).toMatchObject({ visibility: 'PUBLIC', groups: [] });
  });

  test('R-4.5: what went along can never be deleted', async () => {
    const { revision } = await templateOf(publisher, [image], [script]);
    await publish(publisher, 'ServerTemplate', revision);
    expect((await refused(publisher, 'deleteMultiCloudImage', { id: image.id })).code).toBe('PUBLISHED');
    expect((await refused(publisher, 'deleteRightScript', { id: script.id })).code).toBe('PUBLISHED');
  });

  test('at HEAD refuses a committed template: HEAD_DEPENDENCY, naming them and what to do', async () => {
    const head = await create(publisher, 'MultiCloudImage', place, 'moving image');
    const { head: template, revision } = await templateOf(publisher, [head], [script]);
    const error = await deniedWithoutTrace(publisher, 'publishServerTemplate', {
      id: revision.id,
      ...PUBLIC,
    });
    expect(error).toMatchObject({ code: 'HEAD_DEPENDENCY', path: ['input', 'id'] });
    expect(error.message).toContain('"moving image [HEAD]"');
    expect(error.message).toContain('commitHeadDependencies');
    const cured = await commit(publisher, 'ServerTemplate', template, 'cured', true);
    await publish(publisher, 'ServerTemplate', cured);
  });

  test('at HEAD goes frozen with the HEAD of a template, which itself stays as it is', async () => {
    const group = await groupOf(publisher, [member]);
    const head = await create(publisher, 'MultiCloudImage', place, 'moving image');
    const moving = await create(publisher, 'RightScript', place, 'moving script');
    const { head: template } = await templateOf(publisher, [head, image], [moving, script]);
    const parents = () =>
      api.dataSource.query('SELECT parent_ids, version FROM server_templates WHERE id = $1', [
        key(template.id),
      ]);
    const before = await parents();
    const { publication, implicit } = await asked(publisher, 'publishServerTemplate', {
      id: template.id,
      ...toGroups(group),
    });
    expect(await parents()).toEqual(before);
    const pinned = [image, script, head, moving];
    expect(implicit.map(({ component }: Data) => component.id).toSorted()).toEqual(
      pinned.map(({ id }) => id).toSorted(),
    );
    const own = await Promise.all(pinned.map(publicationOf));
    expect(own.map((found) => found?.revision ?? null)).toEqual([1, 1, null, null]);
    const { content_id: contentId, carried } = await stored(publication.id);
    expect(carried).toHaveLength(5);
    const pins = async (id: string): Promise<Data[]> =>
      api.dataSource.query(
        `SELECT version.lineage_id, version.revision, version.snapshot, version.sealed, version.id = ANY($2) AS carried
         FROM server_template_multi_cloud_images AS pin
         JOIN multi_cloud_images AS version ON version.id = pin.multi_cloud_image_id
         WHERE pin.server_template_id = $1
         UNION ALL SELECT version.lineage_id, version.revision, version.snapshot, version.sealed, version.id = ANY($2)
         FROM server_template_scripts AS pin JOIN right_scripts AS version ON version.id = pin.right_script_id
         WHERE pin.server_template_id = $1 ORDER BY revision, lineage_id`,
        [id, carried],
      );
    const frozen = await pins(contentId);
    expect(frozen.map(({ lineage_id }) => lineage_id)).toEqual([
      ...[head.lineageId, moving.lineageId].toSorted(),
      ...[image.lineageId, script.lineageId].toSorted(),
    ]);
    expect(frozen.map(({ snapshot }) => snapshot)).toEqual([true, true, false, false]);
    expect(frozen.every(({ sealed, carried: isCarried }) => sealed && isCarried)).toBe(true);
    expect((await pins(key(template.id))).filter(({ snapshot }) => snapshot)).toEqual([]);
    // HEAD goes on; what was frozen stays.
    await done(publisher, 'updateMultiCloudImage', {
      id: head.id,
      expectedVersion: head.version,
      description: 'canary',
    });
    const [{ count }] = await api.dataSource.query(
      `SELECT count(*)::integer FROM multi_cloud_images WHERE id = ANY($1) AND description = 'canary'`,
      [carried],
    );
    expect(count).toBe(0);
    // What it carries only, frozen, stays, too.
    const carriedOnly = await refused(publisher, 'deleteMultiCloudImage', { id: head.id });
    expect(carriedOnly.code).toBe('PUBLISHED');
    expect(carriedOnly.message).toContain('published HEAD of "template"');
    expect(carriedOnly.message).toContain('republish');
    // A clone pins the HEADs, not what was frozen of them.
    const cloned = await clone(publisher, 'ServerTemplate', template);
    expect((await pins(key(cloned.id))).filter(({ snapshot }) => snapshot)).toEqual([]);
  });
});

test('R-4.5: a HEAD that only the published HEAD of a template carries is deleted once it is taken out', async () => {
  await organize(publisher);
  const group = await groupOf(publisher, [member]);
  const moving = await create(publisher, 'RightScript', place, 'moving script');
  const image = await create(publisher, 'MultiCloudImage', place);
  const { head } = await templateOf(publisher, [image], [moving]);
  const lone = await clone(publisher, 'ServerTemplate', head, { name: 'lone' });
  const publication = await publish(publisher, 'ServerTemplate', lone, { groups: [group] });
  await done(publisher, 'deleteServerTemplate', { id: head.id });
  const taken = await done(publisher, 'detachScript', {
    serverTemplateId: lone.id,
    expectedVersion: lone.version,
    rightScriptId: moving.id,
    phase: 'BOOT',
  });
  expect(taken.id).toBe(lone.id);
  const error = await refused(publisher, 'deleteRightScript', { id: moving.id });
  expect(error).toMatchObject({ code: 'PUBLISHED', path: ['input', 'id'] });
  expect(error.message).toContain('"lone": take it out of it and republish');
  await asked(publisher, 'republish', { publicationId: publication.id });
  await done(publisher, 'deleteRightScript', { id: moving.id });
});

describe('R-9.2: images that the audience can not use', () => {
  /** A committed MCI of the publisher's with this setting. */
  const imageWith = async (setting: object, name = 'with a secret'): Promise<Data> =>
    commit(
      publisher,
      'MultiCloudImage',
      await done(publisher, 'createMultiCloudImage', { name, settings: [setting] }),
    );

  beforeEach(async () => {
    await organize(publisher);
  });

  test.each(['MACHINE', 'KERNEL', 'RAMDISK'] as const)(
    'a private %s image: PRIVATE_IMAGE, naming it',
    async (slot) => {
      const secret = await catalog.image(place.cloud, {
        ownerAccountId: publisher.key,
        imageType: slot,
        name: `secret ${slot}`,
      });
      const field = { MACHINE: 'imageId', KERNEL: 'kernelImageId', RAMDISK: 'ramdiskImageId' }[slot];
      const image = await imageWith({ ...place.setting, [field]: secret.id });
      const group = await groupOf(publisher, [member]);
      const input = { id: image.id, ...toGroups(group) };
      for (const audience of [PUBLIC, toGroups(group), toGroups(await groupOf(publisher, []))]) {
        const error = await deniedWithoutTrace(publisher, 'publishMultiCloudImage', {
          id: image.id,
          ...audience,
        });
        expect(error).toMatchObject({ code: 'PRIVATE_IMAGE', path: ['input', 'id'] });
        expect(error.message).toContain(`the image "secret ${slot}" (${secret.resourceUid})`);
        expect(error.message).toContain('"with a secret [rev 1]"');
      }
      await catalog.share(secret, member.key);
      expect((await ask(publisher, 'publishMultiCloudImage', { ...input, dryRun: true })).userErrors).toEqual(
        [],
      );
      const other = await groupOf(publisher, [await api.account()]);
      const both = { ...input, accountGroupIds: [group, other] };
      expect((await deniedWithoutTrace(publisher, 'publishMultiCloudImage', both)).code).toBe(
        'PRIVATE_IMAGE',
      );
      await asked(publisher, 'publishMultiCloudImage', input);
    },
  );

  test('a private cloud, and a private instance type', async () => {
    const own = await catalog.place({ cloud: { accountId: publisher.key, name: 'cellar' } });
    const inCloud = await imageWith(own.setting);
    const cloudError = await deniedWithoutTrace(publisher, 'publishMultiCloudImage', {
      id: inCloud.id,
      ...PUBLIC,
    });
    expect(cloudError.code).toBe('PRIVATE_IMAGE');
    expect(cloudError.message).toContain('the cloud "cellar"');
    const type = await catalog.instanceType(place.cloud, { ownerAccountId: publisher.key, name: 'huge' });
    const withType = await imageWith({ ...place.setting, instanceTypeId: type.id });
    const typeError = await deniedWithoutTrace(publisher, 'publishMultiCloudImage', {
      id: withType.id,
      ...PUBLIC,
    });
    expect(typeError.code).toBe('PRIVATE_IMAGE');
    expect(typeError.message).toContain('the instance type "huge"');
  });

  test('an image that the publisher sees no more is named by its uid only', async () => {
    const other = await api.account();
    const secret = await catalog.image(place.cloud, { ownerAccountId: other.key, name: 'canary name' });
    await catalog.share(secret, publisher.key);
    const image = await imageWith({ ...place.setting, imageId: secret.id });
    await api.dataSource.query('DELETE FROM cloud_image_shares WHERE cloud_image_id = $1', [secret.key]);
    const error = await denied(publisher, 'publishMultiCloudImage', { id: image.id, ...PUBLIC });
    expect(error.code).toBe('PRIVATE_IMAGE');
    expect(error.message).toContain(secret.resourceUid);
    expect(error.message).not.toContain('canary name');
  });

  test('in an MCI that a template pins, also in one that would be offered to more', async () => {
    const secret = await catalog.image(place.cloud, { ownerAccountId: publisher.key, name: 'secret' });
    await catalog.share(secret, member.key);
    const image = await imageWith({ ...place.setting, imageId: secret.id });
    const group = await groupOf(publisher, [member]);
    const published = await publish(publisher, 'MultiCloudImage', image, { groups: [group] });
    const { revision } = await templateOf(publisher, [image]);
    const refusal = await deniedWithoutTrace(publisher, 'publishServerTemplate', {
      id: revision.id,
      ...PUBLIC,
    });
    expect(refusal.code).toBe('PRIVATE_IMAGE');
    await publish(publisher, 'ServerTemplate', revision, { groups: [group] });
    const wider = await deniedWithoutTrace(publisher, 'updatePublication', {
      publicationId: published.id,
      makePublic: true,
    });
    expect(wider).toMatchObject({ code: 'PRIVATE_IMAGE', path: ['input', 'makePublic'] });
  });
});
