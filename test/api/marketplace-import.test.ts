import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { auditOf, done, read, refused } from '../kit/components';
import { ask, asked, bring, denied, groupOf, organize, publish } from '../kit/marketplace';
import { clone, commit, edit, fieldOf, KINDS, tryTo, type Kind } from '../kit/version-control';
import { create } from '../kit/versions';

let api: TestApi;
let place: Place;
let publisher: TestAccount;

beforeAll(async () => {
  api = await startApi();
  place = await new TestCatalog(api.dataSource).place();
  publisher = await api.account();
  await organize(publisher);
});
afterAll(() => api.close());

const LIST = `edges { node { id revision name } }`;
const nodesOf = ({ edges }: Data): Data[] => edges.map(({ node }: Data) => node);

/** How an account sees a version and the rest of its lineage. */
async function lineageOf(account: TestAccount, kind: Kind, { id }: { readonly id: string }): Promise<Data> {
  const field = fieldOf(kind);
  const data = await account.query(
    `query($id: ID!) { ${field}(id: $id) { id lineageId revision name description tags commitMessage committedAt origin editable isHead
      deletedAt head { id } latestRevision { id } revisions { ${LIST} } committedBy { name } clonedFrom { id }
      history { edges { node { event } } } } }`,
    { id },
  );
  return data[field];
}

/** What the local collection shows of a kind unless asked for more. */
async function listed(account: TestAccount, kind: Kind, filter: object = {}): Promise<Data[]> {
  const list = `${fieldOf(kind)}s`;
  const data = await account.query(
    `query($filter: ComponentFilter) { ${list}(first: 100, filter: $filter) { ${LIST} } }`,
    { filter },
  );
  return nodesOf(data[list]);
}

const ids = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id).sort();

async function importCount({ id }: { readonly id: string }, account = publisher): Promise<number | null> {
  const { publication } = await account.query('query($id: ID!) { publication(id: $id) { importCount } }', {
    id,
  });
  return publication.importCount;
}

/** A template with two MCIs and scripts, one of them in two phases, committed with all that it pins. */
async function wholeTemplate(account: TestAccount): Promise<Data> {
  const mcis = [
    await create(account, 'MultiCloudImage', place, 'base'),
    await create(account, 'MultiCloudImage', place, 'other'),
  ];
  const scripts = [
    await done(account, 'createRightScript', { name: 'install', source: 'apt-get install nginx' }),
    await done(account, 'createRightScript', { name: 'configure', source: 'echo configured' }),
  ];
  let template = await done(account, 'createServerTemplate', {
    name: 'web',
    description: 'A web server',
    multiCloudImageIds: mcis.map(({ id }) => id),
  });
  template = await done(account, 'setDefaultMultiCloudImage', {
    serverTemplateId: template.id,
    expectedVersion: template.version,
    multiCloudImageId: mcis[1]?.id,
  });
  for (const [script, phase] of [
    [scripts[0], 'BOOT'],
    [scripts[1], 'BOOT'],
    [scripts[0], 'DECOMMISSION'],
  ])
    template = await done(account, 'attachScript', {
      serverTemplateId: template.id,
      expectedVersion: template.version,
      rightScriptId: script.id,
      phase,
    });
  const revision = await commit(account, 'ServerTemplate', template, 'with everything', true);
  return { head: await read(account, 'serverTemplate', template.id), revision, mcis, scripts };
}

const TEMPLATE = `query($id: ID!, $cloudId: ID!) { serverTemplate(id: $id) { name description
  defaultMultiCloudImage { id name }
  multiCloudImages { isDefault multiCloudImage { id name revision lineageId origin settings { cloud { id } image { id } instanceType { id } userData madeBy } } }
  scripts { phase position rightScript { id name revision lineageId origin source } }
  supportedClouds { id } resolve(cloudId: $cloudId) { status image { value { id } } } } }`;

const readTemplate = async (account: TestAccount, id: string): Promise<Data> =>
  (await account.query(TEMPLATE, { id, cloudId: place.cloud.id })).serverTemplate;

