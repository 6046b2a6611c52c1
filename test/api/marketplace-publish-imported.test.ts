import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { done } from '../kit/components';
import { ask, asked, bring, denied, groupOf, organize, publish, subscribe } from '../kit/marketplace';
import { KINDS, clone, commit, type Kind } from '../kit/version-control';
import { create, describeAs } from '../kit/versions';

let api: TestApi;
let catalog: TestCatalog;
let place: Place;
/** Publishes first. */
let maker: TestAccount;
/** Imports that, and publishes what uses it. */
let reseller: TestAccount;
let customer: TestAccount;

beforeAll(async () => {
  // Nothing that runs in a transaction may ask for a second connection.
  api = await startApi({}, 1);
  catalog = new TestCatalog(api.dataSource);
  place = await catalog.place();
});
afterAll(() => api.close());
beforeEach(async () => {
  [maker, reseller, customer] = [await api.account(), await api.account(), await api.account()];
  await organize(maker, 'Maker');
  await organize(reseller, 'Reseller');
});

const key = (id: string): string => id.slice(4);

const committed = async (kind: Kind, name = 'one'): Promise<Data> =>
  commit(maker, kind, await create(maker, kind, place, name), 'message', kind === 'ServerTemplate');

/** What publishing stores. */
const stored = (): Promise<unknown> =>
  api.dataSource
    .query(`SELECT (SELECT jsonb_agg(to_jsonb(p) ORDER BY p.id) FROM publications AS p) AS publications,
    (SELECT jsonb_agg(to_jsonb(v) ORDER BY v.version_id) FROM publication_versions AS v) AS versions,
    (SELECT count(*) FROM audit_entries) AS entries`);

async function deniedWithoutTrace(name: string, input: object): Promise<Data> {
  const before = await stored();
  const error = await denied(reseller, name, input);
  expect(await stored()).toEqual(before);
  return error;
}

const PUBLIC = { visibility: 'PUBLIC', shortDescription: 'short' };

const toGroups = (...accountGroupIds: string[]) => ({
  visibility: 'PRIVATE',
  shortDescription: 'short',
  accountGroupIds,
});

/** The maker's publication of a revision to the reseller only, and the groups that tell so. */
async function offered(
  kind: Kind,
  more: readonly TestAccount[] = [],
): Promise<{ publication: Data; group: string }> {
  const group = await groupOf(maker, [reseller, ...more]);
  return { group, publication: await publish(maker, kind, await committed(kind), { groups: [group] }) };
}

describe.each(KINDS)('R-9.1: an imported %s', (kind: Kind) => {
  test('is not published by who imported it; a clone is', async () => {
    const publication = await publish(maker, kind, await committed(kind));
    const { component } = await bring(reseller, publication);
    const error = await deniedWithoutTrace(`publish${kind}`, { id: component.id, ...PUBLIC });
    expect(error).toMatchObject({ code: 'INVALID', path: ['input', 'id'] });
    expect(error.message).toContain('Clone it');
    const revision = await commit(reseller, kind, await clone(reseller, kind, component));
    expect((await ask(reseller, `publish${kind}`, { id: revision.id, ...PUBLIC })).userErrors).toEqual([]);
  });

  test('nor a subscribed one', async () => {
    const group = await groupOf(maker, [reseller]);
    const publication = await publish(maker, kind, await create(maker, kind, place), { groups: [group] });
    const { component } = await subscribe(reseller, publication);
    const error = await deniedWithoutTrace(`publish${kind}`, {
      id: component.id,
      ...toGroups(await groupOf(reseller, [])),
    });
    expect(error).toMatchObject({ code: 'INVALID', path: ['input', 'id'] });
    expect(error.message).toContain('subscribed');
  });
});

