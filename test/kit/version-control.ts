import type { DataSource } from 'typeorm';
import type { Data, TestAccount } from './api';
import { auditOf, done } from './components';

/** The kinds of component, as their GraphQL types are named. */
export type Kind = 'MultiCloudImage' | 'ServerTemplate' | 'RightScript';
export type Verb = 'commit' | 'clone' | 'restore' | 'merge';

export const KINDS: readonly Kind[] = ['MultiCloudImage', 'ServerTemplate', 'RightScript'];

const FIELDS = {
  MultiCloudImage: 'multiCloudImage',
  ServerTemplate: 'serverTemplate',
  RightScript: 'rightScript',
} as const;

export const fieldOf = (kind: Kind): (typeof FIELDS)[Kind] => FIELDS[kind];

export const VERSION = `id lineageId name description tags revision version isHead isSnapshot editable commitMessage committedAt
  committedBy { name } clonedFrom { id }`;

const ERRORS = `userErrors { __typename message code path
  ... on StaleVersionError { currentVersion }
  ... on MergeConflictError { conflicts { path label base ours theirs } }
  ... on MergeViolationError { violations { code severity message } } }`;

const INPUTS: Record<Verb, (kind: Kind) => string> = {
  commit: (kind) => (kind === 'ServerTemplate' ? 'CommitServerTemplateInput' : 'CommitComponentInput'),
  clone: () => 'CloneComponentInput',
  restore: () => 'RestoreComponentInput',
  merge: () => 'MergeComponentInput',
};

const EXTRAS: Record<string, string> = {
  commitServerTemplate: 'dependencies { id __typename revision name }',
  cloneServerTemplate: 'resurrected { id __typename revision name }',
};

export function versionControlSource(verb: Verb, kind: Kind): string {
  const mutation = `${verb}${kind}`;
  return `mutation($input: ${INPUTS[verb](kind)}!) {
    ${mutation}(input: $input) { ${fieldOf(kind)} { ${VERSION} } ${EXTRAS[mutation] ?? ''} ${ERRORS} } }`;
}

/** Runs a mutation of version control and gives its payload, refused or not; `component` is what it answers. */
export async function tryTo(account: TestAccount, verb: Verb, kind: Kind, input: object): Promise<Data> {
  const data = await account.query(versionControlSource(verb, kind), { input });
  const payload = data[`${verb}${kind}`];
  return { ...payload, component: payload[fieldOf(kind)] };
}

async function must(account: TestAccount, verb: Verb, kind: Kind, input: object): Promise<Data> {
  const { component, userErrors } = await tryTo(account, verb, kind, input);
  expect(userErrors).toEqual([]);
  return component;
}

export interface Head {
  readonly id: string;
  readonly version: number;
}

/** The new revision. */
export const commit = (
  account: TestAccount,
  kind: Kind,
  head: Head,
  message = 'A commit',
  commitHeadDependencies = false,
): Promise<Data> =>
  must(account, 'commit', kind, {
    id: head.id,
    expectedVersion: head.version,
    message,
    ...(kind === 'ServerTemplate' && { commitHeadDependencies }),
  });

/** HEAD of the clone. */
export const clone = (
  account: TestAccount,
  kind: Kind,
  version: { readonly id: string },
  fields: { name?: string; description?: string | null } = {},
): Promise<Data> => must(account, 'clone', kind, { id: version.id, ...fields });

/** HEAD afterwards. */
export const restore = (
  account: TestAccount,
  kind: Kind,
  head: Head,
  revision: { readonly id: string },
): Promise<Data> =>
  must(account, 'restore', kind, {
    headId: head.id,
    expectedVersion: head.version,
    revisionId: revision.id,
  });

/** HEAD afterwards. */
export const merge = (
  account: TestAccount,
  kind: Kind,
  into: Head,
  from: { readonly id: string },
  more: { baseId?: string; resolutions?: { path: string[]; take: string }[] } = {},
): Promise<Data> =>
  must(account, 'merge', kind, {
    intoId: into.id,
    expectedVersion: into.version,
    fromId: from.id,
    ...more,
  });

