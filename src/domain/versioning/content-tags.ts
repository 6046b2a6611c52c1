import type { KeyedAtoms } from '../merge/content';

/** Tags as content: by their spelling in lower case, since they are unique ignoring case. */
export const keyedTags = (tags: readonly string[]): KeyedAtoms<string> =>
  new Map(tags.map((tag) => [tag.toLowerCase(), tag]));
