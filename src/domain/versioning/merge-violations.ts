import type { Advisory, AdvisoryCode, SubjectReference } from '../advisories/advisory';
import { nameRevision } from '../advisories/naming';
import { MAXIMUM_MATCHERS } from '../matching/matcher';
import { changedAtoms } from '../merge/changed-atoms';
import { MAXIMUM_TAGS } from '../tags';
import { MAXIMUM_DESCRIPTION_LENGTH } from '../text';
import { MAXIMUM_SETTINGS, type VisibleCatalog } from './check-setting';
import { buriedObstacle } from './commit';
import {
  SCRIPT_PHASES,
  type ComponentContents,
  type MultiCloudImageContent,
  type ServerTemplateContent,
} from './component-content';
import { COMPONENT_NAMES, type ComponentType } from './component-type';
import type { PinnedType } from './pin-updates';
import { MAXIMUM_PINS } from './plan-pins';
import { MAXIMUM_SCRIPTS } from './plan-scripts';
import { MAXIMUM_SOURCE_BYTES } from './script-source';
import { settingViolation } from './setting-violation';

/** A version that a merged template would pin, but that isn't in the local collection. */
export interface UnpinnableVersion {
  readonly type: PinnedType;
  /** Of the pin in the content. */
  readonly path: readonly string[];
  readonly lineageId: string;
  /** 0 is HEAD. */
  readonly revision: number;
  /** Its key and name; `null`: the account has no such version at all. */
  readonly deleted: { readonly id: string; readonly name: string } | null;
}

/** What must be known of the rest of the account, by kind. */
export interface MergeFacts {
  /** What the account sees of what new settings name. */
  MultiCloudImage: VisibleCatalog;
  ServerTemplate: readonly UnpinnableVersion[];
  RightScript: null;
}

/**
 * rules that a merged content would break. They are no conflicts: neither side is wrong on its own, and they
 * are cured by editing HEAD, or by another resolution.
 */
export function mergeViolations<T extends ComponentType>(
  type: T,
  before: ComponentContents[T],
  merged: ComponentContents[T],
  facts: MergeFacts[T],
): Advisory[] {
  return [...sharedViolations(type, merged), ...OF_KIND[type](before, merged, facts)];
}

/**
 * a merge commits HEAD's uncommitted work first, which may not be committed as it is.
 *
 * @param headId key of a HEAD that differs from its newest revision
 */
export function buriedViolations<T extends ComponentType>(
  type: T,
  headId: string,
  content: ComponentContents[T],
): Advisory[] {
  const obstacle = buriedObstacle(type, content);
  return obstacle === null ? [] : [violation('UNCOMMITTABLE', obstacle, { type, id: headId })];
}

type Check<T extends ComponentType> = (
  before: ComponentContents[T],
  merged: ComponentContents[T],
  facts: MergeFacts[T],
) => Advisory[];

const OF_KIND: { [T in ComponentType]: Check<T> } = {
  MultiCloudImage: multiCloudImageViolations,
  ServerTemplate: serverTemplateViolations,
  RightScript: (_before, { source }) => [
    ...tooMany('bytes of source', Buffer.byteLength(source, 'utf8'), MAXIMUM_SOURCE_BYTES),
    ...(source.trim() === ''
      ? [violation('SCRIPT_BLANK', 'The merge would leave no text: together both sides remove all of it.')]
      : []),
  ],
};

function violation(code: AdvisoryCode, message: string, subject: SubjectReference | null = null): Advisory {
  return { code, severity: 'BLOCKING', message, subject };
}

function tooMany(what: string, count: number, maximum: number): Advisory[] {
  if (count <= maximum) return [];
  return [
    violation('LIMIT_EXCEEDED', `The merge would make ${count} ${what}; at most ${maximum} are allowed.`),
  ];
}

function sharedViolations<T extends ComponentType>(
  type: T,
  { description, tags }: ComponentContents[T],
): Advisory[] {
  return [
    ...tooMany(
      `characters of the ${COMPONENT_NAMES[type]}'s description`,
      description?.length ?? 0,
      MAXIMUM_DESCRIPTION_LENGTH,
    ),
    ...tooMany('tags', tags.size, MAXIMUM_TAGS),
  ];
}

/** what the merge brings in must fit, and be visible to this account. */
function multiCloudImageViolations(
  before: MultiCloudImageContent,
  merged: MultiCloudImageContent,
  catalog: VisibleCatalog,
): Advisory[] {
  return [
    ...tooMany('settings', merged.settings.size, MAXIMUM_SETTINGS),
    ...tooMany('matchers', merged.matchers.order.length, MAXIMUM_MATCHERS),
    ...changedAtoms(before.settings, merged.settings).flatMap(
      ([cloud, atom]) => settingViolation(cloud, atom, catalog) ?? [],
    ),
  ];
}

/** */
function serverTemplateViolations(
  _before: ServerTemplateContent,
  { multiCloudImages, defaultMultiCloudImage, scripts }: ServerTemplateContent,
  unpinnable: readonly UnpinnableVersion[],
): Advisory[] {
  return [
    ...tooMany('MultiCloud Images', multiCloudImages.size, MAXIMUM_PINS),
    ...SCRIPT_PHASES.flatMap((phase) =>
      tooMany(`scripts in ${phase}`, scripts[phase].order.length, MAXIMUM_SCRIPTS),
    ),
    ...defaultViolations(multiCloudImages.size, defaultMultiCloudImage, (lineage) =>
      multiCloudImages.has(lineage),
    ),
    ...unpinnable.map(unpinnableViolation),
  ];
}

function unpinnableViolation({ type, path, lineageId, revision, deleted }: UnpinnableVersion): Advisory {
  const version =
    deleted === null ? `${lineageId} [rev ${revision}]` : nameRevision({ ...deleted, revision });
  const phase = type === 'RightScript' ? ` in ${path[1]}` : '';
  return violation(
    'COMPONENT_DELETED',
    `The merge would pin the ${COMPONENT_NAMES[type]} ${version}${phase}, which is not in the local collection. ` +
      'Clone or import it, or take another side if this pin is in conflict.',
    deleted && { type, id: deleted.id },
  );
}

function defaultViolations(
  count: number,
  lineage: string | null,
  names: (lineage: string) => boolean,
): Advisory[] {
  const fits = lineage === null ? count === 0 : names(lineage);
  if (fits) return [];
  return [
    violation(
      'NO_DEFAULT_MCI',
      'The merge would leave the ServerTemplate without one of its MultiCloud Images as the default (R-5.1): ' +
        'one side removes what the other one makes the default. Move the default of HEAD with `setDefaultMultiCloudImage`, and merge again.',
    ),
  ];
}
