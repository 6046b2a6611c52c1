/** What launches machines, by the names of the GraphQL types. */
export type ServerType = 'Server' | 'ServerArray';

/** What actors define (section 8). */
export type DefinedType = 'Deployment' | ServerType;

/** What people call them. */
export const DEFINED_NAMES: Record<DefinedType, string> = {
  Deployment: 'deployment',
  Server: 'server',
  ServerArray: 'server array',
};

/** An action as the audit log names it, e.g. `serverArray.updateNext`. */
export const definedAction = (type: DefinedType, verb: string): string =>
  `${type.charAt(0).toLowerCase()}${type.slice(1)}.${verb}`;