/** Without what tells a version from its copy. */
const withoutIdentity = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, inner: unknown) =>
      (key === 'id' && typeof inner === 'string' && /^(mci|stp|scr)_/.test(inner)) || key === 'origin'
        ? undefined
        : inner,
    ),
  );

describe.each(KINDS)('R-9.4: an imported %s', (kind) => {
  test('is a read-only copy, without HEAD, and nothing of its publisher’s people shows', async () => {
    const importer = await api.account();
    const head = await create(publisher, kind, place, `published ${kind}`);
    const revision = await commit(publisher, kind, head, 'ready', kind === 'ServerTemplate');
    const publication = await publish(publisher, kind, revision);
    const { component, imported, reused } = await bring(importer, publication);
    expect(component).toMatchObject({
      __typename: kind,
      lineageId: head.lineageId,
      revision: 1,
      origin: 'IMPORTED',
      editable: false,
    });
    expect(component.id).not.toBe(revision.id);
    expect(imported[0]).toEqual(component);
    expect(reused).toEqual([]);
    expect(await lineageOf(importer, kind, component)).toMatchObject({
      name: `published ${kind}`,
      commitMessage: 'ready',
      isHead: false,
      deletedAt: null,
      head: null,
      latestRevision: { id: component.id },
      revisions: { edges: [{ node: { id: component.id } }] },
      committedBy: null,
      clonedFrom: null,
      history: { edges: [] },
    });
    expect(await listed(importer, kind)).toEqual([
      { id: component.id, revision: 1, name: `published ${kind}` },
    ]);
    expect(await listed(importer, kind, { versions: 'HEADS' })).toEqual([]);
    expect(ids(await listed(importer, kind, { origin: 'IMPORTED' }))).toEqual([component.id]);
    expect(await listed(importer, kind, { origin: 'PRIVATE' })).toEqual([]);
    const [entry] = await auditOf(importer);
    expect(entry).toMatchObject({
      action: 'publication.import',
      changes: {
        name: `published ${kind}`,
        revision: 1,
        componentId: component.id,
        importedIds: imported.map(({ id }: Data) => id),
      },
    });
    expect(await importCount(publication)).toBe(1);
  });

  test('a second import changes nothing, whoever asks', async () => {
    const importer = await api.account();
    const head = await create(publisher, kind, place);
    const revision = await commit(publisher, kind, head, 'ready', kind === 'ServerTemplate');
    const publication = await publish(publisher, kind, revision);
    const first = await bring(importer, publication);
    const before = await auditOf(importer);
    expect(await bring(importer, publication)).toMatchObject({
      component: first.component,
      imported: [],
      reused: first.imported,
    });
    expect(await auditOf(importer)).toEqual(before);
    expect(await importCount(publication)).toBe(1);
    await bring(await api.account(), publication);
    expect(await importCount(publication)).toBe(2);
  });

  test('the newest imported revision is listed, once, in whatever order they come', async () => {
    const importer = await api.account();
    const head = await create(publisher, kind, place);
    const publications: Data[] = [];
    let version = head;
    for (const description of ['one', 'two', 'three']) {
      version = await edit(publisher, kind, version, { description });
      const revision = await commit(publisher, kind, version, description, kind === 'ServerTemplate');
      version = await read(publisher, fieldOf(kind), head.id);
      publications.push(await publish(publisher, kind, revision));
    }
    const components: Data[] = [];
    for (const index of [1, 0, 2]) {
      components.push((await bring(importer, publications[index])).component);
      const newest = components.reduce((left, right) => (right.revision > left.revision ? right : left));
      expect(ids(await listed(importer, kind))).toEqual([newest.id]);
      const lineage = await lineageOf(importer, kind, components[0]);
      expect(lineage.latestRevision.id).toBe(newest.id);
      expect(ids(nodesOf(lineage.revisions))).toEqual(ids(components));
    }
    expect(components.map(({ revision }) => revision)).toEqual([2, 1, 3]);
    expect(await listed(importer, kind, { versions: 'REVISIONS' })).toHaveLength(3);
  });

  test('R-6.1: none of it can be edited, but cloned, and the clone is', async () => {
    const importer = await api.account();
    const head = await create(publisher, kind, place);
    const revision = await commit(publisher, kind, head, 'ready', kind === 'ServerTemplate');
    const { component } = await bring(importer, await publish(publisher, kind, revision));
    const version = (await read(importer, fieldOf(kind), component.id)).version;
    const target = { id: component.id, expectedVersion: version };
    for (const [name, input] of [
      [`update${kind}`, { ...target, name: 'mine' }],
      ['addTags', { ...target, tags: ['mine'] }],
      ['removeTags', { ...target, tags: ['mine'] }],
    ] as const)
      expect(await refused(importer, name, input)).toMatchObject({ code: 'NOT_EDITABLE' });
    const own = await clone(importer, kind, component, { name: 'own' });
    for (const [verb, input] of [
      [
        'commit',
        { ...target, message: 'mine', ...(kind === 'ServerTemplate' && { commitHeadDependencies: false }) },
      ],
      ['restore', { headId: component.id, expectedVersion: version, revisionId: component.id }],
      ['merge', { intoId: component.id, expectedVersion: version, fromId: own.id }],
    ] as const)
      expect((await tryTo(importer, verb, kind, input)).userErrors).toMatchObject([{ code: 'NOT_EDITABLE' }]);
    expect(await refused(importer, `delete${kind}`, { id: component.id })).toMatchObject({
      code: 'NOT_EDITABLE',
      message: expect.stringContaining('removeImport'),
    });
    expect(own).toMatchObject({ clonedFrom: { id: component.id }, editable: true });
    const edited = await edit(importer, kind, own, { description: 'changed' });
    expect(edited.description).toBe('changed');
  });
});

