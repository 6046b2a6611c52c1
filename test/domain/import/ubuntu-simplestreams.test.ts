import { failure, read, realFile } from './listing-kit';

const OPTIONS = { format: 'UBUNTU_SIMPLESTREAMS' } as const;

const ITEM = { root_store: 'ssd', virt: 'hvm', crsn: 'us-east-1', id: 'ami-0a' };
const PRODUCT = { arch: 'amd64', version: '16.04', release_title: '16.04 LTS' };

function listing(items: object, changes: object = {}, version = '20161214') {
  return {
    updated: 'Wed, 11 Jan 2017 06:23:17 +0000',
    datatype: 'image-ids',
    products: { P: { ...PRODUCT, versions: { [version]: { pubname: 'ubuntu-xenial', items } } } },
    _aliases: { crsn: { 'us-east-1': { region: 'us-east-1', endpoint: 'https://x' } } },
    content_id: 'com.ubuntu.cloud:released:aws',
    ...changes,
  };
}

describe('R-3.3 Ubuntu simplestreams', () => {
  it('R-3.3 reads every field, inherited from the version and the product', async () => {
    const { rows, facts } = await read(listing({ a: ITEM }), OPTIONS);
    expect(rows).toEqual([
      {
        kind: 'IMAGE',
        row: 'products.P.versions.20161214.items.a',
        source: 'ubuntu:released:aws',
        cloudType: 'amazon',
        region: 'us-east-1',
        resourceUid: 'ami-0a',
        name: 'ubuntu-xenial',
        description: '16.04 LTS',
        imageType: 'MACHINE',
        osPlatform: 'linux',
        operatingSystem: 'Ubuntu 16.04',
        cpuArchitecture: 'x86_64',
        virtualizationType: 'hvm',
        rootDeviceStorage: 'ebs-ssd',
        fingerprint: null,
        publishedAt: new Date('2016-12-14T00:00:00Z'),
        deprecatesAt: null,
        lifecycle: 'AVAILABLE',
        agentEnabled: null,
        public: true,
      },
    ]);
    expect(facts).toEqual({ listedAt: new Date('2017-01-11T06:23:17Z'), nature: 'RELEASE_LIST' });
  });

  it.each([
    [{ virt: 'pv' }, { virtualizationType: 'paravirtual' }],
    [{ virt: undefined }, { virtualizationType: null }],
    [{ root_store: 'io1' }, { rootDeviceStorage: 'ebs-io1' }],
    [{ root_store: 'ebs' }, { rootDeviceStorage: 'ebs' }],
    [{ root_store: 'instance' }, { rootDeviceStorage: 'instance-store' }],
    [{ root_store: undefined }, { rootDeviceStorage: null }],
    [{ arch: 'i386' }, { cpuArchitecture: 'i386' }],
    [{ arch: 'arm64' }, { cpuArchitecture: 'arm64' }],
    [
      { pubname: 'own-name', version: '17.10' },
      { name: 'own-name', operatingSystem: 'Ubuntu 17.10' },
    ],
  ])('R-3.3 reads the item with %j', async (changes, expected) => {
    const { rows } = await read(listing({ a: { ...ITEM, ...changes } }), OPTIONS);
    expect(rows[0]).toMatchObject({ kind: 'IMAGE', ...expected });
  });

  it.each([
    ['20161214.1', new Date('2016-12-14T00:00:00Z')],
    ['beta-2', null],
  ])('R-3.3 reads the version %s as published at %s', async (version, publishedAt) => {
    const { images } = await read(listing({ a: ITEM }, {}, version), OPTIONS);
    expect(images.map((image) => image.publishedAt)).toEqual([publishedAt]);
  });

  it('R-3.3 reads crsn through its alias, and inherits it', async () => {
    const { images } = await read(
      listing(
        { a: { ...ITEM, crsn: undefined } },
        {
          products: {
            P: {
              ...PRODUCT,
              crsn: 'east',
              versions: { '20161214': { pubname: 'n', items: { a: { id: 'ami-0a' } } } },
            },
          },
          _aliases: { crsn: { east: { region: 'us-east-1' } } },
        },
      ),
      OPTIONS,
    );
    expect(images.map(({ region }) => region)).toEqual(['us-east-1']);
  });

  it('R-3.3 gives the same rows whatever the order of keys', async () => {
    const { updated, datatype, products, _aliases, content_id } = listing({ a: ITEM, b: ITEM });
    const headerLast = await read({ products, _aliases, content_id, datatype, updated }, OPTIONS);
    const headerFirst = await read({ _aliases, content_id, datatype, updated, products }, OPTIONS);
    const { versions, ...attributes } = products.P;
    const versionsFirst = await read(
      { content_id, updated, products: { P: { versions, ...attributes } } },
      OPTIONS,
    );
    expect(headerFirst.rows).toHaveLength(2);
    expect(headerLast).toEqual(headerFirst);
    expect(versionsFirst).toEqual(headerFirst);
  });

  it('R-3.3 refuses items without place or id, like those of other clouds, and keeps the rest', async () => {
    const { rows } = await read(
      listing(
        { a: { id: 'x' }, b: { ...ITEM, id: undefined }, c: ITEM, d: 7, e: { ...ITEM, pubname: '' } },
        { content_id: 'com.ubuntu.cloud:released:azure' },
      ),
      OPTIONS,
    );
    expect(rows.map((row) => (row.kind === 'REFUSED' ? row.reason : row.cloudType))).toEqual([
      'crsn is missing: give it a value.',
      'id is missing: give it a value.',
      'azure',
      'Not a JSON object: give one object per row.',
      'pubname is missing: give it a value.',
    ]);
  });

  it('R-3.3 reads Google images as those of one cloud, if their project is known', async () => {
    const uid = 'projects/ubuntu-os-cloud/global/images/ubuntu-1604';
    const { rows } = await read(
      listing(
        { a: { ...ITEM, id: uid }, b: { ...ITEM, id: 'ubuntu-1604' } },
        { content_id: 'com.ubuntu.cloud:released:gce' },
      ),
      OPTIONS,
    );
    expect(rows).toMatchObject([
      expect.objectContaining({ cloudType: 'google', region: 'global', resourceUid: uid }),
      {
        kind: 'REFUSED',
        row: 'products.P.versions.20161214.items.b',
        reason:
          'id "ubuntu-1604" names no Google project: write it like projects/ubuntu-os-cloud/global/images/NAME.',
      },
    ]);
  });

  it('R-3.3 refuses products and versions that are incomplete, and impossible days', async () => {
    const { rows } = await read(
      listing(
        {},
        {
          products: {
            A: {},
            B: 7,
            C: { versions: { '20161399': { pubname: 'n', items: { a: ITEM } }, '20161214': {} } },
          },
        },
      ),
      OPTIONS,
    );
    expect(rows).toMatchObject([
      { kind: 'REFUSED', row: 'products.A', reason: 'versions is missing: give an object of versions.' },
      { kind: 'REFUSED', row: 'products.B', reason: 'versions is missing: give an object of versions.' },
      {
        kind: 'REFUSED',
        row: 'products.C.versions.20161214',
        reason: 'items is missing: give an object of items.',
      },
      {
        kind: 'REFUSED',
        row: 'products.C.versions.20161399.items.a',
        reason: 'version "20161399" is no day of the calendar: name it YYYYMMDD or YYYYMMDD.N.',
      },
    ]);
  });

  it.each([
    [{ content_id: undefined }, 'found no `content_id`.'],
    [{ content_id: 'a b' }, 'found the `content_id` "\\"a b\\"".'],
    [{ content_id: 'com.ubuntu.cloud:released:joyent' }, 'cloudType is missing: the content_id'],
    [
      { datatype: 'image-downloads' },
      'found the `datatype` "\\"image-downloads\\"". Only a listing of "image-ids"',
    ],
    [{ updated: 'lately' }, 'found the `updated` "\\"lately\\"". Give `updated` a time like'],
    [{ updated: 'Wed, 31 Feb 2017 06:23:17 +0000' }, 'found the `updated`'],
    [{ products: [] }, 'found `products` that is not an object.'],
  ])('R-3.3 refuses the file with %j', async (changes, message) => {
    const error = await failure(listing({ a: ITEM }, changes), OPTIONS);
    expect(error.code).toBe('INVALID');
    expect(error.message).toContain(message);
  });

  it('R-3.3 takes the cloud type from beside the file', async () => {
    const { images } = await read(listing({ a: ITEM }, { content_id: 'com.ubuntu.cloud:released:joyent' }), {
      ...OPTIONS,
      cloudType: 'joyent',
    });
    expect(images.map(({ cloudType, source }) => [cloudType, source])).toEqual([
      ['joyent', 'ubuntu:released:joyent'],
    ]);
  });

  it('R-3.3 reads the real sample: 165 images', async () => {
    const { images, refused, facts } = await read(realFile('ubuntu/released-aws-sample.json'), OPTIONS);
    expect([images.length, refused]).toEqual([165, []]);
    expect(facts.listedAt).toEqual(new Date('2017-01-11T06:23:17Z'));
    expect(images.find(({ resourceUid }) => resourceUid === 'ami-03695260')).toMatchObject({
      row: 'products.com.ubuntu.cloud:server:16.04:amd64.versions.20161214.items.apse2pi',
      region: 'ap-southeast-2',
      name: 'ubuntu-xenial-16.04-amd64-server-20161214',
      virtualizationType: 'paravirtual',
      rootDeviceStorage: 'instance-store',
      operatingSystem: 'Ubuntu 16.04',
    });
  });
});
