import { publisherRows } from '../../persistence/marketplace/publication-facts';
import { marketplaceList, type MarketplaceFilter } from '../../persistence/marketplace/marketplace-list';
import type { MarketplaceOrder } from '../../persistence/marketplace/marketplace-order';
import { one, value } from '../../persistence/planner/fields';
import { page } from '../../persistence/planner/page';
import type { Place, PlannedFields } from '../../persistence/planner/planner';
import { COMPONENT_KINDS } from '../../domain/versioning/component-type';
import { publicationFilter, withCloudKey } from '../decode';

const kind = ({ column }: Place): string =>
  `CASE ${column('componentType')} ${Object.entries(COMPONENT_KINDS)
    .map(([type, kind]) => `WHEN '${type}' THEN '${kind}'`)
    .join(' ')} END`;

/** What the publications of a lineage share. */
const words =
  (name: string) =>
  ({ column }: Place): string =>
    `(SELECT words.${name} FROM published_lineages AS words WHERE words.lineage_id = ${column('lineageId')})`;

/** To the nearest hundredth, without the zeros at its end. */
const rating = ({ column }: Place): string =>
  `trim_scale(floor(${column('ratingSum')} * 100.0 / nullif(${column('ratingCount')}, 0) + 0.5) / 100)`;

const importCount = ({ column, statement }: Place): string =>
  `CASE WHEN ${column('visibility')} = 'PUBLIC' OR ${column('accountId')} = ${statement.predicate(':viewer')}
    THEN ${column('importCount')} END`;

export const publicationFields: PlannedFields = {
  kind: value(kind, { canBeNull: false }),
  publisher: one('Organization', ({ manager, column }) => publisherRows(manager, `= ${column('accountId')}`)),
  shortDescription: value(words('short_description')),
  longDescription: value(words('long_description')),
  categories: value(words('categories')),
  rating: value(rating),
  importCount: value(importCount),
};

export const marketplaceRoots: PlannedFields = {
  marketplace: page('Publication', ({ viewer, field }) => {
    const { filter, orderBy } = field.arguments() as {
      filter?: MarketplaceFilter | null;
      orderBy?: MarketplaceOrder | null;
    };
    return marketplaceList(viewer, publicationFilter(withCloudKey(filter)), orderBy ?? null);
  }),
};
