import type { InstanceTypeFacts } from '../launch/configuration';
import type { Advisory, Severity } from './advisory';
import {
  capitalize,
  enumerate,
  imageSubject,
  nameCloud,
  nameImage,
  nameInstanceType,
  type PlacedImage,
} from './naming';

/**
 * Whether the images fit the type that is to run them. What is unknown can't be checked, and says so.
 * The architecture of an image that the viewer may not see is not told, so it is not compared either.
 *
 * @param severity of a mismatch: BLOCKING in a resolution, WARNING on a component
 */
export function architectureAdvisories(
  images: readonly PlacedImage[],
  instanceType: InstanceTypeFacts,
  severity: Severity,
): Advisory[] {
  const visible = images.filter(({ image }) => image.visible);
  const advisories = visible.flatMap((placed) => imageAdvisory(placed, instanceType, severity));
  if (visible.length > 0 && instanceType.cpuArchitectures.length === 0) {
    advisories.push({
      code: 'ARCHITECTURE_UNKNOWN',
      severity: 'INFO',
      message:
        `The CPU architectures of ${nameInstanceType(instanceType)} are unknown, so it can't be checked whether it ` +
        'runs the chosen image. Import the instance types of the cloud with their architectures.',
      subject: { type: 'InstanceType', id: instanceType.id },
    });
  }
  return advisories;
}

function imageAdvisory(placed: PlacedImage, instanceType: InstanceTypeFacts, severity: Severity): Advisory[] {
  const { slot, image, cloud } = placed;
  const { cpuArchitectures } = instanceType;
  const name = `${nameImage(slot, image)} of ${nameCloud(cloud)}`;
  if (image.cpuArchitecture === null) {
    return [
      {
        code: 'ARCHITECTURE_UNKNOWN',
        severity: 'INFO',
        message:
          `The CPU architecture of ${name} is unknown, so it can't be checked whether ` +
          `${nameInstanceType(instanceType)} runs it. Record the architecture of the image.`,
        subject: imageSubject(image),
      },
    ];
  }
  if (cpuArchitectures.length === 0 || cpuArchitectures.includes(image.cpuArchitecture)) return [];
  return [
    {
      code: 'ARCHITECTURE_MISMATCH',
      severity,
      message:
        `${capitalize(name)} is built for ${image.cpuArchitecture}, but ${nameInstanceType(instanceType)} runs ` +
        `${enumerate(cpuArchitectures)} only. Choose an image and an instance type of the same architecture.`,
      subject: imageSubject(image),
    },
  ];
}
