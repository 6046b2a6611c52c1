/** Section 11: what is worth knowing about a component or a launch. Advisories are listed in this order. */
export const ADVISORY_CODES = [
  'CLOUD_NOT_SUPPORTED',
  'INSTANCE_TYPE_MISSING',
  'IMAGE_UNAVAILABLE',
  'IMAGE_INVALID',
  'ARCHITECTURE_MISMATCH',
  'NO_DEFAULT_MCI',
  'LIMIT_EXCEEDED',
  'SCRIPT_BLANK',
  'UNCOMMITTABLE',
  'HEAD_DEPENDENCY',
  'MCI_NOT_IN_TEMPLATE',
  'IMAGE_DEPRECATED',
  'INSTANCE_TYPE_UNAVAILABLE',
  'MIXED_ARCHITECTURES',
  'AGENT_TAG_MISSING',
  'AGENT_NOT_IN_IMAGE',
  'KERNEL_WITHOUT_IMAGE',
  'COMPONENT_DELETED',
  'SUBSCRIBED_HEAD',
  'SUBSCRIPTION_ENDED',
  'IMAGE_OVERRIDDEN',
  'IMAGE_PRIVATE',
  'MIXED_OPERATING_SYSTEMS',
  'UPDATE_AVAILABLE',
  'ARCHITECTURE_UNKNOWN',
] as const;

export type AdvisoryCode = (typeof ADVISORY_CODES)[number];

export type Severity = 'INFO' | 'WARNING' | 'BLOCKING';

/** The thing an advisory is about, by type and row id. */
export interface SubjectReference {
  readonly type:
    | 'CloudImage'
    | 'InstanceType'
    | 'MultiCloudImage'
    | 'MultiCloudImageSetting'
    | 'ServerTemplate'
    | 'RightScript'
    | 'Publication'
    | 'Cloud';
  readonly id: string;
}

export interface Advisory {
  readonly code: AdvisoryCode;
  readonly severity: Severity;
  readonly message: string;
  /** `null` when the thing concerned is not visible to the viewer. */
  readonly subject: SubjectReference | null;
}
