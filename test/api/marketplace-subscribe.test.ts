import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { auditOf, done, read, refused } from '../kit/components';
import { asked, bring, denied, groupOf, join, organize, publish, subscribe } from '../kit/marketplace';
import {
  allRows,
  clone,
  commit,
  edit,
  fieldOf,
  KINDS,
  preview,
  tryTo,
  type Kind,
} from '../kit/version-control';
import { contentOf, create, describeAs } from '../kit/versions';

let api: TestApi;
let catalog: TestCatalog;
let place: Place;
let publisher: TestAccount;

beforeAll(async () => {
  api = await startApi();
  catalog = new TestCatalog(api.dataSource);
  place = await catalog.place();
  publisher = await api.account();
  await organize(publisher);
});
afterAll(() => api.close());

const LINEAGE = 'id name description version revision isHead origin editable deletedAt';

async function lineageOf(account: TestAccount, kind: Kind, { id }: { readonly id: string }): Promise<Data> {
  const field = fieldOf(kind);
  const data = await account.query(
    `query($id: ID!) { ${field}(id: $id) { ${LINEAGE} head { id } latestRevision { id } revisions { edges { node { id } } } } }`,
    { id },
  );
  return data[field];
}

async function listed(account: TestAccount, kind: Kind, filter: object = {}): Promise<string[]> {
  const list = `${fieldOf(kind)}s`;
  const data = await account.query(
    `query($filter: ComponentFilter) { ${list}(first: 100, filter: $filter) { edges { node { id } } } }`,
    { filter },
  );
  return data[list].edges.map(({ node }: Data) => node.id).sort();
}

const TEMPLATE = `query($id: ID!) { serverTemplate(id: $id) { name description version updatedAt defaultMultiCloudImage { id }
  multiCloudImages { multiCloudImage { id name description revision version origin } }
  scripts { phase position rightScript { id name description revision version origin source } } } }`;

const readTemplate = async (account: TestAccount, { id }: { readonly id: string }): Promise<Data> =>
  (await account.query(TEMPLATE, { id })).serverTemplate;

/** Publishes a HEAD to these accounts. */
async function follow(kind: Kind, head: Data, ...members: TestAccount[]): Promise<Data> {
  const group = await groupOf(publisher, members);
  return { group, ...(await publish(publisher, kind, head, { groups: [group] })) };
}

const republish = (publication: Data): Promise<Data> =>
  asked(publisher, 'republish', { publicationId: publication.id });

