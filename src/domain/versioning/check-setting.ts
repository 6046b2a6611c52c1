import type { ImageType } from '../catalog/cloud-image';
import { DomainError, invalid, notFound } from '../errors';
import { toGlobalId } from '../global-id';
import { checkOverride, type ImageField } from '../launch/check-override';
import { assertUserData } from '../text';

export const MAXIMUM_SETTINGS = 500;

/** The content of a setting, by row keys. */
export interface SettingContent {
  readonly cloudId: string;
  readonly imageId: string;
  readonly instanceTypeId: string;
  readonly kernelImageId: string | null;
  readonly ramdiskImageId: string | null;
  readonly userData: string | null;
}

interface ImageFacts {
  readonly name: string;
  readonly cloudId: string;
  readonly imageType: ImageType;
  readonly cpuArchitecture: string | null;
}

interface CloudFacts {
  readonly name: string;
}

interface InstanceTypeFacts {
  readonly name: string;
  readonly cloudId: string;
  readonly cpuArchitectures: readonly string[];
}

/** What the account sees of the catalog, by row key; what is not in here doesn't exist for it. */
export interface VisibleCatalog {
  readonly clouds: ReadonlyMap<string, CloudFacts>;
  readonly images: ReadonlyMap<string, ImageFacts>;
  readonly instanceTypes: ReadonlyMap<string, InstanceTypeFacts>;
}

/**
 * An image that is not AVAILABLE may be put: the setting stays, and its advisories say so.
 *
 * @param path of the setting in the input
 * @throws DomainError NOT_FOUND, INVALID, LIMIT_EXCEEDED or INCOMPATIBLE_ARCHITECTURE, naming the field
 */
export function assertSetting(setting: SettingContent, catalog: VisibleCatalog, ...path: string[]): void {
  const { cloudId, instanceTypeId } = setting;
  if (!catalog.clouds.has(cloudId)) throw notFound('cloud', ...path, 'cloudId');
  const image = checkedImage(setting, setting.imageId, 'IMAGE', catalog, [...path, 'imageId']);
  const instanceType = catalog.instanceTypes.get(instanceTypeId);
  if (instanceType === undefined) throw notFound('instance type', ...path, 'instanceTypeId');
  const refusal = checkOverride({ field: 'INSTANCE_TYPE', instanceType, cloudId });
  if (refusal !== null) throw invalid(refusal, ...path, 'instanceTypeId');
  const { kernelImageId, ramdiskImageId } = setting;
  const kernel =
    kernelImageId !== null &&
    checkedImage(setting, kernelImageId, 'KERNEL_IMAGE', catalog, [...path, 'kernelImageId']);
  const ramdisk =
    ramdiskImageId !== null &&
    checkedImage(setting, ramdiskImageId, 'RAMDISK_IMAGE', catalog, [...path, 'ramdiskImageId']);
  assertUserData(setting.userData, ...path, 'userData');
  for (const part of [image, kernel, ramdisk])
    if (part) assertRuns(instanceType, part, [...path, 'instanceTypeId']);
}

function checkedImage(
  { cloudId }: SettingContent,
  imageId: string,
  field: ImageField,
  catalog: VisibleCatalog,
  path: readonly string[],
): ImageFacts {
  const image = catalog.images.get(imageId);
  if (image === undefined) throw notFound('image', ...path);
  const refusal = checkOverride({ field, image, cloudId });
  if (refusal !== null) throw invalid(refusal, ...path);
  return image;
}

/** What is not known, of the image or of the type, counts as fitting. */
export function runsArchitecture(
  instanceType: Pick<InstanceTypeFacts, 'cpuArchitectures'>,
  cpuArchitecture: string | null,
): boolean {
  const { cpuArchitectures } = instanceType;
  return (
    cpuArchitecture === null || cpuArchitectures.length === 0 || cpuArchitectures.includes(cpuArchitecture)
  );
}

function assertRuns(instanceType: InstanceTypeFacts, image: ImageFacts, path: readonly string[]): void {
  if (runsArchitecture(instanceType, image.cpuArchitecture)) return;
  throw new DomainError(
    'INCOMPATIBLE_ARCHITECTURE',
    `The image ${image.name} is built for ${image.cpuArchitecture}, but the instance type ${instanceType.name} runs ` +
      `${instanceType.cpuArchitectures.join(', ')} only. Choose an image and an instance type of the same architecture.`,
    { path },
  );
}

/** a cloud at most once. @throws DomainError INVALID, naming the second entry */
export function assertCloudsOnce(settings: readonly Pick<SettingContent, 'cloudId'>[]): void {
  const seen = new Map<string, number>();
  for (const [index, { cloudId }] of settings.entries()) {
    const earlier = seen.get(cloudId);
    if (earlier !== undefined)
      throw invalid(
        `\`settings\` names this cloud at ${earlier} and at ${index}: a MultiCloud Image has one setting per cloud.`,
        'input',
        'settings',
        String(index),
        'cloudId',
      );
    seen.set(cloudId, index);
  }
}

export function tooManySettings(count: number, ...path: string[]): DomainError {
  return new DomainError(
    'LIMIT_EXCEEDED',
    `A MultiCloud Image has at most ${MAXIMUM_SETTINGS} settings; this would make ${count}.`,
    { path },
  );
}

export function sameSetting(left: SettingContent, right: SettingContent): boolean {
  return (
    left.cloudId === right.cloudId &&
    left.imageId === right.imageId &&
    left.instanceTypeId === right.instanceTypeId &&
    left.kernelImageId === right.kernelImageId &&
    left.ramdiskImageId === right.ramdiskImageId &&
    left.userData === right.userData
  );
}

/** How a setting is told in the audit log: ids, and of the user data only its size. */
export function describeSetting(
  setting: SettingContent | null,
): Record<string, string | number | null> | null {
  if (setting === null) return null;
  const { kernelImageId, ramdiskImageId, userData } = setting;
  return {
    imageId: toGlobalId('CloudImage', setting.imageId),
    instanceTypeId: toGlobalId('InstanceType', setting.instanceTypeId),
    kernelImageId: kernelImageId && toGlobalId('CloudImage', kernelImageId),
    ramdiskImageId: ramdiskImageId && toGlobalId('CloudImage', ramdiskImageId),
    userDataBytes: userData === null ? null : Buffer.byteLength(userData, 'utf8'),
  };
}
