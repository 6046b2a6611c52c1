import type { EntityManager } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import { changedAtoms, sameOrder } from '../../domain/merge/changed-atoms';
import type { KeyedAtoms, Sequence } from '../../domain/merge/content';
import {
  byPhase,
  SCRIPT_PHASES,
  type PinAtom,
  type ScriptPhase,
  type ServerTemplateContent,
} from '../../domain/versioning/component-content';
import { lockLiveVersions, type LineageRevision, type LiveVersion } from './component-store';
import { sharedColumns, sharedContent, type ContentRows } from './content-rows';
import { queryNamed } from '../named-query';
import { queryPrepared } from '../prepared-statement';
import { readScripts, replaceScripts } from './server-template-script-store';
import { notLive, pinLiveVersions, removePins } from './server-template-store';
import { versionVisible } from '../visibility';

/** An MCI (no phase), or a script. */
interface PinRow extends LineageRevision {
  readonly serverTemplateId: string;
  readonly phase: ScriptPhase | null;
}

/** The content of ServerTemplates: pins by lineage, the default's lineage, scripts by phase and lineage. */
export const SERVER_TEMPLATE_CONTENT: ContentRows<'ServerTemplate'> = {
  async read(manager, versions) {
    const pins = await pinnedRevisions(
      manager,
      versions.map(({ id }) => id),
    );
    return new Map(
      versions.map((version): [string, ServerTemplateContent] => {
        const own = pins.filter((pin) => pin.serverTemplateId === version.id);
        return [
          version.id,
          {
            ...sharedContent(version),
            multiCloudImages: toAtoms(own.filter(({ phase }) => phase === null)),
            defaultMultiCloudImage: version.defaultMciLineageId,
            scripts: toPhases(own),
          },
        ];
      }),
    );
  },

  async withoutHidden(manager, viewer, contents) {
    const hidden = await hiddenPins(manager, viewer, [...contents.keys()]);
    return new Map(
      [...contents].map(([id, content]) => [
        id,
        withoutPins(
          content,
          hidden.filter(({ serverTemplateId }) => serverTemplateId === id),
        ),
      ]),
    );
  },

  async write(manager, head, before, after) {
    await writePins(manager, head.accountId, head.id, before.multiCloudImages, after.multiCloudImages);
    await writeScripts(manager, head.accountId, head.id, before.scripts, after.scripts);
    return { ...sharedColumns(after), defaultMciLineageId: after.defaultMultiCloudImage };
  },
};

/** What versions pin, MCIs in the order in which they were added, scripts in that of their phases: one statement. */
const pinnedRevisions = (manager: EntityManager, ids: readonly string[]): Promise<PinRow[]> =>
  queryPrepared(
    manager,
    `SELECT pin.server_template_id AS "serverTemplateId", NULL AS phase, pin.mci_lineage_id AS "lineageId", mci.revision,
       pin.position
     FROM server_template_multi_cloud_images AS pin
     JOIN multi_cloud_images AS mci ON mci.id = pin.multi_cloud_image_id
     WHERE pin.server_template_id = ANY($1)
     UNION ALL
     SELECT attached.server_template_id, attached.phase, attached.script_lineage_id, script.revision, attached.position
     FROM server_template_scripts AS attached
     JOIN right_scripts AS script ON script.id = attached.right_script_id
     WHERE attached.server_template_id = ANY($1) ORDER BY position`,
    [ids],
  );

/** A pin that the viewer doesn't see: an MCI (no phase), or a script. */
interface HiddenPin {
  readonly serverTemplateId: string;
  readonly phase: ScriptPhase | null;
  readonly lineageId: string;
}

const hiddenPins = (manager: EntityManager, viewer: Viewer, ids: readonly string[]): Promise<HiddenPin[]> =>
  queryNamed(
    manager,
    `SELECT pin.server_template_id AS "serverTemplateId", NULL AS phase, pin.mci_lineage_id AS "lineageId"
     FROM server_template_multi_cloud_images AS pin
     JOIN multi_cloud_images AS mci ON mci.id = pin.multi_cloud_image_id
     WHERE pin.server_template_id = ANY(:ids) AND NOT ${versionVisible('mci')}
     UNION ALL
     SELECT attached.server_template_id, attached.phase, attached.script_lineage_id
     FROM server_template_scripts AS attached
     JOIN right_scripts AS script ON script.id = attached.right_script_id
     WHERE attached.server_template_id = ANY(:ids) AND NOT ${versionVisible('script')}`,
    { ids, viewer: viewer.accountId },
  );

