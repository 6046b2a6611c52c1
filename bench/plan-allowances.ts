import { A_TOTAL, KNOWN_LIMIT, OWN_ROWS } from './main-query';
import type { PlanOperation } from './plan-operations';
import { ONE_PAGE, type Allowance } from './plan-verdict';

/** Queries of the graph that may do more than read one page, and what docs/performance.md says of them ("Limits"). */
const MORE: readonly (readonly [name: RegExp, allowance: Allowance])[] = [
  [/totalCount/, { reads: A_TOTAL, wholeTable: true }],
  // Twenty templates of four MCIs with ten settings each, of which each names three rows.
  [/^bench: L20/, { reads: 3 * ONE_PAGE }],
  // Limit 5.
  [/^Query\.cloudImages, visibility: PRIVATE/, { reads: OWN_ROWS }],
  // Limits 7 and 9.
  [/^Query\.marketplace, (cloudId|imported)/, { reads: KNOWN_LIMIT, wholeTable: true }],
  [/^Query\.marketplace, kind: RIGHT_SCRIPT/, { reads: KNOWN_LIMIT }],
  // For each of twenty parents: all of the account that has the tag, or uses the image.
  [/^(Cloud\.images, tag|ImageUsage\.)/, { reads: OWN_ROWS }],
  // Limit 6.
  [/^Query\.instances, drifted/, { reads: KNOWN_LIMIT }],
  // Of an account that owns half of all: those of the others are not worth passing over one by one.
  [/^Query\.servers, state/, { reads: OWN_ROWS, wholeTable: true }],
  // What an account has may be read to find what rarely holds.
  [/^Query\.(servers|serverArrays|instances|launchOrders|deployments), /, { reads: OWN_ROWS }],
  [/^Query\.(multiCloudImages|serverTemplates|rightScripts), (search|origin)/, { reads: OWN_ROWS }],
];

export const allowanceOf = ({ name }: PlanOperation): Allowance =>
  MORE.find(([pattern]) => pattern.test(name))?.[1] ?? { reads: ONE_PAGE };
