import { read, realFile } from './listing-kit';

const OPTIONS = { format: 'PACKER_MANIFEST' } as const;

const BUILD = {
  name: 'forum-arm64',
  builder_type: 'amazon-ebs',
  build_time: 1606181626,
  files: null,
  artifact_id: 'eu-west-1:ami-06e2d703d55395fab',
  packer_run_uuid: '4759fa0c-c5a1-ac38-5923-97a317d616f2',
};

function manifest(...builds: object[]) {
  return { builds: builds.map((changes) => ({ ...BUILD, ...changes })), last_run_uuid: 'x' };
}

describe('R-3.3 Packer manifest', () => {
  it('R-3.3 reads every field, without custom_data', async () => {
    const { rows, facts } = await read(manifest({}), OPTIONS);
    expect(rows).toEqual([
      {
        kind: 'IMAGE',
        row: 'builds[0]',
        source: 'packer:forum-arm64',
        cloudType: 'amazon',
        region: 'eu-west-1',
        resourceUid: 'ami-06e2d703d55395fab',
        name: 'forum-arm64-20201124T013346Z',
        description: null,
        imageType: 'MACHINE',
        osPlatform: null,
        operatingSystem: null,
        cpuArchitecture: 'arm64',
        virtualizationType: null,
        rootDeviceStorage: null,
        fingerprint: null,
        publishedAt: new Date('2020-11-24T01:33:46Z'),
        deprecatesAt: null,
        lifecycle: 'AVAILABLE',
        agentEnabled: null,
        public: null,
      },
    ]);
    expect(facts).toEqual({ listedAt: new Date('2020-11-24T01:33:46Z'), nature: 'RELEASE_LIST' });
  });

  it('R-3.3 reads one row per region, keeps all runs, and is as old as the newest', async () => {
    const { images, facts } = await read(
      manifest(
        { build_time: 1606206297, artifact_id: 'eu-west-1:ami-0a,us-east-1:ami-0b' },
        { build_time: 1606181626, artifact_id: 'eu-west-1:ami-0c' },
      ),
      OPTIONS,
    );
    expect(images.map(({ row, region, resourceUid }) => [row, region, resourceUid])).toEqual([
      ['builds[0].artifact_id[0]', 'eu-west-1', 'ami-0a'],
      ['builds[0].artifact_id[1]', 'us-east-1', 'ami-0b'],
      ['builds[1]', 'eu-west-1', 'ami-0c'],
    ]);
    expect(facts.listedAt).toEqual(new Date(1606206297_000));
  });

  it.each([
    ['web-aarch64', null, 'arm64'],
    ['web-amd64', null, 'x86_64'],
    ['web-x86_64', undefined, 'x86_64'],
    ['web', {}, null],
    ['web-arm64', { architecture: 'amd64' }, 'x86_64'],
    ['web', { arch: 'aarch64' }, 'arm64'],
    ['web', { cpu_architecture: 's390x' }, 's390x'],
  ])('R-3.3 reads the architecture of %s with custom_data %j', async (name, custom_data, architecture) => {
    const { images } = await read(manifest({ name, custom_data }), OPTIONS);
    expect(images.map(({ cpuArchitecture }) => cpuArchitecture)).toEqual([architecture]);
  });

  it('R-3.3 reads the operating system and the Google project from custom_data', async () => {
    const { images } = await read(
      manifest({
        builder_type: 'googlecompute',
        artifact_id: 'packer-1606181626',
        custom_data: { project_id: 'acme', os_platform: 'linux', operating_system: 'Debian 12' },
      }),
      OPTIONS,
    );
    expect(images[0]).toMatchObject({
      cloudType: 'google',
      region: 'global',
      resourceUid: 'projects/acme/global/images/packer-1606181626',
      osPlatform: 'linux',
      operatingSystem: 'Debian 12',
    });
  });

  it('R-3.3 takes the cloud from beside the file where the builder does not say it', async () => {
    const { rows } = await read(
      manifest(
        { builder_type: 'azure-arm', artifact_id: '/subscriptions/s/images/i' },
        { builder_type: 'vsphere-iso', artifact_id: 'vm' },
        { builder_type: 'qemu', artifact_id: 'VM' },
      ),
      { ...OPTIONS, cloudType: 'azure', region: 'westeurope' },
    );
    expect(rows[0]).toMatchObject({
      cloudType: 'azure',
      region: 'westeurope',
      resourceUid: '/subscriptions/s/images/i',
    });
    expect(rows[1]).toMatchObject({
      kind: 'REFUSED',
      row: 'builds[1]',
      reason:
        'builder_type "vsphere-iso" makes images for vsphere, not for the given cloud type "azure": import this build on its own with --cloud-type vsphere.',
    });
    expect(rows[2]).toMatchObject({ cloudType: 'azure', resourceUid: 'VM' });
  });

  it.each([
    [{ name: '' }, 'name is missing: give it a value.'],
    [{ builder_type: undefined }, 'builder_type is missing: give it a value.'],
    [{ artifact_id: '' }, 'artifact_id is missing: give it a value.'],
    [
      { artifact_id: 'ami-0a' },
      'artifact_id "ami-0a" is not REGION:AMI: write it like eu-west-1:ami-06e2d703.',
    ],
    ...[undefined, '1606181626', 0, 1e15, 1.5].map((build_time): [object, string] => [
      { build_time },
      'build_time is not a time: give whole seconds since 1970, for example 1606181626.',
    ]),
    [{ custom_data: [] }, 'custom_data is not a JSON object: give names and values, or leave it out.'],
    [
      { builder_type: 'googlecompute', artifact_id: 'x' },
      'custom_data.project_id is missing: a googlecompute build names its image but not its project. Add project_id to custom_data of the manifest post-processor.',
    ],
    [
      { builder_type: 'azure-arm', artifact_id: 'x' },
      'builder_type "azure-arm" does not say in which cloud the image is: name it with --cloud-type and --region.',
    ],
  ])('R-3.3 refuses the build with %j, and keeps the others', async (changes, reason) => {
    const { rows } = await read(manifest({}, changes, {}), OPTIONS);
    expect(rows.map(({ kind }) => kind)).toEqual(['IMAGE', 'REFUSED', 'IMAGE']);
    expect(rows[1]).toMatchObject({ kind: 'REFUSED', row: 'builds[1]', reason });
  });

  it('R-3.3 refuses one bad artifact and keeps the others of the build', async () => {
    const { rows } = await read(manifest({ artifact_id: 'eu-west-1:ami-0a,eu-west-2:snap-1' }), OPTIONS);
    expect(rows.map(({ kind, row }) => [kind, row])).toEqual([
      ['IMAGE', 'builds[0].artifact_id[0]'],
      ['REFUSED', 'builds[0].artifact_id[1]'],
    ]);
  });

  it.each([
    ['packer/theforum365-ami-174327f.json', 6, 'ami-0631ec52ec86831cb', 1606206297],
    ['packer/theforum365-ami-be47d34.json', 15, 'ami-0b78c42a638afa691', 1606418098],
  ])('R-3.3 reads the real %s: %i runs', async (path, count, lastUid, lastTime) => {
    const { images, refused, facts } = await read(realFile(path), OPTIONS);
    expect([images.length, refused]).toEqual([count, []]);
    expect(images.at(-1)?.resourceUid).toBe(lastUid);
    expect(facts.listedAt).toEqual(new Date(lastTime * 1000));
  });
});
