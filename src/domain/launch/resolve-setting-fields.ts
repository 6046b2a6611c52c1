import {
  capitalize,
  imageSubject,
  nameCloud,
  nameImage,
  nameInstanceType,
  nameMultiCloudImage,
  type ImageSlot,
} from '../advisories/naming';
import { choiceLevels } from './choice-levels';
import type {
  ImageFacts,
  InstanceTypeFacts,
  LaunchChoices,
  LaunchField,
  LaunchInputs,
  MultiCloudImageFacts,
  SettingFacts,
} from './configuration';
import { resolveField, type FieldResolution, type FieldWords, type Level } from './resolve-field';

/** The five values of, each resolved on its own. */
export interface SettingFieldResolutions {
  readonly image: FieldResolution<ImageFacts>;
  readonly instanceType: FieldResolution<InstanceTypeFacts>;
  readonly kernelImage: FieldResolution<ImageFacts>;
  readonly ramdiskImage: FieldResolution<ImageFacts>;
  readonly userData: FieldResolution<string>;
}

function imageWords(field: LaunchField, slot: ImageSlot): FieldWords<ImageFacts> {
  return {
    field,
    noun: `the ${slot} image`,
    name: (image) => nameImage(slot, image),
    reference: imageSubject,
  };
}

const imageWordsBySlot = {
  machine: imageWords('IMAGE', 'machine'),
  kernel: imageWords('KERNEL_IMAGE', 'kernel'),
  ramdisk: imageWords('RAMDISK_IMAGE', 'ramdisk'),
};

const instanceTypeWords: FieldWords<InstanceTypeFacts> = {
  field: 'INSTANCE_TYPE',
  noun: 'the instance type',
  name: nameInstanceType,
  reference: ({ id }) => ({ type: 'InstanceType', id }),
};

/** User data may hold secrets and be long: the explanation never repeats it. */
const userDataWords: FieldWords<string> = {
  field: 'USER_DATA',
  noun: 'the user data',
  name: () => 'user data',
  reference: () => null,
};

/** each value from the strongest choice, else from the MCI's setting for the cloud. */
export function resolveSettingFields(
  inputs: LaunchInputs,
  multiCloudImage: MultiCloudImageFacts | null,
): SettingFieldResolutions {
  function resolve<Value>(
    words: FieldWords<Value>,
    valueIn: (values: LaunchChoices | SettingFacts) => Value | null | undefined,
  ): FieldResolution<Value> {
    return resolveField(words, [
      ...choiceLevels(inputs.layers, words.noun, valueIn),
      settingLevel(inputs, multiCloudImage, words.noun, valueIn),
    ]);
  }
  return {
    image: resolve(imageWordsBySlot.machine, ({ image }) => image),
    instanceType: resolve(instanceTypeWords, ({ instanceType }) => instanceType),
    kernelImage: resolve(imageWordsBySlot.kernel, ({ kernelImage }) => kernelImage),
    ramdiskImage: resolve(imageWordsBySlot.ramdisk, ({ ramdiskImage }) => ramdiskImage),
    userData: resolve(userDataWords, ({ userData }) => userData),
  };
}

function settingLevel<Value>(
  { cloud }: LaunchInputs,
  multiCloudImage: MultiCloudImageFacts | null,
  noun: string,
  valueIn: (setting: SettingFacts) => Value | null | undefined,
): Level<Value> {
  const source = 'MULTI_CLOUD_IMAGE';
  if (!multiCloudImage) return { source, silence: `There is no MultiCloud Image to take ${noun} from.` };
  const { setting } = multiCloudImage;
  const speaker = nameMultiCloudImage(multiCloudImage);
  if (!setting) return { source, silence: `${capitalize(speaker)} has no setting for ${nameCloud(cloud)}.` };
  const offer = valueIn(setting);
  // A setting that lacks a value does not decide: only a choice can be for none.
  return offer === null || offer === undefined
    ? { source, silence: `${capitalize(speaker)} does not set ${noun} for ${nameCloud(cloud)}.` }
    : {
        source,
        speaker,
        offer,
        claim: (name) => `${capitalize(speaker)} sets ${name} for ${nameCloud(cloud)}`,
      };
}
