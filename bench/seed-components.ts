import type { EntityManager } from 'typeorm';
import { load, seal, type Row } from './seed-load';
import type { SeedSizes } from './seed-options';
import { settingsOf } from './seed-settings';
import {
  hex,
  keyOf,
  later,
  owner,
  pick,
  PURPOSES,
  quotient,
  range,
  spread,
  SYSTEMS,
  tags,
  TIME,
} from './seed-values';

const PINS_PER_TEMPLATE = 4;
/** HEAD, and the first. */
const REVISIONS = [0, 1];
const SOURCE = `#!/bin/sh\nset -eu\n${'echo step\n'.repeat(20)}`;
/** Scripts of boot and decommission are the template's own; the operational one all templates of an account share. */
const ATTACHED = [
  { phase: 'BOOT', position: 0 },
  { phase: 'BOOT', position: 1 },
  { phase: 'BOOT', position: 2 },
  { phase: 'OPERATIONAL', position: 0 },
  { phase: 'DECOMMISSION', position: 0 },
];

/** Some lineages with their HEAD and revision 1, and the settings of both. */
export async function loadMultiCloudImages(
  manager: EntityManager,
  sizes: SeedSizes,
  from: number,
  to: number,
): Promise<void> {
  await load(manager, 'multi_cloud_images', multiCloudImages(sizes, from, to));
  await load(manager, 'multi_cloud_image_settings', settings(sizes, from, to));
  await seal(manager, 'multi_cloud_images');
}

/** As many lineages as there are of MCIs, with the same owners. */
export async function loadRightScripts(manager: EntityManager, sizes: SeedSizes): Promise<void> {
  await load(manager, 'right_scripts', rightScripts(sizes));
  await seal(manager, 'right_scripts');
}

export async function loadServerTemplates(manager: EntityManager, sizes: SeedSizes): Promise<void> {
  await load(manager, 'server_templates', serverTemplates(sizes));
  await load(manager, 'server_template_multi_cloud_images', pins(sizes));
  await load(manager, 'server_template_scripts', attachedScripts(sizes));
  await seal(manager, 'server_templates');
}

/** Number of the lineage, of MCIs or of scripts, that template lineage `n` names at the position: one of the same owner. */
export function namedLineage(n: number, position: number, { accounts, mcis }: SeedSizes): number {
  const half = quotient(n, 2);
  const step = half * 7 + position;
  if (n % 2 === 0) return 2 * (step % quotient(mcis, 4));
  const others = accounts - 1;
  const perAccount = quotient(quotient(mcis, 4), others);
  return 1 + 2 * ((half % others) + others * (step % perAccount));
}

/** Which version of the lineage a version of a template pins: HEAD its first MCI's HEAD, everything else is at revision 1. */
export const pinnedRevision = (revision: number, position: number): number =>
  revision === 0 && position === 0 ? 0 : 1;

/** Number of the first lineage of the account that owns lineage `n`. */
const firstLineage = (n: number, { accounts }: SeedSizes): number =>
  n % 2 === 0 ? 0 : 1 + 2 * (quotient(n, 2) % (accounts - 1));

/** What versions of all kinds of components have. */
const versionRow = (n: number, revision: number, sizes: SeedSizes): Row => ({
  account_id: keyOf('account', owner(n, sizes)),
  revision,
  version: 1,
  commit_message: revision === 0 ? null : 'First',
  committed_at: revision === 0 ? null : TIME,
  created_at: later(spread(n) % 10_000_000),
  updated_at: later(spread(n + 5) % 20_000_000),
});

const ownTags = (n: number): string[] => tags(pick(spread(n + 3), PURPOSES), n % 5000 < 2);

function* multiCloudImages(sizes: SeedSizes, from: number, to: number): Generator<Row> {
  for (const n of range(from, to))
    for (const revision of REVISIONS)
      yield {
        ...versionRow(n, revision, sizes),
        id: keyOf('mci', n, revision),
        lineage_id: keyOf('mci lineage', n),
        name: `${pick(spread(n), SYSTEMS)} ${pick(spread(n + 1), PURPOSES)} ${n}`,
        description: `Golden image ${hex(spread(n + 2))}`,
        tags: ['provides:rs_agent_type=right_link', ...ownTags(n)],
      };
}

function* settings(sizes: SeedSizes, from: number, to: number): Generator<Row> {
  for (const n of range(from, to)) for (const revision of REVISIONS) yield* settingsOf(n, revision, sizes);
}

function* rightScripts(sizes: SeedSizes): Generator<Row> {
  for (const n of range(0, quotient(sizes.mcis, 2)))
    for (const revision of REVISIONS)
      yield {
        ...versionRow(n, revision, sizes),
        id: keyOf('script', n, revision),
        lineage_id: keyOf('script lineage', n),
        name: `Install ${pick(spread(n), PURPOSES)} ${n}`,
        description: `Sets up ${hex(spread(n + 2))}`,
        tags: ownTags(n),
        source: SOURCE,
      };
}

/** Their names sort before those of imported ones, in every collation: the first page has the same shape at every size. */
function* serverTemplates(sizes: SeedSizes): Generator<Row> {
  for (const { n, revision } of templateVersions(sizes))
    yield {
      ...versionRow(n, revision, sizes),
      id: keyOf('template', n, revision),
      lineage_id: keyOf('template lineage', n),
      name: `3-tier server ${pick(spread(n), PURPOSES)} ${n}`,
      description: `Runs ${hex(spread(n + 2))}`,
      tags: ownTags(n),
      default_mci_lineage_id: keyOf('mci lineage', namedLineage(n, 0, sizes)),
    };
}

function* templateVersions({ templates }: SeedSizes): Generator<{ n: number; revision: number }> {
  for (const n of range(0, quotient(templates, 2))) for (const revision of REVISIONS) yield { n, revision };
}

function* pins(sizes: SeedSizes): Generator<Row> {
  for (const { n, revision } of templateVersions(sizes))
    for (const position of range(0, PINS_PER_TEMPLATE)) {
      const lineage = namedLineage(n, position, sizes);
      yield {
        server_template_id: keyOf('template', n, revision),
        mci_lineage_id: keyOf('mci lineage', lineage),
        multi_cloud_image_id: keyOf('mci', lineage, pinnedRevision(revision, position)),
        position,
      };
    }
}

/** HEADs have the operational script at HEAD. */
function* attachedScripts(sizes: SeedSizes): Generator<Row> {
  for (const { n, revision } of templateVersions(sizes))
    for (const { phase, position } of ATTACHED) {
      const shared = phase === 'OPERATIONAL';
      const script = shared ? firstLineage(n, sizes) : namedLineage(n, position, sizes);
      yield {
        server_template_id: keyOf('template', n, revision),
        phase,
        script_lineage_id: keyOf('script lineage', script),
        right_script_id: keyOf('script', script, shared && revision === 0 ? 0 : 1),
        position,
      };
    }
}
