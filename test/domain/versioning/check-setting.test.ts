import {
  assertCloudsOnce,
  assertSetting,
  describeSetting,
  sameSetting,
  type SettingContent,
  type VisibleCatalog,
} from '../../../src/domain/versioning/check-setting';

const setting: SettingContent = {
  cloudId: 'cloud',
  imageId: 'machine',
  instanceTypeId: 'type',
  kernelImageId: null,
  ramdiskImageId: null,
  userData: null,
};

const image = (imageType: 'MACHINE' | 'KERNEL' | 'RAMDISK', cpuArchitecture: string | null = 'x86_64') => ({
  name: 'an image',
  cloudId: 'cloud',
  imageType,
  cpuArchitecture,
});

const catalog: VisibleCatalog = {
  clouds: new Map([
    ['cloud', { name: 'cloud' }],
    ['other', { name: 'other' }],
  ]),
  images: new Map([
    ['machine', image('MACHINE')],
    ['arm', image('MACHINE', 'arm64')],
    ['unknown', image('MACHINE', null)],
    ['kernel', image('KERNEL')],
    ['ramdisk', image('RAMDISK')],
    ['elsewhere', { ...image('MACHINE'), cloudId: 'other' }],
  ]),
  instanceTypes: new Map([
    ['type', { name: 'a type', cloudId: 'cloud', cpuArchitectures: ['x86_64', 'i386'] }],
    ['unknown', { name: 'unknown', cloudId: 'cloud', cpuArchitectures: [] }],
    ['elsewhere', { name: 'elsewhere', cloudId: 'other', cpuArchitectures: ['x86_64'] }],
  ]),
};

describe('R-4.1: a setting', () => {
  test.each<[string, Partial<SettingContent>]>([
    ['that is plain', {}],
    ['with kernel and ramdisk', { kernelImageId: 'kernel', ramdiskImageId: 'ramdisk' }],
    ['with an image of unknown architecture', { imageId: 'unknown' }],
    ['with a type of unknown architectures', { imageId: 'arm', instanceTypeId: 'unknown' }],
    ['with user data of 16,384 bytes', { userData: 'x'.repeat(16_384) }],
  ])('%s is accepted', (_what, changes) => {
    expect(() => assertSetting({ ...setting, ...changes }, catalog, 'input')).not.toThrow();
  });

  test.each<[Partial<SettingContent>, string, string]>([
    [{ cloudId: 'absent' }, 'NOT_FOUND', 'cloudId'],
    [{ imageId: 'absent' }, 'NOT_FOUND', 'imageId'],
    [{ instanceTypeId: 'absent' }, 'NOT_FOUND', 'instanceTypeId'],
    [{ kernelImageId: 'absent' }, 'NOT_FOUND', 'kernelImageId'],
    [{ ramdiskImageId: 'absent' }, 'NOT_FOUND', 'ramdiskImageId'],
    [{ imageId: 'elsewhere' }, 'INVALID', 'imageId'],
    [{ instanceTypeId: 'elsewhere' }, 'INVALID', 'instanceTypeId'],
    [{ imageId: 'kernel' }, 'INVALID', 'imageId'],
    [{ kernelImageId: 'machine' }, 'INVALID', 'kernelImageId'],
    [{ ramdiskImageId: 'kernel' }, 'INVALID', 'ramdiskImageId'],
    [{ userData: 'x'.repeat(16_385) }, 'LIMIT_EXCEEDED', 'userData'],
    [{ userData: 'a\0' }, 'INVALID', 'userData'],
    [{ imageId: 'arm' }, 'INCOMPATIBLE_ARCHITECTURE', 'instanceTypeId'],
  ])('%j is refused: %s at %s', (changes, code, field) => {
    expect(() => assertSetting({ ...setting, ...changes }, catalog, 'input', '3')).toThrow(
      expect.objectContaining({ code, details: { path: ['input', '3', field] } }),
    );
  });

  test('names each cloud at most once', () => {
    expect(() => assertCloudsOnce([setting, { cloudId: 'other' }])).not.toThrow();
    expect(() => assertCloudsOnce([setting, { cloudId: 'other' }, setting])).toThrow(
      expect.objectContaining({ code: 'INVALID', details: { path: ['input', 'settings', '2', 'cloudId'] } }),
    );
  });

  test.each(Object.keys(setting) as (keyof SettingContent)[])('differs from another in %s', (field) => {
    expect(sameSetting(setting, { ...setting })).toBe(true);
    expect(sameSetting(setting, { ...setting, [field]: 'different' })).toBe(false);
  });

  test('is told without its user data, of which only the size in bytes', () => {
    const key = '00000000-0000-4000-8000-000000000000';
    expect(
      describeSetting({ ...setting, imageId: key, instanceTypeId: key, kernelImageId: key, userData: 'é' }),
    ).toEqual({
      imageId: `img_${key}`,
      instanceTypeId: `typ_${key}`,
      kernelImageId: `img_${key}`,
      ramdiskImageId: null,
      userDataBytes: 2,
    });
    expect(describeSetting(null)).toBeNull();
  });
});
