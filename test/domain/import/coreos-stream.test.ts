import { failure, read, realFile } from './listing-kit';

const OPTIONS = { format: 'COREOS_STREAM' } as const;
const DIGEST = `sha256:${'ab'.repeat(32)}`;

function stream(images: unknown, changes: object = {}) {
  return {
    stream: 'stable',
    metadata: { 'last-modified': '2026-07-21T14:07:12Z' },
    architectures: { aarch64: { artifacts: { metal: { release: 'x' } }, images } },
    ...changes,
  };
}

describe('R-3.3 CoreOS stream metadata', () => {
  it('R-3.3 reads an AWS image per region, with every field', async () => {
    const { rows, facts } = await read(
      stream({ aws: { regions: { 'us-east-1': { release: '44.20260707.3.1', image: 'ami-0a' } } } }),
      OPTIONS,
    );
    expect(rows).toEqual([
      {
        kind: 'IMAGE',
        row: 'architectures.aarch64.images.aws.regions.us-east-1',
        source: 'fcos:stable',
        cloudType: 'amazon',
        region: 'us-east-1',
        resourceUid: 'ami-0a',
        name: 'fedora-coreos-44.20260707.3.1-aarch64',
        description: null,
        imageType: 'MACHINE',
        osPlatform: 'linux',
        operatingSystem: 'Fedora CoreOS 44',
        cpuArchitecture: 'arm64',
        virtualizationType: 'hvm',
        rootDeviceStorage: 'ebs',
        fingerprint: null,
        publishedAt: new Date('2026-07-21T14:07:12Z'),
        deprecatesAt: null,
        lifecycle: 'AVAILABLE',
        agentEnabled: null,
        public: true,
      },
    ]);
    expect(facts).toEqual({ listedAt: new Date('2026-07-21T14:07:12Z'), nature: 'RELEASE_LIST' });
  });

  it('R-3.3 reads Google, KubeVirt and Alibaba images', async () => {
    const { images } = await read(
      stream({
        gcp: { release: '44.1.3.1', project: 'fedora-coreos-cloud', family: 'f', name: 'fcos-44' },
        kubevirt: { release: '44.1.3.1', image: 'quay.io/f:stable', 'digest-ref': `quay.io/f@${DIGEST}` },
        aliyun: { regions: { 'cn-beijing': { release: '44.1.3.1', image: 'm-2ze' } } },
      }),
      OPTIONS,
    );
    expect(
      images.map((image) => [
        image.cloudType,
        image.region,
        image.resourceUid,
        image.fingerprint,
        image.virtualizationType,
        image.rootDeviceStorage,
      ]),
    ).toEqual([
      ['google', 'global', 'projects/fedora-coreos-cloud/global/images/fcos-44', null, null, null],
      ['kubevirt', 'global', `quay.io/f@${DIGEST}`, DIGEST, null, null],
      ['alibaba', 'cn-beijing', 'm-2ze', null, null, null],
    ]);
  });

  it.each([
    ['rhcos-4.16', '416.94.202406172220-0', 'RHCOS 4.16'],
    ['rhcos-4.9', '49.84.202110081407-0', 'RHCOS 4.9'],
    ['rhcos-4.19', '9.6.20250523-0', 'RHCOS 4.19'],
    ['rhel-9.6', '9.6.20250523-0', 'RHCOS'],
  ])('R-3.3 names images of the stream %s, release %s', async (name, release, operatingSystem) => {
    const { images } = await read(
      stream({ aws: { regions: { 'us-east-1': { release, image: 'ami-0a' } } } }, { stream: name }),
      OPTIONS,
    );
    expect(images[0]).toMatchObject({
      source: `rhcos:${name}`,
      name: `rhcos-${release}-aarch64`,
      operatingSystem,
    });
  });

  it('R-3.3 refuses what names no launchable image, and keeps the rest', async () => {
    const file = stream({
      aws: {
        regions: {
          'us-east-1': { release: '416.94.1-0', image: 'ami-0a' },
          'eu-west-1': { image: 'ami-0b' },
        },
      },
      powervs: {
        regions: { lon: { release: '416.94.1-0', object: 'o.ova.gz', bucket: 'b', url: 'https://x' } },
      },
      gcp: { release: '1', name: 'no-project' },
      kubevirt: { release: '1', 'digest-ref': 'quay.io/f:latest' },
      nutanix: { url: 'https://x' },
    });
    Object.assign(file.architectures.aarch64, {
      'rhel-coreos-extensions': { 'azure-disk': { release: '1', url: 'https://x/y.vhd' } },
    });
    const { images, refused } = await read(file, OPTIONS);
    expect(images.map((image) => image.resourceUid)).toEqual(['ami-0a']);
    const place = 'architectures.aarch64';
    expect(refused).toMatchObject([
      {
        kind: 'REFUSED',
        row: `${place}.images.aws.regions.eu-west-1`,
        reason: 'release is missing: give it a value.',
      },
      {
        kind: 'REFUSED',
        row: `${place}.images.powervs.regions.lon`,
        reason:
          'powervs names a file in a storage bucket and no image: upload it to the cloud, then import that image with --format CSV.',
      },
      { kind: 'REFUSED', row: `${place}.images.gcp`, reason: 'project is missing: give it a value.' },
      {
        kind: 'REFUSED',
        row: `${place}.images.kubevirt`,
        reason: 'digest-ref "quay.io/f:latest" does not end in @sha256: and 64 hex digits.',
      },
      {
        kind: 'REFUSED',
        row: `${place}.images.nutanix`,
        reason: 'nutanix has no regions with an image each: import its images with --format CSV.',
      },
      {
        kind: 'REFUSED',
        row: `${place}.rhel-coreos-extensions.azure-disk`,
        reason:
          'azure-disk names a download or an offer, no image that a cloud launches by its id: once it is uploaded there, import it with --format CSV.',
      },
    ]);
  });

  it('R-3.3 refuses an architecture and images that are no objects', async () => {
    const { refused } = await read(
      stream({}, { architectures: { x86_64: 'none', s390x: { images: [] }, ppc64le: {} } }),
      OPTIONS,
    );
    expect(refused.map(({ row }) => row)).toEqual(['architectures.x86_64', 'architectures.s390x.images']);
  });

  it('R-3.3 gives the same rows when the header stands after the architectures', async () => {
    const {
      stream: name,
      metadata,
      architectures,
    } = stream({
      aws: { regions: { 'us-east-1': { release: '44.1.3.1', image: 'ami-0a' } } },
    });
    const first = await read({ stream: name, metadata, architectures }, OPTIONS);
    const last = await read({ architectures, metadata, stream: name }, OPTIONS);
    expect(first.rows).toHaveLength(1);
    expect(last).toEqual(first);
  });

  it.each([
    [{ stream: undefined }, 'found no `stream`. Give `stream` the name of the stream, for example "stable".'],
    [{ stream: 7 }, 'found the `stream` "7".'],
    [{ stream: 'a b' }, 'found the `stream` "\\"a b\\"".'],
    [{ metadata: undefined }, 'found no `metadata.last-modified`.'],
    [
      { metadata: { 'last-modified': '2026-02-30T00:00:00Z' } },
      'found the `metadata.last-modified` "\\"2026-02-30T00:00:00Z\\"". Give `metadata.last-modified` a time like 2026-07-21T14:07:12Z.',
    ],
    [{ architectures: [] }, 'found `architectures` that is not an object.'],
    [
      { architectures: undefined },
      'found an object with "stream", "metadata". Give a file with `architectures`',
    ],
  ])('R-3.3 refuses the file with %j', async (changes, message) => {
    const error = await failure(stream({}, changes), OPTIONS);
    expect(error.code).toBe('INVALID');
    expect(error.message).toContain(message);
  });

  it.each([
    ['fcos/stable-2023-08-08.json', 59, '2023-08-08T18:34:22Z'],
    ['fcos/stable-2025-09-04.json', 72, '2025-09-04T03:53:30Z'],
    ['fcos/stable-2026-03-04.json', 70, '2026-03-04T17:23:42Z'],
    ['fcos/stable-2026-04-01.json', 68, '2026-04-01T15:00:42Z'],
    ['fcos/stable.json', 68, '2026-07-21T14:07:12Z'],
  ])('R-3.3 reads the real %s: %i images', async (path, count, lastModified) => {
    const { images, refused, facts } = await read(realFile(path), OPTIONS);
    expect([images.length, refused]).toEqual([count, []]);
    expect(facts.listedAt).toEqual(new Date(lastModified));
    expect(new Set(images.map(({ source }) => source))).toEqual(new Set(['fcos:stable']));
  });

  it('R-3.3 reads known rows of the real stable.json', async () => {
    const { images } = await read(realFile('fcos/stable.json'), OPTIONS);
    const byUid = new Map(images.map((image) => [image.resourceUid, image]));
    expect(byUid.get('ami-0af87d15e2e9295cd')).toMatchObject({
      row: 'architectures.x86_64.images.aws.regions.af-south-1',
      region: 'af-south-1',
      name: 'fedora-coreos-44.20260707.3.1-x86_64',
      cpuArchitecture: 'x86_64',
    });
    expect(
      byUid.get('projects/fedora-coreos-cloud/global/images/fedora-coreos-44-20260707-3-1-gcp-aarch64'),
    ).toMatchObject({ cloudType: 'google', region: 'global', cpuArchitecture: 'arm64' });
    const digest = 'sha256:5d5f3dfa1c18e165d4d6d713e1b72be9d4bd26068b657933fdfcf7255f9694f2';
    expect(byUid.get(`quay.io/fedora/fedora-coreos-kubevirt@${digest}`)).toMatchObject({
      name: 'fedora-coreos-44.20260707.3.1-s390x',
      cpuArchitecture: 's390x',
      fingerprint: digest,
    });
  });
});
