import type { Data, TestAccount } from './api';

/** The parts of a refusal that a client acts on. */
const ERRORS = `userErrors { __typename message code path
  ... on StaleVersionError { currentVersion } ... on InUseError { usedBy { id name revision } } }`;

const MULTI_CLOUD_IMAGE = `multiCloudImage { id lineageId name description tags version revision isHead editable deletedAt
  settings { id madeBy userData cloud { id } image { id } instanceType { id } kernelImage { id } ramdiskImage { id } }
  matchers { id cloudType fingerprint namePattern operatingSystem cpuArchitecture pick instanceTypes userData } }`;

const SERVER_TEMPLATE = `serverTemplate { id lineageId name description tags version revision editable deletedAt
  multiCloudImages { isDefault multiCloudImage { id } } defaultMultiCloudImage { id }
  scripts { phase position rightScript { id } } }`;

const RIGHT_SCRIPT = `rightScript { id lineageId name description tags source version revision isHead editable deletedAt }`;

const CHANGE = `{ cloud { id } image { id } instanceType { id } }`;

/** What each mutation is asked for besides its `userErrors`. */
const SELECTIONS: Record<string, string> = {
  createMultiCloudImage: MULTI_CLOUD_IMAGE,
  updateMultiCloudImage: MULTI_CLOUD_IMAGE,
  setMultiCloudImageSetting: MULTI_CLOUD_IMAGE,
  removeMultiCloudImageSetting: MULTI_CLOUD_IMAGE,
  addMultiCloudImageMatcher: MULTI_CLOUD_IMAGE,
  removeMultiCloudImageMatcher: MULTI_CLOUD_IMAGE,
  rematchMultiCloudImage: `${MULTI_CLOUD_IMAGE} created ${CHANGE} updated ${CHANGE} removed ${CHANGE}
    unmatched { cloud { id } reason message }`,
  deleteMultiCloudImage: 'deletedId',
  createServerTemplate: SERVER_TEMPLATE,
  updateServerTemplate: SERVER_TEMPLATE,
  addServerTemplateMultiCloudImage: SERVER_TEMPLATE,
  removeServerTemplateMultiCloudImage: SERVER_TEMPLATE,
  repinServerTemplateMultiCloudImage: SERVER_TEMPLATE,
  setDefaultMultiCloudImage: SERVER_TEMPLATE,
  deleteServerTemplate: 'deletedId',
  attachScript: SERVER_TEMPLATE,
  moveScript: SERVER_TEMPLATE,
  detachScript: SERVER_TEMPLATE,
  updateServerTemplatePins: `${SERVER_TEMPLATE} moved { from { id } to { id } phase }`,
  repinScript: SERVER_TEMPLATE,
  createRightScript: RIGHT_SCRIPT,
  updateRightScript: RIGHT_SCRIPT,
  deleteRightScript: 'deletedId',
  addTags: 'node { id __typename } tags',
  removeTags: 'node { id __typename } tags',
};

export function mutationSource(name: string): string {
  const selection = SELECTIONS[name];
  if (selection === undefined) throw new Error(`No selection for ${name}`);
  const input =
    {
      updateMultiCloudImage: 'UpdateComponent',
      updateServerTemplate: 'UpdateComponent',
      deleteMultiCloudImage: 'DeleteComponent',
      deleteServerTemplate: 'DeleteComponent',
      deleteRightScript: 'DeleteComponent',
      addTags: 'Tags',
      removeTags: 'Tags',
    }[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
  return `mutation($input: ${input}Input!) { ${name}(input: $input) { ${selection} ${ERRORS} } }`;
}

/** Runs a mutation and gives its payload, refused or not. */
export async function run(account: TestAccount, name: string, input: object): Promise<Data> {
  const data = await account.query(mutationSource(name), { input });
  return data[name];
}

/** Runs a mutation that must succeed, and gives the component. */
export async function done(account: TestAccount, name: string, input: object): Promise<Data> {
  const payload = await run(account, name, input);
  expect(payload.userErrors).toEqual([]);
  return componentOf(payload) ?? payload;
}

/** Runs a mutation that must be refused for exactly one reason, and gives it. */
export async function refused(account: TestAccount, name: string, input: object): Promise<Data> {
  const payload = await run(account, name, input);
  expect(payload.userErrors).toHaveLength(1);
  expect(componentOf(payload) ?? payload.deletedId ?? payload.node ?? null).toBeNull();
  return payload.userErrors[0];
}

const componentOf = ({ multiCloudImage, serverTemplate, rightScript }: Data): Data =>
  multiCloudImage ?? serverTemplate ?? rightScript;

const READ_SELECTIONS = {
  multiCloudImage: MULTI_CLOUD_IMAGE,
  serverTemplate: SERVER_TEMPLATE,
  rightScript: RIGHT_SCRIPT,
} as const;

/** The root field that reads a component of a kind. */
export type ComponentField = keyof typeof READ_SELECTIONS;

/** A component as it is now, with everything that an edit could change. */
export async function read(account: TestAccount, type: ComponentField, id: string): Promise<Data> {
  const selection = READ_SELECTIONS[type].replace(type, `${type}(id: $id)`);
  const data = await account.query(`query($id: ID!) { ${selection} }`, { id });
  return data[type];
}

/** The account's audit entries, oldest first. */
export async function auditOf(account: TestAccount): Promise<{ action: string; changes: Data }[]> {
  const data = await account.query('{ auditEntries(first: 100) { edges { node { action changes } } } }');
  const entries = data.auditEntries.edges.map((edge: { node: Data }) => edge.node);
  return entries.toReversed();
}

/** Runs a mutation that must be refused, and checks that neither the component nor the audit log changed. */
export async function refusedWithoutTrace(
  account: TestAccount,
  type: ComponentField,
  id: string,
  name: string,
  input: object,
): Promise<Data> {
  const before = [await read(account, type, id), await auditOf(account)];
  const error = await refused(account, name, input);
  expect([await read(account, type, id), await auditOf(account)]).toEqual(before);
  return error;
}