/** A version as it is now. */
export async function readVersion(account: TestAccount, kind: Kind, id: string): Promise<Data> {
  const field = fieldOf(kind);
  const data = await account.query(`query($id: ID!) { ${field}(id: $id) { ${VERSION} } }`, { id });
  return data[field];
}

/** HEAD afterwards. */
export const edit = (account: TestAccount, kind: Kind, head: Head, fields: object): Promise<Data> =>
  done(account, `update${kind}`, { id: head.id, expectedVersion: head.version, ...fields });

/** HEAD afterwards. */
export async function tag(account: TestAccount, kind: Kind, head: Head, ...tags: string[]): Promise<Data> {
  await done(account, 'addTags', { id: head.id, expectedVersion: head.version, tags });
  return readVersion(account, kind, head.id);
}

/** HEAD afterwards. */
export async function untag(account: TestAccount, kind: Kind, head: Head, ...tags: string[]): Promise<Data> {
  await done(account, 'removeTags', { id: head.id, expectedVersion: head.version, tags });
  return readVersion(account, kind, head.id);
}

/** Why a merge is refused. */
export async function refusedMerge(
  account: TestAccount,
  kind: Kind,
  into: Head,
  from: { readonly id: string },
  more: { baseId?: string; resolutions?: { path: string[]; take: string }[] } = {},
): Promise<Data> {
  const { component, userErrors } = await tryTo(account, 'merge', kind, {
    intoId: into.id,
    expectedVersion: into.version,
    fromId: from.id,
    ...more,
  });
  expect(component).toBeNull();
  expect(userErrors).toHaveLength(1);
  return userErrors[0];
}

/** What a refused merge leaves to its caller: path, base, ours, theirs. */
export const conflictsOf = ({ conflicts }: Data): unknown[] =>
  conflicts.map(({ path, base, ours, theirs }: Data) => [path.join('/'), base, ours, theirs]);

/** What the last merge did, as the audit log tells it. */
export async function lastMerge(account: TestAccount, kind: Kind): Promise<Data> {
  const entries = await auditOf(account);
  const merges = entries.filter(({ action }) => action === `${fieldOf(kind)}.merge`);
  return merges.at(-1)?.changes;
}

/** What a merge would do. */
export async function preview(
  account: TestAccount,
  into: { readonly id: string },
  from: { readonly id: string },
  more: { baseId?: string; resolutions?: { path: string[]; take: string }[] } = {},
): Promise<Data> {
  const data = await account.query(
    `query($intoId: ID!, $fromId: ID!, $baseId: ID, $resolutions: [MergeResolutionInput!]) {
      mergePreview(intoId: $intoId, fromId: $fromId, baseId: $baseId, resolutions: $resolutions) { clean base { id }
        changes { path kind label before after } conflicts { path label base ours theirs } violations { code message } } }`,
    { intoId: into.id, fromId: from.id, ...more },
  );
  return data.mergePreview;
}

/** The graph of a component's lineage, newest first: what happened, to which version, from which ones. */
export async function historyOf(account: TestAccount, { id }: { readonly id: string }): Promise<unknown[]> {
  const data = await account.query(
    `query($id: ID!) { node(id: $id) { ... on Component { history(first: 100) {
      edges { node { event component { id } parents { id } } } } } } }`,
    { id },
  );
  return data.node.history.edges.map(({ node }: Data) => [
    node.event,
    node.component.id,
    node.parents.map((parent: Data) => parent.id),
  ]);
}

const TABLES = [
  'multi_cloud_images',
  'multi_cloud_image_settings',
  'multi_cloud_image_matchers',
  'server_templates',
  'server_template_multi_cloud_images',
  'server_template_scripts',
  'right_scripts',
  'history_entries',
  'audit_entries',
];

/** Every row that version control could write, to show that nothing was. */
export function allRows(dataSource: DataSource): Promise<unknown[]> {
  return Promise.all(
    TABLES.map((table) => dataSource.query(`SELECT * FROM ${table} AS thing ORDER BY thing::text`)),
  );
}
