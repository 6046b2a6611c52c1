import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import { invalid } from '../../domain/errors';
import type { PublicationStatus } from '../../domain/marketplace/publication';
import type { ComponentType } from '../../domain/versioning/component-type';
import { Publication } from '../../entities/marketplace/publication';
import type { ListQuery, Order } from '../keyset-page';
import { isComputed, MARKETPLACE_ORDERS, type MarketplaceOrder } from './marketplace-order';
import { catalogWords, rankedQuery, whereCategory, wherePublicationHas } from './marketplace-search';
import { escapeLike } from '../search';
import { selectRows } from '../select';
import { multiCloudImageSupportsCloud, offeredServerTemplateSupportsCloud } from '../supports-cloud';
import { publicationOffered } from '../visibility';

export interface MarketplaceFilter {
  search?: string | null;
  componentType?: ComponentType | null;
  category?: string | null;
  publisher?: string | null;
  cloudId?: string | null;
  sharedWithMe?: boolean | null;
  implicit?: boolean | null;
  lineageId?: string | null;
  imported?: boolean | null;
}

/** Columns that a filter compares for equality. */
const EQUAL = {
  componentType: 'component_type',
  implicit: 'implicit',
  lineageId: 'lineage_id',
} as const satisfies Partial<Record<keyof MarketplaceFilter, string>>;

/**
 * of a lineage the highest revision that is offered to the viewer. Indexes leave out what is superseded for
 * everyone, as they say it.
 */
const HIGHEST = `NOT publication.superseded AND ${publicationOffered('publication')} AND NOT EXISTS (SELECT FROM publications AS higher
  WHERE higher.lineage_id = publication.lineage_id AND higher.revision > publication.revision
    AND ${publicationOffered('higher')})`;

const SUPPORTS_CLOUD = `CASE publication.component_type
  WHEN 'MultiCloudImage' THEN ${multiCloudImageSupportsCloud('publication.content_id')}
  WHEN 'ServerTemplate' THEN ${offeredServerTemplateSupportsCloud('publication.content_id')}
  ELSE false END`;

/** Other accounts' private ones, which a group that the viewer belongs to is offered. Made first: they are few. */
const SHARED_WITH_ME = `(publication.visibility = 'PRIVATE' AND publication.account_id <> :viewer
  AND publication.id IN (SELECT offered.publication_id FROM account_group_members AS member
    JOIN publication_account_groups AS offered ON offered.account_group_id = member.account_group_id
    WHERE member.account_id = :viewer))`;

const IMPORTED = `(publication.lineage_id, publication.revision) IN (SELECT imported.lineage_id, imported.revision
  FROM imported_versions AS imported WHERE imported.account_id = :viewer AND imported.removed_at IS NULL)`;

const OF_PUBLISHER = `publication.account_id IN (
  SELECT organization.account_id FROM organizations AS organization WHERE organization.name ILIKE :publisher)`;

/**
 * The catalog, as the viewer sees it.
 *
 * @throws DomainError INVALID for a search or an order that can't be
 */
export function marketplaceList(
  viewer: Viewer,
  filter: MarketplaceFilter = {},
  orderBy: MarketplaceOrder | null = null,
): ListQuery<Publication> {
  const words = catalogWords(filter.search ?? '');
  const order = orderBy ?? (words.length === 0 ? 'NAME_ASC' : 'RELEVANCE');
  if (order === 'RELEVANCE' && words.length === 0)
    throw invalid(
      '`RELEVANCE` orders by how well `filter.search` is found: give one, or choose another order.',
      'orderBy',
    );
  return {
    name: `marketplace/${order}`,
    order: MARKETPLACE_ORDERS[order],
    rows: (manager) => {
      const query = selectRows(manager, Publication, 'publication').where(HIGHEST, {
        viewer: viewer.accountId,
      });
      const [key] = MARKETPLACE_ORDERS[order].keys;
      if (isComputed(order) && key !== undefined) query.addSelect(key.expression, key.property);
      wherePublicationHas(query, words);
      if (order === 'RELEVANCE') query.setParameter('ranked', rankedQuery(words));
      narrow(query, filter);
      return query;
    },
  };
}

function narrow(query: SelectQueryBuilder<ObjectLiteral>, filter: MarketplaceFilter): void {
  for (const [field, column] of Object.entries(EQUAL)) {
    const value = filter[field as keyof typeof EQUAL];
    if (value != null) query.andWhere(`publication.${column} = :${field}`, { [field]: value });
  }
  const { category, publisher, cloudId } = filter;
  if (category != null) whereCategory(query, category);
  if (publisher != null) query.andWhere(OF_PUBLISHER, { publisher: `%${escapeLike(publisher)}%` });
  if (cloudId != null) query.andWhere(SUPPORTS_CLOUD, { cloudId });
  for (const [wanted, condition] of [
    [filter.sharedWithMe, SHARED_WITH_ME],
    [filter.imported, IMPORTED],
  ] as const)
    if (wanted != null) query.andWhere(wanted ? condition : `NOT ${condition}`);
}

export interface MyPublicationsFilter {
  status?: PublicationStatus | null;
  componentType?: ComponentType | null;
  implicit?: boolean | null;
  lineageId?: string | null;
}

const OWN_EQUAL = { ...EQUAL, status: 'status' } as const satisfies Record<
  keyof MyPublicationsFilter,
  string
>;

const NEWEST: Order = MARKETPLACE_ORDERS.NEWEST;

/** What the viewer's account published, newest first. */
export const myPublicationList = (
  viewer: Viewer,
  filter: MyPublicationsFilter = {},
): ListQuery<Publication> => ({
  name: 'myPublications',
  order: NEWEST,
  rows: (manager: EntityManager) => {
    const query = selectRows(manager, Publication, 'publication').where('publication.account_id = :viewer', {
      viewer: viewer.accountId,
    });
    for (const [field, column] of Object.entries(OWN_EQUAL)) {
      const value = filter[field as keyof typeof OWN_EQUAL];
      if (value != null) query.andWhere(`publication.${column} = :${field}`, { [field]: value });
    }
    return query;
  },
});
