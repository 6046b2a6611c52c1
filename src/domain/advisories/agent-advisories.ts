import type { Advisory } from './advisory';
import {
  capitalize,
  enumerate,
  imageSubject,
  nameCloud,
  nameImage,
  nameMultiCloudImage,
  nameServerTemplate,
  type NamedRevision,
  type PlacedImage,
} from './naming';

/** What marks an MCI as one for agent-managed servers. */
export const AGENT_TAG = 'provides:rs_agent_type=right_link';

/** The MCI whose agent tag is in question. */
export interface TaggedMultiCloudImage extends NamedRevision {
  readonly id: string;
  readonly tags: readonly string[];
}

/** What calls for an agent, or has one. */
export interface AgentUse {
  /** The template whose scripts the agent would run; `null`: no scripts, or no template in question. */
  readonly scriptedTemplate: NamedRevision | null;
  /** The machine image that would run the agent; `null`: none, or none in question. */
  readonly machineImage: PlacedImage | null;
}

/** Whether the MCI's agent tag agrees with the scripts and the image. Images the viewer can't see count for neither. */
export function agentAdvisories(
  multiCloudImage: TaggedMultiCloudImage,
  { scriptedTemplate, machineImage }: AgentUse,
): Advisory[] {
  const visibleImage = machineImage?.image.visible ? machineImage : null;
  if (multiCloudImage.tags.includes(AGENT_TAG)) {
    return visibleImage && !visibleImage.image.agentEnabled
      ? [notInImage(multiCloudImage, visibleImage)]
      : [];
  }
  const reasons: string[] = [];
  if (scriptedTemplate) reasons.push(`${nameServerTemplate(scriptedTemplate)} has scripts`);
  if (visibleImage?.image.agentEnabled) reasons.push(`${nameUsedImage(visibleImage)} is agent-enabled`);
  return reasons.length > 0 ? [tagMissing(multiCloudImage, reasons)] : [];
}

function notInImage(multiCloudImage: TaggedMultiCloudImage, machineImage: PlacedImage): Advisory {
  return {
    code: 'AGENT_NOT_IN_IMAGE',
    severity: 'WARNING',
    message:
      `${capitalize(nameMultiCloudImage(multiCloudImage))} carries the tag ${AGENT_TAG}, but ` +
      `${nameUsedImage(machineImage)} is not agent-enabled. Choose an agent-enabled image, or remove the tag.`,
    subject: imageSubject(machineImage.image),
  };
}

function tagMissing(multiCloudImage: TaggedMultiCloudImage, reasons: readonly string[]): Advisory {
  return {
    code: 'AGENT_TAG_MISSING',
    severity: 'WARNING',
    message:
      `${capitalize(nameMultiCloudImage(multiCloudImage))} lacks the tag ${AGENT_TAG}, although ` +
      `${enumerate(reasons)}. Add the tag, so that its servers are managed by the agent.`,
    subject: { type: 'MultiCloudImage', id: multiCloudImage.id },
  };
}

function nameUsedImage({ slot, image, cloud }: PlacedImage): string {
  return `${nameImage(slot, image)} of ${nameCloud(cloud)}`;
}
