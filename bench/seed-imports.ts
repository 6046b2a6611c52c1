import type { EntityManager } from 'typeorm';
import { load, type Row } from './seed-load';
import {
  componentType,
  lineageId,
  offered,
  publicationId,
  publishedSettings,
  REVISIONS,
  versionId,
  versionRow,
  type Offered,
} from './seed-offered';
import type { SeedSizes } from './seed-options';
import { keyOf, later, range, spread, TIME } from './seed-values';

/** Which revision of which lineage an account imported. */
interface Imported {
  readonly lineage: Offered;
  readonly revision: number;
  /** Number of the account. */
  readonly importer: number;
}

/** Revision 1, of half of them the newest, too; and clones of MCIs that have merged nothing since. */
export async function loadImports(manager: EntityManager, sizes: SeedSizes): Promise<void> {
  await load(manager, 'multi_cloud_images', multiCloudImages(sizes));
  await load(manager, 'multi_cloud_image_settings', settings(sizes));
  await load(manager, 'server_templates', serverTemplates(sizes));
  await load(manager, 'server_template_multi_cloud_images', pins(sizes));
  await load(manager, 'imported_versions', importedVersions(sizes));
  await load(manager, 'publication_importers', importers(sizes));
  await load(manager, 'multi_cloud_images', clones(sizes));
}

/** Whether both were imported, or only the first. */
const newestToo = ({ three }: Offered): boolean => three % 16 > 7;

const imports = ({ publisher, three }: Offered, importer: number): boolean =>
  importer !== publisher && (importer === 0 ? three % 2 === 1 : (three + importer) % 8 === 1);

function* imported(sizes: SeedSizes): Generator<Imported> {
  for (const lineage of offered(sizes)) {
    if (lineage.private) continue;
    for (const importer of range(0, sizes.accounts)) {
      if (!imports(lineage, importer)) continue;
      yield { lineage, importer, revision: 1 };
      if (newestToo(lineage)) yield { lineage, importer, revision: REVISIONS };
    }
  }
}

const copyId = (importer: number, n: number, revision: number): string =>
  keyOf('imported version', importer, n, revision);

const copyRow = ({ lineage, importer, revision }: Imported): Row => ({
  ...versionRow(lineage, revision),
  id: copyId(importer, lineage.n, revision),
  account_id: keyOf('account', importer),
  original_id: versionId(lineage.n, revision),
  superseded: revision === 1 && newestToo(lineage),
});

function* multiCloudImages(sizes: SeedSizes): Generator<Row> {
  for (const one of imported(sizes)) if (!one.lineage.template) yield copyRow(one);
}

function* settings(sizes: SeedSizes): Generator<Row> {
  for (const { lineage, importer, revision } of imported(sizes))
    if (!lineage.template)
      yield* publishedSettings(copyId(importer, lineage.n, revision), lineage, revision, sizes);
}

function* serverTemplates(sizes: SeedSizes): Generator<Row> {
  for (const one of imported(sizes))
    if (one.lineage.template)
      yield {
        ...copyRow(one),
        default_mci_lineage_id: keyOf('published lineage', one.lineage.n - sizes.accounts),
      };
}

function* pins(sizes: SeedSizes): Generator<Row> {
  for (const { lineage, importer, revision } of imported(sizes)) {
    if (!lineage.template) continue;
    for (const position of [0, 1]) {
      const mci = lineage.n - sizes.accounts * (position + 1);
      yield {
        server_template_id: copyId(importer, lineage.n, revision),
        mci_lineage_id: keyOf('published lineage', mci),
        multi_cloud_image_id: copyId(importer, mci, revision),
        position,
      };
    }
  }
}

function* importedVersions(sizes: SeedSizes): Generator<Row> {
  for (const { lineage, importer, revision } of imported(sizes))
    yield {
      version_id: copyId(importer, lineage.n, revision),
      account_id: keyOf('account', importer),
      component_type: componentType(lineage),
      lineage_id: lineageId(lineage),
      revision,
      publication_id: publicationId(lineage.n, revision),
      imported_at: later((spread(lineage.n + 3) % 10_000_000) + revision),
    };
}

function* importers(sizes: SeedSizes): Generator<Row> {
  for (const { lineage, importer, revision } of imported(sizes))
    yield { publication_id: publicationId(lineage.n, revision), account_id: keyOf('account', importer) };
}

function* clones(sizes: SeedSizes): Generator<Row> {
  for (const { lineage, importer, revision } of imported(sizes)) {
    const { n, template, three } = lineage;
    if (template || revision !== 1 || three % 3 !== 0) continue;
    const original = copyId(importer, n, revision);
    yield {
      id: keyOf('clone', importer, n),
      account_id: keyOf('account', importer),
      lineage_id: keyOf('clone lineage', importer, n),
      revision: 0,
      version: 1,
      name: `Clone ${n}`,
      tags: [],
      cloned_from_id: original,
      parent_ids: [original],
      created_at: TIME,
      updated_at: TIME,
    };
  }
}
