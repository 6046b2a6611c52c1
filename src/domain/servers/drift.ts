import { createHash } from 'node:crypto';
import type { Severity } from '../advisories/advisory';
import { capitalize, nameMultiCloudImage, nameRevision, nameServerTemplate } from '../advisories/naming';
import type { LaunchField, LaunchInputs } from '../launch/configuration';
import type { ResolutionStep } from '../launch/resolution';
import type { FieldResolution } from '../launch/resolve-field';
import { resolveMultiCloudImage } from '../launch/resolve-multi-cloud-image';
import { resolveSettingFields } from '../launch/resolve-setting-fields';

/** A value in which a running instance may differ from the next launch. */
export type DriftField = 'SERVER_TEMPLATE' | LaunchField;

/** One difference between a running instance and what its server or array would launch now. */
export interface DriftItem {
  readonly field: DriftField;
  /** What runs; `null`: nothing of this kind. */
  readonly running: string | null;
  /** What would be launched; `null`: nothing of this kind. */
  readonly next: string | null;
  /** A sentence for people: why the next launch would differ. */
  readonly reason: string;
  /**
   * BLOCKING: there is no next launch without this value. WARNING: the machine itself would be another. INFO: only what
   * its values come from changed.
   */
  readonly severity: Severity;
}

/** A version of a component, as it was when the instance was launched. */
export interface LaunchedVersion {
  readonly id: string;
  readonly name: string;
  /** 0 is HEAD. */
  readonly revision: number;
  /** Tells the states of a HEAD apart. */
  readonly version: number;
}

interface RunningImage {
  readonly id: string;
  readonly resourceUid: string;
}

/** What a running instance was launched with, frozen, and the template version that it follows now. */
export interface RunningConfiguration {
  readonly launchedFrom: LaunchedVersion;
  readonly follows: Omit<LaunchedVersion, 'version'>;
  readonly multiCloudImage: LaunchedVersion | null;
  readonly image: RunningImage;
  readonly instanceType: { readonly id: string; readonly name: string };
  readonly kernelImage: RunningImage | null;
  readonly ramdiskImage: RunningImage | null;
  readonly userData: string | null;
}

/**
 * how a running instance differs from what its server or array would launch now. Resolved by the very rules of a
 * launch.
 *
 * @param inputs what the next launch of its server or array is resolved from
 * @returns the differences, in the order of a resolution; empty: the next launch would give the same
 */
export function driftOf(running: RunningConfiguration, inputs: LaunchInputs): DriftItem[] {
  const mci = resolveMultiCloudImage(inputs);
  const fields = resolveSettingFields(inputs, mci.decided?.value ?? null);
  return [
    ...templateDrift(running, inputs.serverTemplate),
    ...multiCloudImageDrift(running.multiCloudImage, mci.decided?.value ?? null, mci.steps),
    ...valueDrift('IMAGE', running.image, fields.image, ({ resourceUid }) => resourceUid),
    ...valueDrift('INSTANCE_TYPE', running.instanceType, fields.instanceType, ({ name }) => name),
    ...valueDrift('KERNEL_IMAGE', running.kernelImage, fields.kernelImage, ({ resourceUid }) => resourceUid),
    ...valueDrift(
      'RAMDISK_IMAGE',
      running.ramdiskImage,
      fields.ramdiskImage,
      ({ resourceUid }) => resourceUid,
    ),
    ...userDataDrift(running.userData, fields.userData.decided?.value ?? null, fields.userData.steps),
  ];
}

function templateDrift({ launchedFrom, follows }: RunningConfiguration, next: LaunchedVersion): DriftItem[] {
  const launchedFromNext = sameVersion(launchedFrom, next);
  if (launchedFromNext && follows.id === next.id) return [];
  return [
    {
      field: 'SERVER_TEMPLATE',
      running:
        follows.id === launchedFrom.id
          ? describeVersion(launchedFrom)
          : `${describeVersion(launchedFrom)}, following ${nameRevision(follows)}`,
      next: describeVersion(next),
      reason: templateReason(),
      severity: 'INFO',
    },
  ];

  function templateReason(): string {
    const name = capitalize(nameServerTemplate(next));
    if (launchedFromNext)
      return `It was moved to follow ${nameRevision(follows)}, but the next launch would be from ${nameRevision(next)}.`;
    if (launchedFrom.id === next.id) return `${name} was edited since the launch.`;
    return follows.id === next.id
      ? `It follows ${nameRevision(next)} already, but what that says about the launch takes effect at a relaunch.`
      : `${name} is what the next launch would be from.`;
  }
}

function multiCloudImageDrift(
  running: LaunchedVersion | null,
  next: LaunchedVersion | null,
  steps: readonly ResolutionStep[],
): DriftItem[] {
  if (running === next || (running && next && sameVersion(running, next))) return [];
  return [
    {
      field: 'MULTI_CLOUD_IMAGE',
      running: running && describeVersion(running),
      next: next && describeVersion(next),
      reason:
        next && running?.id === next.id
          ? `${capitalize(nameMultiCloudImage(next))} was edited since the launch.`
          : decisiveReason(steps),
      severity: 'INFO',
    },
  ];
}

function valueDrift<Value extends { readonly id: string }>(
  field: Exclude<LaunchField, 'MULTI_CLOUD_IMAGE' | 'USER_DATA'>,
  running: Value | null,
  { decided, steps }: FieldResolution<NoInfer<Value>>,
  show: (value: Value) => string,
): DriftItem[] {
  const next = decided?.value ?? null;
  if (running?.id === next?.id) return [];
  const needed = field === 'IMAGE' || field === 'INSTANCE_TYPE';
  return [
    {
      field,
      running: running && show(running),
      next: next && show(next),
      reason: decisiveReason(steps),
      severity: needed && next === null ? 'BLOCKING' : 'WARNING',
    },
  ];
}

/** User data may hold secrets and be long: it is told by its size and hash. */
function userDataDrift(
  running: string | null,
  next: string | null,
  steps: readonly ResolutionStep[],
): DriftItem[] {
  if (running === next) return [];
  return [
    {
      field: 'USER_DATA',
      running: running === null ? null : describeText(running),
      next: next === null ? null : describeText(next),
      reason: decisiveReason(steps),
      severity: 'WARNING',
    },
  ];
}

const sameVersion = (left: LaunchedVersion, right: LaunchedVersion): boolean =>
  left.id === right.id && left.version === right.version;

/** A revision never changes; of a HEAD it matters which state it had. */
const describeVersion = (component: LaunchedVersion): string =>
  component.revision === 0
    ? `${nameRevision(component)} at version ${component.version}`
    : nameRevision(component);

const describeText = (text: string): string =>
  `${Buffer.byteLength(text, 'utf8')} bytes, SHA-256 ${createHash('sha256').update(text).digest('hex')}`;

/** Why a field has its value: the step that decides, else the weakest source, which has nothing either. */
function decisiveReason(steps: readonly ResolutionStep[]): string {
  const decisive = steps.find(({ outcome }) => outcome === 'CHOSEN') ?? steps.findLast(isAbsent);
  if (decisive === undefined) throw new Error('A resolution explains none of its sources');
  return decisive.reason;
}

const isAbsent = ({ outcome }: ResolutionStep): boolean => outcome === 'ABSENT';
