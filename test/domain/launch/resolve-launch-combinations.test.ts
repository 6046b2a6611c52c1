import type { AdvisoryCode } from '../../../src/domain/advisories/advisory';
import type { ImageFacts, LaunchChoices, LaunchInputs } from '../../../src/domain/launch/configuration';
import type { LaunchResolution } from '../../../src/domain/launch/resolution';
import { resolveLaunch } from '../../../src/domain/launch/resolve-launch';
import { cloud, imageFacts, multiCloudImageFacts, settingFacts, templateFacts, typeFacts } from './facts';

/** Every combination of these, checked against an oracle that knows tables instead of levels. */
const dimensions = {
  multiCloudImage: ['inherited', 'listed', 'unlisted'],
  setting: ['present', 'missing'],
  image: ['inherited', 'chosen'],
  instanceType: ['inherited', 'chosen'],
  kernelImage: ['inherited', 'chosen', 'none'],
  ramdiskImage: ['inherited', 'chosen', 'none'],
  userData: ['inherited', 'chosen', 'none'],
  state: ['available', 'unavailable', 'invalid', 'deprecated', 'obsolete', 'invisible'],
  architecture: ['fits', 'differs', 'unknown'],
} as const;

type Combination = { [Name in keyof typeof dimensions]: (typeof dimensions)[Name][number] };

const states: Record<Combination['state'], Partial<ImageFacts>> = {
  available: {},
  unavailable: { availability: 'UNAVAILABLE', lifecycle: 'PENDING' },
  invalid: { availability: 'INVALID', lifecycle: 'DELETED' },
  deprecated: { lifecycle: 'DEPRECATED' },
  obsolete: { availability: 'UNAVAILABLE', lifecycle: 'OBSOLETE' },
  invisible: { availability: 'UNAVAILABLE', visible: false },
};

const architectures: Record<Combination['architecture'], string | null> = {
  fits: 'x86_64',
  differs: 'arm64',
  unknown: null,
};

function inputsOf(combination: Combination): LaunchInputs {
  const looks: Partial<ImageFacts> = {
    ...states[combination.state],
    cpuArchitecture: architectures[combination.architecture],
  };
  const kernel = (id: string) => imageFacts(id, { imageType: 'KERNEL' });
  const ramdisk = (id: string) => imageFacts(id, { imageType: 'RAMDISK' });
  const setting = settingFacts('setting', {
    image: imageFacts('set-image', looks),
    instanceType: typeFacts('set-type'),
    kernelImage: kernel('set-kernel'),
    ramdiskImage: ramdisk('set-ramdisk'),
    userData: 'set-data',
  });
  const named = (name: string, decisive: boolean) =>
    multiCloudImageFacts(name, { setting: decisive && combination.setting === 'present' ? setting : null });
  const byDefault = named('default', combination.multiCloudImage === 'inherited');
  const listed = named('listed', combination.multiCloudImage === 'listed');
  const unlisted = named('unlisted', combination.multiCloudImage === 'unlisted');
  const choices: LaunchChoices = {
    ...(combination.multiCloudImage === 'listed' && { multiCloudImage: listed }),
    ...(combination.multiCloudImage === 'unlisted' && { multiCloudImage: unlisted }),
    ...(combination.image === 'chosen' && { image: imageFacts('own-image', looks) }),
    ...(combination.instanceType === 'chosen' && { instanceType: typeFacts('own-type') }),
    ...(combination.kernelImage === 'chosen' && { kernelImage: kernel('own-kernel') }),
    ...(combination.kernelImage === 'none' && { kernelImage: null }),
    ...(combination.ramdiskImage === 'chosen' && { ramdiskImage: ramdisk('own-ramdisk') }),
    ...(combination.ramdiskImage === 'none' && { ramdiskImage: null }),
    ...(combination.userData === 'chosen' && { userData: 'own-data' }),
    ...(combination.userData === 'none' && { userData: null }),
  };
  return {
    cloud,
    serverTemplate: templateFacts([byDefault, listed]),
    layers: [{ source: 'SERVER', choices }],
  };
}

/** A resolution in short: values by id with their sources, steps by field as "SOURCE OUTCOME". */
interface Summary {
  status: string;
  values: Record<string, string | null>;
  steps: Record<string, string[]>;
  codes: AdvisoryCode[];
}

const valueFields = ['image', 'instanceType', 'kernelImage', 'ramdiskImage', 'userData'] as const;
const fieldNames = {
  multiCloudImage: 'MULTI_CLOUD_IMAGE',
  image: 'IMAGE',
  instanceType: 'INSTANCE_TYPE',
  kernelImage: 'KERNEL_IMAGE',
  ramdiskImage: 'RAMDISK_IMAGE',
  userData: 'USER_DATA',
} as const;
const settingValues = {
  image: 'set-image',
  instanceType: 'set-type',
  kernelImage: 'set-kernel',
  ramdiskImage: 'set-ramdisk',
  userData: 'set-data',
} as const;

function summaryOf(resolution: LaunchResolution): Summary {
  const image = (resolved: LaunchResolution['image']) =>
    resolved && `${resolved.value?.id ?? `hidden ${resolved.resourceUid}`} from ${resolved.source}`;
  const { multiCloudImage, instanceType, userData } = resolution;
  const steps: Record<string, string[]> = {};
  for (const { field, source, outcome } of resolution.steps)
    (steps[field] ??= []).push(`${source} ${outcome}`);
  return {
    status: resolution.status,
    values: {
      multiCloudImage: multiCloudImage && `${multiCloudImage.value.id} from ${multiCloudImage.source}`,
      image: image(resolution.image),
      instanceType: instanceType && `${instanceType.value.id} from ${instanceType.source}`,
      kernelImage: image(resolution.kernelImage),
      ramdiskImage: image(resolution.ramdiskImage),
      userData: userData && `${userData.value} from ${userData.source}`,
    },
    steps,
    codes: resolution.advisories.map(({ code }) => code),
  };
}

