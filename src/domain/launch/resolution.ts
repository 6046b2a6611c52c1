import type { Advisory, SubjectReference } from '../advisories/advisory';
import type {
  ConfigurationSource,
  ImageFacts,
  InstanceTypeFacts,
  LaunchField,
  MultiCloudImageFacts,
  SettingFacts,
} from './configuration';

/** READY: nothing blocks a launch. */
export type LaunchStatus = 'READY' | 'BLOCKED';

/**
 * What became of one candidate for one value:
 * - CHOSEN: it decides, even if what it chooses can't be launched; then advisories say so.
 * - PASSED_OVER: a stronger source decides.
 * - REJECTED: an MCI of the template, not its default, that has no setting for the cloud and so is no alternative.
 * - ABSENT: this source has no candidate.
 */
export type StepOutcome = 'CHOSEN' | 'PASSED_OVER' | 'REJECTED' | 'ABSENT';

/** One line of the explanation. */
export interface ResolutionStep {
  readonly field: LaunchField;
  readonly source: ConfigurationSource;
  readonly outcome: StepOutcome;
  /** A sentence for people. */
  readonly reason: string;
  /** `null` for user data, for an explicit none, for an absence, and for an image that the viewer may not see. */
  readonly candidate: SubjectReference | null;
}

/** A value and where it came from. */
export interface Sourced<Value> {
  readonly value: Value;
  readonly source: ConfigurationSource;
}

/** An image and where it came from; `value` is `null` when the viewer may not see it. */
export interface ResolvedImage extends Sourced<ImageFacts | null> {
  readonly resourceUid: string;
}

/** What a launch would use, and why (section 7). */
export interface LaunchResolution {
  readonly status: LaunchStatus;
  readonly multiCloudImage: Sourced<MultiCloudImageFacts> | null;
  /** The resolved MCI's entry for the cloud; `null`: it has none, or no MCI is resolved. */
  readonly setting: SettingFacts | null;
  readonly image: ResolvedImage | null;
  readonly instanceType: Sourced<InstanceTypeFacts> | null;
  readonly kernelImage: ResolvedImage | null;
  readonly ramdiskImage: ResolvedImage | null;
  readonly userData: Sourced<string> | null;
  /** The server's or array's tags, then those of the MCI, each once ignoring case. */
  readonly tags: readonly string[];
  /** The template's other MCIs that have a setting for the cloud, in the template's order. */
  readonly alternatives: readonly MultiCloudImageFacts[];
  /** The gravest first. */
  readonly advisories: readonly Advisory[];
  /** By field, in each from the strongest source to the weakest. */
  readonly steps: readonly ResolutionStep[];
}
