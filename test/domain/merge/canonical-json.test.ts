import { canonicalJson, sameAtom } from '../../../src/domain/merge/canonical-json';
import type { Atom, Content, ContentValue } from '../../../src/domain/merge/content';
import { contentHash } from '../../../src/domain/merge/content-hash';

/** An own property called `__proto__`, as parsed JSON may hold. */
const withProto = JSON.parse('{"b":1,"__proto__":{"z":2,"a":[3,null]}}') as Atom;

test.each<[string, ContentValue, string]>([
  ['null', null, 'null'],
  ['text, with what JSON escapes', 'a"\n\u2028é', '"a\\"\\n\u2028é"'],
  ['numbers', [0, -0, 1.5, 1e21], '[0,0,1.5,1e+21]'],
  ['properties by name', { b: true, a: { d: 1, c: 2 } }, '{"a":{"c":2,"d":1},"b":true}'],
  ['a property called __proto__', withProto, '{"__proto__":{"a":[3,null],"z":2},"b":1}'],
  ['lists as they are', ['b', 'a'], '["b","a"]'],
  [
    'a map as its entries by key, in UTF-16 code units',
    new Map([
      ['b', { revision: 1 }],
      ['__proto__', { revision: 2 }],
      ['B', { revision: 3 }],
    ]),
    '[["B",{"revision":3}],["__proto__",{"revision":2}],["b",{"revision":1}]]',
  ],
  [
    'a sequence as its items by key and its order',
    {
      items: new Map([
        ['b', 1],
        ['a', 2],
      ]),
      order: ['b', 'a'],
    },
    '{"items":[["a",2],["b",1]],"order":["b","a"]}',
  ],
])('R-6.9 canonical text of %s', (_name, value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

test.each<[Atom, Atom, boolean]>([
  [{ a: 1, b: [1] }, { b: [1], a: 1 }, true],
  [{ a: 1 }, { a: '1' }, false],
  [[1, 2], [2, 1], false],
  [null, 'null', false],
  ['', null, false],
  [JSON.parse('{"__proto__":1}') as Atom, {}, false],
])('R-6.9 %j and %j: the same is %s', (left, right, same) => {
  expect(sameAtom(left, right)).toBe(same);
  expect(sameAtom(right, left)).toBe(same);
});

const content: Content = {
  name: 'Web',
  tags: new Map([
    ['blue', 'Blue'],
    ['red', 'red'],
  ]),
  scripts: {
    BOOT: {
      order: ['b', 'a'],
      items: new Map([
        ['a', { revision: 1 }],
        ['b', { revision: 2 }],
      ]),
    },
  },
};

test('R-6.9 the hash is the SHA-256 of the format and the canonical text', () => {
  // printf '1:{"name":"Web","scripts":…}' | sha256sum
  expect(canonicalJson(content)).toBe(
    '{"name":"Web","scripts":{"BOOT":{"items":[["a",{"revision":1}],["b",{"revision":2}]],"order":["b","a"]}},' +
      '"tags":[["blue","Blue"],["red","red"]]}',
  );
  expect(contentHash(content)).toBe('1ac2e576879b2dc70024455fa5c947460038ab48e02be16144d4385f91a0e6b0');
});

test('R-6.9 the hash sees the order of a sequence and how a tag is written', () => {
  const hashes = [
    content,
    { ...content, tags: new Map([...(content.tags as Map<string, string>), ['blue', 'blue']]) },
    {
      ...content,
      scripts: {
        BOOT: {
          order: ['a', 'b'],
          items: new Map([
            ['a', { revision: 1 }],
            ['b', { revision: 2 }],
          ]),
        },
      },
    },
  ].map(contentHash);
  expect(new Set(hashes).size).toBe(3);
});
