import type {
  CloudFacts,
  ImageFacts,
  InstanceTypeFacts,
  MultiCloudImageFacts,
  ServerTemplateFacts,
  SettingFacts,
} from '../../../src/domain/launch/configuration';

/** Plain facts with nothing to advise on; a test names what differs. */
export const cloud: CloudFacts = { id: 'cloud-1', name: 'us-east-1' };

export function imageFacts(id: string, differing: Partial<ImageFacts> = {}): ImageFacts {
  return {
    id,
    visible: true,
    resourceUid: `ami-${id}`,
    name: `name of ${id}`,
    imageType: 'MACHINE',
    availability: 'AVAILABLE',
    lifecycle: 'AVAILABLE',
    replacement: null,
    cpuArchitecture: 'x86_64',
    operatingSystem: 'linux',
    agentEnabled: false,
    private: false,
    ...differing,
  };
}

export function typeFacts(id: string, differing: Partial<InstanceTypeFacts> = {}): InstanceTypeFacts {
  return { id, name: `${id}.large`, cpuArchitectures: ['x86_64'], offered: true, ...differing };
}

export function settingFacts(id: string, differing: Partial<SettingFacts> = {}): SettingFacts {
  return {
    id,
    image: imageFacts('base'),
    instanceType: typeFacts('m7'),
    kernelImage: null,
    ramdiskImage: null,
    userData: null,
    ...differing,
  };
}

export function multiCloudImageFacts(
  name: string,
  differing: Partial<MultiCloudImageFacts> = {},
): MultiCloudImageFacts {
  return {
    id: `mci-${name}`,
    lineageId: `lineage-${name}`,
    name,
    revision: 1,
    version: 1,
    deleted: false,
    origin: 'PRIVATE',
    tags: [],
    setting: settingFacts(`setting-${name}`),
    ...differing,
  };
}

/** A template of these MCIs, the first of which is its default. */
export function templateFacts(
  multiCloudImages: readonly MultiCloudImageFacts[],
  differing: Partial<ServerTemplateFacts> = {},
): ServerTemplateFacts {
  return {
    id: 'template-1',
    name: 'Web',
    revision: 3,
    version: 1,
    deleted: false,
    origin: 'PRIVATE',
    hasScripts: false,
    tags: [],
    multiCloudImages,
    defaultMultiCloudImageId: multiCloudImages[0]?.id ?? null,
    ...differing,
  };
}