const multiCloudImageTable: Record<Combination['multiCloudImage'], { value: string; steps: string[] }> = {
  inherited: {
    value: 'mci-default from SERVER_TEMPLATE',
    steps: ['SERVER ABSENT', 'SERVER_TEMPLATE CHOSEN', 'SERVER_TEMPLATE REJECTED'],
  },
  listed: { value: 'mci-listed from SERVER', steps: ['SERVER CHOSEN', 'SERVER_TEMPLATE PASSED_OVER'] },
  unlisted: {
    value: 'mci-unlisted from SERVER',
    steps: ['SERVER CHOSEN', 'SERVER_TEMPLATE PASSED_OVER', 'SERVER_TEMPLATE REJECTED'],
  },
};

const stepTable: Record<string, [string, string]> = {
  'inherited present': ['SERVER ABSENT', 'MULTI_CLOUD_IMAGE CHOSEN'],
  'inherited missing': ['SERVER ABSENT', 'MULTI_CLOUD_IMAGE ABSENT'],
  'chosen present': ['SERVER CHOSEN', 'MULTI_CLOUD_IMAGE PASSED_OVER'],
  'chosen missing': ['SERVER CHOSEN', 'MULTI_CLOUD_IMAGE ABSENT'],
  'none present': ['SERVER CHOSEN', 'MULTI_CLOUD_IMAGE PASSED_OVER'],
  'none missing': ['SERVER CHOSEN', 'MULTI_CLOUD_IMAGE ABSENT'],
};

function expected(combination: Combination): Summary {
  const { setting, state, architecture } = combination;
  const inherited = setting === 'present';
  const values: Summary['values'] = {
    multiCloudImage: multiCloudImageTable[combination.multiCloudImage].value,
  };
  const steps: Summary['steps'] = {
    MULTI_CLOUD_IMAGE: multiCloudImageTable[combination.multiCloudImage].steps,
  };
  for (const field of valueFields) {
    const own = settingValues[field].replace('set-', 'own-');
    const value = { chosen: `${own} from SERVER`, none: null, inherited: null }[combination[field]];
    values[field] =
      combination[field] === 'inherited' && inherited
        ? `${settingValues[field]} from MULTI_CLOUD_IMAGE`
        : value;
    steps[fieldNames[field]] = stepTable[`${combination[field]} ${setting}`] ?? [];
  }
  const hasImage = combination.image === 'chosen' || inherited;
  const hasType = combination.instanceType === 'chosen' || inherited;
  if (hasImage && state === 'invisible') values['image'] = `hidden ami-${values['image'] ?? ''}`;
  const compared = hasImage && hasType && state !== 'invisible';
  const inheritedKernels =
    combination.image === 'chosen' && inherited
      ? [combination.kernelImage, combination.ramdiskImage].filter((choice) => choice === 'inherited').length
      : 0;
  const blocking: [AdvisoryCode, boolean][] = [
    ['CLOUD_NOT_SUPPORTED', !hasImage],
    ['INSTANCE_TYPE_MISSING', !hasType],
    ['IMAGE_UNAVAILABLE', hasImage && ['unavailable', 'obsolete', 'invisible'].includes(state)],
    ['IMAGE_INVALID', hasImage && state === 'invalid'],
    ['ARCHITECTURE_MISMATCH', compared && architecture === 'differs'],
  ];
  const others: [AdvisoryCode, boolean][] = [
    ['MCI_NOT_IN_TEMPLATE', combination.multiCloudImage === 'unlisted'],
    ['IMAGE_DEPRECATED', hasImage && state === 'deprecated'],
    ['KERNEL_WITHOUT_IMAGE', inheritedKernels > 0],
    ['KERNEL_WITHOUT_IMAGE', inheritedKernels > 1],
    ['IMAGE_OVERRIDDEN', combination.image === 'chosen'],
    ['ARCHITECTURE_UNKNOWN', compared && architecture === 'unknown'],
  ];
  const holding = (rules: [AdvisoryCode, boolean][]) =>
    rules.filter(([, holds]) => holds).map(([code]) => code);
  return {
    status: holding(blocking).length > 0 ? 'BLOCKED' : 'READY',
    values,
    steps,
    codes: [...holding(blocking), ...holding(others)],
  };
}

/** All ways to pick one value for each of these dimensions. */
function combine<Name extends keyof Combination>(names: readonly Name[]): Pick<Combination, Name>[] {
  return names.reduce<Partial<Combination>[]>(
    (partial, name) =>
      partial.flatMap((known) => dimensions[name].map((value) => ({ ...known, [name]: value }))),
    [{}],
  ) as Pick<Combination, Name>[];
}

describe('R-7.1 to R-7.4 and section 11: every combination resolves as the tables say', () => {
  const surroundings = combine(['multiCloudImage', 'setting', 'state', 'architecture']);
  const choices = combine(['image', 'instanceType', 'kernelImage', 'ramdiskImage', 'userData']);

  test.each(surroundings)(
    'MCI $multiCloudImage, setting $setting, image $state, architecture $architecture',
    (surrounding) => {
      for (const choice of choices) {
        const combination: Combination = { ...surrounding, ...choice };
        const resolution = resolveLaunch(inputsOf(combination));
        expect({ combination, ...summaryOf(resolution) }).toEqual({ combination, ...expected(combination) });
      }
    },
  );

  test('all 11,664 combinations are covered', () => {
    expect(surroundings.length * choices.length).toBe(11_664);
  });
});
