import { ROLES, type Role } from '../../src/domain/access/roles';
import { createSchema } from '../../src/schema';
import { startApi, type Answer, type TestApi } from '../kit/api';
import { eventStream } from '../kit/event-stream';
import { minimalOperation, rootFields, type RootField } from './minimal-operation';

/** Who may call a root field: anybody, or who has one of these roles. OBSERVER comes with every role. */
type Access = 'ANYBODY' | readonly Role[];

const EVERY_ROLE: Access = ROLES;

const QUERIES: Record<string, Access> = {
  _entities: EVERY_ROLE,
  _service: 'ANYBODY',
  accessTokens: ['ADMIN'],
  accountGroup: ['PUBLISHER'],
  accountGroups: ['PUBLISHER'],
  auditEntries: EVERY_ROLE,
  cloud: EVERY_ROLE,
  cloudImage: EVERY_ROLE,
  cloudImages: EVERY_ROLE,
  clouds: EVERY_ROLE,
  deployment: EVERY_ROLE,
  deployments: EVERY_ROLE,
  diff: EVERY_ROLE,
  eulas: ['PUBLISHER'],
  instance: EVERY_ROLE,
  instances: EVERY_ROLE,
  instanceTypes: EVERY_ROLE,
  launchOrders: EVERY_ROLE,
  marketplace: ['DESIGNER', 'LIBRARY'],
  mergePreview: EVERY_ROLE,
  multiCloudImage: EVERY_ROLE,
  multiCloudImages: EVERY_ROLE,
  myImports: ['LIBRARY'],
  myPublications: ['PUBLISHER'],
  node: EVERY_ROLE,
  nodes: EVERY_ROLE,
  publication: ['DESIGNER', 'LIBRARY', 'PUBLISHER'],
  resolveLaunch: EVERY_ROLE,
  rightScript: EVERY_ROLE,
  rightScripts: EVERY_ROLE,
  server: EVERY_ROLE,
  serverArray: EVERY_ROLE,
  serverArrays: EVERY_ROLE,
  serverTemplate: EVERY_ROLE,
  serverTemplates: EVERY_ROLE,
  servers: EVERY_ROLE,
  users: EVERY_ROLE,
  viewer: EVERY_ROLE,
  webhooks: ['ADMIN'],
};

