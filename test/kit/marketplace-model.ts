/**
 * The marketplace as one would explain it on paper, to compare the real one with (section 9): who may see, import and
 * keep what. It shares no code with `src`.
 */

export type ModelKind = 'MultiCloudImage' | 'ServerTemplate';

/** An account: what is in its local collection, and the groups that it belongs to. */
export interface ModelAccount {
  readonly name: string;
  readonly memberOf: Set<ModelGroup>;
  /** By lineage and revision. */
  readonly collection: Map<string, ModelCopy>;
}

export interface ModelGroup {
  readonly id: string;
  readonly owner: ModelAccount;
}

export interface ModelLineage {
  readonly kind: ModelKind;
  readonly owner: ModelAccount;
  readonly lineageId: string;
  readonly headId: string;
  /** Whether HEAD has an image that only its owner sees. */
  readonly hasPrivateImage: boolean;
  headVersion: number;
  /** Words that occur nowhere else. */
  headText: string;
  /** What HEAD pins. */
  readonly pins: readonly ModelVersion[];
  readonly revisions: ModelVersion[];
  /** What was published of HEAD. */
  frozen: ModelVersion | null;
}

/** A committed revision, or what was published of a HEAD (revision 0). */
export interface ModelVersion {
  readonly lineage: ModelLineage;
  readonly revision: number;
  /** Of the publisher's own row; what was published of a HEAD gets another one when it is published anew. */
  id: string;
  /** Of a published HEAD: as it was last published. */
  text: string;
  publication: ModelPublication | null;
}

export interface ModelPublication {
  readonly id: string;
  readonly version: ModelVersion;
  /** `null`: public. */
  audience: Set<ModelGroup> | null;
  active: boolean;
  readonly carried: readonly { readonly version: ModelVersion; readonly source: ModelPublication | null }[];
  readonly importers: Set<ModelAccount>;
}

/** A version in a local collection: the account's own, or its copy. */
export interface ModelCopy {
  readonly version: ModelVersion;
  /** Of the account's own row. */
  readonly id: string;
  /** Of a subscribed HEAD: as it was when the account last had access. */
  text: string;
  live: boolean;
}

export const keyOfVersion = ({ lineage, revision }: ModelVersion): string =>
  `${lineage.lineageId} ${revision}`;

export const newAccount = (name: string): ModelAccount => ({
  name,
  memberOf: new Set(),
  collection: new Map(),
});

export const isMeantFor = ({ version, audience }: ModelPublication, account: ModelAccount): boolean =>
  audience === null ||
  version.lineage.owner === account ||
  [...audience].some((group) => account.memberOf.has(group));

export const isOfferedTo = (publication: ModelPublication, account: ModelAccount): boolean =>
  publication.active && isMeantFor(publication, account);

export const canLookAt = (publication: ModelPublication, account: ModelAccount): boolean =>
  publication.version.lineage.owner === account ||
  (isMeantFor(publication, account) && (publication.active || publication.importers.has(account)));

/** Of each lineage the highest that is offered. */
export function listedFor(publications: readonly ModelPublication[], account: ModelAccount): Set<string> {
  const highest = new Map<string, ModelPublication>();
  for (const publication of publications) {
    const { lineage, revision } = publication.version;
    const before = highest.get(lineage.lineageId);
    if (isOfferedTo(publication, account) && (before?.version.revision ?? -1) < revision)
      highest.set(lineage.lineageId, publication);
  }
  return new Set([...highest.values()].map(({ id }) => id));
}

/** Whether a publication that is offered to the account carries the version, as its publisher's own row or as an import of others. */
const isCarriedTo = (
  publications: readonly ModelPublication[],
  version: ModelVersion,
  account: ModelAccount,
  rows: 'OWN' | 'ALL',
): boolean =>
  publications.some(
    (publication) =>
      isOfferedTo(publication, account) &&
      publication.carried.some(
        ({ version: carried, source }) =>
          carried === version && (source === null || (rows === 'ALL' && isMeantFor(source, account))),
      ),
  );

/** Whether the account reads the publisher's own row of a version. */
export const canRead = (
  publications: readonly ModelPublication[],
  version: ModelVersion,
  account: ModelAccount,
): boolean => version.lineage.owner === account || isCarriedTo(publications, version, account, 'OWN');

/** Whether it may know its content, also by somebody else's copy. */
export const mayKnow = (
  publications: readonly ModelPublication[],
  version: ModelVersion,
  account: ModelAccount,
): boolean => version.lineage.owner === account || isCarriedTo(publications, version, account, 'ALL');

/** Whether every account that this audience reaches is meant by that publication, too. */
export function reachesAll(
  accounts: readonly ModelAccount[],
  audience: ReadonlySet<ModelGroup> | null,
  publication: ModelPublication,
): boolean {
  if (publication.audience === null) return true;
  if (audience === null) return false;
  const reached = accounts.filter((account) => [...audience].some((group) => account.memberOf.has(group)));
  return reached.length > 0 && reached.every((account) => isMeantFor(publication, account));
}
