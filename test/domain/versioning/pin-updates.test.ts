import { changedInHead, updateOfPin, type VersionState } from '../../../src/domain/versioning/pin-updates';

const DELETED = new Date('2026-01-01T00:00:00Z');

/** A version whose content is told by a letter; `null`: no hash was kept. */
const version = (revision: number, content: string | null, deletedAt: Date | null = null): VersionState => ({
  revision,
  contentHash: content === null ? null : Buffer.from(content),
  deletedAt,
  originalId: null,
});
/** A copy of somebody else's. */
const copy = (revision: number, content: string): VersionState => ({
  ...version(revision, content),
  originalId: 'the original',
});
const head = (content: string | null, deletedAt: Date | null = null) => version(0, content, deletedAt);

interface Facts {
  readonly pinned: VersionState;
  readonly newest: VersionState | null;
  readonly head: VersionState | null;
  /** Number of the newest publication that is visible. */
  readonly offered?: number;
}

/** Number of the update and whether it is in the marketplace only, or `null`; whether HEAD is changed. */
type Answer = readonly [updateTo: number | readonly [number, 'marketplace'] | null, changed: boolean];

/** The rows of, and those between them. */
const TABLE: [title: string, facts: Facts, answer: Answer][] = [
  [
    'pinned 7, 9 published but not visible to the account',
    { pinned: copy(7, 'a'), newest: copy(7, 'a'), head: null },
    [null, false],
  ],
  [
    'pinned 7, 9 visible in the marketplace',
    { pinned: copy(7, 'a'), newest: copy(7, 'a'), head: null, offered: 9 },
    [[9, 'marketplace'], false],
  ],
  [
    'pinned 7, 8 local, 9 visible in the marketplace',
    { pinned: copy(7, 'a'), newest: copy(8, 'a'), head: null, offered: 9 },
    [[9, 'marketplace'], false],
  ],
  [
    'pinned 7, 9 local and visible in the marketplace',
    { pinned: copy(7, 'a'), newest: copy(9, 'a'), head: null, offered: 9 },
    [9, false],
  ],
  [
    'pinned 7, 9 local, only 8 visible in the marketplace',
    { pinned: copy(7, 'a'), newest: copy(9, 'a'), head: null, offered: 8 },
    [9, false],
  ],
  [
    'pinned 7, only 7 visible in the marketplace',
    { pinned: copy(7, 'a'), newest: copy(7, 'a'), head: null, offered: 7 },
    [null, false],
  ],
  [
    'pinned 1 of what is subscribed, too, HEAD differs',
    { pinned: copy(1, 'a'), newest: copy(1, 'a'), head: copy(0, 'b') },
    [null, false],
  ],
  [
    'subscribed HEAD pinned, 1 imported, 2 visible in the marketplace',
    { pinned: copy(0, 'b'), newest: copy(1, 'a'), head: copy(0, 'b'), offered: 2 },
    [null, false],
  ],
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

test.each(TABLE)('R-5.7: %s', (_title, facts, [updateTo, changed]) => {
  const { pinned, newest, head: ofLineage, offered } = facts;
  const publication = offered === undefined ? null : { revision: offered };
  const update = updateOfPin(pinned, newest, publication);
  const answer = update?.inMarketplace ? [update.revision, 'marketplace'] : (update?.revision ?? null);
  expect(answer).toEqual(updateTo);
  expect(changedInHead(pinned, ofLineage, newest)).toBe(changed);
});

test('R-5.7: an update shows the newest local revision and the newest publication, so far as they are newer', () => {
  const [local, offered] = [version(8, 'b'), { revision: 9 }];
  const both = { revision: 9, component: local, publication: offered, inMarketplace: true };
  expect(updateOfPin(version(7, 'a'), local, offered)).toEqual(both);
  expect(updateOfPin(version(8, 'b'), local, offered)).toEqual({ ...both, component: null });
  expect(updateOfPin(version(7, 'a'), local, { revision: 7 })).toEqual({
    revision: 8,
    component: local,
    publication: null,
    inMarketplace: false,
  });
});
