import { diffContent, type Change } from '../../../src/domain/merge/diff-content';
import { content, SCHEMA, sequence } from './content-kit';

type Fields = Parameters<typeof content>[0];
type Row = [title: string, before: Fields, after: Fields, changes: Change[]];

const change = (path: string, kind: Change['kind'], before: Change['before'], after: Change['after']) => ({
  path: path.split('/'),
  kind,
  before,
  after,
});

test.each<Row>([
  ['an atomic value', { name: 'a' }, { name: 'b' }, [change('name', 'MODIFIED', 'a', 'b')]],
  ['a text that comes', {}, { text: 'a\nb' }, [change('text', 'MODIFIED', null, 'a\nb')]],
  ['a text that becomes empty', { text: 'a' }, { text: '' }, [change('text', 'MODIFIED', 'a', '')]],
  [
    'tags by how they are told apart, as written',
    {
      tags: new Map([
        ['red', 'Red'],
        ['blue', 'blue'],
      ]),
    },
    {
      tags: new Map([
        ['green', 'green'],
        ['blue', 'Blue'],
      ]),
    },
    [
      change('tags/blue', 'MODIFIED', 'blue', 'Blue'),
      change('tags/green', 'ADDED', null, 'green'),
      change('tags/red', 'REMOVED', 'Red', null),
    ],
  ],
  [
    'keyed atoms, each whole',
    {
      settings: new Map([
        ['b', { x: 1, y: 1 }],
        ['a', { x: 1, y: 1 }],
      ]),
    },
    {
      settings: new Map([
        ['a', { y: 1, x: 1 }],
        ['b', { x: 1, y: 2 }],
        ['__proto__', { x: 0, y: 0 }],
      ]),
    },
    [
      change('settings/__proto__', 'ADDED', null, { x: 0, y: 0 }),
      change('settings/b', 'MODIFIED', { x: 1, y: 1 }, { x: 1, y: 2 }),
    ],
  ],
  [
    'an item put at the top: one change',
    { list: sequence('a b c') },
    { list: sequence('n a b c') },
    [change('list/n', 'ADDED', null, { value: { revision: 1 }, position: 0 })],
  ],
  [
    'an item moved to the end: one change',
    { list: sequence('a b c d') },
    { list: sequence('b c d a') },
    [change('list/a', 'MOVED', { position: 0 }, { position: 3 })],
  ],
  [
    'two swapped neighbours: one of them moved, the same one from either side',
    { list: sequence('b a') },
    { list: sequence('a b') },
    [change('list/b', 'MOVED', { position: 0 }, { position: 1 })],
  ],
  [
    'an item moved and modified: both',
    { list: sequence('a b c') },
    { list: sequence('b c a2') },
    [
      change('list/a', 'MODIFIED', { value: { revision: 1 } }, { value: { revision: 2 } }),
      change('list/a', 'MOVED', { position: 0 }, { position: 2 }),
    ],
  ],
  [
    'what is left when one goes has not moved',
    { list: sequence('a b c') },
    { list: sequence('b c') },
    [change('list/a', 'REMOVED', { value: { revision: 1 }, position: 0 }, null)],
  ],
  [
    'an item exchanged: by position, then key',
    { list: sequence('a x c') },
    { list: sequence('a b c') },
    [
      change('list/b', 'ADDED', null, { value: { revision: 1 }, position: 1 }),
      change('list/x', 'REMOVED', { value: { revision: 1 }, position: 1 }, null),
    ],
  ],
  [
    'inside of a group',
    { group: { inner: sequence('a') } },
    { group: { inner: sequence('a2') } },
    [change('group/inner/a', 'MODIFIED', { value: { revision: 1 } }, { value: { revision: 2 } })],
  ],
  [
    'fields in the order of the schema',
    { text: 'a', name: 'a' },
    { text: 'b', name: 'b', group: { inner: sequence('a') } },
    [
      change('name', 'MODIFIED', 'a', 'b'),
      change('text', 'MODIFIED', 'a', 'b'),
      change('group/inner/a', 'ADDED', null, { value: { revision: 1 }, position: 0 }),
    ],
  ],
])('R-6.6 %s', (_title, before, after, changes) => {
  expect(diffContent(SCHEMA, content(before), content(after))).toEqual(changes);
});

test.each<[string, Record<string, unknown>, string]>([
  ['lacks a field', { text: undefined }, 'The content has no field "text" though its schema has.'],
  ['has a map for an atom', { name: new Map() }, 'The field "name" of the content is not atomic'],
  ['has a number for a text', { text: 1 }, 'The field "text" of the content is not text'],
  ['has a list for a map', { settings: [] }, 'The field "settings" of the content is not keyed'],
  ['has an object for a map', { tags: {} }, 'The field "tags" of the content is not keyed'],
  ['has a map for a sequence', { list: new Map() }, 'The field "list" of the content is not a sequence'],
  ['has a sequence for a group', { group: sequence('') }, 'The field "group" of the content is not a group'],
  ['has a text for a group', { group: 'inner' }, 'The field "group" of the content is not a group'],
])('a content that %s is refused', (_title, fields, message) => {
  const broken = { ...content({}), ...fields } as ReturnType<typeof content>;
  expect(() => diffContent(SCHEMA, content({}), broken)).toThrow(TypeError);
  expect(() => diffContent(SCHEMA, broken, broken)).toThrow(message);
});
