import {
  ATOMIC,
  KEYED,
  SEQUENCE,
  SET,
  TEXT,
  type Content,
  type ContentSchema,
  type KeyedAtoms,
  type Sequence,
} from '../merge/content';
import type { ComponentType } from './component-type';

/**
 * The content of each kind of component as keyed trees. Ids are global ids, lineages their bare ids, so that
 * paths and values mean the same inside and outside.
 */

interface SharedContent extends Content {
  readonly name: string;
  readonly description: string | null;
  /** By the tag in lower case: tags are unique ignoring case. */
  readonly tags: KeyedAtoms<string>;
}

/** A setting is one atom. Global ids. */
export type SettingAtom = {
  readonly imageId: string;
  readonly instanceTypeId: string;
  readonly kernelImageId: string | null;
  readonly ramdiskImageId: string | null;
  readonly userData: string | null;
};

/** What a matcher makes of the images that its key finds. */
export type MatcherAtom = {
  readonly pick: 'UNIQUE' | 'NEWEST';
  readonly instanceTypes: readonly string[];
  readonly userData: string | null;
};

/** A pinned version: 0 is HEAD. */
export type PinAtom = { readonly revision: number };

export interface MultiCloudImageContent extends SharedContent {
  /** By the cloud's global id. */
  readonly settings: KeyedAtoms<SettingAtom>;
  /** By what they look for, in order of precedence. */
  readonly matchers: Sequence<MatcherAtom>;
}

export interface ServerTemplateContent extends SharedContent {
  /** By lineage. */
  readonly multiCloudImages: KeyedAtoms<PinAtom>;
  /** Lineage of the default MCI. */
  readonly defaultMultiCloudImage: string | null;
  /** By phase and lineage. */
  readonly scripts: Readonly<Record<ScriptPhase, Sequence<PinAtom>>>;
}

export interface RightScriptContent extends SharedContent {
  readonly source: string;
}

export interface ComponentContents {
  MultiCloudImage: MultiCloudImageContent;
  ServerTemplate: ServerTemplateContent;
  RightScript: RightScriptContent;
}

export const SCRIPT_PHASES = ['BOOT', 'OPERATIONAL', 'DECOMMISSION'] as const;
export type ScriptPhase = (typeof SCRIPT_PHASES)[number];

/** A value for each phase. */
export const byPhase = <Value>(valueOf: (phase: ScriptPhase) => Value): Record<ScriptPhase, Value> =>
  // All of them are there.
  Object.fromEntries(SCRIPT_PHASES.map((phase) => [phase, valueOf(phase)])) as Record<ScriptPhase, Value>;

const SHARED: ContentSchema = { name: ATOMIC, description: TEXT, tags: SET };

/** Which fields of each kind are atomic, keyed, set or text: all that diff and merge know about it. */
export const CONTENT_SCHEMAS: Readonly<Record<ComponentType, ContentSchema>> = {
  MultiCloudImage: { ...SHARED, settings: KEYED, matchers: SEQUENCE },
  ServerTemplate: {
    ...SHARED,
    multiCloudImages: KEYED,
    defaultMultiCloudImage: ATOMIC,
    scripts: { kind: 'group', fields: byPhase(() => SEQUENCE) },
  },
  RightScript: { ...SHARED, source: TEXT },
};
