import type { Row } from './seed-load';
import type { SeedSizes } from './seed-options';
import {
  blocksPerCloud,
  hex,
  keyOf,
  later,
  pick,
  PRIVATE_EVERY,
  PURPOSES,
  quotient,
  range,
  spread,
  SYSTEMS,
  tags,
  TIME,
  TYPES_PER_CLOUD,
} from './seed-values';

/** Of each lineage that is published. */
export const REVISIONS = 5;
const SETTINGS_PER_MCI = 3;

/** A lineage of MCIs or of templates that its account publishes. */
export interface Offered {
  readonly n: number;
  /** Number of the account. */
  readonly publisher: number;
  /** Of templates. The two MCIs of its three are the publisher's lineages before it. */
  readonly template: boolean;
  readonly three: number;
  readonly private: boolean;
}

export function* offered({ accounts, publications }: SeedSizes): Generator<Offered> {
  for (const n of range(0, quotient(publications, REVISIONS))) {
    const ofPublisher = quotient(n, accounts);
    const three = quotient(ofPublisher, 3);
    yield {
      n,
      publisher: n % accounts,
      template: ofPublisher % 3 === 2,
      three,
      private: three % 5 === 0,
    };
  }
}

export const componentType = ({ template }: Offered): string =>
  template ? 'ServerTemplate' : 'MultiCloudImage';

export const lineageId = ({ n }: Offered): string => keyOf('published lineage', n);
export const versionId = (n: number, revision: number): string => keyOf('published version', n, revision);
export const publicationId = (n: number, revision: number): string => keyOf('publication', n, revision);

export const nameOf = ({ n, template }: Offered): string =>
  `${pick(spread(n), SYSTEMS)} ${pick(spread(n + 1), PURPOSES)} ${template ? 'host' : 'base'} ${n}`;

/** What a version has in common with its imported copies. */
export const versionRow = (lineage: Offered, revision: number): Row => {
  const { n } = lineage;
  return {
    lineage_id: lineageId(lineage),
    revision,
    version: 1,
    name: nameOf(lineage),
    description: `Published ${hex(spread(n + 2))}`,
    tags: tags(pick(spread(n + 3), PURPOSES), false),
    commit_message: revision > 0 ? `Revision ${revision}` : null,
    committed_at: revision > 0 ? TIME : null,
    created_at: later((spread(n) % 10_000_000) + revision),
    updated_at: later((spread(n + 5) % 20_000_000) + revision),
  };
};

/** Of an MCI, on public images. */
export function* publishedSettings(
  multiCloudImageId: string,
  { n }: Offered,
  revision: number,
  sizes: SeedSizes,
): Generator<Row> {
  const { clouds } = sizes;
  const blocks = blocksPerCloud(sizes);
  for (const s of range(0, SETTINGS_PER_MCI)) {
    const cloud = (n + s) % clouds;
    const block = spread(n * 31 + revision + s) % blocks;
    yield {
      id: keyOf('setting', multiCloudImageId, s),
      multi_cloud_image_id: multiCloudImageId,
      cloud_id: keyOf('cloud', cloud),
      image_id: keyOf('image', cloud + clouds * (PRIVATE_EVERY * block + 4 + (spread(n) % 15))),
      instance_type_id: keyOf('type', cloud, spread(n + s) % TYPES_PER_CLOUD),
      made_by: 'HAND',
    };
  }
}
