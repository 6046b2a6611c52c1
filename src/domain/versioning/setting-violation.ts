import type { Advisory, AdvisoryCode, SubjectReference } from '../advisories/advisory';
import { quoted } from '../differences/names';
import { DomainError } from '../errors';
import { assertSetting, runsArchitecture, type SettingContent, type VisibleCatalog } from './check-setting';
import type { SettingAtom } from './component-content';
import { fromSettingAtom } from './setting-atom';

const PARTS = {
  cloudId: 'cloud',
  imageId: 'image',
  kernelImageId: 'kernel',
  ramdiskImageId: 'ramdisk',
  instanceTypeId: 'instance type',
} as const;

type Part = keyof typeof PARTS;

const isPart = (field: string | undefined): field is Part =>
  field !== undefined && Object.hasOwn(PARTS, field);

const IMAGE_PARTS = ['imageId', 'kernelImageId', 'ramdiskImageId'] as const;

/**
 * why a setting that a merge brings may not stand in this account; `null` when it may.
 *
 * @param cloud global id
 */
export function settingViolation(cloud: string, atom: SettingAtom, catalog: VisibleCatalog): Advisory | null {
  const setting = fromSettingAtom(cloud, atom);
  try {
    assertSetting(setting, catalog, 'settings');
    return null;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const part = partOf(error, setting, catalog);
    // What was stored before keeps the rules that need no look at the catalog.
    if (part === null) throw error;
    const name = catalog.clouds.get(setting.cloudId)?.name;
    const reason =
      error.code === 'NOT_FOUND' ? 'it is not visible to this account. Choose another one.' : error.message;
    return {
      code: codeOf(error, part),
      severity: 'BLOCKING',
      message:
        `The setting for ${name === undefined ? cloud : quoted(name)} can not be taken over, because of its ${PARTS[part]}: ` +
        `${reason} Change it where it comes from, or take another side if it is in conflict.`,
      subject: subjectOf(part, setting, catalog),
    };
  }
}

/** Of an image that the instance type can't run: the image. */
function partOf(
  { code, details }: DomainError,
  setting: SettingContent,
  catalog: VisibleCatalog,
): Part | null {
  const field = details.path?.at(-1);
  if (code !== 'INCOMPATIBLE_ARCHITECTURE') return isPart(field) ? field : null;
  const instanceType = catalog.instanceTypes.get(setting.instanceTypeId);
  const image = (part: (typeof IMAGE_PARTS)[number]) => catalog.images.get(setting[part] ?? '');
  const unfit = IMAGE_PARTS.find(
    (part) => instanceType && !runsArchitecture(instanceType, image(part)?.cpuArchitecture ?? null),
  );
  return unfit ?? null;
}

function codeOf({ code }: DomainError, part: Part): AdvisoryCode {
  if (code === 'INCOMPATIBLE_ARCHITECTURE') return 'ARCHITECTURE_MISMATCH';
  if (part === 'cloudId') return 'CLOUD_NOT_SUPPORTED';
  if (part === 'instanceTypeId') return 'INSTANCE_TYPE_UNAVAILABLE';
  return code === 'NOT_FOUND' ? 'IMAGE_UNAVAILABLE' : 'IMAGE_INVALID';
}

function subjectOf(
  part: Part,
  setting: SettingContent,
  { images, instanceTypes }: VisibleCatalog,
): SubjectReference | null {
  // Only what is not visible is wrong with a cloud.
  if (part === 'cloudId') return null;
  const id = setting[part];
  if (id === null) return null;
  if (part === 'instanceTypeId') return instanceTypes.has(id) ? { type: 'InstanceType', id } : null;
  return images.has(id) ? { type: 'CloudImage', id } : null;
}
