import type { Answer, Data, TestAccount, TestApi } from './api';

const CHANGE = 'path kind before after label';

/** Everything that `diff` answers. */
export const DIFF = `query($fromId: ID, $toId: ID, $lineageId: ID) { diff(fromId: $fromId, toId: $toId, lineageId: $lineageId) {
  from { id name revision } to { id name revision } identical text changes { ${CHANGE} } } }`;

/** Everything that `mergePreview` answers. */
const MERGE_PREVIEW = `query($intoId: ID!, $fromId: ID!, $baseId: ID, $resolutions: [MergeResolutionInput!]) {
  mergePreview(intoId: $intoId, fromId: $fromId, baseId: $baseId, resolutions: $resolutions) {
    base { id name revision } changes { ${CHANGE} } conflicts { path label base ours theirs }
    violations { code severity message subject { id } } clean } }`;

interface Version {
  readonly id: string;
}

export async function diff(account: TestAccount, from: Version, to: Version): Promise<Data> {
  return (await account.query(DIFF, { fromId: from.id, toId: to.id })).diff;
}

export async function diffOfLineage(account: TestAccount, lineageId: string): Promise<Data> {
  return (await account.query(DIFF, { lineageId })).diff;
}

export interface PreviewOptions {
  readonly baseId?: string;
  readonly resolutions?: { path: string[]; take: string }[];
}

export async function mergePreview(
  account: TestAccount,
  into: Version,
  from: Version,
  options: PreviewOptions = {},
): Promise<Data> {
  const data = await account.query(MERGE_PREVIEW, { intoId: into.id, fromId: from.id, ...options });
  return data.mergePreview;
}

/** The answer to arguments that may be refused. */
export const askForPreview = (api: TestApi, account: TestAccount, variables: object): Promise<Answer> =>
  api.request(account.token, MERGE_PREVIEW, variables);

/** Why a query was refused: one error, of the client's making. */
export function refusalOf({ data, errors = [] }: Answer): Data {
  expect(errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  expect(Object.values(data)).toEqual([null]);
  const [{ message = '', extensions = { code: '' } } = {}] = errors;
  return { message, reason: extensions['reason'], argumentPath: extensions['argumentPath'] };
}