describe('R-9.2: a template that pins what was imported', () => {
  /** A revision of a template of the reseller's that pins this. */
  const templateOf = async (image: Data): Promise<Data> =>
    commit(
      reseller,
      'ServerTemplate',
      await done(reseller, 'createServerTemplate', { name: 'resold', multiCloudImageIds: [image.id] }),
    );

  test('is offered to those whom its publisher offers it to: else DEPENDENCY_NOT_VISIBLE', async () => {
    const { publication, group } = await offered('MultiCloudImage');
    const { component: image } = await bring(reseller, publication);
    const template = await templateOf(image);
    const customers = await groupOf(reseller, [customer]);
    const nobody = await groupOf(reseller, []);
    for (const audience of [PUBLIC, toGroups(customers), toGroups(nobody)]) {
      const error = await deniedWithoutTrace('publishServerTemplate', { id: template.id, ...audience });
      expect(error).toMatchObject({ code: 'DEPENDENCY_NOT_VISIBLE', path: ['input', 'id'] });
      expect(error.message).toContain('the MultiCloud Image "one [rev 1]"');
      expect(error.message).toContain('Clone each');
    }
    const { membershipCode } = await asked(maker, 'inviteToAccountGroup', { id: group });
    await asked(customer, 'acceptInvitation', { membershipCode });
    const payload = await asked(reseller, 'publishServerTemplate', {
      id: template.id,
      ...toGroups(customers),
    });
    expect(payload).toMatchObject({ implicit: [], widened: [] });
    expect(
      await api.dataSource.query(
        `SELECT version_id, source_publication_id FROM publication_versions
         WHERE publication_id = $1 ORDER BY source_publication_id NULLS FIRST`,
        [key(payload.publication.id)],
      ),
    ).toEqual([
      { version_id: key(template.id), source_publication_id: null },
      { version_id: key(image.id), source_publication_id: key(publication.id) },
    ]);
    const error = await deniedWithoutTrace('updatePublication', {
      publicationId: payload.publication.id,
      makePublic: true,
    });
    expect(error).toMatchObject({ code: 'DEPENDENCY_NOT_VISIBLE', path: ['input', 'makePublic'] });
    await asked(maker, 'updatePublication', { publicationId: publication.id, makePublic: true });
    await asked(maker, 'deprecatePublication', { publicationId: publication.id });
    await asked(reseller, 'updatePublication', { publicationId: payload.publication.id, makePublic: true });
  });

  test('and names an image that the audience can not use: PRIVATE_IMAGE, also when widened or republished', async () => {
    const secret = await catalog.image(place.cloud, { ownerAccountId: maker.key, name: 'secret' });
    const settled = await api.account();
    for (const { key: account } of [reseller, settled]) await catalog.share(secret, account);
    const makers = await groupOf(maker, [reseller, settled]);
    const made = await done(maker, 'createMultiCloudImage', {
      name: 'made',
      settings: [{ ...place.setting, imageId: secret.id }],
    });
    const revision = await commit(maker, 'MultiCloudImage', made);
    const { component: image } = await bring(
      reseller,
      await publish(maker, 'MultiCloudImage', revision, { groups: [makers] }),
    );
    // It is meant for them, but they can't use the image.
    const { membershipCode } = await asked(maker, 'inviteToAccountGroup', { id: makers });
    await asked(customer, 'acceptInvitation', { membershipCode });
    const [customers, known] = [await groupOf(reseller, [customer]), await groupOf(reseller, [settled])];
    const head = await done(reseller, 'createServerTemplate', {
      name: 'resold',
      multiCloudImageIds: [image.id],
    });
    const error = await deniedWithoutTrace('publishServerTemplate', { id: head.id, ...toGroups(customers) });
    expect(error).toMatchObject({ code: 'PRIVATE_IMAGE', path: ['input', 'id'] });
    expect(error.message).toContain(`the image "secret" (${secret.resourceUid})`);
    expect(error.message).toContain('clone it and replace the image, then pin the clone');
    expect(error.message).not.toContain('shareCloudImage');

    const published = await publish(reseller, 'ServerTemplate', head, { groups: [known] });
    const publicationId = published.id;
    const wider = await deniedWithoutTrace('updatePublication', {
      publicationId,
      addAccountGroupIds: [customers],
    });
    expect(wider).toMatchObject({ code: 'PRIVATE_IMAGE', path: ['input', 'addAccountGroupIds'] });

    await describeAs(reseller, 'ServerTemplate', head, 'changed');
    await api.dataSource.query('DELETE FROM cloud_image_shares WHERE cloud_image_id = $1', [secret.key]);
    const again = await deniedWithoutTrace('republish', { publicationId });
    expect(again).toMatchObject({ code: 'PRIVATE_IMAGE', path: ['input', 'publicationId'] });
    // Its name is not the reseller's to see any more.
    expect(again.message).toContain(secret.resourceUid);
    expect(again.message).not.toContain('"secret"');
  });

  test('the cure: clone and replace', async () => {
    const { publication } = await offered('MultiCloudImage');
    const { component } = await bring(reseller, publication);
    const image = await commit(
      reseller,
      'MultiCloudImage',
      await clone(reseller, 'MultiCloudImage', component),
    );
    const payload = await asked(reseller, 'publishServerTemplate', {
      id: (await templateOf(image)).id,
      ...PUBLIC,
    });
    expect(payload.implicit.map((along: Data) => along.component.id)).toEqual([image.id]);
  });

  test('at its subscribed HEAD is never offered', async () => {
    const group = await groupOf(maker, [reseller, customer]);
    const head = await create(maker, 'MultiCloudImage', place, 'moving');
    const { component } = await subscribe(
      reseller,
      await publish(maker, 'MultiCloudImage', head, { groups: [group] }),
    );
    const template = await done(reseller, 'createServerTemplate', {
      name: 'resold',
      multiCloudImageIds: [component.id],
    });
    const error = await deniedWithoutTrace('publishServerTemplate', {
      id: template.id,
      ...toGroups(await groupOf(reseller, [customer])),
    });
    expect(error).toMatchObject({ code: 'DEPENDENCY_NOT_VISIBLE', path: ['input', 'id'] });
    expect(error.message).toContain('"moving [HEAD]"');
  });
});