test('R-9.4: a template comes with all that it pins, and pins the account’s own copies', async () => {
  const importer = await api.account();
  const { revision } = await wholeTemplate(publisher);
  const { component, imported } = await bring(importer, await publish(publisher, 'ServerTemplate', revision));
  expect(imported.map(({ __typename, name }: Data) => [__typename, name])).toEqual([
    ['ServerTemplate', 'web'],
    ['MultiCloudImage', 'base'],
    ['MultiCloudImage', 'other'],
    ['RightScript', 'configure'],
    ['RightScript', 'install'],
  ]);
  const copy = await readTemplate(importer, component.id);
  expect(withoutIdentity(copy)).toEqual(withoutIdentity(await readTemplate(publisher, revision.id)));
  expect(copy.defaultMultiCloudImage.name).toBe('other');
  expect(copy.resolve).toEqual({ status: 'READY', image: { value: { id: place.image.id } } });
  const pinned = [
    ...copy.multiCloudImages.map(({ multiCloudImage }: Data) => multiCloudImage.id),
    ...copy.scripts.map(({ rightScript }: Data) => rightScript.id),
  ];
  expect([...new Set(pinned)].sort()).toEqual(ids(imported.slice(1)));
  // Each stands for what was published, exactly: a diff finds nothing.
  const { diff } = await publisher.query(
    'query($from: ID!, $to: ID!) { diff(fromId: $from, toId: $to) { identical } }',
    { from: revision.id, to: revision.id },
  );
  expect(diff.identical).toBe(true);
  const stored = await api.dataSource.query(
    `SELECT encode(content_hash, 'hex') AS hash FROM server_templates WHERE id = ANY($1) GROUP BY 1`,
    [[component.id, revision.id].map((id: string) => id.slice(4))],
  );
  expect(stored).toHaveLength(1);
});

