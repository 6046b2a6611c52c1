import { changedInHead, updateOfPin, type VersionState } from '../../../src/domain/versioning/pin-updates';

const DELETED = new Date('2026-01-01T00:00:00Z');

/** A version whose content is told by a letter; `null`: no hash was kept. */
const version = (revision: number, content: string | null, deletedAt: Date | null = null): VersionState => ({
  revision,
  contentHash: content === null ? null : Buffer.from(content),
  deletedAt,
});
const head = (content: string | null, deletedAt: Date | null = null) => version(0, content, deletedAt);

interface Facts {
  readonly pinned: VersionState;
  readonly newest: VersionState | null;
  readonly head: VersionState | null;
}

/** Number of the update, or `null`; whether HEAD is changed. */
type Answer = readonly [updateTo: number | null, changed: boolean];

/** The rows of that don't need a marketplace, and those between them. */
const TABLE: [title: string, facts: Facts, answer: Answer][] = [
  [
    'pinned 1, 2 local, HEAD = 2',
    { pinned: version(1, 'a'), newest: version(2, 'b'), head: head('b') },
    [2, true],
  ],
  [
    'pinned 2, 2 newest, HEAD = 2',
    { pinned: version(2, 'b'), newest: version(2, 'b'), head: head('b') },
    [null, false],
  ],
  [
    'pinned 2, 2 newest, HEAD differs',
    { pinned: version(2, 'b'), newest: version(2, 'b'), head: head('c') },
    [null, true],
  ],
  [
    'pinned 1, 2 local, HEAD is as 1 again',
    { pinned: version(1, 'a'), newest: version(2, 'b'), head: head('a') },
    [2, false],
  ],
  [
    'HEAD pinned, 2 newest, HEAD = 2',
    { pinned: head('b'), newest: version(2, 'b'), head: head('b') },
    [null, false],
  ],
  [
    'HEAD pinned, 2 newest, HEAD differs',
    { pinned: head('c'), newest: version(2, 'b'), head: head('c') },
    [null, true],
  ],
  ['HEAD pinned, never committed', { pinned: head('a'), newest: null, head: head('a') }, [null, true]],
  [
    'HEAD pinned, never committed, no hash kept',
    { pinned: head(null), newest: null, head: head(null) },
    [null, true],
  ],
  [
    'pinned 1, 2 local, no HEAD in this account',
    { pinned: version(1, 'a'), newest: version(2, 'b'), head: null },
    [2, false],
  ],
  [
    'pinned 1, the lineage deleted',
    {
      pinned: version(1, 'a', DELETED),
      newest: version(2, 'b', DELETED),
      head: head('b', DELETED),
    },
    [null, false],
  ],
  [
    'HEAD pinned, the lineage deleted',
    { pinned: head('b', DELETED), newest: version(1, 'a', DELETED), head: head('b', DELETED) },
    [null, false],
  ],
];

test.each(TABLE)('R-5.7: %s', (_title, { pinned, newest, head: ofLineage }, [updateTo, changed]) => {
  expect(updateOfPin(pinned, newest)?.revision ?? null).toBe(updateTo);
  expect(changedInHead(pinned, ofLineage, newest)).toBe(changed);
});
