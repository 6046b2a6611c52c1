import { toGlobalId } from '../../domain/global-id';
import { planRematch, type RematchPlan } from '../../domain/matching/plan-rematch';
import {
  describeSetting,
  MAXIMUM_SETTINGS,
  tooManySettings,
  type SettingContent,
} from '../../domain/versioning/check-setting';
import {
  deleteSettings,
  insertSettings,
  readSettings,
  updateSettings,
} from '../../persistence/components/multi-cloud-image-store';
import { proposalsFor } from '../../persistence/catalog/proposals';
import type { ActionContext, Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import { editHead, type HeadEdit } from './edit-head';

export interface RematchMultiCloudImage {
  readonly multiCloudImageId: string;
  readonly expectedVersion: number;
  /** Only says what would change. */
  readonly dryRun: boolean;
}

export interface Rematch {
  readonly id: string;
  readonly plan: RematchPlan;
}

const NOTHING: RematchPlan = { created: [], updated: [], removed: [], unmatched: [] };

/** brings the settings that matchers made up to date with the catalog. */
export async function rematchMultiCloudImage(
  context: ActionContext,
  { multiCloudImageId: id, expectedVersion, dryRun }: RematchMultiCloudImage,
): Promise<Rematch> {
  const target = { type: 'MultiCloudImage', id, expectedVersion, field: 'multiCloudImageId' } as const;
  let plan: RematchPlan = NOTHING;
  await editHead(context, target, async (tx) => {
    plan = await planFor(tx, id);
    return dryRun ? null : applyPlan(tx, id, plan);
  });
  return { id, plan };
}

async function planFor(tx: Transaction, id: string): Promise<RematchPlan> {
  const settings = await readSettings(tx.manager, id);
  const proposals = await proposalsFor(tx.manager, actingViewer(tx), [id], null);
  const plan = planRematch(settings, proposals.get(id) ?? new Map());
  const count = settings.length + plan.created.length - plan.removed.length;
  if (count > MAXIMUM_SETTINGS) throw tooManySettings(count, 'input', 'multiCloudImageId');
  return plan;
}

async function applyPlan(tx: Transaction, id: string, plan: RematchPlan): Promise<HeadEdit | null> {
  const { created, updated, removed } = plan;
  if (created.length + updated.length + removed.length === 0) return null;
  await deleteSettings(
    tx.manager,
    removed.map((setting) => setting.id),
  );
  await updateSettings(
    tx.manager,
    updated.map(({ before, after }) => ({ ...after, id: before.id })),
    'MATCHER',
  );
  await insertSettings(tx.manager, id, created, 'MATCHER');
  return {
    verb: 'rematch',
    changes: {
      created: created.map((after) => change(after.cloudId, null, after)),
      updated: updated.map(({ before, after }) => change(after.cloudId, before, after)),
      removed: removed.map((before) => change(before.cloudId, before, null)),
    },
  };
}

function change(cloudId: string, before: SettingContent | null, after: SettingContent | null) {
  return {
    cloudId: toGlobalId('Cloud', cloudId),
    before: describeSetting(before),
    after: describeSetting(after),
  };
}