describe.each(KINDS)('R-9.4: the HEAD of a %s', (kind) => {
  test('is followed as it was published, until it is republished', async () => {
    const member = await api.account();
    const head = await create(publisher, kind, place, `followed ${kind}`);
    const publication = await follow(kind, head, member);
    const edited = await describeAs(publisher, kind, head, 'not published yet');
    const { component, imported, reused } = await subscribe(member, publication);
    expect(component).toMatchObject({ __typename: kind, revision: 0, origin: 'SUBSCRIBED', editable: false });
    expect(imported[0]).toEqual(component);
    expect(reused).toEqual([]);
    expect(await lineageOf(member, kind, component)).toMatchObject({
      name: `followed ${kind}`,
      description: null,
      version: 1,
      isHead: true,
      head: { id: component.id },
      latestRevision: null,
      revisions: { edges: [] },
    });
    expect(await listed(member, kind)).toEqual([component.id]);
    expect(await listed(member, kind, { origin: 'SUBSCRIBED' })).toEqual([component.id]);
    expect((await auditOf(member)).at(-1)).toMatchObject({ action: 'publication.subscribe' });

    const before = await auditOf(member);
    expect(await subscribe(member, publication)).toMatchObject({ component, imported: [], reused: imported });
    expect(await auditOf(member)).toEqual(before);

    await republish(publication);
    expect(await lineageOf(member, kind, component)).toMatchObject({
      description: 'not published yet',
      version: 2,
      head: { id: component.id },
    });
    const stored = await contentOf(member, kind, component);
    if (kind !== 'ServerTemplate') expect(stored).toEqual(await contentOf(publisher, kind, edited));
    // Nobody of the account did that, and nobody of the publisher's shows.
    expect(await auditOf(member)).toEqual(before);
    expect((await auditOf(publisher)).at(-1)).toMatchObject({
      action: 'publication.republish',
      changes: { name: `followed ${kind}`, subscribers: 1 },
    });
  });

  test('R-6.1: is not edited by who follows it, but cloned, and republished under the clone', async () => {
    const member = await api.account();
    const head = await create(publisher, kind, place);
    const publication = await follow(kind, head, member);
    const { component } = await subscribe(member, publication);
    const target = { id: component.id, expectedVersion: 1 };
    for (const [name, input] of [
      [`update${kind}`, { ...target, name: 'mine' }],
      ['addTags', { ...target, tags: ['mine'] }],
      [`delete${kind}`, { id: component.id }],
    ] as const)
      expect(await refused(member, name, input)).toMatchObject({ code: 'NOT_EDITABLE' });
    const own = await clone(member, kind, component, { name: 'own' });
    const committing = kind === 'ServerTemplate' ? { commitHeadDependencies: false } : {};
    for (const [verb, input] of [
      ['commit', { ...target, message: 'mine', ...committing }],
      ['merge', { intoId: component.id, expectedVersion: 1, fromId: own.id }],
    ] as const)
      expect((await tryTo(member, verb, kind, input)).userErrors).toMatchObject([{ code: 'NOT_EDITABLE' }]);
    await describeAs(publisher, kind, head, 'changed');
    await republish(publication);
    const merge = await preview(member, own, component);
    expect(merge.clean).toBe(true);
    expect(merge.changes.map(({ path }: Data) => path)).toEqual([['description']]);
  });

  test('takes the place of imported revisions in lists, and gives it back', async () => {
    const member = await api.account();
    const head = await create(publisher, kind, place);
    const revision = await commit(publisher, kind, head, 'one', kind === 'ServerTemplate');
    const imported = await bring(member, await publish(publisher, kind, revision));
    const publication = await follow(kind, head, member);
    const { component } = await subscribe(member, publication);
    expect(await listed(member, kind)).toEqual([component.id]);
    expect(await lineageOf(member, kind, imported.component)).toMatchObject({
      head: { id: component.id },
      latestRevision: { id: imported.component.id },
    });
    expect(await listed(member, kind, { versions: 'ALL' })).toEqual(
      [component.id, imported.component.id].sort(),
    );
  });
});

test('R-9.4: a committed publication is imported, not subscribed to', async () => {
  const member = await api.account();
  const revision = await commit(publisher, 'RightScript', await create(publisher, 'RightScript', place));
  const publication = await publish(publisher, 'RightScript', revision);
  expect(await denied(member, 'subscribePublication', { publicationId: publication.id })).toMatchObject({
    code: 'INVALID',
    message: expect.stringContaining('importPublication'),
  });
  expect(await denied(publisher, 'republish', { publicationId: publication.id })).toMatchObject({
    code: 'INVALID',
    path: ['input', 'publicationId'],
  });
});

/** A template that pins a HEAD and a revision of each kind, and who follows it. */
async function mixedTemplate(...members: TestAccount[]): Promise<Data> {
  const [headMci, headScript] = [
    await create(publisher, 'MultiCloudImage', place, 'head image'),
    await create(publisher, 'RightScript', place, 'head script'),
  ];
  const mci = await create(publisher, 'MultiCloudImage', place, 'fixed image');
  const script = await create(publisher, 'RightScript', place, 'fixed script');
  const fixedMci = await commit(publisher, 'MultiCloudImage', mci);
  const fixedScript = await commit(publisher, 'RightScript', script);
  let template = await done(publisher, 'createServerTemplate', {
    name: 'mixed',
    multiCloudImageIds: [headMci.id, fixedMci.id],
  });
  for (const rightScriptId of [headScript.id, fixedScript.id])
    template = await done(publisher, 'attachScript', {
      serverTemplateId: template.id,
      expectedVersion: template.version,
      rightScriptId,
      phase: 'BOOT',
    });
  const publication = await follow('ServerTemplate', template, ...members);
  return { template, headMci, headScript, mci, fixedMci, publication };
}

