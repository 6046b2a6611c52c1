import type { TestAccount, TestApi } from './api';
import { Canaries } from './canaries';
import { CanaryPublisher, type Offers } from './canary-publisher';
import { TestCatalog, type Place } from './catalog';
import { done } from './components';
import { asked, subscribe } from './marketplace';
import { keyOf } from '../../src/domain/global-id';
import { TestServers } from './servers';
import { clone, commit, fieldOf } from './version-control';

/** An account whose texts are canaries. */
export interface CanaryAccount {
  readonly account: TestAccount;
  readonly canaries: Canaries;
}

/** Accounts of which none may read certain texts of the others. */
export interface CanaryMarket {
  readonly place: Place;
  /** Publishes a template with its MCI and script, and more besides. */
  readonly publisher: CanaryAccount;
  /** Imported, subscribed, cloned, and has servers. */
  readonly importer: CanaryAccount;
  /** Another member of the publisher's groups. */
  readonly member: CanaryAccount;
  /** What even its owner never reads again: tokens and membership codes. */
  readonly secrets: readonly string[];
}

export async function canaryMarket(api: TestApi): Promise<CanaryMarket> {
  const place = await new TestCatalog(api.dataSource).place();
  const publisher = await person(api, new Canaries('p'));
  const importer = await person(api, new Canaries('i'));
  const member = await person(api, new Canaries('m'));
  const work = new CanaryPublisher(api, place, publisher.account, publisher.canaries);
  await work.people();
  await work.catalog([importer.account, member.account]);
  await work.groups(importer.account, member.account);
  const offers = await work.offers();
  await bringAll(importer, offers);
  await launch(api, place, importer);
  const { template, eulaId } = offers;
  for (const { account } of [importer, member]) {
    const publicationId = template.id;
    await asked(account, 'importPublication', { publicationId, acceptEulaRevisionIds: [eulaId] });
    await asked(account, 'ratePublication', { publicationId, rating: 3 });
    await asked(account, 'commentPublication', { publicationId, text: 'It works.' });
  }
  await work.moveOn(offers, importer.account);
  const secrets = [...work.secrets, publisher.account.token, member.account.token];
  return { place, publisher, importer, member, secrets };
}

/** An account whose people's names are canaries; they have all roles. */
async function person(api: TestApi, canaries: Canaries): Promise<CanaryAccount> {
  const account = await api.account({ name: canaries.word('account name') });
  const change = (sql: string, text: string): Promise<unknown> =>
    api.dataSource.query(sql, [account.userKey, text]);
  await change('UPDATE users SET email = $2 WHERE id = $1', `${canaries.word('user email')}@example.com`);
  await change(
    `UPDATE memberships SET name = $2, roles = array_append(roles, 'INFRASTRUCTURE') WHERE user_id = $1`,
    canaries.word('user name'),
  );
  return { account, canaries };
}

/** Imports, subscribes, and clones everything; the clones' texts are canaries. */
async function bringAll(
  { account, canaries }: CanaryAccount,
  { template, eulaId, heads }: Offers,
): Promise<void> {
  const payloads = [
    await asked(account, 'importPublication', {
      publicationId: template.id,
      acceptEulaRevisionIds: [eulaId],
    }),
  ];
  for (const head of heads) payloads.push(await subscribe(account, head));
  for (const component of payloads.flatMap(({ imported }) => imported)) {
    const name = canaries.word(`clone of ${fieldOf(component.__typename)}`);
    const head = await clone(account, component.__typename, component, { name });
    await commit(account, component.__typename, head, canaries.word('message'));
  }
}

/** Servers that use the imported template. */
async function launch(api: TestApi, place: Place, { account, canaries }: CanaryAccount): Promise<void> {
  const { serverTemplates } = await account.query(
    '{ serverTemplates(first: 1, filter: { origin: IMPORTED }) { edges { node { id } } } }',
  );
  const launch = {
    cloudId: place.cloud.key,
    serverTemplateId: keyOf('ServerTemplate', serverTemplates.edges[0].node.id),
  };
  const servers = new TestServers(api.dataSource, account);
  const deployment = await servers.deployment({ name: canaries.word('deployment name') });
  const server = await servers.server(deployment, { ...launch, name: canaries.word('server name') });
  await servers.serverArray(deployment, { ...launch, name: canaries.word('array name') });
  const instance = await servers.instance({
    ...launch,
    imageId: place.image.key,
    instanceTypeId: place.type.key,
    serverId: server.key,
    name: canaries.word('instance name'),
  });
  await servers.launchOrder(instance);
  const source = canaries.word('script source');
  await done(account, 'createRightScript', { name: canaries.word('script name'), source });
}