test('R-9.4: what is there already is used again and reported, also the importer’s own', async () => {
  const importer = await api.account();
  await organize(importer, 'Importer');
  const { revision, mcis } = await wholeTemplate(publisher);
  const publication = await publish(publisher, 'ServerTemplate', revision);
  const carried = await publisher.query(
    'query($id: ID!) { multiCloudImage(id: $id) { latestRevision { publication { id } } } }',
    { id: mcis[0].id },
  );
  const image = await bring(importer, carried.multiCloudImage.latestRevision.publication);
  const { imported, reused } = await bring(importer, publication);
  expect(reused).toEqual([image.component]);
  expect(imported).toHaveLength(4);
  // The importer offers a template with the publisher's image in it; the publisher imports that.
  const template = await done(importer, 'createServerTemplate', {
    name: 'derived',
    multiCloudImageIds: [image.component.id],
  });
  const derived = await commit(importer, 'ServerTemplate', template);
  const back = await bring(publisher, await publish(importer, 'ServerTemplate', derived));
  expect(back.reused).toMatchObject([{ lineageId: mcis[0].lineageId, origin: 'PRIVATE' }]);
  expect(back.imported).toMatchObject([{ lineageId: template.lineageId }]);
  const { multiCloudImages } = await readTemplate(publisher, back.component.id);
  expect(multiCloudImages).toMatchObject([{ multiCloudImage: { id: back.reused[0].id } }]);
});

test('R-9.4: imported components are used in own templates, which follow no HEAD', async () => {
  const importer = await api.account();
  const mci = await create(publisher, 'MultiCloudImage', place);
  const script = await create(publisher, 'RightScript', place);
  const [image, boot] = [
    await bring(
      importer,
      await publish(publisher, 'MultiCloudImage', await commit(publisher, 'MultiCloudImage', mci)),
    ),
    await bring(
      importer,
      await publish(publisher, 'RightScript', await commit(publisher, 'RightScript', script)),
    ),
  ];
  const template = await done(importer, 'createServerTemplate', {
    name: 'own',
    multiCloudImageIds: [image.component.id],
  });
  const attached = await done(importer, 'attachScript', {
    serverTemplateId: template.id,
    expectedVersion: template.version,
    rightScriptId: boot.component.id,
    phase: 'BOOT',
  });
  const { resolve, multiCloudImages } = await readTemplate(importer, attached.id);
  expect(resolve.status).toBe('READY');
  expect(multiCloudImages).toMatchObject([{ multiCloudImage: { origin: 'IMPORTED', revision: 1 } }]);
  await commit(importer, 'ServerTemplate', attached);
});

describe('R-2.2, R-9.4: what can’t be imported', () => {
  test('one’s own', async () => {
    const revision = await commit(
      publisher,
      'RightScript',
      await create(publisher, 'RightScript', place, 'own'),
    );
    const publication = await publish(publisher, 'RightScript', revision);
    expect(await denied(publisher, 'importPublication', { publicationId: publication.id })).toMatchObject({
      code: 'INVALID',
      path: ['input', 'publicationId'],
      message: expect.stringContaining('itself'),
    });
  });

  test('what is offered to others only, as if there were none', async () => {
    const [member, outsider] = [await api.account(), await api.account()];
    const group = await groupOf(publisher, [member]);
    const revision = await commit(publisher, 'RightScript', await create(publisher, 'RightScript', place));
    const publication = await publish(publisher, 'RightScript', revision, { groups: [group] });
    const missing = { publicationId: 'pub_00000000-0000-4000-8000-000000000000' };
    const answers = [
      await denied(outsider, 'importPublication', { publicationId: publication.id }),
      await denied(outsider, 'importPublication', missing),
      await denied(outsider, 'subscribePublication', { publicationId: publication.id }),
    ];
    expect(answers[0]).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'publicationId'] });
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await listed(outsider, 'RightScript')).toEqual([]);
    await bring(member, publication);
  });

  test('a HEAD, which is subscribed to instead', async () => {
    const member = await api.account();
    const group = await groupOf(publisher, [member]);
    const head = await create(publisher, 'RightScript', place);
    const publication = await publish(publisher, 'RightScript', head, { groups: [group] });
    expect(await denied(member, 'importPublication', { publicationId: publication.id })).toMatchObject({
      code: 'INVALID',
      message: expect.stringContaining('subscribePublication'),
    });
  });

  test('a deprecated one on its own; with a template that carries it, it comes along', async () => {
    const [before, after] = [await api.account(), await api.account()];
    const { revision, scripts } = await wholeTemplate(publisher);
    const template = await publish(publisher, 'ServerTemplate', revision);
    const { rightScript } = await publisher.query(
      'query($id: ID!) { rightScript(id: $id) { latestRevision { publication { id } } } }',
      { id: scripts[0].id },
    );
    const { publication } = rightScript.latestRevision;
    const { component } = await bring(before, publication);
    await asked(publisher, 'deprecatePublication', { publicationId: publication.id });
    const input = { publicationId: publication.id };
    expect(await denied(after, 'importPublication', input)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await denied(before, 'importPublication', input)).toMatchObject({
      code: 'INVALID',
      message: expect.stringContaining('deprecated'),
    });
    expect(await lineageOf(before, 'RightScript', component)).toMatchObject({ deletedAt: null });
    const { imported } = await bring(after, template);
    expect(imported.map(({ lineageId }: Data) => lineageId)).toContain(scripts[0].lineageId);
    expect(await importCount(publication)).toBe(2);
  });
});

