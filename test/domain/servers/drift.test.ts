import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type {
  LaunchChoices,
  LaunchInputs,
  MultiCloudImageFacts,
} from '../../../src/domain/launch/configuration';
import { resolveLaunch } from '../../../src/domain/launch/resolve-launch';
import { driftOf, type RunningConfiguration } from '../../../src/domain/servers/drift';
import {
  cloud,
  imageFacts,
  multiCloudImageFacts,
  settingFacts,
  templateFacts,
  typeFacts,
} from '../launch/facts';

const kernelImage = imageFacts('kernel', { imageType: 'KERNEL' });
const ramdiskImage = imageFacts('ramdisk', { imageType: 'RAMDISK' });
const whole = settingFacts('whole', { kernelImage, ramdiskImage, userData: '#cloud-config' });
const base = multiCloudImageFacts('base', { setting: whole });

interface Differing {
  readonly template?: Parameters<typeof templateFacts>[1];
  readonly mcis?: readonly MultiCloudImageFacts[];
  readonly choices?: LaunchChoices;
}

const next = ({ template, mcis = [base], choices = {} }: Differing = {}): LaunchInputs => ({
  cloud,
  serverTemplate: templateFacts(mcis, template),
  layers: [{ source: 'SERVER', choices }],
});

/** What a launch freezes. */
function launched(inputs: LaunchInputs): RunningConfiguration {
  const { multiCloudImage, image, instanceType, ...resolution } = resolveLaunch(inputs);
  if (!image?.value || !instanceType) throw new Error('Nothing to launch');
  return {
    launchedFrom: inputs.serverTemplate,
    follows: inputs.serverTemplate,
    multiCloudImage: multiCloudImage?.value ?? null,
    image: image.value,
    instanceType: instanceType.value,
    kernelImage: resolution.kernelImage?.value ?? null,
    ramdiskImage: resolution.ramdiskImage?.value ?? null,
    userData: resolution.userData?.value ?? null,
  };
}

const running = launched(next());

