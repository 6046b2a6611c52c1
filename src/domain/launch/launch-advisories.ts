import { agentAdvisories } from '../advisories/agent-advisories';
import type { Advisory } from '../advisories/advisory';
import { architectureAdvisories } from '../advisories/architecture-advisories';
import { deletedAdvisories, headAdvisories } from '../advisories/component-advisories';
import { imageAdvisories } from '../advisories/image-advisories';
import { instanceTypeAdvisories } from '../advisories/instance-type-advisories';
import {
  capitalize,
  enumerate,
  imageSubject,
  nameCloud,
  nameImage,
  nameMultiCloudImage,
  nameServerTemplate,
  type ImageSlot,
  type PlacedImage,
} from '../advisories/naming';
import { orderAdvisories } from '../advisories/order-advisories';
import type { ImageFacts, InstanceTypeFacts, LaunchInputs, MultiCloudImageFacts } from './configuration';
import type { Sourced } from './resolution';

/** The resolved values that advisories look at. */
export interface DecidedValues {
  readonly multiCloudImage: Sourced<MultiCloudImageFacts> | null;
  readonly image: Sourced<ImageFacts> | null;
  readonly instanceType: Sourced<InstanceTypeFacts> | null;
  readonly kernelImage: Sourced<ImageFacts> | null;
  readonly ramdiskImage: Sourced<ImageFacts> | null;
  readonly alternatives: readonly MultiCloudImageFacts[];
}

/** Section 11 for a resolution, in its order. */
export function launchAdvisories(inputs: LaunchInputs, decided: DecidedValues): Advisory[] {
  const { cloud, serverTemplate } = inputs;
  const multiCloudImage = decided.multiCloudImage?.value ?? null;
  const instanceType = decided.instanceType?.value ?? null;
  const machineImage = place(inputs, 'machine', decided.image);
  const images = [
    machineImage,
    place(inputs, 'kernel', decided.kernelImage),
    place(inputs, 'ramdisk', decided.ramdiskImage),
  ].filter((placed) => placed !== null);
  return orderAdvisories([
    ...(multiCloudImage
      ? [...missingValues(inputs, multiCloudImage, decided), ...notInTemplate(inputs, multiCloudImage)]
      : [noDefault(inputs)]),
    ...headAdvisories('ServerTemplate', serverTemplate),
    ...deletedAdvisories('ServerTemplate', serverTemplate),
    ...(multiCloudImage
      ? [
          ...headAdvisories('MultiCloudImage', multiCloudImage),
          ...deletedAdvisories('MultiCloudImage', multiCloudImage),
          ...agentAdvisories(multiCloudImage, {
            scriptedTemplate: serverTemplate.hasScripts ? serverTemplate : null,
            machineImage,
          }),
        ]
      : []),
    ...images.flatMap((placed) => imageAdvisories(placed, 'BLOCKING')),
    ...(instanceType
      ? [
          ...architectureAdvisories(images, instanceType, 'BLOCKING'),
          ...instanceTypeAdvisories(instanceType, cloud),
        ]
      : []),
    ...overriddenImage(inputs, decided),
  ]);
}

function place(
  { cloud }: LaunchInputs,
  slot: ImageSlot,
  image: Sourced<ImageFacts> | null,
): PlacedImage | null {
  return image && { slot, image: image.value, cloud };
}

/** Without any MCI the other missing values are its consequence, so nothing else is said about them. */
function noDefault({ serverTemplate }: LaunchInputs): Advisory {
  return {
    code: 'NO_DEFAULT_MCI',
    severity: 'BLOCKING',
    message:
      `${capitalize(nameServerTemplate(serverTemplate))} has no default MultiCloud Image, and none is chosen. ` +
      'Add one to the ServerTemplate, or choose one for this launch.',
    subject: { type: 'ServerTemplate', id: serverTemplate.id },
  };
}