describe('R-9.7: licence texts', () => {
  const IMPORT = `mutation($input: ImportPublicationInput!) { importPublication(input: $input) { component { id } userErrors {
    __typename code message path ... on EulaNotAcceptedError { eulas { id name revision text } } } } }`;

  test('an import accepts every attached one, and that is recorded', async () => {
    const importer = await api.account();
    const { eulaRevision: one } = await asked(publisher, 'createEula', { name: 'Terms', text: 'Be kind.' });
    const { eulaRevision: two } = await asked(publisher, 'createEula', { name: 'Warranty', text: 'None.' });
    const { eulaRevision: other } = await asked(publisher, 'createEula', { name: 'Other', text: 'Other.' });
    const { revision } = await wholeTemplate(publisher);
    const publication = await publish(publisher, 'ServerTemplate', revision, {
      eulaRevisionIds: [one.id, two.id],
    });
    const attempt = async (...acceptEulaRevisionIds: string[]) => {
      const input = { publicationId: publication.id, acceptEulaRevisionIds };
      return (await importer.query(IMPORT, { input })).importPublication;
    };
    expect(await attempt()).toEqual({
      component: null,
      userErrors: [
        {
          __typename: 'EulaNotAcceptedError',
          code: 'EULA_NOT_ACCEPTED',
          path: ['input', 'acceptEulaRevisionIds'],
          message: expect.stringContaining('"Terms" (revision 1), "Warranty" (revision 1)'),
          eulas: [
            { id: one.id, name: 'Terms', revision: 1, text: 'Be kind.' },
            { id: two.id, name: 'Warranty', revision: 1, text: 'None.' },
          ],
        },
      ],
    });
    expect((await attempt(two.id)).userErrors).toMatchObject([
      { code: 'EULA_NOT_ACCEPTED', eulas: [{ id: one.id }] },
    ]);
    expect((await attempt(one.id, two.id, other.id)).userErrors).toMatchObject([
      { __typename: 'ValidationError', path: ['input', 'acceptEulaRevisionIds'] },
    ]);
    expect(await listed(importer, 'ServerTemplate')).toEqual([]);
    expect(await auditOf(importer)).toEqual([]);
    const { component, userErrors } = await attempt(two.id, one.id, one.id);
    expect(userErrors).toEqual([]);
    const [entry] = await auditOf(importer);
    expect(entry?.changes.acceptedEulaRevisionIds).toEqual([one.id, two.id]);
    const recorded = await api.dataSource.query(
      'SELECT user_id, eula_revision_id FROM eula_acceptances WHERE account_id = $1 AND publication_id = $2 ORDER BY 2',
      [importer.key, publication.id.slice(4)],
    );
    expect(recorded).toEqual(
      [one, two]
        .map(({ id }) => ({ user_id: importer.userKey, eula_revision_id: id.slice(4) }))
        .sort((left, right) => (left.eula_revision_id < right.eula_revision_id ? -1 : 1)),
    );
    // What was accepted is accepted.
    expect(await attempt()).toEqual({ component, userErrors: [] });
    expect(await auditOf(importer)).toHaveLength(1);
  });
});

