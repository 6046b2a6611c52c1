import { read, realFile } from './listing-kit';

const OPTIONS = { format: 'AWS_INSTANCE_TYPE_OFFERINGS' } as const;

describe('R-3.3 AWS describe-instance-type-offerings', () => {
  it('R-3.3 reads every field; an inventory that does not say when it was made', async () => {
    const offering = { InstanceType: 'm7g.large', LocationType: 'region', Location: 'us-east-1' };
    const wrapped = await read({ InstanceTypeOfferings: [offering] }, OPTIONS);
    expect(wrapped.rows).toEqual([
      {
        kind: 'INSTANCE_TYPE',
        row: 'InstanceTypeOfferings[0]',
        source: 'instance-type-offerings:us-east-1',
        cloudType: 'amazon',
        region: 'us-east-1',
        resourceUid: 'm7g.large',
        name: 'm7g.large',
        cpuArchitectures: ['arm64'],
        cpuCount: null,
        memoryMb: null,
      },
    ]);
    expect(wrapped.facts).toEqual({ listedAt: null, nature: 'INVENTORY' });
    expect(await read([offering], OPTIONS)).toEqual(wrapped);
  });

  it.each([
    ['us-east-1', 'us-east-1'],
    ['us-east-1a', 'us-east-1'],
    ['us-gov-west-1b', 'us-gov-west-1'],
    ['us-west-2-lax-1a', 'us-west-2'],
    ['us-east-1-wl1-bos-wlz-1', 'us-east-1'],
    ['eusc-de-east-1', 'eusc-de-east-1'],
  ])('R-3.3 reads the location %s as region %s', async (Location, region) => {
    const { instanceTypes } = await read([{ InstanceType: 't3.micro', Location }], OPTIONS);
    expect(instanceTypes.map((type) => [type.region, type.source])).toEqual([
      [region, `instance-type-offerings:${region}`],
    ]);
  });

  it('R-3.3 needs the region for the id of an availability zone', async () => {
    const listing = [{ InstanceType: 't3.micro', Location: 'use1-az1' }];
    expect((await read(listing, OPTIONS)).rows).toMatchObject([
      {
        kind: 'REFUSED',
        row: 'InstanceTypeOfferings[0]',
        reason:
          'Location "use1-az1" names no region: name the region with --region, or list with --location-type region.',
      },
    ]);
    const given = await read(listing, { ...OPTIONS, region: 'us-east-1' });
    expect(given.instanceTypes[0]?.region).toBe('us-east-1');
  });

  it.each([
    ...['a1', 't4g', 'm7g', 'c8gn', 'c8gb', 'x2gd', 'im4gn', 'is4gen', 'i4g', 'g5g', 'hpc7g', 'r8gd'].map(
      (family): [string, string[]] => [family, ['arm64']],
    ),
    ...['mac2', 'mac2-m2', 'mac2-m1ultra'].map((family): [string, string[]] => [family, ['arm64_mac']]),
    ...['t2', 'm1', 'm2', 'm3', 'c1', 'c3'].map((family): [string, string[]] => [family, ['i386', 'x86_64']]),
    ...['t3', 'm4', 'g4dn', 'g4ad', 'gr6', 'g6', 'c7i-flex', 'u-3tb1', 'p6-b200', 'vt1', 'z1d'].map(
      (family): [string, string[]] => [family, ['x86_64']],
    ),
  ])('R-3.3 knows the architectures of the family %s', async (family, architectures) => {
    const { instanceTypes } = await read(
      [{ InstanceType: `${family}.large`, Location: 'eu-west-1' }],
      OPTIONS,
    );
    expect(instanceTypes.map(({ cpuArchitectures }) => cpuArchitectures)).toEqual([architectures]);
  });

  it('R-3.3 refuses bad rows and keeps the others', async () => {
    const { rows, refused } = await read(
      [
        { InstanceType: 'large', Location: 'eu-west-1' },
        { Location: 'eu-west-1' },
        { InstanceType: 'm1.large' },
        3,
      ],
      OPTIONS,
    );
    expect(rows).toHaveLength(4);
    expect(refused.map(({ reason }) => reason)).toEqual([
      'InstanceType "large" is not a family and a size: write it like m7g.large.',
      'InstanceType is missing: give it a value.',
      'Location is missing: give it a value.',
      'Not a JSON object: give one object per row.',
    ]);
  });

  it.each([
    ['ap-northeast-1', 1159],
    ['eu-west-1', 1150],
    ['us-east-1', 1354],
  ])('R-3.3 reads the real listing of %s: %i types', async (region, count) => {
    const { instanceTypes, refused } = await read(
      realFile(`aws/instance-type-offerings-${region}.json`),
      OPTIONS,
    );
    expect([instanceTypes.length, refused]).toEqual([count, []]);
    expect(new Set(instanceTypes.map((type) => type.region))).toEqual(new Set([region]));
    expect(instanceTypes[0]).toMatchObject({ resourceUid: 'a1.2xlarge', cpuArchitectures: ['arm64'] });
  });
});
