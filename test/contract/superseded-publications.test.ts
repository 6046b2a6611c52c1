import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { readPage } from '../../src/persistence/keyset-page';
import {
  deleteAccountGroupRow,
  insertAccountGroup,
} from '../../src/persistence/marketplace/account-group-store';
import { marketplaceList } from '../../src/persistence/marketplace/marketplace-list';
import {
  describeLineages,
  insertPublications,
  offerToAccountGroups,
  offerToEveryone,
  touchPublications,
  withdrawFromAccountGroups,
} from '../../src/persistence/marketplace/publication-store';
import { createTestDatabase, type TestDatabase } from '../kit/database';

/** What the column `superseded` says, and that the catalog misses nothing by it. */

const NOW = new Date('2026-01-01T00:00:00Z');
const REVISIONS = 5;

interface Offered {
  readonly id: string;
  readonly revision: number;
  readonly groups: Set<string>;
  isPublic: boolean;
  active: boolean;
}

let database: TestDatabase;
let dataSource: DataSource;
const publisher = randomUUID();
const stranger = randomUUID();
/** Belongs to the first of two groups only. */
const member = randomUUID();

beforeAll(async () => {
  database = await createTestDatabase();
  ({ dataSource } = database);
  for (const id of [publisher, stranger, member])
    await dataSource.query('INSERT INTO accounts (id, name, created_at) VALUES ($1, $2, $3)', [id, id, NOW]);
});
afterAll(() => database.drop());

/** A lineage of the publisher's, its publications and two groups. */
class Lineage {
  readonly offered: Offered[] = [];

  /** @param joined the group that `member` belongs to, as long as it is there */
  private constructor(
    readonly lineageId: string,
    private readonly groups: string[],
    private readonly joined: string,
  ) {}

  static async begin(): Promise<Lineage> {
    const { manager } = dataSource;
    const lineageId = randomUUID();
    const words = { shortDescription: 'short', longDescription: null, categories: [] };
    const lineage = { lineageId, accountId: publisher, componentType: 'RightScript' as const, ...words };
    await describeLineages(manager, [lineage], NOW);
    const columns = { name: lineageId, description: null };
    const joined = await insertAccountGroup(manager, publisher, columns, NOW);
    const empty = await insertAccountGroup(manager, publisher, { ...columns, name: `${lineageId} 2` }, NOW);
    await manager.query(
      'INSERT INTO account_group_members (account_group_id, account_id, created_at) VALUES ($1, $2, $3)',
      [joined, member, NOW],
    );
    return new Lineage(lineageId, [joined, empty], joined);
  }

  /** One revision more, or something else about what is published. */
  async change([what, which, how]: readonly [number, number, number]): Promise<void> {
    const { manager } = dataSource;
    const one = this.offered[which % Math.max(1, this.offered.length)];
    const group = this.groups[how % Math.max(1, this.groups.length)];
    if (what === 0 || one === undefined) return this.publish(which, how);
    if (what === 1) {
      one.active = !one.active;
      await touchPublications(manager, [one.id], { status: one.active ? 'ACTIVE' : 'DEPRECATED' }, NOW);
    } else if (what === 2 && how % 3 === 0) {
      one.isPublic = true;
      one.groups.clear();
      await offerToEveryone(manager, [one.id]);
    } else if (what === 3 && how % 7 === 0 && group !== undefined) {
      this.groups.splice(this.groups.indexOf(group), 1);
      for (const { groups } of this.offered) groups.delete(group);
      await manager.query('DELETE FROM account_group_members WHERE account_group_id = $1', [group]);
      await deleteAccountGroupRow(manager, group);
    } else if (!one.isPublic && group !== undefined) {
      if (one.groups.delete(group)) await withdrawFromAccountGroups(manager, one.id, [group]);
      else {
        one.groups.add(group);
        await offerToAccountGroups(manager, [one.id], [group]);
      }
    }
  }

  private async publish(which: number, how: number): Promise<void> {
    const revision = 1 + (which % REVISIONS);
    if (this.offered.some((one) => one.revision === revision)) return;
    const version = randomUUID();
    const isPublic = how % 2 === 0;
    const [id] = await insertPublications(
      dataSource.manager,
      [
        {
          accountId: publisher,
          componentType: 'RightScript',
          lineageId: this.lineageId,
          revision,
          componentId: version,
          contentId: version,
          name: this.lineageId,
          visibility: isPublic ? 'PUBLIC' : 'PRIVATE',
          implicit: false,
          revisionNotes: null,
          allowComments: false,
        },
      ],
      NOW,
    );
    if (id === undefined) throw new Error('Nothing was published');
    this.offered.push({ id, revision, groups: new Set(), isPublic, active: true });
  }

  /** Those that a higher active one replaces for whoever they are offered to. */
  superseded(): string[] {
    const replaces = (higher: Offered, one: Offered): boolean =>
      higher.active &&
      higher.revision > one.revision &&
      (higher.isPublic || (!one.isPublic && [...one.groups].every((group) => higher.groups.has(group))));
    return this.offered
      .filter((one) => this.offered.some((higher) => replaces(higher, one)))
      .map(({ id }) => id);
  }

  /** The highest that is offered to an account, if any is. */
  listedFor(account: string): string[] {
    const isMeant = ({ isPublic, groups }: Offered): boolean =>
      isPublic || account === publisher || (account === member && groups.has(this.joined));
    return this.offered
      .filter((one) => one.active && isMeant(one))
      .sort((left, right) => right.revision - left.revision)
      .slice(0, 1)
      .map(({ id }) => id);
  }
}

const changes = fc.array(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 999 }), fc.nat({ max: 999 })), {
  minLength: 30,
  maxLength: 40,
});

test('R-9.3: however publications come and change, what is superseded is listed for nobody, and all else as before', async () => {
  await fc.assert(
    fc.asyncProperty(changes, async (taken) => {
      const lineage = await Lineage.begin();
      for (const change of taken) {
        await lineage.change(change);
        const rows: { id: string }[] = await dataSource.query(
          'SELECT id FROM publications WHERE lineage_id = $1 AND superseded',
          [lineage.lineageId],
        );
        expect(rows.map(({ id }) => id).sort()).toEqual(lineage.superseded().sort());
      }
      for (const account of [publisher, stranger, member]) {
        const list = marketplaceList({ accountId: account, now: NOW }, { lineageId: lineage.lineageId });
        const { edges } = await readPage(dataSource.manager, list, { first: 10 });
        expect(edges.map(({ node }) => node.id)).toEqual(lineage.listedFor(account));
      }
    }),
    { numRuns: 12, endOnFailure: true },
  );
});
