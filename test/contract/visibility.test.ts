import { randomUUID } from 'node:crypto';
import { getNamedType, isObjectType } from 'graphql';
import { toGlobalId, type NodeType } from '../../src/domain/global-id';
import { ROLES } from '../../src/domain/access/roles';
import { createSchema } from '../../src/schema';
import { startApi, type TestApi } from '../kit/api';
import { minimalOperation, rootFields, type RootField } from './minimal-operation';
import { fill, TYPE_OF_SLOT, TYPES, typeOfSlot, type Things } from './things';

const HOLDS_IDS = /^(filter|overrides|choices|settings|representations|id|ids|.*Ids?)$/;
/**
 * Sharing is the one act that reaches another account: its id, a random one, is told by its people
 * to those who are to share with them.
 */
const SHARED_WITH = 'shareCloudImage(addAccountIds: Account)';
/** Optional ids that mean something only together. */
const TOGETHER: Record<string, readonly string[]> = { diff: ['fromId', 'toId'] };
/** The ids of a lineage and of a claim are no nodes'. */
const NO_NODE = ['lineageId', 'lineageIds', 'claimId'];

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
  own = await fill(api, account);
  foreign = await fill(api, other);
});
afterAll(() => api.close());

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
      id: (name) => (name === slot ? id : own[typeOfSlot(field, name)]),
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
        'replayWebhookDeliveries(deliveryIds: WebhookDelivery)',
        'replayWebhookDeliveries(webhookId: Webhook)',
        'rotateWebhookSecret(id: Webhook)',
        'revokeAccountGroupAccess(accountId: Account)',
        'revokeAccountGroupAccess(id: AccountGroup)',
      ]),
    );
  });
});
