/**
 * What the estimate of a query's cost assumes beyond the common rule (each object 1, each list its page): the
 * weights and list sizes of federation's cost specification (`@cost`, `@listSize`). They are kept here, not in the
 * schema: @apollo/subgraph 2.14 doesn't define these directives, and nothing that composes with us needs them.
 */

/** How many elements a list has of which the query does not say: the default page. */
export const ASSUMED_LIST_SIZE = 25;

/** Of lists whose elements are always few, by the elements' type. */
export const ASSUMED_LIST_SIZES: ReadonlyMap<string, number> = new Map([
  ['UserError', 1],
  ['Advisory', 10],
  ['DriftItem', 10],
  ['ResolutionStep', 10],
]);

/** Lists with one element for each of an argument's. */
export const SIZED_BY_ARGUMENT: ReadonlyMap<string, string> = new Map([
  ['Query.nodes', 'ids'],
  ['Query._entities', 'representations'],
]);

/** What a field costs on top, once however long its list: a launch is resolved, whole versions are compared or matched. */
export const FIELD_WEIGHTS: ReadonlyMap<string, number> = new Map([
  ['ServerTemplate.resolve', 5],
  ['Query.resolveLaunch', 5],
  ['LaunchConfiguration.resolution', 5],
  ['Query.diff', 100],
  ['Query.mergePreview', 100],
  ['Mutation.rematchMultiCloudImage', 1000],
]);
