import { planLifecycle, type EditableImage } from '../../../src/domain/catalog/edit-image';

const image: EditableImage = {
  id: 'image',
  cloudId: 'cloud',
  ownerAccountId: 'account',
  imageType: 'MACHINE',
  lifecycle: 'AVAILABLE',
  lifecycleHeld: false,
  deprecatesAt: null,
  replacementId: null,
};
const past = new Date('2020-01-01T00:00:00Z');

describe('R-3.1: a lifecycle set by hand', () => {
  test('is held against imports, and AVAILABLE gives it back', () => {
    expect(planLifecycle(image, 'OBSOLETE', undefined)).toEqual({
      lifecycle: 'OBSOLETE',
      lifecycleHeld: true,
      deprecatesAt: null,
      replacementId: null,
    });
    const held = { ...image, lifecycle: 'OBSOLETE', lifecycleHeld: true } as const;
    expect(planLifecycle(held, 'AVAILABLE', undefined)).toMatchObject({
      lifecycle: 'AVAILABLE',
      lifecycleHeld: false,
    });
  });

  test('AVAILABLE also forgets a deprecation time, which would at once overrule it', () => {
    expect(planLifecycle({ ...image, deprecatesAt: past }, 'AVAILABLE', undefined)).toMatchObject({
      deprecatesAt: null,
    });
  });

  test('changes nothing that is so already', () => {
    expect(planLifecycle(image, 'AVAILABLE', undefined)).toBeNull();
    const deprecated = {
      ...image,
      lifecycle: 'DEPRECATED',
      lifecycleHeld: true,
      replacementId: 'other',
    } as const;
    expect(planLifecycle(deprecated, 'DEPRECATED', undefined)).toBeNull();
    expect(planLifecycle(deprecated, 'DEPRECATED', { ...image, id: 'other' })).toBeNull();
    expect(planLifecycle(deprecated, 'DEPRECATED', null)).toMatchObject({ replacementId: null });
    expect(planLifecycle(deprecated, 'OBSOLETE', undefined)).toMatchObject({ replacementId: null });
  });

  test.each<[string, Partial<EditableImage>]>([
    ['itself', {}],
    ['in another cloud', { id: 'other', cloudId: 'elsewhere' }],
    ['of another type', { id: 'other', imageType: 'KERNEL' }],
  ])('has no replacement that is %s', (_what, replacement) => {
    expect(() => planLifecycle(image, 'DEPRECATED', { ...image, ...replacement })).toThrow(
      expect.objectContaining({ code: 'INVALID', details: { path: ['input', 'replacementId'] } }) as Error,
    );
  });
});
