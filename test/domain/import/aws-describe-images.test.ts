import { failure, read, realFile } from './listing-kit';

const OPTIONS = { format: 'AWS_DESCRIBE_IMAGES', region: 'us-east-1' } as const;

const IMAGE = {
  ImageId: 'ami-0002409de8de76de4',
  Name: 'Fedora-Cloud-Base-38-20230409.n.0.aarch64-hvm-us-east-1-gp2-0',
  Description: 'Fedora AMI Description',
  Architecture: 'arm64',
  ImageType: 'machine',
  OwnerId: 125523088429,
  State: 'available',
  Public: 1,
  Platform: null,
  PlatformDetails: 'Linux/UNIX',
  VirtualizationType: 'hvm',
  RootDeviceType: 'ebs',
  CreationDate: '2023-04-09T12:36:12.000Z',
  DeprecationTime: '2025-04-09T12:36:12.000Z',
};

async function readOne(changes: object) {
  return (await read({ Images: [{ ...IMAGE, ...changes }] }, OPTIONS)).rows[0];
}

describe('R-3.3 AWS describe-images', () => {
  it('R-3.3 reads every field; an inventory that does not say when it was made', async () => {
    const { rows, facts } = await read({ Images: [IMAGE] }, OPTIONS);
    expect(rows).toEqual([
      {
        kind: 'IMAGE',
        row: 'Images[0]',
        source: 'describe-images:125523088429:us-east-1',
        cloudType: 'amazon',
        region: 'us-east-1',
        resourceUid: 'ami-0002409de8de76de4',
        name: 'Fedora-Cloud-Base-38-20230409.n.0.aarch64-hvm-us-east-1-gp2-0',
        description: 'Fedora AMI Description',
        imageType: 'MACHINE',
        osPlatform: 'linux',
        operatingSystem: 'Fedora 38',
        cpuArchitecture: 'arm64',
        virtualizationType: 'hvm',
        rootDeviceStorage: 'ebs',
        fingerprint: null,
        publishedAt: new Date('2023-04-09T12:36:12Z'),
        deprecatesAt: new Date('2025-04-09T12:36:12Z'),
        lifecycle: 'AVAILABLE',
        agentEnabled: null,
        public: true,
      },
    ]);
    expect(facts).toEqual({ listedAt: null, nature: 'INVENTORY' });
  });

  it('R-3.3 reads the bare list, and an empty one', async () => {
    const bare = await read([IMAGE, IMAGE], { ...OPTIONS, cloudType: 'eucalyptus' });
    expect(bare.images.map(({ row, cloudType }) => [row, cloudType])).toEqual([
      ['Images[0]', 'eucalyptus'],
      ['Images[1]', 'eucalyptus'],
    ]);
    expect((await read([], OPTIONS)).rows).toEqual([]);
    expect((await read({ Images: [], NextToken: null }, OPTIONS)).rows).toEqual([]);
  });

  it.each([
    [{ Public: true }, { public: true }],
    [{ Public: 'true' }, { public: true }],
    [{ Public: 0 }, { public: false }],
    [{ Public: 'False' }, { public: false }],
    [{ Public: undefined }, { public: null }],
    [{ OwnerId: '099720109477' }, { source: 'describe-images:099720109477:us-east-1' }],
    [{ OwnerId: 99720109477 }, { source: 'describe-images:099720109477:us-east-1' }],
    [{ Architecture: 'x86_64_mac' }, { cpuArchitecture: 'x86_64_mac' }],
    [{ Architecture: null }, { cpuArchitecture: null }],
    [{ ImageType: 'kernel' }, { imageType: 'KERNEL' }],
    [{ ImageType: 'ramdisk' }, { imageType: 'RAMDISK' }],
    [{ State: 'pending' }, { lifecycle: 'PENDING' }],
    [{ State: 'failed' }, { lifecycle: 'FAILED' }],
    [{ State: 'error' }, { lifecycle: 'FAILED' }],
    [{ State: 'invalid' }, { lifecycle: 'FAILED' }],
    [{ State: 'deregistered' }, { lifecycle: 'DELETED' }],
    [{ State: 'disabled' }, { lifecycle: 'OBSOLETE' }],
    [{ Platform: 'windows' }, { osPlatform: 'windows' }],
    [{ PlatformDetails: 'Windows with SQL Server' }, { osPlatform: 'windows', operatingSystem: 'Windows' }],
    [
      { PlatformDetails: 'Red Hat Enterprise Linux with HA' },
      { osPlatform: 'linux', operatingSystem: 'Red Hat Enterprise Linux' },
    ],
    [{ PlatformDetails: 'SUSE Linux' }, { osPlatform: 'linux', operatingSystem: 'SUSE Linux' }],
    [{ PlatformDetails: undefined, Platform: undefined }, { osPlatform: null }],
    [{ Name: 'Fedora-Cloud-Base-36_Beta-1.4.x86_64-hvm' }, { operatingSystem: 'Fedora 36' }],
    [{ Name: 'Fedora-Cloud-Base-Rawhide-20230409.n.0.x' }, { operatingSystem: 'Fedora Rawhide' }],
    [{ Name: 'fedora-coreos-38.20230722.3.0-x86_64' }, { operatingSystem: 'Fedora CoreOS 38' }],
    [
      { Name: 'ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-20230325' },
      { operatingSystem: 'Ubuntu 22.04' },
    ],
    [
      { Name: 'ubuntu/images-testing/hvm-ssd/ubuntu-jammy-daily-22.04-amd64-x' },
      { operatingSystem: 'Ubuntu 22.04' },
    ],
    [{ Name: 'my own image' }, { operatingSystem: null }],
    [{ Description: '' }, { description: null }],
    [
      { CreationDate: null, DeprecationTime: null },
      { publishedAt: null, deprecatesAt: null },
    ],
  ])('R-3.3 reads %j', async (changes, expected) => {
    expect(await readOne(changes)).toMatchObject({ kind: 'IMAGE', ...expected });
  });

  it.each([
    [{ ImageId: undefined }, 'ImageId is missing: give it a value.'],
    [{ Name: ' ' }, 'Name is missing: give it a value.'],
    [{ Name: 12 }, 'Name is not text: give it in quotes.'],
    [{ OwnerId: null }, 'OwnerId is missing: give it a value.'],
    [{ Public: 'perhaps' }, 'Public "perhaps" is neither true nor false: write one of them.'],
    [{ ImageType: 'iso' }, 'ImageType "iso" is unknown: use machine, kernel or ramdisk.'],
    [
      { State: 'melted' },
      'State "melted" is unknown: use one of available, pending, failed, error, invalid, deregistered, disabled.',
    ],
    [{ State: undefined }, 'State is missing: give it a value.'],
    [
      { CreationDate: 'yesterday' },
      'CreationDate "yesterday" is not a time in the years 1 to 9999: write it like 2026-07-21T14:07:12Z or 2026-07-21.',
    ],
    [
      { DeprecationTime: '2023-02-29T00:00:00Z' },
      'DeprecationTime "2023-02-29T00:00:00Z" is not a time in the years 1 to 9999: write it like 2026-07-21T14:07:12Z or 2026-07-21.',
    ],
    [{ Name: 'n'.repeat(256) }, 'name has more than 255 characters: shorten it.'],
    [{ ImageId: 'i'.repeat(1025) }, 'resourceUid has more than 1024 bytes of UTF-8: shorten it.'],
    [{ Description: 'd'.repeat(4097) }, 'description has more than 4096 characters: shorten it.'],
    [{ RootDeviceType: 'r'.repeat(256) }, 'rootDeviceStorage has more than 255 characters: shorten it.'],
    ...['a\0b', 'a\ud800b', 'a\udc00', 'a\ufffdb'].map((Name): [object, string] => [
      { Name },
      'name holds a character that is not valid text (NUL, half a surrogate pair, or a byte that is not UTF-8): remove it.',
    ]),
  ])('R-3.3 refuses the row with %j, and keeps the others', async (changes, reason) => {
    const { rows } = await read({ Images: [IMAGE, { ...IMAGE, ...changes }, IMAGE] }, OPTIONS);
    expect(rows.map(({ kind }) => kind)).toEqual(['IMAGE', 'REFUSED', 'IMAGE']);
    expect(rows[1]).toMatchObject({ kind: 'REFUSED', row: 'Images[1]', reason });
  });

  it('R-3.3 keeps texts of exactly the longest length, counted in characters', async () => {
    const longest = { Name: '🖥'.repeat(255), ImageId: 'i'.repeat(1024), Description: 'd'.repeat(4096) };
    expect(await readOne(longest)).toMatchObject({ kind: 'IMAGE', name: longest.Name });
  });

  it('R-3.3 refuses records that are no objects', async () => {
    const { refused } = await read({ Images: [null, 7, 'x', []] }, OPTIONS);
    expect(refused).toMatchObject(
      [0, 1, 2, 3].map((index) => ({
        kind: 'REFUSED',
        row: `Images[${index}]`,
        reason: 'Not a JSON object: give one object per row.',
      })),
    );
  });

  it('R-3.3 refuses a row with bytes that are not UTF-8, and keeps the others', async () => {
    const file = Buffer.from(JSON.stringify({ Images: [IMAGE, { ...IMAGE, Name: 'bad-byte' }, IMAGE] }));
    file[file.indexOf('bad-byte')] = 0xff;
    const { rows } = await read(file, OPTIONS);
    expect(rows.map(({ kind }) => kind)).toEqual(['IMAGE', 'REFUSED', 'IMAGE']);
  });

  it('R-3.3 needs the region beside the file, and names it', async () => {
    const error = await failure({ Images: [IMAGE] }, { format: 'AWS_DESCRIBE_IMAGES' });
    expect([error.code, error.details.path]).toEqual(['INVALID', ['region']]);
    expect(error.message).toBe(
      'region is missing: an AWS describe-images listing does not name the region it was made in. Name it with --region, for example us-east-1.',
    );
  });

  it.each(['us east', 'us-east', 'us-east-1a', 'US-EAST-1'])(
    'R-3.3 refuses %j: it is no region of AWS',
    async (region) => {
      const error = await failure({ Images: [IMAGE] }, { format: 'AWS_DESCRIBE_IMAGES', region });
      expect([error.code, error.details.path]).toEqual(['INVALID', ['region']]);
      expect(error.message).toBe(
        `region "${region}" is no region of AWS: name the one that the listing was made in, for example us-east-1.`,
      );
    },
  );

  it('R-3.3 leaves the regions of compatible clouds alone', async () => {
    const { images } = await read(
      { Images: [IMAGE] },
      { format: 'AWS_DESCRIBE_IMAGES', cloudType: 'eucalyptus', region: 'rack 7' },
    );
    expect(images.map(({ cloudType, region }) => [cloudType, region])).toEqual([['eucalyptus', 'rack 7']]);
  });

  it.each([
    ['ap-northeast-1', 180],
    ['eu-west-1', 172],
    ['us-east-1', 176],
  ])('R-3.3 reads the real listing of %s: %i images', async (region, count) => {
    const { images, refused } = await read(realFile(`aws/describe-images-${region}.json`), {
      ...OPTIONS,
      region,
    });
    expect([images.length, refused]).toEqual([count, []]);
    expect(new Set(images.map(({ source }) => source))).toEqual(
      new Set([`describe-images:125523088429:${region}`]),
    );
    expect(images.filter(({ operatingSystem }) => operatingSystem === null)).toEqual([]);
  });

  it('R-3.3 reads a known row of the real listing of us-east-1', async () => {
    const { images } = await read(realFile('aws/describe-images-us-east-1.json'), OPTIONS);
    expect(images[0]).toMatchObject({
      resourceUid: 'ami-0002409de8de76de4',
      operatingSystem: 'Fedora 38',
      publishedAt: new Date('2023-04-09T12:36:12Z'),
      public: true,
    });
  });
});