describe('R-9.2: what the publisher imported itself', () => {
  /** An image of one publisher's in a template of another's, for two accounts. */
  async function derived(): Promise<Data> {
    const [maker, builder, importer] = [await api.account(), await api.account(), await api.account()];
    await organize(maker, 'Maker');
    await organize(builder, 'Builder');
    const makersGroup = await groupOf(maker, [builder, importer]);
    const mci = await create(maker, 'MultiCloudImage', place, 'secret image');
    const revision = await commit(maker, 'MultiCloudImage', mci);
    const image = await publish(maker, 'MultiCloudImage', revision, { groups: [makersGroup] });
    const { component } = await bring(builder, image);
    const template = await done(builder, 'createServerTemplate', {
      name: 'derived',
      multiCloudImageIds: [component.id],
    });
    const publication = await publish(
      builder,
      'ServerTemplate',
      await commit(builder, 'ServerTemplate', template),
      {
        groups: [await groupOf(builder, [importer])],
      },
    );
    const revoke = () =>
      asked(maker, 'revokeAccountGroupAccess', { id: makersGroup, accountId: importer.id });
    return { maker, mci, image, publication, importer, revoke };
  }

  test('comes along with the publication that it came from', async () => {
    const { maker, mci, image, publication, importer } = await derived();
    const { imported } = await bring(importer, publication);
    expect(imported[1]).toMatchObject({ lineageId: mci.lineageId, origin: 'IMPORTED' });
    expect(await importCount(image, maker)).toBe(2);
    const [{ original_id }] = await api.dataSource.query(
      'SELECT original_id FROM multi_cloud_images WHERE id = $1',
      [imported[1].id.slice(4)],
    );
    const maker1 = await lineageOf(maker, 'MultiCloudImage', mci);
    expect(`mci_${original_id}`).toBe(maker1.latestRevision.id);
  });

  test('is refused when that is not meant for the importer any more, and is not named', async () => {
    const { publication, importer, revoke } = await derived();
    await revoke();
    const answer = await ask(importer, 'importPublication', { publicationId: publication.id });
    expect(answer).toMatchObject({ component: null, imported: [], reused: [] });
    expect(answer.userErrors).toMatchObject([{ code: 'DEPENDENCY_NOT_VISIBLE' }]);
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(await listed(importer, 'ServerTemplate')).toEqual([]);
    expect(await auditOf(importer).then((entries) => entries.map(({ action }) => action))).not.toContain(
      'publication.import',
    );
  });

  test('is used again when it is there, whatever became of its publication', async () => {
    const { image, publication, importer, revoke } = await derived();
    const before = await bring(importer, image);
    await revoke();
    const { imported, reused } = await bring(importer, publication);
    expect(reused).toEqual([before.component]);
    expect(imported).toHaveLength(1);
  });
});

test('R-2.1, R-9.4: a machine imports, too, and nobody else is named', async () => {
  const importer = await api.account();
  const revision = await commit(publisher, 'RightScript', await create(publisher, 'RightScript', place));
  const publication = await publish(publisher, 'RightScript', revision);
  const { data, errors } = await api.request(
    await importer.tokenWith('LIBRARY'),
    'mutation($id: ID!) { importPublication(input: { publicationId: $id }) { imported { id } userErrors { message } } }',
    { id: publication.id },
  );
  expect(errors).toBeUndefined();
  expect(data.importPublication).toEqual({ imported: [{ id: expect.any(String) }], userErrors: [] });
  const [row] = await api.dataSource.query(
    'SELECT imported_by_id, publication_id, revision, removed_at FROM imported_versions WHERE account_id = $1',
    [importer.key],
  );
  expect(row).toEqual({
    imported_by_id: null,
    publication_id: publication.id.slice(4),
    revision: 1,
    removed_at: null,
  });
});

