import { keyOf, toGlobalId, type NodeType } from '../../src/domain/global-id';
import type { TestAccount, TestApi } from '../kit/api';
import { TestCatalog } from '../kit/catalog';
import { TestServers } from '../kit/servers';
import type { RootField } from './minimal-operation';

/** One thing of every type, by its global id. */
export type Things = Record<NodeType, string>;

export const TYPES: readonly NodeType[] = [
  'Account',
  'User',
  'AccessToken',
  'Cloud',
  'CloudImage',
  'InstanceType',
  'MultiCloudImage',
  'MultiCloudImageSetting',
  'MultiCloudImageMatcher',
  'ServerTemplate',
  'RightScript',
  'AuditEntry',
  'Deployment',
  'Server',
  'ServerArray',
  'Instance',
  'LaunchOrder',
  'Publication',
  'AccountGroup',
  'EulaRevision',
  'Webhook',
  'WebhookDelivery',
];

/** What the ids of arguments and input fields mean; every other one may be of any type. */
export const TYPE_OF_SLOT: Record<string, NodeType> = {
  acceptEulaRevisionIds: 'EulaRevision',
  accountGroupIds: 'AccountGroup',
  accountId: 'Account',
  addAccountGroupIds: 'AccountGroup',
  addAccountIds: 'Account',
  cloudId: 'Cloud',
  cloudIds: 'Cloud',
  deliveryIds: 'WebhookDelivery',
  deploymentId: 'Deployment',
  eulaRevisionIds: 'EulaRevision',
  imageId: 'CloudImage',
  instanceId: 'Instance',
  instanceIds: 'Instance',
  instanceTypeId: 'InstanceType',
  kernelImageId: 'CloudImage',
  matcherId: 'MultiCloudImageMatcher',
  multiCloudImageId: 'MultiCloudImage',
  multiCloudImageIds: 'MultiCloudImage',
  orderId: 'LaunchOrder',
  newDefaultId: 'MultiCloudImage',
  publicationId: 'Publication',
  ramdiskImageId: 'CloudImage',
  removeAccountGroupIds: 'AccountGroup',
  removeAccountIds: 'Account',
  replacementId: 'CloudImage',
  rightScriptId: 'RightScript',
  serverArrayId: 'ServerArray',
  serverId: 'Server',
  serverTemplateId: 'ServerTemplate',
  userId: 'User',
  webhookId: 'Webhook',
};
const KINDS: readonly (readonly [RegExp, NodeType])[] = [
  [/Scripts?$/, 'RightScript'],
  [/ServerTemplates?$/, 'ServerTemplate'],
  [/[dD]eployments?$/, 'Deployment'],
  [/[sS]erverArray(s|Next)?$/, 'ServerArray'],
  [/[sS]erver(s|Next)?$/, 'Server'],
  [/[aA]ccountGroup(Access)?$/, 'AccountGroup'],
  [/Eula$/, 'EulaRevision'],
  [/^publication$/, 'Publication'],
  [/Webhook(Secret)?$/, 'Webhook'],
];
/** What the other ids of an operation are of, unless their names tell. */
const kindOf = ({ field: { name } }: RootField): NodeType =>
  KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'MultiCloudImage';
/** The same, of operations that take ids of several types. */
const TYPES_OF: Record<string, Record<string, NodeType>> = {
  updateTemplateRevisions: { id: 'Server', toId: 'ServerTemplate' },
};
/** The type of the ids that a field takes under this name. */
export const typeOfSlot = (field: RootField, name: string): NodeType =>
  TYPE_OF_SLOT[name] ?? TYPES_OF[field.field.name]?.[name] ?? kindOf(field);

const INPUTS: Record<string, string> = {
  createMultiCloudImage: 'multiCloudImage { id version settings { id } }',
  addMultiCloudImageMatcher: 'multiCloudImage { matchers { id } }',
  createServerTemplate: 'serverTemplate { id version }',
  createRightScript: 'rightScript { id version }',
  createToken: 'accessToken { id }',
  setOrganization: 'organization { name }',
  createAccountGroup: 'accountGroup { id }',
  createEula: 'eulaRevision { id }',
  publishRightScript: 'publication { id }',
  createWebhook: 'webhook { id }',
};

