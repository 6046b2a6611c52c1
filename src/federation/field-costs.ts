/**
 * What reading a field costs beyond the common rule (each object 1, each list what it holds times its size), in the
 * terms of federation's cost specification. The schema says all of it (cost-directives.ts), to gateways as to the
 * service's own limit, which reads it there.
 */

/** How many elements a list has of which the query does not say: the default page. */
export const ASSUMED_LIST_SIZE = 25;

/** Of lists whose elements are always few, or may be many, by the elements' type. */
export const ASSUMED_LIST_SIZES: ReadonlyMap<string, number> = new Map([
  ['UserError', 1],
  ['Advisory', 10],
  ['DriftItem', 10],
  ['ResolutionStep', 10],
]);

/** The same, of one field. */
export const ASSUMED_FIELD_SIZES: ReadonlyMap<string, number> = new Map([['Query.nodes', 100]]);

/**
 * Lists with one element for each of an argument's, of which the service counts the actual ones: the specification
 * knows numbers only.
 */
export const SIZED_BY_ARGUMENT: ReadonlyMap<string, string> = new Map([
  ['Query.nodes', 'ids'],
  ['Query._entities', 'representations'],
]);

const RESOLVES_A_LAUNCH = 6;
const COMPARES_VERSIONS = 101;
const TOUCHES_THOUSANDS = 1001;

/** What an object of a field costs instead of 1. */
export const FIELD_WEIGHTS: ReadonlyMap<string, number> = new Map([
  ['ServerTemplate.resolve', RESOLVES_A_LAUNCH],
  ['Query.resolveLaunch', RESOLVES_A_LAUNCH],
  ['LaunchConfiguration.resolution', RESOLVES_A_LAUNCH],
  ['Query.diff', COMPARES_VERSIONS],
  ['Query.mergePreview', COMPARES_VERSIONS],
  ['Import.diff', COMPARES_VERSIONS],
  ['Mutation.mergeMultiCloudImage', COMPARES_VERSIONS],
  ['Mutation.mergeRightScript', COMPARES_VERSIONS],
  ['Mutation.mergeServerTemplate', COMPARES_VERSIONS],
  ['Mutation.importCatalog', TOUCHES_THOUSANDS],
  ['Mutation.rematchMultiCloudImage', TOUCHES_THOUSANDS],
  ['Mutation.updateTemplateRevisions', TOUCHES_THOUSANDS],
]);
