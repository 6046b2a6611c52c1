import { sharedColumns, sharedContent, type ContentRows } from './content-rows';
import { readSources } from './right-script-store';

/** A RightScript's content is all in its own row; the source is read apart, unless an edit brings it. */
export const RIGHT_SCRIPT_CONTENT: ContentRows<'RightScript'> = {
  async read(manager, versions) {
    const unread = versions.filter(({ source }) => source === undefined).map(({ id }) => id);
    const sources = await readSources(manager, unread);
    return new Map(
      versions.map((version) => {
        const source = version.source ?? sources.get(version.id);
        if (source === undefined) throw new Error(`RightScript ${version.id} has no source`);
        return [version.id, { ...sharedContent(version), source }];
      }),
    );
  },
  write: (_manager, _head, _before, after) =>
    Promise.resolve({ ...sharedColumns(after), source: after.source }),
};
