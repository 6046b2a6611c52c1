import type { CloudFacts, SettingFacts } from '../launch/configuration';
import { agentAdvisories, type TaggedMultiCloudImage } from './agent-advisories';
import type { Advisory } from './advisory';
import { architectureAdvisories } from './architecture-advisories';
import { deletedAdvisories, subscriptionAdvisories, type ComponentFacts } from './component-advisories';
import { imageAdvisories } from './image-advisories';
import { instanceTypeAdvisories } from './instance-type-advisories';
import { capitalize, enumerate, nameMultiCloudImage, type PlacedImage } from './naming';
import { orderAdvisories } from './order-advisories';

/** A setting with the cloud that it is for. */
export interface CloudSettingFacts extends SettingFacts {
  readonly cloud: CloudFacts;
}

/** An MCI with all its settings, as its own page shows it. */
export interface MultiCloudImageOverview extends TaggedMultiCloudImage, ComponentFacts {
  readonly settings: readonly CloudSettingFacts[];
}

/**
 * Section 11 for one setting of an MCI. What would block a launch is a WARNING here: the setting itself stays.
 */
export function settingAdvisories(
  setting: CloudSettingFacts,
  multiCloudImage: TaggedMultiCloudImage,
): Advisory[] {
  const { cloud, instanceType } = setting;
  const machineImage: PlacedImage = { slot: 'machine', image: setting.image, cloud };
  const images = [machineImage];
  if (setting.kernelImage) images.push({ slot: 'kernel', image: setting.kernelImage, cloud });
  if (setting.ramdiskImage) images.push({ slot: 'ramdisk', image: setting.ramdiskImage, cloud });
  return orderAdvisories([
    ...images.flatMap((placed) => imageAdvisories(placed, 'WARNING')),
    ...architectureAdvisories(images, instanceType, 'WARNING'),
    ...instanceTypeAdvisories(instanceType, cloud),
    ...agentAdvisories(multiCloudImage, { scriptedTemplate: null, machineImage }),
  ]);
}

/**
 * Section 11 for an MCI: its own advisories and those of its settings. So that the list stays readable, each setting
 * adds a code at most once, and what settings say about one and the same thing is said once.
 */
export function multiCloudImageAdvisories(multiCloudImage: MultiCloudImageOverview): Advisory[] {
  return orderAdvisories([
    ...deletedAdvisories('MultiCloudImage', multiCloudImage),
    ...subscriptionAdvisories('MultiCloudImage', multiCloudImage),
    ...mixtureAdvisories(multiCloudImage),
    ...withoutRepetition(
      multiCloudImage.settings.map((setting) => settingAdvisories(setting, multiCloudImage)),
    ),
  ]);
}

function withoutRepetition(advisoriesBySetting: readonly (readonly Advisory[])[]): Advisory[] {
  const told = new Set<string>();
  return advisoriesBySetting.flatMap((advisories) => {
    const codes = new Set<string>();
    return advisories.filter(({ code, subject }) => {
      const key = subject && `${code} ${subject.type} ${subject.id}`;
      if (codes.has(code) || (key !== null && told.has(key))) return false;
      codes.add(code);
      if (key !== null) told.add(key);
      return true;
    });
  });
}

/** the settings of one MCI may differ in architecture or operating system, which is advised against. */
function mixtureAdvisories(multiCloudImage: MultiCloudImageOverview): Advisory[] {
  const images = multiCloudImage.settings.map(({ image }) => image).filter(({ visible }) => visible);
  const subject = { type: 'MultiCloudImage', id: multiCloudImage.id } as const;
  const name = capitalize(nameMultiCloudImage(multiCloudImage));
  const advisories: Advisory[] = [];
  const architectures = countKnown(images.map(({ cpuArchitecture }) => cpuArchitecture));
  if (architectures.size > 1) {
    advisories.push({
      code: 'MIXED_ARCHITECTURES',
      severity: 'WARNING',
      message:
        `${name} mixes CPU architectures: ${describeCounts(architectures)}. ` +
        'Keep one MultiCloud Image per architecture, so that the same software runs in every cloud.',
      subject,
    });
  }
  const operatingSystems = countKnown(images.map(({ operatingSystem }) => operatingSystem));
  if (operatingSystems.size > 1) {
    advisories.push({
      code: 'MIXED_OPERATING_SYSTEMS',
      severity: 'INFO',
      message:
        `${name} mixes operating systems: ${describeCounts(operatingSystems)}. ` +
        'Check that the scripts of its ServerTemplates run on each of them.',
      subject,
    });
  }
  return advisories;
}

function countKnown(values: readonly (string | null)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) {
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

/** Sorted by value, so that the message does not depend on the order of the settings. */
function describeCounts(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([left], [right]) => (left < right ? -1 : 1));
  return enumerate(sorted.map(([value, count]) => `${value} (${count} ${count === 1 ? 'cloud' : 'clouds'})`));
}