/** launching needs an image and a type, from anywhere. */
function missingValues(
  { cloud }: LaunchInputs,
  multiCloudImage: MultiCloudImageFacts,
  { image, instanceType, alternatives }: DecidedValues,
): Advisory[] {
  const name = capitalize(nameMultiCloudImage(multiCloudImage));
  const subject = { type: 'MultiCloudImage', id: multiCloudImage.id } as const;
  const unsupported = `${name} has no setting for ${nameCloud(cloud)}`;
  const advisories: Advisory[] = [];
  if (!image) {
    advisories.push({
      code: 'CLOUD_NOT_SUPPORTED',
      severity: 'BLOCKING',
      message: `${unsupported}, and no image is chosen. ${chooseAlternative(alternatives)}, or add the setting.`,
      subject,
    });
  }
  if (!instanceType) {
    advisories.push({
      code: 'INSTANCE_TYPE_MISSING',
      severity: 'BLOCKING',
      message: `${unsupported}, and no instance type is chosen. Choose an instance type, or add the setting.`,
      subject,
    });
  }
  return advisories;
}

/** A message names no more alternatives than these; the resolution carries all of them. */
const NAMED_ALTERNATIVES = 5;

/** The cure of a cloud that isn't supported, as the beginning of a sentence. */
export function chooseAlternative(alternatives: readonly MultiCloudImageFacts[]): string {
  if (alternatives.length === 0) return 'Choose a MultiCloud Image that supports this cloud';
  const names = alternatives.slice(0, NAMED_ALTERNATIVES).map(nameMultiCloudImage);
  const others = alternatives.length - names.length;
  if (others > 0) names.push(`one of ${others} more`);
  return `Choose ${enumerate(names, 'or')}, which the ServerTemplate names for this cloud`;
}

/**
 * the template pins exact revisions, so another revision of an MCI that it names was never tested with it
 * either.
 */
function notInTemplate({ serverTemplate }: LaunchInputs, multiCloudImage: MultiCloudImageFacts): Advisory[] {
  const listed = serverTemplate.multiCloudImages;
  if (listed.some(({ id }) => id === multiCloudImage.id)) return [];
  const name = capitalize(nameMultiCloudImage(multiCloudImage));
  const template = nameServerTemplate(serverTemplate);
  const pinned = listed.find(({ lineageId }) => lineageId === multiCloudImage.lineageId);
  return [
    {
      code: 'MCI_NOT_IN_TEMPLATE',
      severity: 'WARNING',
      message: pinned
        ? `${name} is chosen, but ${template} names another revision of it, ${nameMultiCloudImage(pinned)}: the two ` +
          'were never tested together. Choose that revision, or re-pin the ServerTemplate.'
        : `${name} is chosen, but ${template} does not name it: the two were never tested together. ` +
          'Choose one that the ServerTemplate names, or add this one to it.',
      subject: { type: 'MultiCloudImage', id: multiCloudImage.id },
    },
  ];
}

/** An image of one's own no longer follows the MCI, and what goes with the MCI's image may not fit it. */
function overriddenImage({ cloud }: LaunchInputs, decided: DecidedValues): Advisory[] {
  const { image, kernelImage, ramdiskImage } = decided;
  if (!image || image.source === 'MULTI_CLOUD_IMAGE') return [];
  const name = nameImage('machine', image.value);
  return [
    {
      code: 'IMAGE_OVERRIDDEN',
      severity: 'INFO',
      message:
        `${capitalize(name)} is chosen for this launch, so it does not follow the MultiCloud Image. ` +
        'Set the image back to inherit to follow it again.',
      subject: imageSubject(image.value),
    },
    ...withoutImage('kernel', kernelImage),
    ...withoutImage('ramdisk', ramdiskImage),
  ];

  function withoutImage(slot: ImageSlot, inherited: Sourced<ImageFacts> | null): Advisory[] {
    if (inherited?.source !== 'MULTI_CLOUD_IMAGE') return [];
    return [
      {
        code: 'KERNEL_WITHOUT_IMAGE',
        severity: 'WARNING',
        message:
          `${capitalize(nameImage(slot, inherited.value))} is inherited from the MultiCloud Image for ` +
          `${nameCloud(cloud)}, but ${name} is not. Choose the ${slot} image that belongs to it, or none.`,
        subject: imageSubject(inherited.value),
      },
    ];
  }
}
