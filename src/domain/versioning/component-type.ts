/** The versioned things that have tables, by the names of their GraphQL types. */
export type ComponentType = 'MultiCloudImage' | 'ServerTemplate' | 'RightScript';

/** What people call them. */
export const COMPONENT_NAMES: Record<ComponentType, string> = {
  MultiCloudImage: 'MultiCloud Image',
  ServerTemplate: 'ServerTemplate',
  RightScript: 'RightScript',
};

export const isComponentType = (type: string): type is ComponentType => Object.hasOwn(COMPONENT_NAMES, type);

/** An action as the audit log names it, e.g. `multiCloudImage.update`. */
export const componentAction = (type: ComponentType, verb: string): string =>
  `${type.charAt(0).toLowerCase()}${type.slice(1)}.${verb}`;
