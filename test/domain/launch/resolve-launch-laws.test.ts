import fc from 'fast-check';
import type {
  ChoiceLayer,
  ImageFacts,
  InstanceTypeFacts,
  LaunchChoices,
  LaunchField,
  LaunchInputs,
  MultiCloudImageFacts,
  SettingFacts,
} from '../../../src/domain/launch/configuration';
import type { LaunchResolution } from '../../../src/domain/launch/resolution';
import { resolveLaunch } from '../../../src/domain/launch/resolve-launch';
import type { ImageAvailability, ImageType } from '../../../src/domain/catalog/cloud-image';
import { cloud } from './facts';
import type { VersionOrigin } from '../../../src/domain/versioning/version-origin';

const HIDDEN_NAME = 'never to be told';
const architecture = fc.constantFrom('x86_64', 'arm64', 'i386');

/** Mostly the first, so that enough launches are READY. */
function mostly<Value>(usual: Value, ...others: Value[]): fc.Arbitrary<Value> {
  return fc.oneof(
    { weight: 9, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
}

function images(imageType: ImageType): fc.Arbitrary<ImageFacts> {
  return fc
    .record({
      id: fc.uuid(),
      visible: mostly(true, false),
      availability: mostly<ImageAvailability>('AVAILABLE', 'UNAVAILABLE', 'INVALID'),
      lifecycle: fc.constantFrom(
        'PENDING' as const,
        'AVAILABLE' as const,
        'FAILED' as const,
        'DEPRECATED' as const,
        'OBSOLETE' as const,
        'DELETED' as const,
      ),
      replaced: fc.boolean(),
      cpuArchitecture: fc.option(architecture),
      operatingSystem: fc.option(fc.constantFrom('linux', 'windows')),
      agentEnabled: fc.boolean(),
      private: fc.boolean(),
    })
    .map(({ replaced, ...facts }) => ({
      ...facts,
      imageType,
      resourceUid: `uid-${facts.id}`,
      name: facts.visible ? `name ${facts.id}` : HIDDEN_NAME,
      replacement: replaced
        ? { id: 'new', resourceUid: 'uid-new', name: facts.visible ? 'newer' : HIDDEN_NAME }
        : null,
    }));
}

const instanceTypes: fc.Arbitrary<InstanceTypeFacts> = fc.record({
  id: fc.uuid(),
  name: fc.constantFrom('m7.large', 'c7.large'),
  cpuArchitectures: fc.uniqueArray(architecture),
  offered: fc.boolean(),
});

const settings: fc.Arbitrary<SettingFacts> = fc.record({
  id: fc.uuid(),
  image: images('MACHINE'),
  instanceType: instanceTypes,
  kernelImage: fc.option(images('KERNEL')),
  ramdiskImage: fc.option(images('RAMDISK')),
  userData: fc.option(fc.string()),
});

const tags = fc.uniqueArray(fc.constantFrom('provides:rs_agent_type=right_link', 'blue', 'Blue', 'a:b=c'));

const origins = fc.constantFrom<VersionOrigin[]>(
  'PRIVATE',
  'FROZEN',
  'IMPORTED',
  'SUBSCRIBED',
  'SUBSCRIPTION_ENDED',
);

const multiCloudImages: fc.Arbitrary<MultiCloudImageFacts> = fc.record({
  id: fc.uuid(),
  lineageId: fc.constantFrom('lineage-1', 'lineage-2', 'lineage-3'),
  name: fc.constantFrom('Ubuntu', 'CentOS'),
  revision: fc.nat(3),
  version: fc.integer({ min: 1, max: 9 }),
  deleted: fc.boolean(),
  origin: origins,
  tags,
  setting: fc.option(settings),
});

const valueChoices = {
  image: images('MACHINE'),
  instanceType: instanceTypes,
  kernelImage: fc.option(images('KERNEL')),
  ramdiskImage: fc.option(images('RAMDISK')),
  userData: fc.option(fc.string()),
};

const launches: fc.Arbitrary<LaunchInputs> = fc
  .uniqueArray(multiCloudImages, { maxLength: 4, selector: ({ id }) => id })
  .chain((listed) => {
    const choosable =
      listed.length > 0 ? fc.oneof(fc.constantFrom(...listed), multiCloudImages) : multiCloudImages;
    const choices: fc.Arbitrary<LaunchChoices> = fc.record(
      { multiCloudImage: choosable, ...valueChoices },
      { requiredKeys: [] },
    );
    const sources = ['REQUEST', 'SERVER', 'SERVER_ARRAY'] as const;
    return fc.record({
      cloud: fc.constant(cloud),
      serverTemplate: fc.record({
        id: fc.uuid(),
        name: fc.constant('Web'),
        revision: fc.nat(3),
        version: fc.integer({ min: 1, max: 9 }),
        deleted: fc.boolean(),
        origin: origins,
        hasScripts: fc.boolean(),
        tags,
        multiCloudImages: fc.constant(listed),
        defaultMultiCloudImageId: fc.constantFrom(
          listed[0]?.id ?? null,
          listed[0]?.id ?? null,
          null,
          'dangling',
        ),
      }),
      layers: fc
        .tuple(fc.subarray([...sources]), fc.array(choices, { minLength: 3, maxLength: 3 }))
        .map(([levels, chosen]) => levels.map((source, index) => ({ source, choices: chosen[index] ?? {} }))),
      tags: fc.option(tags, { nil: undefined }),
    });
  });

/** The names of the values that resolves, with the field of each. */
const valueFields = [
  ['image', 'IMAGE'],
  ['instanceType', 'INSTANCE_TYPE'],
  ['kernelImage', 'KERNEL_IMAGE'],
  ['ramdiskImage', 'RAMDISK_IMAGE'],
  ['userData', 'USER_DATA'],
] as const satisfies readonly (readonly [keyof LaunchResolution & keyof LaunchChoices, LaunchField])[];

function chosenSteps(resolution: LaunchResolution, field: LaunchField) {
  return resolution.steps.filter((step) => step.field === field && step.outcome === 'CHOSEN');
}

function layerOf(inputs: LaunchInputs, source: string): ChoiceLayer | undefined {
  return inputs.layers.find((layer) => layer.source === source);
}

/** What the viewer may see of a value: an invisible image is its uid. */
function viewed(value: ImageFacts | InstanceTypeFacts | string | null | undefined): unknown {
  return value && typeof value === 'object' && 'visible' in value && !value.visible
    ? value.resourceUid
    : value;
}

const check = (law: (inputs: LaunchInputs, resolution: LaunchResolution) => void) =>
  fc.assert(
    fc.property(launches, (inputs) => law(inputs, resolveLaunch(inputs))),
    { numRuns: 300 },
  );

test('R-7.4 the source shown has the value shown', () => {
  check((inputs, resolution) => {
    const { multiCloudImage, setting } = resolution;
    if (multiCloudImage) {
      const { serverTemplate } = inputs;
      expect(multiCloudImage.value).toEqual(
        multiCloudImage.source === 'SERVER_TEMPLATE'
          ? serverTemplate.multiCloudImages.find(({ id }) => id === serverTemplate.defaultMultiCloudImageId)
          : layerOf(inputs, multiCloudImage.source)?.choices.multiCloudImage,
      );
    }
    expect(setting).toEqual(multiCloudImage?.value.setting ?? null);
    for (const [name] of valueFields) {
      const resolved = resolution[name];
      if (!resolved) continue;
      const shown = resolved.value ?? ('resourceUid' in resolved ? resolved.resourceUid : null);
      const holder =
        resolved.source === 'MULTI_CLOUD_IMAGE' ? setting : layerOf(inputs, resolved.source)?.choices;
      expect(shown).toEqual(viewed(holder?.[name]));
    }
  });
});

test('R-7.4 a value has exactly one CHOSEN step, of its source and with it as candidate', () => {
  check((inputs, resolution) => {
    const { multiCloudImage } = resolution;
    expect(
      chosenSteps(resolution, 'MULTI_CLOUD_IMAGE').map(({ source, candidate }) => [source, candidate?.id]),
    ).toEqual(multiCloudImage ? [[multiCloudImage.source, multiCloudImage.value.id]] : []);
    for (const [name, field] of valueFields) {
      const resolved = resolution[name];
      const steps = chosenSteps(resolution, field);
      if (resolved) {
        const { value, source } = resolved;
        expect(steps).toHaveLength(1);
        expect(steps[0]?.source).toBe(source);
        expect(steps[0]?.candidate?.id).toBe(value && typeof value === 'object' ? value.id : undefined);
      } else {
        const deciding = inputs.layers.find(({ choices }) => choices[name] !== undefined);
        expect(steps.map(({ source, candidate }) => [source, candidate])).toEqual(
          deciding ? [[deciding.source, null]] : [],
        );
      }
    }
  });
});

test('R-7.4 every layer, the default and the setting are explained for each of their fields', () => {
  check((inputs, resolution) => {
    const layers = inputs.layers.map(({ source }) => source);
    const sourcesOf = (wanted: LaunchField) =>
      resolution.steps.filter(({ field }) => field === wanted).map(({ source }) => source);
    for (const [, field] of valueFields) expect(sourcesOf(field)).toEqual([...layers, 'MULTI_CLOUD_IMAGE']);
    expect(sourcesOf('MULTI_CLOUD_IMAGE').slice(0, layers.length + 1)).toEqual([
      ...layers,
      'SERVER_TEMPLATE',
    ]);
    const explained = new Set(resolution.steps.map(({ candidate }) => candidate?.id));
    for (const { id } of inputs.serverTemplate.multiCloudImages) expect(explained).toContain(id);
  });
});

test('R-7.3 READY if and only if nothing blocks', () => {
  check((_inputs, { status, advisories }) => {
    expect(status === 'READY').toBe(advisories.every(({ severity }) => severity !== 'BLOCKING'));
  });
});

test('R-7.3 READY means an MCI, an image that is AVAILABLE to the viewer and a type', () => {
  check((_inputs, { status, multiCloudImage, image, instanceType, kernelImage, ramdiskImage }) => {
    if (status !== 'READY') return;
    expect(multiCloudImage).not.toBeNull();
    expect(image?.value?.availability).toBe('AVAILABLE');
    expect(instanceType).not.toBeNull();
    for (const kernel of [kernelImage, ramdiskImage]) {
      if (kernel) expect(kernel.value?.availability).toBe('AVAILABLE');
    }
  });
});

test('R-2.2 R-3.2 nothing that is told names an image that the viewer may not see', () => {
  check((_inputs, { image, kernelImage, ramdiskImage, advisories, steps }) => {
    expect(JSON.stringify({ image, kernelImage, ramdiskImage, advisories, steps })).not.toContain(
      HIDDEN_NAME,
    );
  });
});

test('R-7.4 reasons and messages are sentences', () => {
  check((_inputs, { advisories, steps }) => {
    for (const text of [...advisories.map(({ message }) => message), ...steps.map(({ reason }) => reason)]) {
      expect(text).toMatch(/^[A-Z].*\.$/s);
      expect(text).not.toMatch(/undefined|null|\[object/);
    }
  });
});

test('R-7.1 R-7.2 what is weaker than a layer that chooses everything does not change the result, in any order', () => {
  const everything: fc.Arbitrary<LaunchChoices> = fc.record({
    multiCloudImage: multiCloudImages,
    ...valueChoices,
  });
  fc.assert(
    fc.property(launches, everything, (inputs, choices) => {
      const strongest: ChoiceLayer = { source: 'REQUEST', choices };
      const weaker = inputs.layers.filter(({ source }) => source !== 'REQUEST');
      const withLayers = (layers: readonly ChoiceLayer[]) => {
        const { steps, ...result } = resolveLaunch({ ...inputs, layers: [strongest, ...layers] });
        return { result, steps: steps.map((step) => JSON.stringify(step)).sort() };
      };
      const inOrder = withLayers(weaker);
      expect(withLayers([...weaker].reverse())).toEqual(inOrder);
      expect(withLayers([]).result).toEqual(inOrder.result);
    }),
  );
});

test('R-7.2 R-7.5 a layer that chooses nothing only adds its ABSENT steps', () => {
  check((inputs) => {
    const silent: ChoiceLayer = { source: 'REQUEST', choices: {} };
    const layers = inputs.layers.filter(({ source }) => source !== 'REQUEST');
    const { steps: stepsWithout, ...without } = resolveLaunch({ ...inputs, layers });
    const { steps: stepsWith, ...withSilent } = resolveLaunch({ ...inputs, layers: [silent, ...layers] });
    const ofSilent = stepsWith.filter(({ source }) => source === 'REQUEST');
    expect(withSilent).toEqual(without);
    expect(ofSilent.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 6 }, () => 'ABSENT'));
    expect(stepsWith.filter((step) => !ofSilent.includes(step))).toEqual(stepsWithout);
  });
});