test('R-9.3, R-9.4, R-9.5: nothing that a publisher does breaks an importer', async () => {
  const importer = await api.account();
  const seller = await api.account();
  await organize(seller, 'Seller');
  const group = await groupOf(seller, [importer]);
  const { head, revision } = await wholeTemplate(seller);
  const publication = await publish(seller, 'ServerTemplate', revision, { groups: [group] });
  const { component } = await bring(importer, publication);
  const before = await readTemplate(importer, component.id);
  const next = await edit(seller, 'ServerTemplate', head, { name: 'changed', description: 'changed' });
  await asked(seller, 'deprecatePublication', { publicationId: publication.id });
  await asked(seller, 'revokeAccountGroupAccess', { id: group, accountId: importer.id });
  await publish(seller, 'ServerTemplate', await commit(seller, 'ServerTemplate', next), { groups: [group] });
  expect(await readTemplate(importer, component.id)).toEqual(before);
  expect(before.resolve.status).toBe('READY');
});

describe('R-9.1, R-9.6: what an account imported with one publication and again with another', () => {
  /** An importer of an MCI's own publication, removed it, and got it back with a template; then it is offered the MCI again. */
  async function importedTwice() {
    const importer = await api.account();
    const [groups, others] = [[await groupOf(publisher, [importer])], [await groupOf(publisher, [importer])]];
    const image = await commit(
      publisher,
      'MultiCloudImage',
      await create(publisher, 'MultiCloudImage', place),
    );
    const own = await publish(publisher, 'MultiCloudImage', image, { groups });
    const template = await done(publisher, 'createServerTemplate', {
      name: 'pins it',
      multiCloudImageIds: [image.id],
    });
    const whole = await publish(
      publisher,
      'ServerTemplate',
      await commit(publisher, 'ServerTemplate', template),
      { groups: others },
    );
    const { component } = await bring(importer, own);
    await asked(publisher, 'updatePublication', {
      publicationId: own.id,
      addAccountGroupIds: [await groupOf(publisher, [])],
      removeAccountGroupIds: [...groups, ...others],
    });
    await asked(importer, 'removeImport', { id: component.id });
    const again = await bring(importer, whole);
    expect(again.imported.map(({ id }: Data) => id)).toContain(component.id);
    await asked(publisher, 'updatePublication', { publicationId: own.id, addAccountGroupIds: groups });
    return { importer, own, component };
  }

  test('counts once for each', async () => {
    const { importer, own, component } = await importedTwice();
    expect(await importCount(own)).toBe(1);
    await bring(importer, own);
    expect(await importCount(own)).toBe(1);
    const rows = await api.dataSource.query(
      `SELECT importer.publication_id = $2 AS own FROM publication_importers AS importer
       WHERE importer.account_id = $1 ORDER BY own`,
      [importer.key, own.id.slice(4)],
    );
    expect(rows).toEqual([{ own: false }, { own: true }]);
    expect((await read(importer, 'multiCloudImage', component.id)).deletedAt).toBeNull();
  });

  test('R-9.3: shows it either, deprecated or not, as long as it is meant for the account', async () => {
    const { importer, own } = await importedTwice();
    const stranger = await api.account();
    await asked(publisher, 'deprecatePublication', { publicationId: own.id });
    const status = async (account: TestAccount) =>
      (await account.query('query($id: ID!) { publication(id: $id) { status } }', { id: own.id }))
        .publication;
    expect(await status(importer)).toEqual({ status: 'DEPRECATED' });
    expect(await status(stranger)).toBeNull();
  });
});
