import { sharedColumns, sharedContent, type ContentRows } from './content-rows';

/** A RightScript's content is all in its own row. */
export const RIGHT_SCRIPT_CONTENT: ContentRows<'RightScript'> = {
  read: (_manager, versions) =>
    Promise.resolve(
      new Map(versions.map((version) => [version.id, { ...sharedContent(version), source: version.source }])),
    ),
  write: (_manager, _head, _before, after) =>
    Promise.resolve({ ...sharedColumns(after), source: after.source }),
};