const changedSetting = (differing: Parameters<typeof settingFacts>[1]): Differing => ({
  mcis: [{ ...base, setting: { ...whole, ...differing } }],
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('R-8.6 drift', () => {
  test('none: the next launch would give the same', () => {
    expect(driftOf(running, next())).toEqual([]);
  });

  test.each<[string, Differing, object]>([
    [
      'another image in the setting',
      changedSetting({ image: imageFacts('new') }),
      {
        field: 'IMAGE',
        running: 'ami-base',
        next: 'ami-new',
        reason:
          'The MultiCloud Image "base" [rev 1] sets the machine image "name of new" (ami-new) for cloud "us-east-1".',
        severity: 'WARNING',
      },
    ],
    [
      'an image of its own that it may not see',
      { choices: { image: imageFacts('secret', { visible: false }) } },
      {
        field: 'IMAGE',
        running: 'ami-base',
        next: 'ami-secret',
        reason: 'The server chooses the machine image ami-secret.',
        severity: 'WARNING',
      },
    ],
    [
      'another image with the same uid',
      changedSetting({ image: imageFacts('twin', { resourceUid: 'ami-base' }) }),
      {
        field: 'IMAGE',
        running: 'ami-base',
        next: 'ami-base',
        reason:
          'The MultiCloud Image "base" [rev 1] sets the machine image "name of twin" (ami-base) for cloud "us-east-1".',
        severity: 'WARNING',
      },
    ],
    [
      'another type',
      { choices: { instanceType: typeFacts('c8') } },
      {
        field: 'INSTANCE_TYPE',
        running: 'm7.large',
        next: 'c8.large',
        reason: 'The server chooses the instance type "c8.large".',
        severity: 'WARNING',
      },
    ],
    [
      'explicitly no kernel',
      { choices: { kernelImage: null } },
      {
        field: 'KERNEL_IMAGE',
        running: 'ami-kernel',
        next: null,
        reason: 'The server explicitly sets the kernel image to none.',
        severity: 'WARNING',
      },
    ],
    [
      'no ramdisk any more',
      changedSetting({ ramdiskImage: null }),
      {
        field: 'RAMDISK_IMAGE',
        running: 'ami-ramdisk',
        next: null,
        reason: 'The MultiCloud Image "base" [rev 1] does not set the ramdisk image for cloud "us-east-1".',
        severity: 'WARNING',
      },
    ],
    [
      'other user data, told by its size and hash',
      { choices: { userData: 'päss' } },
      {
        field: 'USER_DATA',
        running: `13 bytes, SHA-256 ${sha256('#cloud-config')}`,
        next: `5 bytes, SHA-256 ${sha256('päss')}`,
        reason: 'The server chooses user data.',
        severity: 'WARNING',
      },
    ],
    [
      'another revision of the MCI',
      { mcis: [{ ...base, id: 'mci-base-2', revision: 2 }] },
      {
        field: 'MULTI_CLOUD_IMAGE',
        running: '"base" [rev 1]',
        next: '"base" [rev 2]',
        reason: 'The ServerTemplate "Web" [rev 3] has the MultiCloud Image "base" [rev 2] as its default.',
        severity: 'INFO',
      },
    ],
    [
      'another revision of the template',
      { template: { id: 'template-2', revision: 4 } },
      {
        field: 'SERVER_TEMPLATE',
        running: '"Web" [rev 3]',
        next: '"Web" [rev 4]',
        reason: 'The ServerTemplate "Web" [rev 4] is what the next launch would be from.',
        severity: 'INFO',
      },
    ],
  ])('%s', (_what, differing, item) => {
    expect(driftOf(running, next(differing))).toEqual([item]);
  });

  test('a HEAD that was edited since the launch, told by its versions', () => {
    const head = (version: number): Differing => ({
      template: { revision: 0, version },
      mcis: [{ ...base, revision: 0, version }],
    });
    expect(driftOf(launched(next(head(5))), next(head(5)))).toEqual([]);
    expect(driftOf(launched(next(head(5))), next(head(7)))).toEqual([
      {
        field: 'SERVER_TEMPLATE',
        running: '"Web" [HEAD] at version 5',
        next: '"Web" [HEAD] at version 7',
        reason: 'The ServerTemplate "Web" [HEAD] was edited since the launch.',
        severity: 'INFO',
      },
      {
        field: 'MULTI_CLOUD_IMAGE',
        running: '"base" [HEAD] at version 5',
        next: '"base" [HEAD] at version 7',
        reason: 'The MultiCloud Image "base" [HEAD] was edited since the launch.',
        severity: 'INFO',
      },
    ]);
  });

  test('R-8.4: a followed revision clears no drift before the relaunch, and is drift when next is another one', () => {
    const fourth = { template: { id: 'template-2', revision: 4 } };
    const following = { ...running, follows: { id: 'template-2', name: 'Web', revision: 4 } };
    expect(driftOf(following, next(fourth))).toEqual([
      expect.objectContaining({
        field: 'SERVER_TEMPLATE',
        running: '"Web" [rev 3], following "Web" [rev 4]',
        next: '"Web" [rev 4]',
        reason:
          'It follows "Web" [rev 4] already, but what that says about the launch takes effect at a relaunch.',
      }),
    ]);
    expect(driftOf(following, next())).toEqual([
      expect.objectContaining({
        field: 'SERVER_TEMPLATE',
        next: '"Web" [rev 3]',
        reason: 'It was moved to follow "Web" [rev 4], but the next launch would be from "Web" [rev 3].',
      }),
    ]);
  });

  test('BLOCKING: there would be no next launch without image and type', () => {
    const drift = driftOf(running, next({ mcis: [] }));
    expect(drift.map(({ field, next: value, severity }) => [field, value, severity])).toEqual([
      ['MULTI_CLOUD_IMAGE', null, 'INFO'],
      ['IMAGE', null, 'BLOCKING'],
      ['INSTANCE_TYPE', null, 'BLOCKING'],
      ['KERNEL_IMAGE', null, 'WARNING'],
      ['RAMDISK_IMAGE', null, 'WARNING'],
      ['USER_DATA', null, 'WARNING'],
    ]);
    expect(drift[1]?.reason).toBe('There is no MultiCloud Image to take the machine image from.');
  });

  test('names exactly the fields in which two launches differ', () => {
    const few = ['a', 'b'] as const;
    const setting = fc
      .record({
        image: fc.constantFrom(...few),
        kernel: fc.option(fc.constantFrom(...few)),
        userData: fc.option(fc.constantFrom(...few)),
      })
      .map(({ image, kernel, userData }) =>
        settingFacts('any', {
          image: imageFacts(image),
          kernelImage: kernel ? imageFacts(kernel) : null,
          userData,
        }),
      );
    const launches = fc
      .record({
        setting,
        version: fc.integer({ min: 1, max: 2 }),
        choices: fc.record(
          {
            image: fc.constantFrom(...few).map((id) => imageFacts(id)),
            kernelImage: fc.constant(null),
            userData: fc.constantFrom(null, ...few),
          },
          { requiredKeys: [] },
        ),
      })
      .map(({ setting: any, version, choices }) =>
        next({ mcis: [{ ...base, revision: 0, version, setting: any }], choices }),
      );
    fc.assert(
      fc.property(launches, launches, (before, after) => {
        const was = launched(before);
        const would = launched(after);
        const expected = [
          ...(was.multiCloudImage?.version === would.multiCloudImage?.version ? [] : ['MULTI_CLOUD_IMAGE']),
          ...(was.image.id === would.image.id ? [] : ['IMAGE']),
          ...(was.kernelImage?.id === would.kernelImage?.id ? [] : ['KERNEL_IMAGE']),
          ...(was.userData === would.userData ? [] : ['USER_DATA']),
        ];
        expect(driftOf(was, after).map(({ field }) => field)).toEqual(expected);
      }),
    );
  });
});
