import type { ComponentType } from '../versioning/component-type';

/** A version that a publication carries, and what an account that it is for has of it. */
export interface CarriedFacts {
  readonly type: ComponentType;
  readonly accountId: string;
  /** Key of the publisher's row. */
  readonly sourceId: string;
  readonly lineageId: string;
  /** 0: a frozen HEAD. */
  readonly revision: number;
  /** What a copy is a copy of: the version that its lineage's owner has. */
  readonly originalId: string;
  /** The publication that the account has it from: its own one if it is meant for the account, else the carrying one. */
  readonly publicationId: string;
  /** Whether it is what the publication offers, not what that pins. */
  readonly offered: boolean;
  /** Whether nothing keeps the account from having it: false for what the publisher imported itself, from somebody who does not offer it to this account. */
  readonly permitted: boolean;
  /** The account's own version of this number of the lineage; `null`: it has none. */
  readonly local: LocalVersion | null;
}

/** A version in an account, in its local collection or removed from there. */
export interface LocalVersion {
  readonly id: string;
  readonly removed: boolean;
  /** Of a subscribed HEAD: whether it was frozen before the one that is carried. */
  readonly outdated: boolean;
  /** The publication that it was imported with last; `null`: it is a private one. */
  readonly importedWith: string | null;
}

/** What an import does with everything that its publication carries. */
export interface ImportPlan {
  /** What the accounts have nothing of. */
  readonly missing: readonly CarriedFacts[];
  /** What they removed, and gets back. */
  readonly removed: readonly KnownVersion[];
  /** What is in their local collections. */
  readonly present: readonly KnownVersion[];
  /** Subscribed HEADs whose content was frozen before the one that is carried; removed or present. */
  readonly outdated: readonly KnownVersion[];
  /** Present ones that were there because of something else, and are what is imported now. */
  readonly adopted: readonly KnownVersion[];
}

export type KnownVersion = CarriedFacts & { readonly local: LocalVersion };

const isKnown = (version: CarriedFacts): version is KnownVersion => version.local !== null;

/** What is there already is used again, what was removed comes back, and the rest is copied. */
export function planImport(carried: readonly CarriedFacts[]): ImportPlan {
  const known = carried.filter(isKnown);
  const present = known.filter(({ local }) => !local.removed);
  return {
    missing: carried.filter((version) => !isKnown(version)),
    removed: known.filter(({ local }) => local.removed),
    present,
    outdated: known.filter(({ local }) => local.outdated),
    adopted: present.filter(
      ({ offered, publicationId, local: { importedWith } }) =>
        offered && importedWith !== null && importedWith !== publicationId,
    ),
  };
}

/** What an account would have to get, although it is not meant for it. */
export const forbiddenVersions = (carried: readonly CarriedFacts[]): readonly CarriedFacts[] =>
  carried.filter(({ permitted, local }) => !permitted && (local === null || local.removed));
