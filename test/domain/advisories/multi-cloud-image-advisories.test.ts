import type { Advisory } from '../../../src/domain/advisories/advisory';
import {
  multiCloudImageAdvisories,
  settingAdvisories,
  type CloudSettingFacts,
  type MultiCloudImageOverview,
} from '../../../src/domain/advisories/multi-cloud-image-advisories';
import type { SettingFacts } from '../../../src/domain/launch/configuration';
import { cloud, imageFacts, settingFacts, typeFacts } from '../launch/facts';

const AGENT_TAG = 'provides:rs_agent_type=right_link';
const plain = {
  id: 'mci-1',
  name: 'Ubuntu',
  revision: 2,
  tags: [],
  deleted: false,
  origin: 'PRIVATE' as const,
};

const inCloud = (name: string, differing: Partial<SettingFacts> = {}): CloudSettingFacts => ({
  ...settingFacts(`setting-${name}`, { image: imageFacts(`image-${name}`), ...differing }),
  cloud: { id: `cloud-${name}`, name },
});

const lines = (advisories: readonly Advisory[]) =>
  advisories.map(
    ({ severity, code, subject, message }) =>
      `${severity} ${code} ${subject ? `${subject.type}:${subject.id}` : '-'} | ${message}`,
  );

const ofSetting = (differing: Partial<SettingFacts>, tags: readonly string[] = []) =>
  lines(settingAdvisories({ ...settingFacts('setting-1', differing), cloud }, { ...plain, tags }));

const ofMultiCloudImage = (differing: Partial<MultiCloudImageOverview>) =>
  lines(multiCloudImageAdvisories({ ...plain, settings: [], ...differing }));

