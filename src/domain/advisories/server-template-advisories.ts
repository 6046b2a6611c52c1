import { agentAdvisories, type TaggedMultiCloudImage } from './agent-advisories';
import type { Advisory } from './advisory';
import {
  deletedAdvisories,
  headAdvisories,
  subscriptionAdvisories,
  updateAdvisories,
  type ComponentFacts,
  type PinnedFacts,
} from './component-advisories';
import { capitalize, nameServerTemplate } from './naming';
import { orderAdvisories } from './order-advisories';

/** A template with what it pins, as its own page shows it. */
export interface ServerTemplateOverview extends ComponentFacts {
  /** The MCIs it pins, in its order. */
  readonly multiCloudImages: readonly (PinnedFacts & TaggedMultiCloudImage)[];
  /** The scripts it attaches, in any phase; one attached to several phases may be repeated. */
  readonly rightScripts: readonly PinnedFacts[];
}

/**
 * Section 11 for a template: what it pins can change, was deleted, has a newer revision, or is
 * missing.
 */
export function serverTemplateAdvisories(serverTemplate: ServerTemplateOverview): Advisory[] {
  const { multiCloudImages } = serverTemplate;
  const rightScripts = [
    ...new Map(serverTemplate.rightScripts.map((script) => [script.id, script])).values(),
  ];
  const scriptedTemplate = rightScripts.length > 0 ? serverTemplate : null;
  return orderAdvisories([
    ...(multiCloudImages.length === 0 ? [noMultiCloudImage(serverTemplate)] : []),
    ...deletedAdvisories('ServerTemplate', serverTemplate),
    ...subscriptionAdvisories('ServerTemplate', serverTemplate),
    ...multiCloudImages.flatMap((multiCloudImage) => [
      ...headAdvisories('MultiCloudImage', multiCloudImage),
      ...deletedAdvisories('MultiCloudImage', multiCloudImage),
      ...agentAdvisories(multiCloudImage, { scriptedTemplate, machineImage: null }),
    ]),
    ...rightScripts.flatMap((rightScript) => [
      ...headAdvisories('RightScript', rightScript),
      ...deletedAdvisories('RightScript', rightScript),
    ]),
    // Nobody can move the pins of what was deleted.
    ...(serverTemplate.deleted
      ? []
      : [
          ...multiCloudImages.flatMap((pinned) => updateAdvisories('MultiCloudImage', pinned)),
          ...rightScripts.flatMap((pinned) => updateAdvisories('RightScript', pinned)),
        ]),
  ]);
}

function noMultiCloudImage(serverTemplate: ServerTemplateOverview): Advisory {
  return {
    code: 'NO_DEFAULT_MCI',
    severity: 'WARNING',
    message:
      `${capitalize(nameServerTemplate(serverTemplate))} names no MultiCloud Image. ` +
      'Add one, so that servers can be launched from it.',
    subject: { type: 'ServerTemplate', id: serverTemplate.id },
  };
}
