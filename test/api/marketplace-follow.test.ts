import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { done, read, refused } from '../kit/components';
import { asked, denied, groupOf, join, organize, publish, subscribe } from '../kit/marketplace';
import { KINDS } from '../kit/version-control';
import { create, describeAs } from '../kit/versions';

/** Which content of a HEAD its followers have, and what is said when it comes no more. */

let api: TestApi;
let place: Place;
let publisher: TestAccount;
let member: TestAccount;
let group: string;

beforeAll(async () => {
  api = await startApi();
  place = await new TestCatalog(api.dataSource).place();
});
afterAll(() => api.close());
beforeEach(async () => {
  publisher = await api.account();
  await organize(publisher);
  member = await api.account();
  group = await groupOf(publisher, [member]);
});

/** All but the date goes on as it does. */
const TIMERS: FakeableAPI[] = [
  'nextTick',
  'setImmediate',
  'clearImmediate',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'performance',
  'queueMicrotask',
  'hrtime',
];

const republish = ({ id }: Data): Promise<Data> => asked(publisher, 'republish', { publicationId: id });

const published = (kind: (typeof KINDS)[number], head: Data): Promise<Data> =>
  publish(publisher, kind, head, { groups: [group] });

const ANY =
  'query($id: ID!) { node(id: $id) { ... on Component { description advisories { code subject { id } } } } }';

const descriptionOf = async ({ id }: Data, account = member): Promise<string | null> =>
  (await account.query(ANY, { id })).node.description;

/** What a followed HEAD says about itself. */
async function followingOf({ id }: Data): Promise<string[]> {
  const { node } = await member.query(ANY, { id });
  return node.advisories
    .filter(({ code, subject }: Data) => code.startsWith('SUBSCRI') && subject.id === id)
    .map(({ code }: Data) => code);
}

const imageOf = ({ imported }: Data): Data =>
  imported.find(({ __typename }: Data) => __typename === 'MultiCloudImage');

const template = (mci: Data): Promise<Data> =>
  done(publisher, 'createServerTemplate', { name: 'pins it', multiCloudImageIds: [mci.id] });

test.each(KINDS)(
  'R-9.4: a %s reaches its followers, however far ahead the clock was before',
  async (kind) => {
    let head = await create(publisher, kind, place);
    const publication = await published(kind, head);
    const { component } = await subscribe(member, publication);
    head = await describeAs(publisher, kind, head, 'one');
    jest.useFakeTimers({ doNotFake: TIMERS, now: Date.now() + 60_000 });
    try {
      await republish(publication);
    } finally {
      jest.useRealTimers();
    }
    expect(await descriptionOf(component)).toBe('one');
    await describeAs(publisher, kind, head, 'two');
    await republish(publication);
    expect(await descriptionOf(component)).toBe('two');
  },
);

test('R-9.4: a HEAD that went there and back is as it was published last, whatever carries it', async () => {
  let mci = await describeAs(
    publisher,
    'MultiCloudImage',
    await create(publisher, 'MultiCloudImage', place),
    'A',
  );
  const [first, second] = [await template(mci), await template(mci)];
  const early = await published('ServerTemplate', first);
  mci = await describeAs(publisher, 'MultiCloudImage', mci, 'B');
  const late = await published('ServerTemplate', second);
  const copy = imageOf(await subscribe(member, early));
  await subscribe(member, late);
  expect(await descriptionOf(copy)).toBe('B');
  await describeAs(publisher, 'MultiCloudImage', mci, 'A');
  await republish(early);
  expect(await descriptionOf(copy)).toBe('A');
  const other = await api.account();
  await join(publisher, group, other);
  expect(await descriptionOf(imageOf(await subscribe(other, early)), other)).toBe('A');
});

test('R-9.4: what a republishing drops follows no more, and says so; R-4.5: it is never deleted', async () => {
  const [kept, dropped] = [
    await create(publisher, 'MultiCloudImage', place, 'kept'),
    await create(publisher, 'MultiCloudImage', place, 'dropped'),
  ];
  const head = await done(publisher, 'createServerTemplate', {
    name: 'pins two',
    multiCloudImageIds: [kept.id, dropped.id],
  });
  const publication = await published('ServerTemplate', head);
  const { component, imported } = await subscribe(member, publication);
  const copies = ['kept', 'dropped'].map((name) => imported.find((copy: Data) => copy.name === name));
  const states = () => Promise.all([component, ...copies].map(followingOf));
  expect(await states()).toEqual([['SUBSCRIBED_HEAD'], ['SUBSCRIBED_HEAD'], ['SUBSCRIBED_HEAD']]);
  await done(publisher, 'removeServerTemplateMultiCloudImage', {
    serverTemplateId: head.id,
    expectedVersion: head.version,
    multiCloudImageId: dropped.id,
  });
  await republish(publication);
  expect(await states()).toEqual([['SUBSCRIBED_HEAD'], ['SUBSCRIBED_HEAD'], ['SUBSCRIPTION_ENDED']]);
  const error = await refused(publisher, 'deleteMultiCloudImage', { id: dropped.id });
  expect(error).toMatchObject({ code: 'PUBLISHED', path: ['input', 'id'] });
  // Nor when who has it removes it: it comes back with what pins it.
  await asked(member, 'removeImport', { id: copies[1].id });
  expect(await refused(publisher, 'deleteMultiCloudImage', { id: dropped.id })).toMatchObject({
    code: 'PUBLISHED',
  });
  expect((await read(publisher, 'multiCloudImage', dropped.id)).deletedAt).toBeNull();
});

test('R-9.4: what came with a template that was removed follows no more, and says so', async () => {
  const mci = await create(publisher, 'MultiCloudImage', place);
  const publication = await published('ServerTemplate', await template(mci));
  const followed = await subscribe(member, publication);
  const copy = imageOf(followed);
  await asked(member, 'removeImport', { id: followed.component.id });
  expect(await followingOf(copy)).toEqual(['SUBSCRIPTION_ENDED']);
  await describeAs(publisher, 'MultiCloudImage', mci, 'newer');
  await republish(publication);
  expect(await descriptionOf(copy)).toBeNull();
  // Its own publication reaches it, since it is there.
  const alone = await published('MultiCloudImage', mci);
  expect(await followingOf(copy)).toEqual(['SUBSCRIBED_HEAD']);
  await republish(alone);
  expect(await descriptionOf(copy)).toBe('newer');
});

test.each(KINDS)(
  'R-9.4: a %s is republished for who lost access and came back, though nothing changed',
  async (kind) => {
    const head = await create(publisher, kind, place);
    const publication = await published(kind, head);
    const { component } = await subscribe(member, publication);
    await asked(publisher, 'revokeAccountGroupAccess', { id: group, accountId: member.id });
    await describeAs(publisher, kind, head, 'newer');
    await republish(publication);
    const dryRun = { publicationId: publication.id, dryRun: true };
    // Who has no access gets nothing, so nothing is to be done.
    expect(await denied(publisher, 'republish', dryRun)).toMatchObject({ code: 'NOTHING_TO_COMMIT' });
    await join(publisher, group, member);
    expect(await descriptionOf(component)).toBeNull();
    await asked(publisher, 'republish', dryRun);
    expect(await descriptionOf(component)).toBeNull();
    await republish(publication);
    expect(await descriptionOf(component)).toBe('newer');
    expect(await denied(publisher, 'republish', { publicationId: publication.id })).toMatchObject({
      code: 'NOTHING_TO_COMMIT',
      message: expect.stringContaining('all who follow it and have access'),
    });
  },
);
