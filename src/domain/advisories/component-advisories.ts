import type { VersionOrigin } from '../versioning/version-origin';
import type { Advisory } from './advisory';
import {
  capitalize,
  nameMultiCloudImage,
  nameRevision,
  nameRightScript,
  nameServerTemplate,
  type NamedRevision,
} from './naming';

const names = {
  ServerTemplate: nameServerTemplate,
  MultiCloudImage: nameMultiCloudImage,
  RightScript: nameRightScript,
} as const;

export type ComponentType = keyof typeof names;

/** What any versioned component tells about itself. */
export interface ComponentFacts extends NamedRevision {
  readonly id: string;
  readonly deleted: boolean;
  readonly origin: VersionOrigin;
}

/** How what left the local collection comes back. */
const RETURNS: Readonly<Record<VersionOrigin, string>> = {
  PRIVATE: 'was deleted. Clone it to bring it back',
  FROZEN: 'was deleted. Clone it to bring it back',
  // It may be offered no more.
  IMPORTED:
    'was removed from the local collection. Import it again while it is offered, clone it to bring it back',
  SUBSCRIBED:
    'was removed from the local collection. Subscribe to it again while it is offered, clone it to bring it back',
  SUBSCRIPTION_ENDED: 'was removed from the local collection. Clone it to bring it back',
};

/** A deleted component goes on working for what refers to it, and says so. */
export function deletedAdvisories(type: ComponentType, component: ComponentFacts): Advisory[] {
  if (!component.deleted) return [];
  return [
    {
      code: 'COMPONENT_DELETED',
      severity: 'WARNING',
      message: `${capitalize(names[type](component))} ${RETURNS[component.origin]}, or choose another one.`,
      subject: { type, id: component.id },
    },
  ];
}

/** What refers to a HEAD changes whenever that is edited, or published anew. */
export function headAdvisories(type: ComponentType, component: ComponentFacts): Advisory[] {
  if (component.revision !== 0 || component.origin !== 'PRIVATE')
    return subscriptionAdvisories(type, component);
  return [
    {
      code: 'HEAD_DEPENDENCY',
      severity: 'WARNING',
      message:
        `${capitalize(names[type](component))} is not committed, so it can change at any time. ` +
        'Commit it and use that revision.',
      subject: { type, id: component.id },
    },
  ];
}

/** What is subscribed follows its publisher as long as it has access, and stays as it is then. */
export function subscriptionAdvisories(type: ComponentType, component: ComponentFacts): Advisory[] {
  const { id, origin, deleted } = component;
  const name = names[type](component);
  const subject = { type, id };
  if (origin === 'SUBSCRIBED' && !deleted)
    return [
      {
        code: 'SUBSCRIBED_HEAD',
        severity: 'WARNING',
        message:
          `${capitalize(name)} is subscribed to: it changes whenever its publisher publishes it anew. ` +
          'Use an imported revision, or clone it and use a revision of the clone.',
        subject,
      },
    ];
  if (origin === 'SUBSCRIPTION_ENDED')
    return [
      {
        code: 'SUBSCRIPTION_ENDED',
        severity: 'WARNING',
        message:
          `The subscription to ${name} has ended: it keeps its last content. ` +
          'Clone it to develop it further, or choose another one.',
        subject,
      },
    ];
  return [];
}

/** The newest version above a pinned one: a revision that is here, or a publication. */
export interface UpdateFacts extends NamedRevision {
  readonly id: string;
  readonly inMarketplace: boolean;
}

/** A pinned component, with what is newer, if anything is. */
export interface PinnedFacts extends ComponentFacts {
  readonly update: UpdateFacts | null;
}

/** What is pinned to a revision stays there when newer ones come. */
export function updateAdvisories(type: ComponentType, { update, ...pinned }: PinnedFacts): Advisory[] {
  if (update === null) return [];
  const name = capitalize(names[type](pinned));
  return [
    {
      code: 'UPDATE_AVAILABLE',
      severity: 'INFO',
      message: update.inMarketplace
        ? `${name} has a newer revision in the marketplace, ${nameRevision(update)}. ` +
          'Import it with `importPublication`, then repin it, or move all pins at once with `updateServerTemplatePins`.'
        : `${name} has a newer revision, ${nameRevision(update)}. ` +
          'Repin it, or move all pins at once with `updateServerTemplatePins`.',
      subject: { type: update.inMarketplace ? 'Publication' : type, id: update.id },
    },
  ];
}