describe('R-9.4: a HEAD template', () => {
  test('brings the HEADs that it pins, frozen, and the revisions as imports', async () => {
    const member = await api.account();
    const { headMci, publication } = await mixedTemplate(member);
    await describeAs(publisher, 'MultiCloudImage', headMci, 'not published');
    const { component, imported } = await subscribe(member, publication);
    const origins = imported.map(({ name, revision, origin }: Data) => [name, revision, origin]);
    expect(origins).toEqual([
      ['mixed', 0, 'SUBSCRIBED'],
      ['fixed image', 1, 'IMPORTED'],
      ['head image', 0, 'SUBSCRIBED'],
      ['fixed script', 1, 'IMPORTED'],
      ['head script', 0, 'SUBSCRIBED'],
    ]);
    const copy = await readTemplate(member, component);
    const own = new Set(imported.map(({ id }: Data) => id));
    for (const { multiCloudImage } of copy.multiCloudImages) expect(own).toContain(multiCloudImage.id);
    for (const { rightScript } of copy.scripts) expect(own).toContain(rightScript.id);
    expect(copy.multiCloudImages[0].multiCloudImage).toMatchObject({ name: 'head image', description: null });
  });

  test('gives all followers, at each republishing, what changed, came and went', async () => {
    const members = [await api.account(), await api.account(), await api.account()];
    const { template, headMci, headScript, fixedMci, mci, publication } = await mixedTemplate(...members);
    const components: Data[] = [];
    for (const member of members) components.push((await subscribe(member, publication)).component);
    const before = await Promise.all(members.map((member, index) => readTemplate(member, components[index])));
    await describeAs(publisher, 'MultiCloudImage', headMci, 'newer');
    await done(publisher, 'updateRightScript', {
      id: headScript.id,
      expectedVersion: headScript.version,
      source: 'echo newer',
    });
    await describeAs(publisher, 'MultiCloudImage', mci, 'newer');
    const added = await create(publisher, 'MultiCloudImage', place, 'added image');
    let head = await read(publisher, 'serverTemplate', template.id);
    const change = async (name: string, input: object) => {
      head = await done(publisher, name, {
        serverTemplateId: head.id,
        expectedVersion: head.version,
        ...input,
      });
    };
    await change('removeServerTemplateMultiCloudImage', { multiCloudImageId: fixedMci.id });
    await change('addServerTemplateMultiCloudImage', { multiCloudImageId: added.id, makeDefault: true });
    await change('moveScript', { rightScriptId: headScript.id, phase: 'BOOT', position: 1 });
    await republish(publication);
    for (const [index, member] of members.entries()) {
      const { updatedAt, ...after } = await readTemplate(member, components[index]);
      const was = before[index];
      expect(after).toMatchObject({ name: 'mixed', version: 2 });
      expect(updatedAt > was.updatedAt).toBe(true);
      expect(after.multiCloudImages.map(({ multiCloudImage }: Data) => multiCloudImage)).toEqual([
        {
          id: expect.any(String),
          name: 'added image',
          description: null,
          revision: 0,
          version: 1,
          origin: 'SUBSCRIBED',
        },
        { ...was.multiCloudImages[0].multiCloudImage, description: 'newer', version: 2 },
      ]);
      expect(after.defaultMultiCloudImage.id).toBe(after.multiCloudImages[0].multiCloudImage.id);
      expect(
        after.scripts.map(({ rightScript }: Data) => [
          rightScript.name,
          rightScript.source,
          rightScript.version,
        ]),
      ).toEqual([
        ['fixed script', 'echo hello', expect.any(Number)],
        ['head script', 'echo newer', 2],
      ]);
      // What is pinned no more stays in the local collection.
      expect(await listed(member, 'MultiCloudImage')).toHaveLength(3);
    }
    const [{ foreign_pins }] = await api.dataSource.query(
      `SELECT count(*)::integer AS foreign_pins FROM server_template_multi_cloud_images AS pin
       JOIN server_templates AS template ON template.id = pin.server_template_id
       JOIN multi_cloud_images AS mci ON mci.id = pin.multi_cloud_image_id WHERE mci.account_id <> template.account_id`,
    );
    expect(foreign_pins).toBe(0);
  });

  test('is republished when only a HEAD that it pins changed, without a new version of the template', async () => {
    const member = await api.account();
    const { headMci, publication } = await mixedTemplate(member);
    const { component } = await subscribe(member, publication);
    const dryRun = { publicationId: publication.id, dryRun: true };
    expect(await denied(publisher, 'republish', dryRun)).toMatchObject({ code: 'NOTHING_TO_COMMIT' });
    await describeAs(publisher, 'MultiCloudImage', headMci, 'newer');
    const before = await allRows(api.dataSource);
    const plan = await asked(publisher, 'republish', dryRun);
    expect(await allRows(api.dataSource)).toEqual(before);
    expect(plan.publication.id).toBe(publication.id);
    const { implicit, widened } = await republish(publication);
    expect({ implicit, widened }).toEqual({ implicit: plan.implicit, widened: plan.widened });
    expect(implicit.map(({ component }: Data) => component.id)).toContain(headMci.id);
    const copy = await readTemplate(member, component);
    expect(copy.version).toBe(1);
    expect(copy.multiCloudImages[0].multiCloudImage).toMatchObject({ description: 'newer', version: 2 });
    expect(await denied(publisher, 'republish', { publicationId: publication.id })).toMatchObject({
      code: 'NOTHING_TO_COMMIT',
      message: expect.stringContaining('Nothing changed'),
    });
  });

  test('R-9.2: its images are checked again, and then nobody gets anything', async () => {
    const member = await api.account();
    const { template, headMci, publication } = await mixedTemplate(member);
    const { component } = await subscribe(member, publication);
    const secret = await catalog.place({ image: { ownerAccountId: publisher.key } });
    await done(publisher, 'setMultiCloudImageSetting', {
      multiCloudImageId: headMci.id,
      expectedVersion: headMci.version,
      ...secret.setting,
    });
    await describeAs(publisher, 'ServerTemplate', template, 'changed');
    const before = await readTemplate(member, component);
    expect(await denied(publisher, 'republish', { publicationId: publication.id })).toMatchObject({
      code: 'PRIVATE_IMAGE',
      message: expect.stringContaining(secret.image.name),
    });
    expect(await readTemplate(member, component)).toEqual(before);
    await catalog.share(secret.image, member.key);
    await republish(publication);
    expect((await readTemplate(member, component)).description).toBe('changed');
  });
});

