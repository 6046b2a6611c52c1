import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { done } from '../kit/components';
import { deadlocks } from '../kit/deadlocks';
import { launchingMutation } from '../kit/launching';
import { ask, groupOf, organize, publish, subscribe } from '../kit/marketplace';
import { commit } from '../kit/version-control';
import { create, describeAs } from '../kit/versions';

/** Two who lock the same rows: while a third holds one of these, both begin; then neither waits for the other in vain. */

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

const key = (id: string): string => id.slice(4);

/** Resolves once so many connections wait for locks. */
async function waiting(count: number): Promise<void> {
  for (;;) {
    const [{ found }] = await api.dataSource.query(
      `SELECT count(*)::integer AS found FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (found >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Begins them one after the other while something is locked; each must succeed, and none as a deadlock's victim. */
async function succeedTogether(
  lock: { readonly sql: string; readonly parameters: readonly unknown[] },
  acts: readonly (() => Promise<Data>)[],
): Promise<void> {
  const before = await deadlocks(api.dataSource);
  const holder = api.dataSource.createQueryRunner();
  await holder.connect();
  try {
    await holder.startTransaction();
    await holder.query(lock.sql, [...lock.parameters]);
    const answers: Promise<Data>[] = [];
    for (const act of acts) {
      answers.push(act());
      await waiting(answers.length);
    }
    await holder.commitTransaction();
    const errors = (await Promise.all(answers)).flatMap(({ userErrors }) => userErrors);
    expect(errors).toEqual([]);
  } finally {
    await holder.release();
  }
  expect(await deadlocks(api.dataSource)).toBe(before);
}

const lineageOf = ({ id }: Data) => ({
  sql: `SELECT FROM published_lineages WHERE lineage_id = (SELECT lineage_id FROM publications WHERE id = $1)
        FOR UPDATE`,
  parameters: [key(id)],
});
/** As imports lock the collections of their accounts. */
const collectionOf = (account: TestAccount) => ({
  sql: `SELECT pg_advisory_xact_lock(hashtextextended('imports:' || (hashtextextended($1::uuid::text, 0) & 511), 0))`,
  parameters: [account.key],
});

test('R-9.1, R-9.2: publishing a template, and updating another revision of it that pins the same MCI', async () => {
  const groups = [await groupOf(publisher, []), await groupOf(publisher, [])];
  const image = await commit(publisher, 'MultiCloudImage', await create(publisher, 'MultiCloudImage', place));
  const head = await done(publisher, 'createServerTemplate', {
    name: 'pins it twice',
    multiCloudImageIds: [image.id],
  });
  const first = await commit(publisher, 'ServerTemplate', head);
  const second = await commit(
    publisher,
    'ServerTemplate',
    await describeAs(publisher, 'ServerTemplate', head, 'another'),
  );
  const publication = await publish(publisher, 'ServerTemplate', first, { groups: groups.slice(0, 1) });
  await succeedTogether(lineageOf(publication), [
    () =>
      ask(publisher, 'publishServerTemplate', {
        id: second.id,
        shortDescription: 'other words',
        visibility: 'PRIVATE',
        accountGroupIds: groups.slice(0, 1),
      }),
    () =>
      ask(publisher, 'updatePublication', {
        publicationId: publication.id,
        addAccountGroupIds: groups.slice(1),
      }),
  ]);
});

test('R-9.1, R-9.4: republishing a HEAD, and publishing a revision of it with new words', async () => {
  const subscriber = await api.account();
  const groups = [await groupOf(publisher, [subscriber])];
  for (;;) {
    const head = await create(publisher, 'RightScript', place);
    const first = await commit(publisher, 'RightScript', head);
    const followed = await publish(publisher, 'RightScript', head, { groups });
    const other = await publish(publisher, 'RightScript', first, { groups });
    // Words are written in the order of keys: to the other one before the one that is republished.
    if (other.id > followed.id) continue;
    await subscribe(subscriber, followed);
    const second = await commit(
      publisher,
      'RightScript',
      await describeAs(publisher, 'RightScript', head, 'another'),
    );
    await succeedTogether(collectionOf(subscriber), [
      () => ask(publisher, 'republish', { publicationId: followed.id }),
      () =>
        ask(publisher, 'publishRightScript', {
          id: second.id,
          shortDescription: 'other words',
          visibility: 'PRIVATE',
          accountGroupIds: groups,
        }),
    ]);
    return;
  }
});

test('R-8.2, R-9.4: republishing, and launching what is brought: HEADs are locked first, then by key', async () => {
  for (;;) {
    const subscriber = await api.account();
    const groups = [await groupOf(publisher, [subscriber])];
    const head = await create(publisher, 'MultiCloudImage', place, 'HEAD');
    const revision = await commit(
      publisher,
      'MultiCloudImage',
      await create(publisher, 'MultiCloudImage', place, 'revision'),
    );
    const template = await done(publisher, 'createServerTemplate', {
      name: 'pins both',
      multiCloudImageIds: [head.id, revision.id],
    });
    const publication = await publish(publisher, 'ServerTemplate', template, { groups });
    const { imported } = await subscribe(subscriber, publication);
    const idOf = (name: string): string => imported.find((one: Data) => one.name === name).id;
    if (idOf('revision') > idOf('HEAD')) continue;
    const own = await done(subscriber, 'createServerTemplate', {
      name: 'own',
      multiCloudImageIds: [idOf('HEAD'), idOf('revision')],
    });
    const { createDeployment } = await subscriber.query(
      'mutation { createDeployment(input: { name: "d" }) { deployment { id } } }',
    );
    const { createServer } = await subscriber.query(
      'mutation($input: CreateServerInput!) { createServer(input: $input) { server { id } userErrors { message } } }',
      {
        input: {
          deploymentId: createDeployment.deployment.id,
          name: 's',
          cloudId: place.cloud.id,
          serverTemplateId: own.id,
        },
      },
    );
    await describeAs(publisher, 'MultiCloudImage', head, 'another');
    await succeedTogether(
      {
        sql: 'SELECT FROM multi_cloud_images WHERE id = $1 FOR NO KEY UPDATE',
        parameters: [key(idOf('HEAD'))],
      },
      [
        () => ask(publisher, 'republish', { publicationId: publication.id }),
        async () =>
          (
            await subscriber.query(launchingMutation('launchServer'), {
              input: { id: createServer.server.id },
            })
          ).launchServer,
      ],
    );
    return;
  }
});

/** Three revisions of a script, published to everyone or to these groups. */
async function publishedThrice(groups?: readonly string[]): Promise<Data[]> {
  let head = await create(publisher, 'RightScript', place);
  const publications: Data[] = [];
  for (const text of ['one', 'two', 'three']) {
    head = await describeAs(publisher, 'RightScript', head, text);
    const revision = await commit(publisher, 'RightScript', head);
    publications.push(await publish(publisher, 'RightScript', revision, { ...(groups && { groups }) }));
  }
  return publications;
}

const listed = async (account: TestAccount, { lineageId }: Data): Promise<number[]> => {
  const { marketplace } = await account.query(
    'query($lineageId: ID!) { marketplace(filter: { lineageId: $lineageId }) { edges { node { revision } } } }',
    { lineageId },
  );
  return marketplace.edges.map(({ node }: Data) => node.revision);
};

test('R-9.3: deprecating two revisions at once: the third is listed again', async () => {
  const [first, second, third] = await publishedThrice();
  const deprecate = ({ id }: Data) => ask(publisher, 'deprecatePublication', { publicationId: id });
  await succeedTogether(lineageOf(first), [() => deprecate(third), () => deprecate(second)]);
  expect(await listed(await api.account(), first)).toEqual([1]);
});

test('R-9.5: deleting a group, and reactivating what it is offered', async () => {
  const member = await api.account();
  const [joined, empty] = [await groupOf(publisher, [member]), await groupOf(publisher, [])];
  const [first, second, third] = await publishedThrice([joined, empty]);
  for (const { id } of [second, third]) await ask(publisher, 'deprecatePublication', { publicationId: id });
  await succeedTogether(lineageOf(first), [
    () => ask(publisher, 'deleteAccountGroup', { id: empty }),
    () => ask(publisher, 'reactivatePublication', { publicationId: second.id }),
  ]);
  expect(await listed(member, first)).toEqual([2]);
});