describe('the advisories of a setting', () => {
  test('Section 11: a setting in order has none', () => {
    expect(ofSetting({})).toEqual([]);
    expect(ofSetting({ image: imageFacts('a', { agentEnabled: true }) }, [AGENT_TAG])).toEqual([]);
  });

  test('R-3.2 what blocks a launch is a WARNING on the setting, for each of its images', () => {
    expect(
      ofSetting({
        image: imageFacts('gone', { availability: 'INVALID', lifecycle: 'DELETED' }),
        kernelImage: imageFacts('hidden', { visible: false, availability: 'UNAVAILABLE', private: true }),
        ramdiskImage: imageFacts('pending', { availability: 'UNAVAILABLE', lifecycle: 'PENDING' }),
      }),
    ).toEqual([
      'WARNING IMAGE_UNAVAILABLE - | The kernel image ami-hidden of cloud "us-east-1" is not visible to this account. Ask its owner to share it, or choose another image.',
      'WARNING IMAGE_UNAVAILABLE CloudImage:pending | The ramdisk image "name of pending" (ami-pending) is not available in cloud "us-east-1": it is still being made. Wait until it is complete, or choose another image.',
      'WARNING IMAGE_INVALID CloudImage:gone | The machine image "name of gone" (ami-gone) no longer exists in cloud "us-east-1". Choose another image.',
    ]);
  });

  test('R-3.2 an image that is gone and not visible is told by its uid alone', () => {
    const replacement = { id: 'new', resourceUid: 'ami-new', name: 'newer' };
    expect(
      ofSetting({ image: imageFacts('gone', { visible: false, availability: 'INVALID', replacement }) }),
    ).toEqual([
      'WARNING IMAGE_INVALID - | The machine image ami-gone no longer exists in cloud "us-east-1". Choose another image.',
    ]);
  });

  test('R-3.4 a deprecated private image and a type that is no longer offered', () => {
    const replacement = { id: 'new', resourceUid: 'ami-new', name: 'newer' };
    expect(
      ofSetting({
        image: imageFacts('old', { lifecycle: 'DEPRECATED', replacement, private: true }),
        instanceType: typeFacts('m1', { offered: false }),
      }),
    ).toEqual([
      'WARNING IMAGE_DEPRECATED CloudImage:old | The machine image "name of old" (ami-old) of cloud "us-east-1" is deprecated. Move to its replacement "newer" (ami-new).',
      'WARNING INSTANCE_TYPE_UNAVAILABLE InstanceType:m1 | The instance type "m1.large" is no longer offered by cloud "us-east-1". Choose another instance type.',
      'INFO IMAGE_PRIVATE CloudImage:old | The machine image "name of old" (ami-old) of cloud "us-east-1" is private. Share it with each account that is to launch from it.',
    ]);
  });

  test('R-4.1 architectures that differ, and those that are unknown', () => {
    expect(
      ofSetting({
        image: imageFacts('arm', { cpuArchitecture: 'arm64' }),
        kernelImage: imageFacts('odd', { cpuArchitecture: null }),
      }),
    ).toEqual([
      'WARNING ARCHITECTURE_MISMATCH CloudImage:arm | The machine image "name of arm" (ami-arm) of cloud "us-east-1" is built for arm64, but the instance type "m7.large" runs x86_64 only. Choose an image and an instance type of the same architecture.',
      `INFO ARCHITECTURE_UNKNOWN CloudImage:odd | The CPU architecture of the kernel image "name of odd" (ami-odd) of cloud "us-east-1" is unknown, so it can't be checked whether the instance type "m7.large" runs it. Record the architecture of the image.`,
    ]);
    expect(ofSetting({ instanceType: typeFacts('odd', { cpuArchitectures: [] }) })).toEqual([
      `INFO ARCHITECTURE_UNKNOWN InstanceType:odd | The CPU architectures of the instance type "odd.large" are unknown, so it can't be checked whether it runs the chosen image. Import the instance types of the cloud with their architectures.`,
    ]);
  });

  test('R-2.2 the architecture of an image that is not visible is not told', () => {
    const hidden = { visible: false, availability: 'UNAVAILABLE', cpuArchitecture: 'arm64' } as const;
    expect(
      settingAdvisories({ ...settingFacts('s', { image: imageFacts('hidden', hidden) }), cloud }, plain).map(
        ({ code }) => code,
      ),
    ).toEqual(['IMAGE_UNAVAILABLE']);
  });

  test('R-2.2 whether an image that is not visible has the agent is not told', () => {
    const hidden = imageFacts('hidden', { visible: false, availability: 'UNAVAILABLE' });
    const codesOf = (agentEnabled: boolean, tags: string[]) =>
      settingAdvisories(
        { ...settingFacts('s', { image: { ...hidden, agentEnabled } }), cloud },
        { ...plain, tags },
      ).map(({ code }) => code);
    expect(codesOf(true, [])).toEqual(['IMAGE_UNAVAILABLE']);
    expect(codesOf(false, [AGENT_TAG])).toEqual(['IMAGE_UNAVAILABLE']);
  });

  test('R-10.2 the agent tag and the image must agree', () => {
    expect(ofSetting({ image: imageFacts('agent', { agentEnabled: true }) }, ['blue'])).toEqual([
      'WARNING AGENT_TAG_MISSING MultiCloudImage:mci-1 | The MultiCloud Image "Ubuntu" [rev 2] lacks the tag provides:rs_agent_type=right_link, although the machine image "name of agent" (ami-agent) of cloud "us-east-1" is agent-enabled. Add the tag, so that its servers are managed by the agent.',
    ]);
    expect(ofSetting({}, [AGENT_TAG])).toEqual([
      'WARNING AGENT_NOT_IN_IMAGE CloudImage:base | The MultiCloud Image "Ubuntu" [rev 2] carries the tag provides:rs_agent_type=right_link, but the machine image "name of base" (ami-base) of cloud "us-east-1" is not agent-enabled. Choose an agent-enabled image, or remove the tag.',
    ]);
  });
});