function withoutPins(content: ServerTemplateContent, hidden: readonly HiddenPin[]): ServerTemplateContent {
  const isHidden = (lineageId: string, phase: ScriptPhase | null): boolean =>
    hidden.some((pin) => pin.lineageId === lineageId && pin.phase === phase);
  const visible = (atoms: KeyedAtoms<PinAtom>, phase: ScriptPhase | null): KeyedAtoms<PinAtom> =>
    new Map([...atoms].filter(([lineageId]) => !isHidden(lineageId, phase)));
  const { multiCloudImages, defaultMultiCloudImage, scripts } = content;
  return {
    ...content,
    multiCloudImages: visible(multiCloudImages, null),
    defaultMultiCloudImage:
      defaultMultiCloudImage !== null && isHidden(defaultMultiCloudImage, null)
        ? null
        : defaultMultiCloudImage,
    scripts: byPhase((phase) => ({
      order: scripts[phase].order.filter((lineageId) => !isHidden(lineageId, phase)),
      items: visible(scripts[phase].items, phase),
    })),
  };
}

const toAtoms = (pins: readonly LineageRevision[]): KeyedAtoms<PinAtom> =>
  new Map(pins.map(({ lineageId, revision }) => [lineageId, { revision }]));

type Scripts = ServerTemplateContent['scripts'];

const toPhases = (pins: readonly PinRow[]): Scripts =>
  byPhase((phase): Sequence<PinAtom> => {
    const items = toAtoms(pins.filter((pin) => pin.phase === phase));
    return { order: [...items.keys()], items };
  });

const toRevisions = (atoms: Iterable<readonly [string, PinAtom]>): LineageRevision[] =>
  [...atoms].map(([lineageId, { revision }]) => ({ lineageId, revision }));

/** Two statements at most. Versions of lineages that were pinned take their places; others come behind all. */
async function writePins(
  manager: EntityManager,
  accountId: string,
  headId: string,
  before: KeyedAtoms<PinAtom>,
  after: KeyedAtoms<PinAtom>,
): Promise<void> {
  const changed = toRevisions(changedAtoms(before, after));
  const isNew = ({ lineageId }: LineageRevision): boolean => !before.has(lineageId);
  const added = changed.filter(isNew);
  const moved = changed.filter((pin) => !isNew(pin));
  await pinLiveVersions(manager, accountId, headId, [...added, ...moved]);
  await removePins(
    manager,
    headId,
    [...before.keys()].filter((lineageId) => !after.has(lineageId)),
  );
}

async function writeScripts(
  manager: EntityManager,
  accountId: string,
  headId: string,
  before: Scripts,
  after: Scripts,
): Promise<void> {
  const changed = byPhase((phase) => new Map(changedAtoms(before[phase].items, after[phase].items)));
  const isChanged = (phase: ScriptPhase): boolean =>
    changed[phase].size > 0 || !sameOrder(before[phase].order, after[phase].order);
  // Of all phases at once, so that they are locked in one order: else two merges could wait for one another.
  const live = await lockLiveVersions(
    manager,
    'RightScript',
    accountId,
    SCRIPT_PHASES.flatMap((phase) => toRevisions(changed[phase])),
  );
  for (const phase of SCRIPT_PHASES.filter(isChanged)) {
    const present = await readScripts(manager, headId, phase);
    const versions = new Map([
      ...present.scripts.map(({ lineageId, rightScriptId }) => [lineageId, rightScriptId] as const),
      ...[...changed[phase]].map(
        ([lineageId, atom]) => [lineageId, versionOf(live, lineageId, atom)] as const,
      ),
    ]);
    await replaceScripts(manager, headId, present, {
      phase,
      scripts: after[phase].order.map((lineageId) => ({
        lineageId,
        rightScriptId: pinnedId(versions, lineageId),
      })),
    });
  }
}

function versionOf(live: readonly LiveVersion[], lineageId: string, { revision }: PinAtom): string {
  const found = live.find((version) => version.lineageId === lineageId && version.revision === revision);
  if (found === undefined) throw notLive({ lineageId, revision });
  return found.id;
}

function pinnedId(versions: ReadonlyMap<string, string>, lineageId: string): string {
  const id = versions.get(lineageId);
  if (id === undefined) throw new Error(`The lineage ${lineageId} is attached without a version`);
  return id;
}
