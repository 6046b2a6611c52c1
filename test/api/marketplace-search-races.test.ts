import { refreshPublisherSearch } from '../../src/persistence/marketplace/marketplace-search';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { done } from '../kit/components';
import { asked, organize, publish } from '../kit/marketplace';
import { commit } from '../kit/version-control';

let api: TestApi;
let publisher: TestAccount;

beforeAll(async () => {
  api = await startApi();
  publisher = await api.account();
  await organize(publisher);
});
afterAll(() => api.close());

const committed = async (): Promise<Data> =>
  commit(
    publisher,
    'RightScript',
    await done(publisher, 'createRightScript', { name: 'one', source: 'true' }),
  );

const words = (): Promise<Data[]> =>
  api.dataSource.query('SELECT id, search::text FROM publications WHERE account_id = $1 ORDER BY id', [
    publisher.key,
  ]);

test('R-9.3: renaming, describing and publishing at once, publications are found by the words that they have', async () => {
  const publications = [];
  for (let index = 0; index < 3; index++)
    publications.push(await publish(publisher, 'RightScript', await committed()));
  for (let round = 0; round < 12; round++) {
    const revision = await committed();
    await Promise.all([
      organize(publisher, `Name${round}`),
      ...publications.map(({ id }) =>
        asked(publisher, 'updatePublication', { publicationId: id, shortDescription: `Words${round}` }),
      ),
      publish(publisher, 'RightScript', revision),
    ]);
    const found = await words();
    await refreshPublisherSearch(api.dataSource.manager, publisher.key);
    expect(found).toEqual(await words());
  }
});
