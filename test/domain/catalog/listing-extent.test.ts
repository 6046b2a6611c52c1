import type { CatalogFormat } from '../../../src/domain/catalog/catalog-row';
import { cloudOfListing, coversWholeSource } from '../../../src/domain/catalog/listing-extent';

describe('R-3.4: what a complete listing covers', () => {
  test.each<[CatalogFormat, boolean]>([
    ['COREOS_STREAM', true],
    ['UBUNTU_SIMPLESTREAMS', true],
    ['PACKER_MANIFEST', true],
    ['CSV', false],
    ['AWS_DESCRIBE_IMAGES', false],
    ['AWS_INSTANCE_TYPE_OFFERINGS', false],
  ])('%s: all clouds of its source: %s', (format, whole) => {
    expect(coversWholeSource(format)).toBe(whole);
  });

  test('an inventory is of the region that was named, although it may be empty', () => {
    expect(cloudOfListing({ format: 'AWS_DESCRIBE_IMAGES', region: 'eu-west-1' })).toEqual({
      cloudType: 'amazon',
      region: 'eu-west-1',
    });
    expect(cloudOfListing({ format: 'AWS_DESCRIBE_IMAGES' })).toBeNull();
    expect(cloudOfListing({ format: 'CSV', region: 'lab' })).toBeNull();
    expect(cloudOfListing({ format: 'CSV', cloudType: 'openstack', region: 'lab' })).toEqual({
      cloudType: 'openstack',
      region: 'lab',
    });
    expect(cloudOfListing({ format: 'COREOS_STREAM', cloudType: 'amazon', region: 'eu-west-1' })).toBeNull();
  });
});