/** Makes one private thing of every type in the account. */
export async function fill(api: TestApi, account: TestAccount): Promise<Things> {
  const ownerAccountId = account.key;
  const place = await new TestCatalog(api.dataSource).place({
    cloud: { accountId: account.key },
    image: { ownerAccountId },
    type: { ownerAccountId },
  });
  const make = async (mutation: string, input: object) => {
    const type = mutation.startsWith('publish')
      ? 'PublishComponentInput'
      : `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
    const source = `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${INPUTS[mutation]} userErrors { message } } }`;
    const { [mutation]: payload } = await account.query(source, { input });
    expect(payload.userErrors).toEqual([]);
    return payload;
  };
  const { multiCloudImage } = await make('createMultiCloudImage', { name: 'm', settings: [place.setting] });
  // Another one, so that the first stays at the version that the operations expect.
  const { multiCloudImage: another } = await make('createMultiCloudImage', { name: 'n' });
  const { multiCloudImage: matched } = await make('addMultiCloudImageMatcher', {
    multiCloudImageId: another.id,
    expectedVersion: 1,
    namePattern: 'x*',
    pick: 'NEWEST',
    instanceTypes: ['t'],
  });
  const { serverTemplate } = await make('createServerTemplate', {
    name: 's',
    multiCloudImageIds: [multiCloudImage.id],
  });
  const { rightScript } = await make('createRightScript', { name: 'r', source: 'true' });
  expect([multiCloudImage, serverTemplate, rightScript].map(({ version }) => version)).toEqual([1, 1, 1]);
  const { accessToken } = await make('createToken', { name: 't', roles: ['OBSERVER'] });
  await make('setOrganization', { name: 'o', email: 'o@example.com' });
  const { accountGroup } = await make('createAccountGroup', { name: 'g' });
  const { eulaRevision } = await make('createEula', { name: 'e', text: 'e' });
  const { rightScript: published } = await make('createRightScript', { name: 'p', source: 'true' });
  const { publication } = await make('publishRightScript', {
    id: published.id,
    visibility: 'PRIVATE',
    accountGroupIds: [accountGroup.id],
    shortDescription: 'p',
  });
  const { auditEntries } = await account.query('{ auditEntries(first: 1) { edges { node { id } } } }');
  const launching = await new TestServers(api.dataSource, account).oneOfEach(
    place,
    keyOf('ServerTemplate', serverTemplate.id),
  );
  const { webhook } = await make('createWebhook', {
    url: 'https://receiver.example',
    events: ['COMPONENT'],
  });
  const { testWebhook } = await account.query(
    'mutation ($id: ID!) { testWebhook(input: { id: $id }) { delivery { id } } }',
    { id: webhook.id },
  );
  return {
    Account: account.id,
    User: toGlobalId('User', account.userKey),
    AccessToken: accessToken.id,
    Cloud: place.cloud.id,
    CloudImage: place.image.id,
    InstanceType: place.type.id,
    MultiCloudImage: multiCloudImage.id,
    MultiCloudImageSetting: multiCloudImage.settings[0].id,
    MultiCloudImageMatcher: matched.matchers[0].id,
    ServerTemplate: serverTemplate.id,
    RightScript: rightScript.id,
    AuditEntry: auditEntries.edges[0].node.id,
    Deployment: launching.Deployment.id,
    Server: launching.Server.id,
    ServerArray: launching.ServerArray.id,
    Instance: launching.Instance.id,
    LaunchOrder: launching.LaunchOrder.id,
    Publication: publication.id,
    AccountGroup: accountGroup.id,
    EulaRevision: eulaRevision.id,
    Webhook: webhook.id,
    WebhookDelivery: testWebhook.delivery.id,
  };
}
