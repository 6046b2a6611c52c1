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
}

/** A deleted component goes on working for what refers to it, and says so. */
export function deletedAdvisories(type: ComponentType, component: ComponentFacts): Advisory[] {
  if (!component.deleted) return [];
  return [
    {
      code: 'COMPONENT_DELETED',
      severity: 'WARNING',
      message: `${capitalize(names[type](component))} was deleted. Clone it to bring it back, or choose another one.`,
      subject: { type, id: component.id },
    },
  ];
}

/** What refers to a HEAD changes whenever that is edited. */
export function headAdvisories(type: ComponentType, component: ComponentFacts): Advisory[] {
  if (component.revision !== 0) return [];
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

/** A pinned component, with the newest local revision above it, if there is any. */
export interface PinnedFacts extends ComponentFacts {
  readonly update: ComponentFacts | null;
}

/** What is pinned to a revision stays there when newer ones come. */
export function updateAdvisories(type: ComponentType, { update, ...pinned }: PinnedFacts): Advisory[] {
  if (update === null) return [];
  return [
    {
      code: 'UPDATE_AVAILABLE',
      severity: 'INFO',
      message:
        `${capitalize(names[type](pinned))} has a newer revision, ${nameRevision(update)}. ` +
        'Repin it, or move all pins at once with `updateServerTemplatePins`.',
      subject: { type, id: update.id },
    },
  ];
}
