import type { Advisory, AdvisoryCode } from '../advisories/advisory';
import { DomainError } from '../errors';
import { MAXIMUM_MATCHERS } from '../matching/matcher';
import { sameAtom } from '../merge/canonical-json';
import { MAXIMUM_TAGS } from '../tags';
import { MAXIMUM_DESCRIPTION_LENGTH } from '../text';
import { assertSetting, MAXIMUM_SETTINGS, type VisibleCatalog } from './check-setting';
import {
  SCRIPT_PHASES,
  type ComponentContents,
  type MultiCloudImageContent,
  type ServerTemplateContent,
} from './component-content';
import { COMPONENT_NAMES, type ComponentType } from './component-type';
import { MAXIMUM_PINS } from './plan-pins';
import { MAXIMUM_SCRIPTS } from './plan-scripts';
import { MAXIMUM_SOURCE_BYTES } from './script-source';
import { fromSettingAtom } from './setting-atom';

/** A version that a merged template would pin, but that isn't in the local collection. */
export interface UnpinnableVersion {
  readonly type: 'MultiCloudImage' | 'RightScript';
  readonly path: readonly string[];
  readonly revision: number;
}

/** What must be known of the rest of the account, by kind. */
export interface MergeFacts {
  /** What the account sees of what new settings name. */
  MultiCloudImage: VisibleCatalog;
  ServerTemplate: readonly UnpinnableVersion[];
  RightScript: null;
}

/**
 * R-6.7: rules that a merged content would break. They are no conflicts: neither side is wrong on its own, and they
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

function violation(code: AdvisoryCode, message: string): Advisory {
  return { code, severity: 'BLOCKING', message, subject: null };
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

/** R-4.1: what the merge brings in must fit, and be visible to this account. */
function multiCloudImageViolations(
  before: MultiCloudImageContent,
  merged: MultiCloudImageContent,
  catalog: VisibleCatalog,
): Advisory[] {
  const brought = [...merged.settings].filter(
    ([cloud, atom]) => !sameAtom(before.settings.get(cloud) ?? null, atom),
  );
  return [
    ...tooMany('settings', merged.settings.size, MAXIMUM_SETTINGS),
    ...tooMany('matchers', merged.matchers.order.length, MAXIMUM_MATCHERS),
    ...brought.flatMap(([cloud, atom]) => {
      try {
        assertSetting(fromSettingAtom(cloud, atom), catalog, 'settings', cloud);
        return [];
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        const code =
          error.code === 'INCOMPATIBLE_ARCHITECTURE' ? 'ARCHITECTURE_MISMATCH' : 'IMAGE_UNAVAILABLE';
        return [violation(code, `The setting for ${cloud} can not be taken over: ${error.message}`)];
      }
    }),
  ];
}

/** R-5.1, R-5.4. */
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
    ...unpinnable.map(({ type, path, revision }) =>
      violation(
        'COMPONENT_DELETED',
        `The merge would pin ${revision === 0 ? 'HEAD' : `revision ${revision}`} of the ${COMPONENT_NAMES[type]} ${path.at(-1)} ` +
          `(${path.join('/')}), which is not in the local collection. Clone or import it, or resolve this path otherwise.`,
      ),
    ),
  ];
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