const MUTATIONS: Record<string, Access> = {
  acceptInvitation: ['ADMIN'],
  createWebhook: ['ADMIN'],
  updateWebhook: ['ADMIN'],
  deleteWebhook: ['ADMIN'],
  rotateWebhookSecret: ['ADMIN'],
  testWebhook: ['ADMIN'],
  replayWebhookDeliveries: ['ADMIN'],
  createAccountGroup: ['PUBLISHER'],
  updateAccountGroup: ['PUBLISHER'],
  deleteAccountGroup: ['PUBLISHER'],
  inviteToAccountGroup: ['PUBLISHER'],
  revokeAccountGroupAccess: ['PUBLISHER'],
  setOrganization: ['PUBLISHER'],
  createEula: ['PUBLISHER'],
  reviseEula: ['PUBLISHER'],
  archiveEula: ['PUBLISHER'],
  publishServerTemplate: ['PUBLISHER'],
  publishMultiCloudImage: ['PUBLISHER'],
  publishRightScript: ['PUBLISHER'],
  updatePublication: ['PUBLISHER'],
  republish: ['PUBLISHER'],
  importPublication: ['LIBRARY'],
  subscribePublication: ['LIBRARY'],
  removeImport: ['LIBRARY'],
  deprecatePublication: ['PUBLISHER'],
  reactivatePublication: ['PUBLISHER'],
  ratePublication: ['DESIGNER', 'LIBRARY'],
  commentPublication: ['DESIGNER', 'LIBRARY'],
  commitMultiCloudImage: ['DESIGNER'],
  commitServerTemplate: ['DESIGNER'],
  commitRightScript: ['DESIGNER'],
  cloneMultiCloudImage: ['DESIGNER'],
  cloneServerTemplate: ['DESIGNER'],
  cloneRightScript: ['DESIGNER'],
  restoreMultiCloudImage: ['DESIGNER'],
  restoreServerTemplate: ['DESIGNER'],
  restoreRightScript: ['DESIGNER'],
  mergeMultiCloudImage: ['DESIGNER'],
  mergeServerTemplate: ['DESIGNER'],
  mergeRightScript: ['DESIGNER'],
  addMultiCloudImageMatcher: ['DESIGNER'],
  addServerTemplateMultiCloudImage: ['DESIGNER'],
  addTags: ['ACTOR', 'DESIGNER', 'ADMIN'],
  attachScript: ['DESIGNER'],
  bundleInstance: ['ACTOR'],
  claimLaunchOrders: ['INFRASTRUCTURE'],
  cloneDeployment: ['ACTOR'],
  cloneServer: ['ACTOR'],
  completeLaunchOrder: ['INFRASTRUCTURE'],
  createCloud: ['ADMIN'],
  createDeployment: ['ACTOR'],
  createMultiCloudImage: ['DESIGNER'],
  createRightScript: ['DESIGNER'],
  createServer: ['ACTOR'],
  createServerArray: ['ACTOR'],
  createServerTemplate: ['DESIGNER'],
  createToken: ['ADMIN'],
  createUser: ['ADMIN'],
  deleteDeployment: ['ACTOR'],
  deleteMultiCloudImage: ['DESIGNER'],
  deleteRightScript: ['DESIGNER'],
  deleteServer: ['ACTOR'],
  deleteServerArray: ['ACTOR'],
  deleteServerTemplate: ['DESIGNER'],
  detachScript: ['DESIGNER'],
  // A new machine has no token: it shows the one that its launcher gave it.
  enrolInstance: 'ANYBODY',
  failLaunchOrder: ['INFRASTRUCTURE'],
  forceOperational: ['ACTOR'],
  importCatalog: ['INFRASTRUCTURE'],
  launchServer: ['ACTOR'],
  launchServerArray: ['ACTOR'],
  moveScript: ['DESIGNER'],
  relaunchServer: ['ACTOR'],
  removeMultiCloudImageMatcher: ['DESIGNER'],
  removeMultiCloudImageSetting: ['DESIGNER'],
  removeServerTemplateMultiCloudImage: ['DESIGNER'],
  removeTags: ['ACTOR', 'DESIGNER', 'ADMIN'],
  repinScript: ['DESIGNER'],
  repinServerTemplateMultiCloudImage: ['DESIGNER'],
  rematchMultiCloudImage: ['DESIGNER'],
  // And a machine, by the credential of its instance: test/api/enrolment.test.ts.
  reportInstance: ['INFRASTRUCTURE'],
  revokeToken: ['ADMIN'],
  setDefaultMultiCloudImage: ['DESIGNER'],
  setImageLifecycle: ['ACTOR', 'INFRASTRUCTURE'],
  setMultiCloudImageSetting: ['DESIGNER'],
  setRoles: ['ADMIN'],
  shareCloudImage: ['ACTOR'],
  terminateServer: ['ACTOR'],
  terminateServerArray: ['ACTOR'],
  updateDeployment: ['ACTOR'],
  updateMultiCloudImage: ['DESIGNER'],
  updateRightScript: ['DESIGNER'],
  updateServer: ['ACTOR'],
  updateServerArray: ['ACTOR'],
  updateServerArrayNext: ['ACTOR'],
  updateServerNext: ['ACTOR'],
  updateServerTemplate: ['DESIGNER'],
  updateServerTemplatePins: ['DESIGNER'],
  updateTemplateRevisions: ['ACTOR'],
};

const SUBSCRIPTIONS: Record<string, Access> = {
  componentChanged: EVERY_ROLE,
  importUpdateAvailable: ['LIBRARY'],
  instanceStateChanged: EVERY_ROLE,
  publicationChanged: ['DESIGNER', 'LIBRARY', 'PUBLISHER'],
};

const NOBODY = '00000000-0000-4000-8000-000000000000';

/** Where the role needed depends on what the input asks for. */
const BY_INPUT: [field: string, input: object, access: readonly Role[]][] = [
  ['createCloud', { public: true, cloudType: 'x', region: 'x', name: 'x' }, ['INFRASTRUCTURE']],
  ...['addTags', 'removeTags'].flatMap((field): typeof BY_INPUT => [
    [field, { id: `acc_${NOBODY}`, tags: ['x'] }, ['ADMIN']],
    [field, { id: `img_${NOBODY}`, tags: ['x'] }, ['ACTOR']],
    [field, { id: `dep_${NOBODY}`, tags: ['x'] }, ['ACTOR']],
    [field, { id: `srv_${NOBODY}`, tags: ['x'] }, ['ACTOR']],
    [field, { id: `arr_${NOBODY}`, tags: ['x'] }, ['ACTOR']],
    [field, { id: `ins_${NOBODY}`, tags: ['x'] }, ['ACTOR']],
    [field, { id: `mci_${NOBODY}`, tags: ['x'], expectedVersion: 1 }, ['DESIGNER']],
    [field, { id: `stp_${NOBODY}`, tags: ['x'], expectedVersion: 1 }, ['DESIGNER']],
    [field, { id: `scr_${NOBODY}`, tags: ['x'], expectedVersion: 1 }, ['DESIGNER']],
  ]),
];

const MISSING = `cld_${NOBODY}`;
const REFUSED = ['FORBIDDEN', 'UNAUTHENTICATED', 'INTERNAL_SERVER_ERROR'];

const accessTo = ({ operation, field }: RootField): Access | undefined =>
  (operation === 'query' ? QUERIES : MUTATIONS)[field.name];

