/** The versioned things that have tables, by the names of their GraphQL types. */
export type ComponentType = 'MultiCloudImage' | 'ServerTemplate' | 'RightScript';

/** What people call them. */
export const COMPONENT_NAMES: Record<ComponentType, string> = {
  MultiCloudImage: 'MultiCloud Image',
  ServerTemplate: 'ServerTemplate',
  RightScript: 'RightScript',
};

/** The same as values of an enum. */
export const COMPONENT_KINDS = {
  MultiCloudImage: 'MULTI_CLOUD_IMAGE',
  ServerTemplate: 'SERVER_TEMPLATE',
  RightScript: 'RIGHT_SCRIPT',
} as const satisfies Record<ComponentType, string>;

export type ComponentKindName = (typeof COMPONENT_KINDS)[ComponentType];

/** The type whose kind this is. */
export function componentTypeOf(kind: ComponentKindName): ComponentType {
  const types = Object.keys(COMPONENT_KINDS) as ComponentType[];
  const type = types.find((candidate) => COMPONENT_KINDS[candidate] === kind);
  if (type === undefined) throw new Error(`No component is a ${String(kind)}`);
  return type;
}

export const isComponentType = (type: string): type is ComponentType => Object.hasOwn(COMPONENT_NAMES, type);

/** An action as the audit log names it, e.g. `multiCloudImage.update`. */
export const componentAction = (type: ComponentType, verb: string): string =>
  `${type.charAt(0).toLowerCase()}${type.slice(1)}.${verb}`;
