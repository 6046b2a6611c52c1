import { keyOf, parseGlobalId, toGlobalId } from '../../src/domain/global-id';

const KEY = '4b1c8a52-6d0e-4f7f-9a53-1f0f6c9f0f11';

describe('global ids', () => {
  test('carry type and key, there and back', () => {
    const id = toGlobalId('MultiCloudImage', KEY);
    expect(id).toBe(`mci_${KEY}`);
    expect(parseGlobalId(id)).toEqual({ type: 'MultiCloudImage', key: KEY });
    expect(keyOf('MultiCloudImage', id, 'id')).toBe(KEY);
  });

  test.each([
    '',
    'mci',
    `xyz_${KEY}`,
    `mci-${KEY}`,
    'mci_17',
    `mci_${KEY.toUpperCase()}`,
    `mci_${KEY}\0`,
    'constructor',
  ])('%j is none', (text) => {
    expect(parseGlobalId(text)).toBeNull();
    expect(() => keyOf('Cloud', text, 'input', 'cloudId')).toThrow(
      expect.objectContaining({ code: 'INVALID', details: { path: ['input', 'cloudId'] } }),
    );
  });

  test('of another type is refused, naming both', () => {
    expect(() => keyOf('Cloud', toGlobalId('CloudImage', KEY), 'cloudId')).toThrow(
      `"img_${KEY}" is the id of a CloudImage; the id of a Cloud is needed.`,
    );
  });
});