test('R-9.4, R-9.5: who has no access any more keeps the last content; who comes back follows again', async () => {
  const [stays, goes] = [await api.account(), await api.account()];
  const head = await create(publisher, 'RightScript', place);
  const publication = await follow('RightScript', head, stays, goes);
  const copies = [await subscribe(stays, publication), await subscribe(goes, publication)];
  await asked(publisher, 'revokeAccountGroupAccess', { id: publication.group, accountId: goes.id });
  const edited = await describeAs(publisher, 'RightScript', head, 'second');
  await republish(publication);
  // It is of the last content that it takes.
  const taken = await clone(goes, 'RightScript', { id: copies[1]?.component.id }, { name: 'taken' });
  expect(taken.description).toBeNull();
  const descriptions = async () => [
    (await read(stays, 'rightScript', copies[0]?.component.id)).description,
    (await read(goes, 'rightScript', copies[1]?.component.id)).description,
  ];
  expect(await descriptions()).toEqual(['second', null]);
  expect(await denied(goes, 'subscribePublication', { publicationId: publication.id })).toMatchObject({
    code: 'NOT_FOUND',
  });
  await join(publisher, publication.group, goes);
  expect(await descriptions()).toEqual(['second', null]);
  expect(await subscribe(goes, publication)).toMatchObject({
    imported: [],
    reused: [{ id: copies[1]?.component.id }],
  });
  expect(await descriptions()).toEqual(['second', 'second']);
  const merge = await preview(goes, taken, { id: copies[1]?.component.id });
  expect(merge).toMatchObject({ clean: true, changes: [{ path: ['description'], after: 'second' }] });
  await describeAs(publisher, 'RightScript', edited, 'third');
  await asked(publisher, 'deprecatePublication', { publicationId: publication.id });
  await republish(publication);
  expect(await descriptions()).toEqual(['third', 'third']);
});

test('R-9.4: a HEAD that two publications carry is as it was published last', async () => {
  const member = await api.account();
  const { headMci, publication } = await mixedTemplate(member);
  const { component } = await subscribe(member, publication);
  const copyOfImage = async (): Promise<Data> =>
    (await readTemplate(member, component)).multiCloudImages[0].multiCloudImage;
  const image = await describeAs(publisher, 'MultiCloudImage', headMci, 'alone');
  const alone = await follow('MultiCloudImage', image, member);
  expect((await copyOfImage()).description).toBeNull();
  const { reused } = await subscribe(member, alone);
  expect(reused).toMatchObject([{ id: (await copyOfImage()).id }]);
  expect(await copyOfImage()).toMatchObject({ description: 'alone', version: 2 });
  // It counts for both publications, and the template's, published before, takes nothing back.
  const { publication: counted } = await publisher.query(
    'query($id: ID!) { publication(id: $id) { importCount } }',
    { id: alone.id },
  );
  expect(counted.importCount).toBe(1);
  await subscribe(member, publication);
  expect((await copyOfImage()).description).toBe('alone');
  await republish(publication);
  expect((await copyOfImage()).description).toBe('alone');
  await describeAs(publisher, 'MultiCloudImage', image, 'with the template');
  await republish(publication);
  expect((await copyOfImage()).description).toBe('with the template');
});

