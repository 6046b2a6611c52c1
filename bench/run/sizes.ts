import type { SeedSizes } from '../seed-options';

/**
 * The data that the targets were set for: 5,000 ServerTemplates, 2,000 MCIs with 12,000 settings, 12 clouds, 20,000 images,
 * and a marketplace beside them, whose
 * MCIs have settings, too: at 50× there are a million.
 */
const ONE: SeedSizes = {
  accounts: 10,
  clouds: 12,
  images: 20_000,
  mcis: 2_000,
  settingsPerMci: 6,
  templates: 5_000,
  servers: 400,
  publications: 2_700,
};

/** The same with so many times the rows, in the same accounts and clouds. */
export const sizesOf = (times: number): SeedSizes => ({
  ...ONE,
  images: ONE.images * times,
  mcis: ONE.mcis * times,
  templates: ONE.templates * times,
  servers: ONE.servers * times,
  publications: ONE.publications * times,
});
