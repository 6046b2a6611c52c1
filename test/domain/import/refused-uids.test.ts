import type { CatalogFormat } from '../../../src/domain/catalog/catalog-row';
import { failure, read } from './listing-kit';

const uids = async (content: unknown, format: CatalogFormat, region?: string) =>
  (await read(content, { format, region })).refused.map(({ resourceUids }) => resourceUids);

const coreos = (images: object, more: object = {}) => ({
  stream: 'stable',
  metadata: { 'last-modified': '2026-01-01T00:00:00Z' },
  architectures: { x86_64: { images, ...more } },
});

describe('R-3.3: a refused row tells what it lists wherever that can be read', () => {
  test('describe-images', async () => {
    const image = { OwnerId: '1', State: 'gone', Name: 'n', ImageId: 'ami-1' };
    const list = [image, { ...image, ImageId: undefined }, { ...image, ImageId: 'ami\0' }, 'text'];
    expect(await uids({ Images: list }, 'AWS_DESCRIBE_IMAGES', 'eu-west-1')).toEqual([
      ['ami-1'],
      null,
      null,
      null,
    ]);
  });

  test('what is too long for the catalog is not in it', async () => {
    const list = [{ OwnerId: '1', State: 'available', Name: 'n', ImageId: '映'.repeat(342) }];
    expect(await uids({ Images: list }, 'AWS_DESCRIBE_IMAGES', 'eu-west-1')).toEqual([[]]);
  });

  test('instance type offerings', async () => {
    const offerings = [{ InstanceType: 'm5.large', Location: 'nowhere' }, { Location: 'eu-west-1' }];
    expect(await uids(offerings, 'AWS_INSTANCE_TYPE_OFFERINGS')).toEqual([['m5.large'], null]);
  });

  test('CSV', async () => {
    const lines = ['cloud_type,region,resource_uid,name', 'a,,u,n', 'a,r,,n', 'a,r,u', 'a,r,"u'];
    expect(await uids(lines.join('\n'), 'CSV')).toEqual([['u'], null, null, null]);
  });

  test('a Packer build lists every artifact that its artifact_id names', async () => {
    const build = { name: 'web', builder_type: 'amazon-ebs', artifact_id: 'a-b-1:ami-1,c-d-1:ami-2' };
    const builds = [
      { ...build, build_time: 'now' },
      { ...build, build_time: 1, artifact_id: 'a-b-1:ami-1,what' },
      { ...build, build_time: 1, builder_type: 'docker', artifact_id: 'sha256:1' },
      { ...build, artifact_id: undefined },
    ];
    expect(await uids({ builds }, 'PACKER_MANIFEST')).toEqual([['ami-1', 'ami-2'], null, ['sha256:1'], null]);
  });

  test('simplestreams', async () => {
    const products = {
      p: { versions: { '20260101': { items: { a: { id: 'ami-1', pubname: 'n' }, b: {} } }, x: {} } },
      q: {},
    };
    const file = { content_id: 'com.ubuntu.cloud:released:aws', datatype: 'image-ids', products };
    expect(await uids(file, 'UBUNTU_SIMPLESTREAMS')).toEqual([['ami-1'], null, null, null]);
  });

  test('a CoreOS stream: a download lists no image, a provider without its regions may list any', async () => {
    const images = {
      aws: { regions: { a: { image: 'ami-1' }, b: { release: '1' } } },
      ibmcloud: { regions: { a: { release: '1', object: 'file' } } },
      nutanix: {},
      gcp: { project: 'p', name: 'n' },
      kubevirt: { release: '1', 'digest-ref': 'latest' },
    };
    const file = coreos(images, { 'rhel-coreos-extensions': { 'azure-disk': {} } });
    expect(await uids(file, 'COREOS_STREAM')).toEqual([
      ['ami-1'],
      null,
      [],
      [],
      ['projects/p/global/images/n'],
      null,
      [],
    ]);
    expect(await uids(coreos({ aws: {} }), 'COREOS_STREAM')).toEqual([null]);
  });
});

test('R-3.3: a stream made at a time that PostgreSQL cannot keep is refused as a whole', async () => {
  const file = { ...coreos({}), metadata: { 'last-modified': '9999-12-31T23:59:59-14:00' } };
  expect((await failure(file, { format: 'COREOS_STREAM' })).code).toBe('INVALID');
});

describe('R-3.3: upper and lower case make no other cloud type', () => {
  test('in a column and in an option', async () => {
    const inColumn = await read('cloud_type,region,resource_uid,name\nOpenStack,R,u,n', { format: 'CSV' });
    const inOption = await read('region,resource_uid,name\nR,u,n', { format: 'CSV', cloudType: 'OPENSTACK' });
    expect(inColumn.images).toEqual(inOption.images);
    expect(inColumn.images).toMatchObject([
      { cloudType: 'openstack', region: 'R', source: 'csv:openstack:R' },
    ]);
  });
});
