/**
 * SQL for the id that a version has in histories: an imported copy is one with the publisher's version. A
 * subscribed HEAD is not: it has a history of its own, as any HEAD.
 */
export const originalOf = (version: string): string =>
  `coalesce(CASE WHEN ${version}.sealed THEN ${version}.original_id END, ${version}.id)`;
