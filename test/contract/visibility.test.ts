import { randomUUID } from 'node:crypto';
import { getNamedType, isObjectType } from 'graphql';
import { keyOf, toGlobalId, type NodeType } from '../../src/domain/global-id';
import { ROLES } from '../../src/domain/access/roles';
import { createSchema } from '../../src/schema';
import { startApi, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog } from '../kit/catalog';
import { TestServers } from '../kit/servers';
import { minimalOperation, rootFields, type RootField } from './minimal-operation';

type Things = Record<NodeType, string>;

const TYPES: readonly NodeType[] = [
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
];

/** What the ids of arguments and input fields mean; every other one may be of any type. */
const TYPE_OF_SLOT: Record<string, NodeType> = {
  acceptEulaRevisionIds: 'EulaRevision',
  accountGroupIds: 'AccountGroup',
  accountId: 'Account',
  addAccountGroupIds: 'AccountGroup',
  addAccountIds: 'Account',
  cloudId: 'Cloud',
  cloudIds: 'Cloud',
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
];
/** What the other ids of an operation are of, unless their names tell. */
const kindOf = ({ field: { name } }: RootField): NodeType =>
  KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'MultiCloudImage';
/** The same, of operations that take ids of several types. */
const TYPES_OF: Record<string, Record<string, NodeType>> = {
  updateTemplateRevisions: { id: 'Server', toId: 'ServerTemplate' },
};
const HOLDS_IDS = /^(filter|overrides|choices|settings|representations|id|ids|.*Ids?)$/;
/**
 * Sharing is the one act that reaches another account: its id, a random one, is told by its people
 * to those who are to share with them.
 */
const SHARED_WITH = 'shareCloudImage(addAccountIds: Account)';
/** Optional ids that mean something only together. */
const TOGETHER: Record<string, readonly string[]> = { diff: ['fromId', 'toId'] };
/** The ids of a lineage and of a claim are no nodes'. */
const NO_NODE = ['lineageId', 'claimId'];

let api: TestApi;
let fields: RootField[];
let token: string;
let own: Things;
let foreign: Things;
beforeAll(async () => {
  api = await startApi();
  fields = rootFields(await createSchema());
  const [account, other] = [await api.account(), await api.account()];
  token = await account.tokenWith(...ROLES);
  own = await fill(account);
  foreign = await fill(other);
});
afterAll(() => api.close());

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
};

/** Makes one private thing of every type in the account. */
async function fill(account: TestAccount): Promise<Things> {
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
  };
}

/** The names under which an operation on this field takes ids. */
function slotsOf(field: RootField): string[] {
  const slots = new Set<string>();
  minimalOperation(field, {
    id: (name) => {
      slots.add(name);
      return '';
    },
    optional: (name) => HOLDS_IDS.test(name),
  });
  return [...slots].filter((slot) => !NO_NODE.includes(slot));
}

/** What tells answers apart: refusals, counts, or whether there is anything. */
function selectionOf({ field }: RootField): string {
  const type = getNamedType(field.type);
  const has = (name: string) => isObjectType(type) && name in type.getFields();
  if (has('userErrors')) return 'userErrors { code message path }';
  return has('totalCount') ? 'totalCount edges { cursor }' : '__typename';
}

/** The answer when one id is given in one slot, and own things in the others the field requires; ids blotted out. */
async function answerWith(field: RootField, slot: string, id: string): Promise<unknown> {
  const companions = TOGETHER[field.field.name] ?? [];
  const { source, variables } = minimalOperation(
    field,
    {
      id: (name) =>
        name === slot ? id : own[TYPE_OF_SLOT[name] ?? TYPES_OF[field.field.name]?.[name] ?? kindOf(field)],
      optional: (name) =>
        name === slot ||
        companions.includes(name) ||
        (HOLDS_IDS.test(name) && !/^(id|ids|.*Ids?)$/.test(name)),
    },
    selectionOf(field),
  );
  const answer = await api.request(token, source, variables);
  return JSON.parse(JSON.stringify(answer).replaceAll(id, 'THE ID'));
}

describe('R-2.2 what may not be seen is as if it did not exist', () => {
  it('one thing of every type stands behind these tests', async () => {
    const NODES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    const nodes = async (things: Things) =>
      (await api.request(token, NODES, { ids: TYPES.map((type) => things[type]) })).data.nodes;
    expect(await nodes(own)).toEqual(TYPES.map((type) => ({ id: own[type] })));
    expect(await nodes(foreign)).toEqual(TYPES.map(() => null));
  });

  it('in every id that a root field takes', async () => {
    const counts = () =>
      api.dataSource.query('SELECT account_id, count(*)::int FROM audit_entries GROUP BY 1 ORDER BY 1');
    const before: unknown = await counts();
    const tried: string[] = [];
    for (const field of fields)
      for (const slot of slotsOf(field))
        for (const type of slot in TYPE_OF_SLOT ? [TYPE_OF_SLOT[slot] as NodeType] : TYPES) {
          const label = `${field.field.name}(${slot}: ${type})`;
          if (label === SHARED_WITH) continue;
          const ofForeign = await answerWith(field, slot, foreign[type]);
          const ofMissing = await answerWith(field, slot, toGlobalId(type, randomUUID()));
          expect({ label, answer: ofForeign }).toEqual({ label, answer: ofMissing });
          tried.push(label);
        }
    expect(await counts()).toEqual(before);
    expect(tried).toEqual(
      expect.arrayContaining([
        '_entities(id: ServerTemplate)',
        'cloneServer(deploymentId: Deployment)',
        'bundleInstance(instanceId: Instance)',
        'claimLaunchOrders(cloudIds: Cloud)',
        'completeLaunchOrder(orderId: LaunchOrder)',
        'createServer(kernelImageId: CloudImage)',
        'forceOperational(instanceId: Instance)',
        'instances(serverArrayId: ServerArray)',
        'launchServer(id: Server)',
        'launchServerArray(id: ServerArray)',
        'reportInstance(instanceId: Instance)',
        'terminateServerArray(instanceIds: Instance)',
        'createServerArray(multiCloudImageId: MultiCloudImage)',
        'deleteDeployment(id: Deployment)',
        'servers(deploymentId: Deployment)',
        'updateServer(id: Server)',
        'updateServerArrayNext(serverTemplateId: ServerTemplate)',
        'cloudImages(cloudId: Cloud)',
        'createMultiCloudImage(imageId: CloudImage)',
        'attachScript(rightScriptId: RightScript)',
        'diff(fromId: MultiCloudImage)',
        'diff(toId: MultiCloudImage)',
        'mergePreview(baseId: MultiCloudImage)',
        'mergePreview(intoId: MultiCloudImage)',
        'node(id: AccessToken)',
        'repinScript(toId: RightScript)',
        'resolveLaunch(serverTemplateId: ServerTemplate)',
        'revokeToken(id: AccessToken)',
        'setRoles(userId: User)',
        'updateTemplateRevisions(id: Server)',
        'updateTemplateRevisions(id: ServerArray)',
        'updateTemplateRevisions(multiCloudImageId: MultiCloudImage)',
        'updateTemplateRevisions(toId: ServerTemplate)',
        'accountGroup(id: AccountGroup)',
        'archiveEula(id: EulaRevision)',
        'commentPublication(publicationId: Publication)',
        'inviteToAccountGroup(id: AccountGroup)',
        'publication(id: Publication)',
        'ratePublication(publicationId: Publication)',
        'reviseEula(id: EulaRevision)',
        'revokeAccountGroupAccess(accountId: Account)',
        'revokeAccountGroupAccess(id: AccountGroup)',
      ]),
    );
  });
});
