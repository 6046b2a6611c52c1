import type { EntityManager } from 'typeorm';
import { refreshPublicationSearch } from '../src/persistence/marketplace/marketplace-search';
import { load, seal, type Row } from './seed-load';
import { loadImports } from './seed-imports';
import {
  componentType,
  lineageId,
  nameOf,
  offered,
  publicationId,
  publishedSettings,
  REVISIONS,
  versionId,
  versionRow,
  type Offered,
} from './seed-offered';
import type { SeedSizes } from './seed-options';
import { hex, keyOf, later, pick, PURPOSES, quotient, range, spread, TIME } from './seed-values';

const GROUPS_PER_PUBLISHER = 5;
const MEMBERS_PER_GROUP = 4;

const groupId = (publisher: number, group: number): string => keyOf('group', publisher, group);

/**
 * What every account publishes, by threes: two MCIs, and a template that pins both. Every fifth three is private, for one
 * of the publisher's groups. Every account imported some of the public ones, the large one the most, and cloned some.
 */
export async function loadMarketplace(manager: EntityManager, sizes: SeedSizes): Promise<void> {
  await load(manager, 'organizations', organizations(sizes));
  await load(manager, 'account_groups', groups(sizes));
  await load(manager, 'account_group_members', members(sizes));
  await load(manager, 'multi_cloud_images', multiCloudImages(sizes));
  await load(manager, 'multi_cloud_image_settings', settings(sizes));
  await load(manager, 'server_templates', serverTemplates(sizes));
  await load(manager, 'server_template_multi_cloud_images', pins(sizes));
  await load(manager, 'published_lineages', publishedLineages(sizes));
  await load(manager, 'publications', publications(sizes));
  await load(manager, 'publication_account_groups', readers(sizes));
  await load(manager, 'publication_versions', publishedVersions(sizes));
  await loadImports(manager, sizes);
  for (const table of ['multi_cloud_images', 'server_templates']) await seal(manager, table);
  await refreshPublicationSearch(manager, [...offered(sizes)].map(lineageId));
}

function* organizations({ accounts }: SeedSizes): Generator<Row> {
  for (const n of range(0, accounts))
    yield {
      account_id: keyOf('account', n),
      name: `Publisher ${n}`,
      email: 'publisher@example.com',
      created_at: TIME,
      updated_at: TIME,
    };
}

function* groups({ accounts }: SeedSizes): Generator<Row> {
  for (const n of range(0, accounts))
    for (const group of range(0, GROUPS_PER_PUBLISHER))
      yield {
        id: groupId(n, group),
        account_id: keyOf('account', n),
        name: `Group ${group}`,
        created_at: TIME,
        updated_at: TIME,
      };
}

/** The accounts that follow the publisher's; where there are few, one may follow twice. */
function* members({ accounts }: SeedSizes): Generator<Row> {
  for (const n of range(0, accounts))
    for (const group of range(0, GROUPS_PER_PUBLISHER)) {
      const following = [...range(0, MEMBERS_PER_GROUP)].map((m) => (n + 1 + group + m) % accounts);
      for (const member of new Set(following))
        if (member !== n)
          yield {
            account_group_id: groupId(n, group),
            account_id: keyOf('account', member),
            created_at: TIME,
          };
    }
}

/** HEAD and revisions of what is offered. */
function* versions(sizes: SeedSizes): Generator<{ lineage: Offered; revision: number }> {
  for (const lineage of offered(sizes))
    for (const revision of range(0, REVISIONS + 1)) yield { lineage, revision };
}

function* multiCloudImages(sizes: SeedSizes): Generator<Row> {
  for (const { lineage, revision } of versions(sizes))
    if (!lineage.template)
      yield {
        id: versionId(lineage.n, revision),
        account_id: keyOf('account', lineage.publisher),
        ...versionRow(lineage, revision),
      };
}

function* settings(sizes: SeedSizes): Generator<Row> {
  for (const { lineage, revision } of versions(sizes))
    if (!lineage.template) yield* publishedSettings(versionId(lineage.n, revision), lineage, revision, sizes);
}

function* serverTemplates(sizes: SeedSizes): Generator<Row> {
  for (const { lineage, revision } of versions(sizes))
    if (lineage.template)
      yield {
        id: versionId(lineage.n, revision),
        account_id: keyOf('account', lineage.publisher),
        ...versionRow(lineage, revision),
        default_mci_lineage_id: keyOf('published lineage', lineage.n - sizes.accounts),
      };
}

/** The template of a three pins its MCIs at the same revision, at HEAD the newest. */
function* pins(sizes: SeedSizes): Generator<Row> {
  for (const { lineage, revision } of versions(sizes)) {
    if (!lineage.template) continue;
    for (const position of [0, 1]) {
      const mci = lineage.n - sizes.accounts * (position + 1);
      yield {
        server_template_id: versionId(lineage.n, revision),
        mci_lineage_id: keyOf('published lineage', mci),
        multi_cloud_image_id: versionId(mci, revision === 0 ? REVISIONS : revision),
        position,
      };
    }
  }
}

function* publishedLineages(sizes: SeedSizes): Generator<Row> {
  for (const lineage of offered(sizes)) {
    const { n, publisher } = lineage;
    yield {
      lineage_id: lineageId(lineage),
      account_id: keyOf('account', publisher),
      component_type: componentType(lineage),
      short_description: `Ready for ${pick(spread(n + 6), PURPOSES)}`,
      long_description: `Tested in every cloud, build ${hex(spread(n + 7))}`,
      categories: [pick(quotient(n, 7), PURPOSES), pick(n, ['Linux', 'Windows', 'Containers'])],
      updated_at: TIME,
    };
  }
}

function* publications(sizes: SeedSizes): Generator<Row> {
  for (const { lineage, revision } of versions(sizes)) {
    if (revision === 0) continue;
    const { n, publisher, three } = lineage;
    const raters = spread(n + 9) % 50;
    yield {
      id: publicationId(n, revision),
      account_id: keyOf('account', publisher),
      component_type: componentType(lineage),
      lineage_id: lineageId(lineage),
      revision,
      component_id: versionId(n, revision),
      content_id: versionId(n, revision),
      name: nameOf(lineage),
      visibility: lineage.private ? 'PRIVATE' : 'PUBLIC',
      status: revision === REVISIONS && three % 7 === 0 ? 'DEPRECATED' : 'ACTIVE',
      implicit: !lineage.template && n % 2 === 0,
      import_count: spread(n + revision) % 500,
      rating_sum: raters * (1 + (spread(n + 8) % 4)),
      rating_count: raters,
      published_at: later(spread(n * 5 + revision) % 10_000_000),
      updated_at: TIME,
    };
  }
}

/** Who may see what is private. */
function* readers(sizes: SeedSizes): Generator<Row> {
  for (const { lineage, revision } of versions(sizes))
    if (lineage.private && revision > 0)
      yield {
        publication_id: publicationId(lineage.n, revision),
        account_group_id: groupId(lineage.publisher, quotient(lineage.three, 5) % GROUPS_PER_PUBLISHER),
      };
}

/** What a publication gives: itself, and what it pins. */
function* publishedVersions(sizes: SeedSizes): Generator<Row> {
  for (const { lineage, revision } of versions(sizes)) {
    if (revision === 0) continue;
    for (const back of lineage.template ? [0, 1, 2] : [0])
      yield {
        publication_id: publicationId(lineage.n, revision),
        version_id: versionId(lineage.n - sizes.accounts * back, revision),
        component_type: back === 0 ? componentType(lineage) : 'MultiCloudImage',
      };
  }
}
