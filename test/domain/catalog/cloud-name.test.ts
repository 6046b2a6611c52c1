import { cloudName } from '../../../src/domain/catalog/cloud-name';

describe('R-3.3: the name of a cloud that appears by itself', () => {
  test.each([
    ['amazon', 'us-east-1', 'AWS us-east-1'],
    ['google', 'global', 'Google Cloud global'],
    ['kubevirt', 'global', 'KubeVirt global'],
    ['openstack', 'lab', 'OpenStack lab'],
    ['proxmox', 'cellar', 'proxmox cellar'],
  ])('%s in %s', (cloudType, region, name) => {
    expect(cloudName(cloudType, region)).toBe(name);
  });

  test('has at most 255 characters', () => {
    expect(cloudName('x'.repeat(255), 'y'.repeat(255))).toBe('x'.repeat(255));
  });
});
