import type { EntityManager } from 'typeorm';
import { sameAtom } from '../domain/merge/canonical-json';
import type { KeyedAtoms, Sequence } from '../domain/merge/content';
import {
  SCRIPT_PHASES,
  type PinAtom,
  type ScriptPhase,
  type ServerTemplateContent,
} from '../domain/versioning/component-content';
import { lockLiveVersions, type LineageRevision } from './component-store';
import { sharedColumns, sharedContent, type ContentRows } from './content-rows';
import { readScripts, replaceScripts } from './server-template-script-store';
import { readPins, replacePins } from './server-template-store';

interface PinRow {
  readonly serverTemplateId: string;
  readonly lineageId: string;
  readonly revision: number;
}

/** The content of ServerTemplates: pins by lineage, the default's lineage, scripts by phase and lineage. */
export const SERVER_TEMPLATE_CONTENT: ContentRows<'ServerTemplate'> = {
  async read(manager, versions) {
    const ids = versions.map(({ id }) => id);
    const pins = await pinnedRevisions(manager, ids);
    const scripts = await attachedRevisions(manager, ids);
    return new Map(
      versions.map((version): [string, ServerTemplateContent] => [
        version.id,
        {
          ...sharedContent(version),
          multiCloudImages: toAtoms(pins.filter((pin) => pin.serverTemplateId === version.id)),
          defaultMultiCloudImage: version.defaultMciLineageId,
          scripts: toPhases(scripts.filter((script) => script.serverTemplateId === version.id)),
        },
      ]),
    );
  },

  async write(manager, head, before, after) {
    await writePins(manager, head.accountId, head.id, before.multiCloudImages, after.multiCloudImages);
    for (const phase of SCRIPT_PHASES)
      await writeScripts(
        manager,
        head.accountId,
        head.id,
        phase,
        before.scripts[phase],
        after.scripts[phase],
      );
    return { ...sharedColumns(after), defaultMciLineageId: after.defaultMultiCloudImage };
  },
};

const pinnedRevisions = (manager: EntityManager, ids: readonly string[]): Promise<PinRow[]> =>
  manager.query(
    `SELECT pin.server_template_id AS "serverTemplateId", pin.mci_lineage_id AS "lineageId", mci.revision
     FROM server_template_multi_cloud_images AS pin
     JOIN multi_cloud_images AS mci ON mci.id = pin.multi_cloud_image_id
     WHERE pin.server_template_id = ANY($1) ORDER BY pin.position`,
    [ids],
  );

const attachedRevisions = (
  manager: EntityManager,
  ids: readonly string[],
): Promise<(PinRow & { readonly phase: ScriptPhase })[]> =>
  manager.query(
    `SELECT attached.server_template_id AS "serverTemplateId", attached.phase,
       attached.script_lineage_id AS "lineageId", script.revision
     FROM server_template_scripts AS attached
     JOIN right_scripts AS script ON script.id = attached.right_script_id
     WHERE attached.server_template_id = ANY($1) ORDER BY attached.position`,
    [ids],
  );

const toAtoms = (pins: readonly LineageRevision[]): KeyedAtoms<PinAtom> =>
  new Map(pins.map(({ lineageId, revision }) => [lineageId, { revision }]));

function toPhases(
  scripts: readonly (PinRow & { readonly phase: ScriptPhase })[],
): Record<ScriptPhase, Sequence<PinAtom>> {
  const phase = (name: ScriptPhase): Sequence<PinAtom> => {
    const items = toAtoms(scripts.filter((script) => script.phase === name));
    return { order: [...items.keys()], items };
  };
  return { BOOT: phase('BOOT'), OPERATIONAL: phase('OPERATIONAL'), DECOMMISSION: phase('DECOMMISSION') };
}

const toRevisions = (atoms: Iterable<readonly [string, PinAtom]>): LineageRevision[] =>
  [...atoms].map(([lineageId, { revision }]) => ({ lineageId, revision }));

async function writePins(
  manager: EntityManager,
  accountId: string,
  headId: string,
  before: KeyedAtoms<PinAtom>,
  after: KeyedAtoms<PinAtom>,
): Promise<void> {
  const changed = [...after].filter(([lineage, atom]) => !sameAtom(before.get(lineage) ?? null, atom));
  if (changed.length === 0 && before.size === after.size) return;
  const ids = await lockLiveVersions(manager, 'MultiCloudImage', accountId, toRevisions(changed));
  const present = await readPins(manager, headId);
  const kept = present.filter(({ lineageId }) => after.has(lineageId));
  const next = (present.at(-1)?.position ?? -1) + 1;
  const added = changed.filter(([lineage]) => !before.has(lineage));
  await replacePins(manager, headId, present, [
    ...kept.map((pin) => ({ ...pin, multiCloudImageId: ids.get(pin.lineageId) ?? pin.multiCloudImageId })),
    ...added.map(([lineageId], index) => ({
      lineageId,
      multiCloudImageId: versionOf(ids, lineageId),
      position: next + index,
    })),
  ]);
}

async function writeScripts(
  manager: EntityManager,
  accountId: string,
  headId: string,
  phase: ScriptPhase,
  before: Sequence<PinAtom>,
  after: Sequence<PinAtom>,
): Promise<void> {
  const changed = [...after.items].filter(([key, atom]) => !sameAtom(before.items.get(key) ?? null, atom));
  const sameOrder =
    before.order.length === after.order.length &&
    before.order.every((lineage, index) => lineage === after.order[index]);
  if (changed.length === 0 && sameOrder) return;
  const ids = await lockLiveVersions(manager, 'RightScript', accountId, toRevisions(changed));
  const present = await readScripts(manager, headId, phase);
  const versions = new Map([
    ...present.scripts.map(({ lineageId, rightScriptId }) => [lineageId, rightScriptId] as const),
    ...ids,
  ]);
  await replaceScripts(manager, headId, present, {
    phase,
    scripts: after.order.map((lineageId) => ({
      lineageId,
      rightScriptId: versionOf(versions, lineageId),
    })),
  });
}

/** Whoever writes a content has checked that what it pins is there. */
function versionOf(ids: ReadonlyMap<string, string>, lineageId: string): string {
  const id = ids.get(lineageId);
  if (id === undefined) throw new Error(`No live version of the lineage ${lineageId} can be pinned`);
  return id;
}
