import type { Order, SortKey } from '../keyset-page';

export type MarketplaceOrder = 'NAME_ASC' | 'NAME_DESC' | 'NEWEST' | 'RATING' | 'IMPORTS' | 'RELEVANCE';

const ID: SortKey = { expression: 'publication.id', property: 'id', type: 'uuid' };

const by = (expression: string, property: string, type: SortKey['type'], descending = true): Order => ({
  keys: [{ expression, property, type }, ID],
  descending,
});

/** Thousandths of the average: what is rated comes before what nobody rated. As the index says it. */
const RATING = 'publication.rating_sum * 1000 / greatest(publication.rating_count, 1)';

/** How often private ones are imported is their publishers' business (R-2.2). As the index says it. */
const IMPORTS = "CASE WHEN publication.visibility = 'PUBLIC' THEN publication.import_count ELSE 0 END";

/** How well `:ranked` is found, in millionths. */
const RELEVANCE = `(ts_rank(publication.search, to_tsquery('simple', :ranked)) * 1000000)::integer`;

/** The orders of the catalog. What isn't a column is selected under the property of its key. */
export const MARKETPLACE_ORDERS: Readonly<Record<MarketplaceOrder, Order>> = {
  NAME_ASC: by('publication.name', 'name', 'text', false),
  NAME_DESC: by('publication.name', 'name', 'text'),
  NEWEST: by('publication.published_at', 'publishedAt', 'timestamptz'),
  RATING: by(RATING, 'ratingOrder', 'integer'),
  IMPORTS: by(IMPORTS, 'importOrder', 'integer'),
  RELEVANCE: by(RELEVANCE, 'relevance', 'integer'),
};

/** The orders by something that is no column of a publication. */
export const isComputed = (order: MarketplaceOrder): boolean =>
  order === 'RATING' || order === 'IMPORTS' || order === 'RELEVANCE';