let api: TestApi;
let fields: RootField[];
let tokens: Map<Role, string>;
beforeAll(async () => {
  api = await startApi();
  const schema = await createSchema();
  fields = rootFields(schema);
  const account = await api.account();
  tokens = new Map();
  for (const role of ROLES) tokens.set(role, await account.tokenWith(role));
});
afterAll(() => api.close());

/** The codes of errors that an answer must not hold unless it is refused. */
const refusals = ({ errors = [] }: Answer): string[] =>
  errors.map(({ extensions }) => extensions.code).filter((code) => REFUSED.includes(code));

const call = (field: RootField, token: string | null): Promise<Answer> => {
  const { source, variables } = minimalOperation(field, { id: () => MISSING });
  return api.request(token, source, variables);
};

/** Contracts of a supergraph leave out by its tag what only machines call: their launchers, monitors and agents. */
test('what only machines call is tagged, and nothing else', () => {
  const isForMachines = (access: Access) => String(access) === 'INFRASTRUCTURE';
  const forMachines = Object.keys(MUTATIONS).filter((name) => isForMachines(MUTATIONS[name] ?? []));
  const tagged = fields.filter(({ field }) =>
    field.astNode?.directives?.some(({ name }) => name.value === 'tag'),
  );
  expect(tagged.map(({ field }) => field.name).sort()).toEqual([...forMachines, 'enrolInstance'].sort());
});

describe('R-2.1, R-2.2 role × root field', () => {
  it('every root field is listed here, and nothing else', () => {
    const named = (operation: string) =>
      fields.filter((field) => field.operation === operation).map(({ field }) => field.name);
    expect(named('query').sort()).toEqual(Object.keys(QUERIES).sort());
    expect(named('mutation').sort()).toEqual(Object.keys(MUTATIONS).sort());
  });

  it.each(ROLES)('%s is FORBIDDEN exactly what the list says', async (role) => {
    const found: Record<string, string[]> = {};
    const expected: Record<string, string[]> = {};
    for (const field of fields) {
      const access = accessTo(field);
      expected[field.field.name] = access === 'ANYBODY' || access?.includes(role) ? [] : ['FORBIDDEN'];
      found[field.field.name] = refusals(await call(field, tokens.get(role) ?? null));
    }
    expect(found).toEqual(expected);
  });

  it.each(BY_INPUT)('%s of %j is FORBIDDEN to all but %j', async (name, input, access) => {
    const field = fields.find((candidate) => candidate.field.name === name);
    const type = String(field?.field.args[0]?.type);
    const source = `mutation ($input: ${type}) { ${name}(input: $input) { __typename } }`;
    const allowed: Role[] = [];
    for (const [role, token] of tokens)
      if (refusals(await api.request(token, source, { input })).length === 0) allowed.push(role);
    expect(allowed).toEqual(access);
  });

  it('nobody without a token is UNAUTHENTICATED for all but the schema and enrolment', async () => {
    const found: Record<string, string[]> = {};
    const expected: Record<string, string[]> = {};
    for (const field of fields) {
      expected[field.field.name] = accessTo(field) === 'ANYBODY' ? [] : ['UNAUTHENTICATED'];
      found[field.field.name] = refusals(await call(field, null));
    }
    expect(found).toEqual(expected);
    const introspection = await api.request(null, '{ __schema { queryType { name } } }');
    expect(introspection).toEqual({ status: 200, data: { __schema: { queryType: { name: 'Query' } } } });
  });

  it('subscriptions begin for exactly those whom the list says', async () => {
    const schema = await createSchema();
    const names = Object.keys(schema.getSubscriptionType()?.getFields() ?? {});
    expect(names.sort()).toEqual(Object.keys(SUBSCRIPTIONS).sort());
    for (const name of names) {
      const found: string[] = [];
      for (const [role, token] of [...tokens, ['nobody', undefined]] as const) {
        const query = `subscription { ${name} { id } }`;
        const { response } = await eventStream(api.url, { query }, { token });
        if (response.status === 200) found.push(role);
        else expect([role, response.status]).toEqual([role, role === 'nobody' ? 401 : 403]);
        await response.body?.cancel();
      }
      expect([name, found]).toEqual([name, [...(SUBSCRIPTIONS[name] ?? [])]]);
    }
  });

  it('a refused mutation changed nothing', async () => {
    const account = await api.account();
    const observer = await account.tokenWith('OBSERVER');
    const count = async (): Promise<unknown> =>
      api.dataSource.query('SELECT count(*)::int AS entries FROM audit_entries');
    const before = await count();
    for (const field of fields.filter(
      (root) => root.operation === 'mutation' && accessTo(root) !== 'ANYBODY',
    ))
      expect(refusals(await call(field, observer))).toEqual(['FORBIDDEN']);
    expect(await count()).toEqual(before);
  });
});