test('R-5.1, R-9.4: a followed HEAD is pinned in an own template, which launches what is published last', async () => {
  const member = await api.account();
  const head = await create(publisher, 'MultiCloudImage', place);
  const publication = await follow('MultiCloudImage', head, member);
  const { component } = await subscribe(member, publication);
  const template = await done(member, 'createServerTemplate', {
    name: 'own',
    multiCloudImageIds: [component.id],
  });
  const launched = async (): Promise<Data> => {
    const { serverTemplate } = await member.query(
      `query($id: ID!, $cloudId: ID!) { serverTemplate(id: $id) { resolve(cloudId: $cloudId) { status image { value { id } } } } }`,
      { id: template.id, cloudId: place.cloud.id },
    );
    return serverTemplate.resolve;
  };
  expect(await launched()).toEqual({ status: 'READY', image: { value: { id: place.image.id } } });
  const newer = await catalog.image(place.cloud);
  await done(publisher, 'setMultiCloudImageSetting', {
    multiCloudImageId: head.id,
    expectedVersion: head.version,
    ...place.setting,
    imageId: newer.id,
  });
  expect(await launched()).toEqual({ status: 'READY', image: { value: { id: place.image.id } } });
  await republish(publication);
  expect(await launched()).toEqual({ status: 'READY', image: { value: { id: newer.id } } });
});

test('R-9.2, R-9.4: what a HEAD template pins newly is published along, and counts its followers', async () => {
  const members = [await api.account(), await api.account()];
  const { template, publication } = await mixedTemplate(...members);
  for (const member of members) await subscribe(member, publication);
  const added = await create(publisher, 'MultiCloudImage', place, 'added revision');
  const revision = await commit(publisher, 'MultiCloudImage', added);
  await done(publisher, 'addServerTemplateMultiCloudImage', {
    serverTemplateId: template.id,
    expectedVersion: template.version,
    multiCloudImageId: revision.id,
  });
  await republish(publication);
  const { multiCloudImage } = await publisher.query(
    'query($id: ID!) { multiCloudImage(id: $id) { publication { implicit visibility importCount } } }',
    { id: revision.id },
  );
  expect(multiCloudImage.publication).toEqual({ implicit: true, visibility: 'PRIVATE', importCount: 2 });
  for (const member of members) {
    const { multiCloudImages } = await member.query(
      '{ multiCloudImages(filter: { name: "added revision" }) { edges { node { revision origin } } } }',
    );
    expect(multiCloudImages.edges).toEqual([{ node: { revision: 1, origin: 'IMPORTED' } }]);
  }
});

test('R-9.4: others’ publications and HEADs are not republished', async () => {
  const member = await api.account();
  const publication = await follow('RightScript', await create(publisher, 'RightScript', place), member);
  const missing = 'pub_00000000-0000-4000-8000-000000000000';
  expect(await denied(member, 'republish', { publicationId: publication.id })).toMatchObject({
    code: 'NOT_EDITABLE',
    message: expect.stringContaining('Only its publisher'),
  });
  const stranger = await api.account();
  const answers = [
    await denied(stranger, 'republish', { publicationId: publication.id }),
    await denied(member, 'republish', { publicationId: missing }),
  ];
  expect(answers[0]).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'publicationId'] });
  expect(answers[1]).toEqual(answers[0]);
});

test('R-9.4: the name that it is found by follows', async () => {
  const member = await api.account();
  const head = await create(publisher, 'RightScript', place, 'oldname');
  const publication = await follow('RightScript', head, member);
  await edit(publisher, 'RightScript', head, { name: 'newname' });
  const find = async (search: string): Promise<string[]> => {
    const data = await member.query(
      'query($search: String!) { marketplace(filter: { search: $search }) { edges { node { id } } } }',
      { search },
    );
    return data.marketplace.edges.map(({ node }: Data) => node.id);
  };
  expect([await find('oldname'), await find('newname')]).toEqual([[publication.id], []]);
  await republish(publication);
  expect([await find('oldname'), await find('newname')]).toEqual([[], [publication.id]]);
});
