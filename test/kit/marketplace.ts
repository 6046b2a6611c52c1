import type { Data, TestAccount } from './api';
import type { Kind } from './version-control';

const COMPONENT = 'id __typename lineageId revision name origin editable';

const PUBLICATION = `publication { id revision lineageId visibility status implicit imported component { id __typename name revision } }`;

const ALONG = `implicit { component { ${COMPONENT} } publication { id } } widened { component { ${COMPONENT} } publication { id } }`;

const ERRORS = 'userErrors { __typename message code path }';

/** What each mutation is asked for besides its `userErrors`, and its input when that isn't named after it. */
const MUTATIONS: Record<string, { readonly input?: string; readonly selection: string }> = {
  setOrganization: { selection: 'organization { name email welcomeMessage supportMessage }' },
  createAccountGroup: { selection: 'accountGroup { id name description version }' },
  updateAccountGroup: { selection: 'accountGroup { id name description version }' },
  deleteAccountGroup: { selection: 'deletedId' },
  inviteToAccountGroup: { selection: 'membershipCode' },
  acceptInvitation: { selection: '__typename' },
  revokeAccountGroupAccess: { selection: 'accountGroup { id }' },
  createEula: { selection: 'eulaRevision { id name revision text }' },
  reviseEula: { selection: 'eulaRevision { id name revision text }' },
  archiveEula: { selection: '__typename' },
  ...Object.fromEntries(
    ['ServerTemplate', 'MultiCloudImage', 'RightScript'].map((kind) => [
      `publish${kind}`,
      {
        input: 'PublishComponentInput',
        selection: `${PUBLICATION} ${ALONG}`,
      },
    ]),
  ),
  updatePublication: { selection: `${PUBLICATION} ${ALONG}` },
  deprecatePublication: { input: 'PublicationInput', selection: PUBLICATION },
  reactivatePublication: { input: 'PublicationInput', selection: PUBLICATION },
  republish: { input: 'PublicationInput', selection: `${PUBLICATION} ${ALONG}` },
  importPublication: {
    selection: `component { ${COMPONENT} } imported { ${COMPONENT} } reused { ${COMPONENT} }`,
  },
  subscribePublication: {
    input: 'ImportPublicationInput',
    selection: `component { ${COMPONENT} } imported { ${COMPONENT} } reused { ${COMPONENT} }`,
  },
  removeImport: { input: 'DeleteComponentInput', selection: 'deletedId' },
  ratePublication: { selection: PUBLICATION },
  commentPublication: { selection: PUBLICATION },
};

/** Runs a mutation of the marketplace and gives its payload, refused or not. */
export async function ask(account: TestAccount, name: string, input: object): Promise<Data> {
  const mutation = MUTATIONS[name];
  if (mutation === undefined) throw new Error(`No selection for ${name}`);
  const type = mutation.input ?? `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const data = await account.query(
    `mutation($input: ${type}!) { ${name}(input: $input) { ${mutation.selection} ${ERRORS} } }`,
    { input },
  );
  return data[name];
}

/** The same for one that must succeed. */
export async function asked(account: TestAccount, name: string, input: object): Promise<Data> {
  const payload = await ask(account, name, input);
  expect(payload.userErrors).toEqual([]);
  return payload;
}

/** The same for one that must be refused for exactly one reason, which it gives. */
export async function denied(account: TestAccount, name: string, input: object): Promise<Data> {
  const payload = await ask(account, name, input);
  expect(payload.userErrors).toHaveLength(1);
  return payload.userErrors[0];
}

/** Lets an account publish. */
export const organize = (publisher: TestAccount, name = 'Publisher'): Promise<Data> =>
  asked(publisher, 'setOrganization', { name, email: 'contact@publisher.example' });

/** A group of the publisher's with these members. @returns its id */
export async function groupOf(
  publisher: TestAccount,
  members: readonly TestAccount[],
  name = 'Partners',
): Promise<string> {
  const { accountGroup } = await asked(publisher, 'createAccountGroup', { name });
  for (const member of members) await join(publisher, accountGroup.id, member);
  return accountGroup.id;
}

/** Gives an account access to a group. */
export async function join(
  publisher: TestAccount,
  accountGroupId: string,
  member: TestAccount,
): Promise<void> {
  const { membershipCode } = await asked(publisher, 'inviteToAccountGroup', { id: accountGroupId });
  await asked(member, 'acceptInvitation', { membershipCode });
}

/** Publishes to everyone, or to these groups. @returns the publication */
export async function publish(
  publisher: TestAccount,
  kind: Kind,
  { id }: { readonly id: string },
  { groups, ...more }: { readonly groups?: readonly string[]; readonly [field: string]: unknown } = {},
): Promise<Data> {
  const audience = groups ? { visibility: 'PRIVATE', accountGroupIds: groups } : { visibility: 'PUBLIC' };
  const payload = await asked(publisher, `publish${kind}`, {
    id,
    shortDescription: 'What it is for',
    ...audience,
    ...more,
  });
  return payload.publication;
}

/** Imports; the payload. */
export const bring = (account: TestAccount, { id }: { readonly id: string }): Promise<Data> =>
  asked(account, 'importPublication', { publicationId: id });

/** Subscribes; the payload. */
export const subscribe = (account: TestAccount, { id }: { readonly id: string }): Promise<Data> =>
  asked(account, 'subscribePublication', { publicationId: id });
