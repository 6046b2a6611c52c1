import type { VersionOrigin } from '../versioning/version-origin';
import type { ImageAvailability, ImageLifecycle, ImageType } from '../catalog/cloud-image';

/** The values of a launch configuration that are resolved one by one. */
export type LaunchField =
  'MULTI_CLOUD_IMAGE' | 'IMAGE' | 'INSTANCE_TYPE' | 'KERNEL_IMAGE' | 'RAMDISK_IMAGE' | 'USER_DATA';

/** Where a value came from, strongest first. */
export type ConfigurationSource =
  'REQUEST' | 'SERVER' | 'SERVER_ARRAY' | 'SERVER_TEMPLATE' | 'MULTI_CLOUD_IMAGE';

export interface CloudFacts {
  readonly id: string;
  readonly name: string;
}

/** An image as the viewer sees it. `visible: false`: only its uid may be shown. */
export interface ImageFacts {
  readonly id: string;
  readonly visible: boolean;
  readonly resourceUid: string;
  readonly name: string;
  readonly imageType: ImageType;
  readonly availability: ImageAvailability;
  readonly lifecycle: ImageLifecycle;
  /** What a deprecated or withdrawn image is replaced by; `null` also when the viewer may not see that. */
  readonly replacement: { readonly id: string; readonly resourceUid: string; readonly name: string } | null;
  readonly cpuArchitecture: string | null;
  readonly operatingSystem: string | null;
  readonly agentEnabled: boolean;
  readonly private: boolean;
}

export interface InstanceTypeFacts {
  readonly id: string;
  readonly name: string;
  /** Empty: unknown. */
  readonly cpuArchitectures: readonly string[];
  readonly offered: boolean;
}

/** An MCI's entry for one cloud. */
export interface SettingFacts {
  readonly id: string;
  readonly image: ImageFacts;
  readonly instanceType: InstanceTypeFacts;
  readonly kernelImage: ImageFacts | null;
  readonly ramdiskImage: ImageFacts | null;
  readonly userData: string | null;
}

export interface MultiCloudImageFacts {
  readonly id: string;
  readonly lineageId: string;
  readonly name: string;
  readonly revision: number;
  /** Tells the states of a HEAD apart; a launch freezes it. */
  readonly version: number;
  readonly deleted: boolean;
  readonly origin: VersionOrigin;
  readonly tags: readonly string[];
  /** Its setting for the cloud of the resolution; `null`: it has none. */
  readonly setting: SettingFacts | null;
}

export interface ServerTemplateFacts {
  readonly id: string;
  readonly name: string;
  /** 0 is HEAD. */
  readonly revision: number;
  /** Tells the states of a HEAD apart; a launch freezes it. */
  readonly version: number;
  readonly deleted: boolean;
  readonly origin: VersionOrigin;
  readonly hasScripts: boolean;
  readonly tags: readonly string[];
  /** The MCIs it names, the default first, then in their own order. */
  readonly multiCloudImages: readonly MultiCloudImageFacts[];
  /** `null`: it names no MCI. */
  readonly defaultMultiCloudImageId: string | null;
}

/** A value chosen on one level. Absent: inherited. `null`: explicitly none. */
export interface LaunchChoices {
  readonly multiCloudImage?: MultiCloudImageFacts;
  readonly image?: ImageFacts;
  readonly instanceType?: InstanceTypeFacts;
  readonly kernelImage?: ImageFacts | null;
  readonly ramdiskImage?: ImageFacts | null;
  readonly userData?: string | null;
}

/** One level that may choose, e.g. the request, then the server. */
export interface ChoiceLayer {
  readonly source: 'REQUEST' | 'SERVER' | 'SERVER_ARRAY';
  readonly choices: LaunchChoices;
}

export interface LaunchInputs {
  readonly cloud: CloudFacts;
  readonly serverTemplate: ServerTemplateFacts;
  /** Strongest first. */
  readonly layers: readonly ChoiceLayer[];
  /** The server's or array's own tags, which a launch freezes together with the MCI's. Default: none. */
  readonly tags?: readonly string[];
}
