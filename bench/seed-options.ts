import { parseArgs } from 'node:util';

/** How much data to make. MCIs and templates are counted in versions: each lineage has a HEAD and one revision. */
export interface SeedSizes {
  readonly accounts: number;
  readonly clouds: number;
  readonly images: number;
  readonly mcis: number;
  readonly settingsPerMci: number;
  readonly templates: number;
  /** Half of them of one account, each with one running instance; besides, arrays with half as many. */
  readonly servers: number;
  /** Of five revisions of each lineage; every account publishes as much. */
  readonly publications: number;
}

/** The size that the plans are checked at. */
const DEFAULTS: SeedSizes = {
  accounts: 20,
  clouds: 40,
  images: 1_000_000,
  mcis: 100_000,
  settingsPerMci: 10,
  templates: 20_000,
  servers: 20_000,
  publications: 50_000,
};

/** @throws Error that names the option and what it may be. */
export function readSeedSizes(args: readonly string[]): SeedSizes {
  const { values } = parseArgs({
    args: [...args],
    options: {
      accounts: { type: 'string' },
      clouds: { type: 'string' },
      images: { type: 'string' },
      mcis: { type: 'string' },
      'settings-per-mci': { type: 'string' },
      templates: { type: 'string' },
      servers: { type: 'string' },
      publications: { type: 'string' },
    },
  });
  const sizes: SeedSizes = {
    accounts: size('accounts', values.accounts, DEFAULTS.accounts),
    clouds: size('clouds', values.clouds, DEFAULTS.clouds),
    images: size('images', values.images, DEFAULTS.images),
    mcis: size('mcis', values.mcis, DEFAULTS.mcis),
    settingsPerMci: size('settings-per-mci', values['settings-per-mci'], DEFAULTS.settingsPerMci),
    templates: size('templates', values.templates, DEFAULTS.templates),
    servers: size('servers', values.servers, DEFAULTS.servers),
    publications: size('publications', values.publications, DEFAULTS.publications),
  };
  demand(
    sizes.accounts >= 2,
    '--accounts must be at least 2: filters by tenant are part of what is measured.',
  );
  demand(sizes.settingsPerMci <= sizes.clouds, '--settings-per-mci must not exceed --clouds: one per cloud.');
  demand(
    sizes.settingsPerMci >= 3,
    '--settings-per-mci must be at least 3: servers are spread over so many.',
  );
  demand(sizes.images >= sizes.clouds * 40, '--images must be at least 40 per cloud.');
  demand(
    sizes.publications >= sizes.accounts * 15 * 16,
    '--publications must be at least 240 per account: some are private, some imported, some cloned.',
  );
  demand(sizes.clouds >= 3, '--clouds must be at least 3: published MCIs have so many settings.');
  demand(sizes.mcis >= sizes.accounts * 20, '--mcis must be at least 20 per account.');
  return sizes;
}

function size(option: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  demand(
    /^[1-9]\d{0,8}$/.test(text),
    `--${option} is "${text}", but must be a whole number from 1 to 999999999.`,
  );
  return Number(text);
}

function demand(holds: boolean, message: string): void {
  if (!holds) throw new Error(message);
}
