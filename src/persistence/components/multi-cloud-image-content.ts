import type { EntityManager } from 'typeorm';
import { sameAtom } from '../../domain/merge/canonical-json';
import { changedAtoms, sameOrder } from '../../domain/merge/changed-atoms';
import type {
  MatcherAtom,
  MultiCloudImageContent,
  SettingAtom,
} from '../../domain/versioning/component-content';
import type { KeyedAtoms, Sequence } from '../../domain/merge/content';
import type { SettingContent } from '../../domain/versioning/check-setting';
import { toGlobalId } from '../../domain/global-id';
import { matcherCriteria, toMatcherSequence } from '../../domain/versioning/matcher-atom';
import { fromSettingAtom, toSettingAtom } from '../../domain/versioning/setting-atom';
import type { MultiCloudImageMatcher } from '../../entities/components/multi-cloud-image-matcher';
import type { MultiCloudImageSetting } from '../../entities/components/multi-cloud-image-setting';
import { matchersByMultiCloudImage, settingsByMultiCloudImage } from '../batches';
import { sharedColumns, sharedContent, type ContentRows } from './content-rows';
import { replaceMatchers } from './matcher-store';
import { deleteSettings, insertSettings, updateSettings } from './multi-cloud-image-store';
import type { Row } from '../select';

/** The content of MultiCloud Images: settings by cloud, matchers in their order. */
export const MULTI_CLOUD_IMAGE_CONTENT: ContentRows<'MultiCloudImage'> = {
  async read(manager, versions) {
    const ids = versions.map(({ id }) => id);
    const settings = byVersion(await settingsByMultiCloudImage(manager, ids));
    const matchers = byVersion(await matchersByMultiCloudImage(manager, ids));
    return new Map(
      versions.map((version): [string, MultiCloudImageContent] => [
        version.id,
        {
          ...sharedContent(version),
          settings: new Map(
            (settings.get(version.id) ?? []).map((row) => [cloudKey(row), toSettingAtom(row)]),
          ),
          matchers: toMatcherSequence(matchers.get(version.id) ?? []),
        },
      ]),
    );
  },

  async write(manager, head, before, after, donors) {
    await writeSettings(manager, head.id, before.settings, after.settings, donors);
    await writeMatchers(manager, head.id, before.matchers, after.matchers);
    return sharedColumns(after);
  },
};

const cloudKey = ({ cloudId }: { readonly cloudId: string }): string => toGlobalId('Cloud', cloudId);

function byVersion<R extends { readonly multiCloudImageId: string }>(rows: readonly R[]): Map<string, R[]> {
  const found = new Map<string, R[]>();
  for (const row of rows) {
    const others = found.get(row.multiCloudImageId);
    if (others === undefined) found.set(row.multiCloudImageId, [row]);
    else others.push(row);
  }
  return found;
}

async function writeSettings(
  manager: EntityManager,
  headId: string,
  before: KeyedAtoms<SettingAtom>,
  after: KeyedAtoms<SettingAtom>,
  donors: readonly string[],
): Promise<void> {
  const changed = changedAtoms(before, after);
  const gone = [...before.keys()].filter((cloud) => !after.has(cloud));
  if (changed.length + gone.length === 0) return;
  const rows = await settingsByMultiCloudImage(manager, [headId, ...donors]);
  const present = new Map(
    rows.filter((row) => row.multiCloudImageId === headId).map((row) => [cloudKey(row), row]),
  );
  await deleteSettings(
    manager,
    gone.flatMap((cloud) => present.get(cloud)?.id ?? []),
  );
  for (const madeBy of ['HAND', 'MATCHER'] as const) {
    const made = changed
      .filter(([cloud, atom]) => makerOf(rows, cloud, atom) === madeBy)
      .map(([cloud, atom]) => ({ setting: fromSettingAtom(cloud, atom), id: present.get(cloud)?.id }));
    await updateSettings(
      manager,
      made.flatMap(({ setting, id }) => (id === undefined ? [] : [{ ...setting, id }])),
      madeBy,
    );
    await insertSettings(
      manager,
      headId,
      made.flatMap(({ setting, id }) => (id === undefined ? [setting] : [])),
      madeBy,
    );
  }
}

/** How a setting was made is no content, but comes along with it. */
function makerOf(
  donors: readonly Row<MultiCloudImageSetting>[],
  cloud: string,
  atom: SettingAtom,
): MultiCloudImageSetting['madeBy'] {
  const donor = donors.find(
    (row: SettingContent) => cloudKey(row) === cloud && sameAtom(toSettingAtom(row), atom),
  );
  return donor?.madeBy ?? 'HAND';
}

async function writeMatchers(
  manager: EntityManager,
  headId: string,
  before: Sequence<MatcherAtom>,
  after: Sequence<MatcherAtom>,
): Promise<void> {
  if (sameOrder(before.order, after.order) && changedAtoms(before.items, after.items).length === 0) return;
  const present: Row<MultiCloudImageMatcher>[] = await matchersByMultiCloudImage(manager, [headId]);
  const ids = new Map(toMatcherSequence(present).order.map((key, index) => [key, present[index]?.id]));
  await replaceMatchers(
    manager,
    headId,
    after.order.flatMap((key) => {
      const atom = after.items.get(key);
      return atom === undefined ? [] : [{ ...matcherCriteria(key), ...atom, id: ids.get(key) }];
    }),
  );
}
