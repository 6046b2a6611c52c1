import {
  ATOMIC,
  KEYED,
  SEQUENCE,
  SET,
  TEXT,
  type Atom,
  type Content,
  type ContentSchema,
  type MergeSide,
  type Sequence,
} from '../../../src/domain/merge/content';
import { mergeContent, type MergeResult } from '../../../src/domain/merge/merge-content';

/** One field of each kind. */
export const SCHEMA = {
  name: ATOMIC,
  text: TEXT,
  tags: SET,
  settings: KEYED,
  list: SEQUENCE,
  group: { kind: 'group', fields: { inner: SEQUENCE } },
} satisfies ContentSchema;

const EMPTY: Content = {
  name: null,
  text: null,
  tags: new Map(),
  settings: new Map(),
  list: sequence(''),
  group: { inner: sequence('') },
};

export function content(fields: Partial<Record<keyof typeof SCHEMA, Content[string]>>): Content {
  return { ...EMPTY, ...fields };
}

/** `sequence('a b2')`: the keys in order, each with the number behind it as its value, 1 if there is none. */
export function sequence(text: string): Sequence {
  const items = text
    .split(' ')
    .filter((item) => item !== '')
    .map((item): [string, Atom] => [item.charAt(0), { revision: Number(item.slice(1) || 1) }]);
  return { order: items.map(([key]) => key), items: new Map(items) };
}

/** The other way round. */
export function spelled({ order, items }: Sequence): string {
  const number = (key: string) => (items.get(key) as { revision: number }).revision;
  return order.map((key) => (number(key) === 1 ? key : `${key}${number(key)}`)).join(' ');
}

type Fields = Parameters<typeof content>[0];

/** @param resolutions by path, its segments behind slashes */
export function mergeFields(
  base: Fields | null,
  ours: Fields,
  theirs: Fields,
  resolutions: Record<string, MergeSide> = {},
): MergeResult {
  return mergeContent(SCHEMA, {
    base: base && content(base),
    ours: content(ours),
    theirs: content(theirs),
    resolutions: new Map(
      Object.entries(resolutions).map(([path, side]) => [JSON.stringify(path.split('/')), side]),
    ),
  });
}
