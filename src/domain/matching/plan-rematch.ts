import { sameSetting, type SettingContent } from '../versioning/check-setting';
import type { NoProposalReason, Proposal } from './propose';

/** A setting that an MCI has. */
export interface ExistingSetting extends SettingContent {
  readonly id: string;
  readonly madeBy: 'HAND' | 'MATCHER';
}

/** A setting that a matcher makes: never with a kernel or ramdisk. */
export interface MatchedSetting extends SettingContent {
  readonly kernelImageId: null;
  readonly ramdiskImageId: null;
}

/** A cloud for which the matchers propose nothing. */
export interface UnmatchedCloud {
  readonly cloudId: string;
  readonly reason: NoProposalReason;
  readonly message: string;
}

/** What a rematch changes, and what it can't fill; each list in the order of the clouds. */
export interface RematchPlan {
  readonly created: readonly MatchedSetting[];
  readonly updated: readonly { readonly before: ExistingSetting; readonly after: MatchedSetting }[];
  readonly removed: readonly ExistingSetting[];
  readonly unmatched: readonly UnmatchedCloud[];
}

/**
 * Settings made by hand are neither touched nor reported. A setting that a matcher made goes only when nothing
 * matches in its cloud any more; while several images match, or no type fits, it stays and the cloud is reported
 * (docs/adr/0007).
 *
 * @param proposals by cloud, in the order of the report
 */
export function planRematch(
  settings: readonly ExistingSetting[],
  proposals: ReadonlyMap<string, Proposal>,
): RematchPlan {
  const existing = new Map(settings.map((setting) => [setting.cloudId, setting]));
  const created: MatchedSetting[] = [];
  const updated: { before: ExistingSetting; after: MatchedSetting }[] = [];
  const removed: ExistingSetting[] = [];
  const unmatched: UnmatchedCloud[] = [];
  for (const [cloudId, proposal] of proposals) {
    const before = existing.get(cloudId);
    if (before?.madeBy === 'HAND') continue;
    if (proposal.outcome !== 'PROPOSED') {
      unmatched.push({ cloudId, reason: proposal.outcome, message: proposal.message });
      if (before !== undefined && proposal.outcome === 'NO_MATCH') removed.push(before);
      continue;
    }
    const { imageId, instanceTypeId, userData } = proposal;
    const after = { cloudId, imageId, instanceTypeId, kernelImageId: null, ramdiskImageId: null, userData };
    if (before === undefined) created.push(after);
    else if (!sameSetting(before, after)) updated.push({ before, after });
  }
  return { created, updated, removed, unmatched };
}