describe('the advisories of an MCI', () => {
  test('Section 11: an MCI in order has none, nor has one without settings', () => {
    expect(ofMultiCloudImage({ settings: [inCloud('a'), inCloud('b')] })).toEqual([]);
    expect(ofMultiCloudImage({})).toEqual([]);
  });

  test('R-4.5 a deleted MCI says so', () => {
    expect(ofMultiCloudImage({ deleted: true })).toEqual([
      'WARNING COMPONENT_DELETED MultiCloudImage:mci-1 | The MultiCloud Image "Ubuntu" [rev 2] was deleted. Clone it to bring it back, or choose another one.',
    ]);
  });

  test('R-4.2 settings that differ in architecture and operating system, in whatever order', () => {
    const settings = [
      inCloud('a', { image: imageFacts('1', { operatingSystem: 'ubuntu' }) }),
      inCloud('b', {
        image: imageFacts('2', { operatingSystem: 'debian', cpuArchitecture: 'arm64' }),
        instanceType: typeFacts('m7g', { cpuArchitectures: ['arm64'] }),
      }),
      inCloud('c', { image: imageFacts('3', { operatingSystem: 'ubuntu' }) }),
    ];
    const told = [
      'WARNING MIXED_ARCHITECTURES MultiCloudImage:mci-1 | The MultiCloud Image "Ubuntu" [rev 2] mixes CPU architectures: arm64 (1 cloud) and x86_64 (2 clouds). Keep one MultiCloud Image per architecture, so that the same software runs in every cloud.',
      'INFO MIXED_OPERATING_SYSTEMS MultiCloudImage:mci-1 | The MultiCloud Image "Ubuntu" [rev 2] mixes operating systems: debian (1 cloud) and ubuntu (2 clouds). Check that the scripts of its ServerTemplates run on each of them.',
    ];
    expect(ofMultiCloudImage({ settings })).toEqual(told);
    expect(ofMultiCloudImage({ settings: settings.reverse() })).toEqual(told);
  });

  test('R-4.2 what is unknown or not visible is no difference', () => {
    const settings = [
      inCloud('a'),
      inCloud('b', { image: imageFacts('2', { operatingSystem: null, cpuArchitecture: null }) }),
      inCloud('c', {
        image: imageFacts('3', { visible: false, operatingSystem: 'plan9', cpuArchitecture: 'mips' }),
      }),
    ];
    const codes = multiCloudImageAdvisories({ ...plain, settings }).map(({ code }) => code);
    expect(codes).toEqual(['IMAGE_UNAVAILABLE', 'ARCHITECTURE_UNKNOWN']);
  });

  test('Section 11: each setting adds a code at most once', () => {
    const gone = (id: string) => imageFacts(id, { availability: 'INVALID', lifecycle: 'DELETED' });
    const subjects = multiCloudImageAdvisories({
      ...plain,
      settings: [
        inCloud('a', { image: gone('a-machine'), kernelImage: gone('a-kernel') }),
        inCloud('b', { image: gone('b-machine'), ramdiskImage: gone('b-ramdisk') }),
      ],
    }).map(({ code, subject }) => [code, subject?.id]);
    expect(subjects).toEqual([
      ['IMAGE_INVALID', 'a-machine'],
      ['IMAGE_INVALID', 'b-machine'],
    ]);
  });

  test('R-3.2 images that are not visible are told for each cloud', () => {
    const hidden = imageFacts('hidden', { visible: false, availability: 'UNAVAILABLE' });
    expect(
      ofMultiCloudImage({ settings: [inCloud('a', { image: hidden }), inCloud('b', { image: hidden })] }),
    ).toEqual([
      'WARNING IMAGE_UNAVAILABLE - | The machine image ami-hidden of cloud "a" is not visible to this account. Ask its owner to share it, or choose another image.',
      'WARNING IMAGE_UNAVAILABLE - | The machine image ami-hidden of cloud "b" is not visible to this account. Ask its owner to share it, or choose another image.',
    ]);
  });

  test('R-10.2 the missing agent tag is said once for the MCI', () => {
    const agent = { image: imageFacts('agent', { agentEnabled: true }) };
    const subjects = multiCloudImageAdvisories({
      ...plain,
      settings: [inCloud('a', agent), inCloud('b', agent), inCloud('c')],
    }).map(({ code, subject }) => [code, subject]);
    expect(subjects).toEqual([['AGENT_TAG_MISSING', { type: 'MultiCloudImage', id: 'mci-1' }]]);
  });
});
