import type { Data, TestAccount } from './api';
import type { Place } from './catalog';
import { done, read } from './components';
import { VERSION, fieldOf, type Head, type Kind } from './version-control';

/** A HEAD that may be committed. */
export async function create(account: TestAccount, kind: Kind, place: Place, name = 'one'): Promise<Data> {
  if (kind === 'RightScript') return done(account, 'createRightScript', { name, source: 'echo hello' });
  const mci = await done(account, 'createMultiCloudImage', { name, settings: [place.setting] });
  if (kind === 'MultiCloudImage') return mci;
  return done(account, 'createServerTemplate', { name, multiCloudImageIds: [mci.id] });
}

/** The least edit of any kind. */
export const describeAs = (
  account: TestAccount,
  kind: Kind,
  { id, version }: Head,
  description: string | null,
): Promise<Data> => done(account, `update${kind}`, { id, expectedVersion: version, description });

/** Everything that a version holds, and how its settings were made, but nothing that tells it from its copies. */
export async function contentOf(account: TestAccount, kind: Kind, { id }: { id: string }): Promise<Data> {
  const {
    id: _id,
    lineageId: _lineageId,
    version: _version,
    revision: _revision,
    isHead: _isHead,
    editable: _editable,
    deletedAt: _deletedAt,
    ...content
  } = await read(account, fieldOf(kind), id);
  for (const rows of [content.settings, content.matchers]) for (const row of rows ?? []) delete row.id;
  return content;
}

const HISTORY = `query($id: ID!) { node(id: $id) { ... on Component { history(first: 100) { edges { node {
  event message component { id } parents { id } } } } } } }`;

/** What happened to a lineage, oldest first. */
export async function historyOf(account: TestAccount, { id }: { id: string }): Promise<Data[]> {
  const data = await account.query(HISTORY, { id });
  return data.node.history.edges.map(({ node }: Data) => node).toReversed();
}

/** Committed revisions of a lineage, oldest first. */
export async function revisionsOf(account: TestAccount, kind: Kind, { id }: { id: string }): Promise<Data[]> {
  const field = fieldOf(kind);
  const data = await account.query(
    `query($id: ID!) { ${field}(id: $id) { revisions(first: 100) { edges { node { ${VERSION} } } } } }`,
    { id },
  );
  return data[field].revisions.edges
    .map(({ node }: Data) => node)
    .toSorted((left: Data, right: Data) => left.revision - right.revision);
}
