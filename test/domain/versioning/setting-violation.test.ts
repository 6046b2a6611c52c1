import type { VisibleCatalog } from '../../../src/domain/versioning/check-setting';
import type { SettingAtom } from '../../../src/domain/versioning/component-content';
import { settingViolation } from '../../../src/domain/versioning/setting-violation';

const key = (number: number) => `00000000-0000-4000-8000-00000000000${number}`;
const [CLOUD, OTHER, HIDDEN] = [key(1), key(2), key(3)] as const;

const image = (imageType: 'MACHINE' | 'KERNEL' | 'RAMDISK', more: object = {}) => ({
  name: `a ${imageType}`,
  cloudId: CLOUD,
  imageType,
  cpuArchitecture: 'x86_64',
  ...more,
});

const CATALOG: VisibleCatalog = {
  clouds: new Map([[CLOUD, { name: 'Our\ncloud' }]]),
  images: new Map([
    [key(1), image('MACHINE')],
    [key(2), image('KERNEL')],
    [key(4), image('RAMDISK', { name: 'arm', cpuArchitecture: 'arm64' })],
    [key(5), image('MACHINE', { cloudId: OTHER })],
  ]),
  instanceTypes: new Map([
    [key(1), { name: 'large', cloudId: CLOUD, cpuArchitectures: ['x86_64'] }],
    [key(2), { name: 'elsewhere', cloudId: OTHER, cpuArchitectures: [] }],
  ]),
};

const setting = (change: Partial<SettingAtom>): SettingAtom => ({
  imageId: `img_${key(1)}`,
  instanceTypeId: `typ_${key(1)}`,
  kernelImageId: null,
  ramdiskImageId: null,
  userData: null,
  ...change,
});

const on = (cloud: string, change: Partial<SettingAtom>) =>
  settingViolation(`cld_${cloud}`, setting(change), CATALOG);

test('R-4.1 what fits is none', () => {
  expect(on(CLOUD, { kernelImageId: `img_${key(2)}` })).toBeNull();
});

const INVISIBLE = 'it is not visible to this account. Choose another one.';

test.each([
  ['image', { imageId: `img_${HIDDEN}` }, 'IMAGE_UNAVAILABLE', INVISIBLE, null],
  ['kernel', { kernelImageId: `img_${HIDDEN}` }, 'IMAGE_UNAVAILABLE', INVISIBLE, null],
  ['ramdisk', { ramdiskImageId: `img_${HIDDEN}` }, 'IMAGE_UNAVAILABLE', INVISIBLE, null],
  [
    'kernel',
    { kernelImageId: `img_${key(1)}` },
    'IMAGE_INVALID',
    'The field KERNEL_IMAGE takes a kernel image, but the one chosen is a machine image. Choose a kernel image.',
    { type: 'CloudImage', id: key(1) },
  ],
  [
    'image',
    { imageId: `img_${key(5)}` },
    'IMAGE_INVALID',
    'The image chosen for the field IMAGE belongs to another cloud. Choose a machine image of the cloud that it is to be launched in.',
    { type: 'CloudImage', id: key(5) },
  ],
  ['instance type', { instanceTypeId: `typ_${HIDDEN}` }, 'INSTANCE_TYPE_UNAVAILABLE', INVISIBLE, null],
  [
    'instance type',
    { instanceTypeId: `typ_${key(2)}` },
    'INSTANCE_TYPE_UNAVAILABLE',
    'The instance type belongs to another cloud. Choose an instance type of the cloud that it is to be launched in.',
    { type: 'InstanceType', id: key(2) },
  ],
  [
    'ramdisk',
    { ramdiskImageId: `img_${key(4)}` },
    'ARCHITECTURE_MISMATCH',
    'The image arm is built for arm64, but the instance type large runs x86_64 only. Choose an image and an instance type of the same architecture.',
    { type: 'CloudImage', id: key(4) },
  ],
])('R-4.1 the %s of a setting with %j: %s', (part, change, code, reason, subject) => {
  expect(on(CLOUD, change)).toEqual({
    code,
    severity: 'BLOCKING',
    message:
      `The setting for "Our cloud" can not be taken over, because of its ${part}: ${reason} ` +
      'Change it where it comes from, or take another side if it is in conflict.',
    subject,
  });
});

test('R-2.2 a cloud that is not visible has its id only', () => {
  expect(on(HIDDEN, {})).toEqual({
    code: 'CLOUD_NOT_SUPPORTED',
    severity: 'BLOCKING',
    message:
      `The setting for cld_${HIDDEN} can not be taken over, because of its cloud: ${INVISIBLE} ` +
      'Change it where it comes from, or take another side if it is in conflict.',
    subject: null,
  });
});

test('what was stored keeps the other rules: anything else is a fault', () => {
  expect(() => on(CLOUD, { userData: 'x'.repeat(16_385) })).toThrow(/16384/);
});
