import { COMPONENT_KINDS } from '../../domain/versioning/component-type';
import { supportedCloudRows } from '../../persistence/batches';
import {
  accountGroupList,
  accountsOfGroup,
  publicationsOfGroup,
} from '../../persistence/marketplace/account-group-list';
import { eulaList, eulaRevisionRows, eulaTextRows } from '../../persistence/marketplace/eula-store';
import { commentsOfPublication } from '../../persistence/marketplace/feedback-store';
import { importList } from '../../persistence/marketplace/import-list';
import {
  accountGroupRows,
  cloneCountSql,
  eulaKeySql,
  importedSql,
  importUpdateRows,
  multiCloudImageCloudRows,
  offeredHeadRows,
  publisherRows,
} from '../../persistence/marketplace/publication-facts';
import {
  marketplaceList,
  myPublicationList,
  type MarketplaceFilter,
  type MyPublicationsFilter,
} from '../../persistence/marketplace/marketplace-list';
import type { MarketplaceOrder } from '../../persistence/marketplace/marketplace-order';
import {
  columnOf,
  forRoles,
  many,
  nothing,
  one,
  oneSql,
  referredTo,
  value,
  when,
} from '../../persistence/planner/fields';
import { known } from '../../persistence/planner/json-text';
import { page } from '../../persistence/planner/page';
import type { Place, PlannedFields } from '../../persistence/planner/planner';
import { publicationFilter, withCloudKey } from '../decode';
import { byId, componentOf, isOwn, reference } from './nodes';

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

const importCount = (place: Place): string =>
  `CASE WHEN ${place.column('visibility')} = 'PUBLIC' OR ${isOwn(place)} THEN ${place.column('importCount')} END`;

const cloneCount = ({ manager, column, statement }: Place): string => {
  const counts = cloneCountSql(manager, `= ${column('id')}`, statement.predicate(':viewer'));
  return `(SELECT counted.count FROM (${counts}) AS counted)`;
};

const imported = ({ column, statement }: Place): string =>
  `EXISTS (${importedSql(`= ${column('id')}`, statement.predicate(':viewer'))})`;

const isA =
  (type: keyof typeof COMPONENT_KINDS) =>
  ({ column }: Place): string =>
    `${column('componentType')} = '${type}'`;

const supportedClouds = when(
  isA('ServerTemplate'),
  many('Cloud', ({ manager, viewer, column }) =>
    supportedCloudRows(manager, viewer, `ARRAY[${column('contentId')}]`),
  ),
  when(
    isA('MultiCloudImage'),
    many('Cloud', ({ manager, viewer, column }) =>
      multiCloudImageCloudRows(manager, viewer, `= ${column('contentId')}`),
    ),
    () => [known('[]')],
  ),
);

export const publicationFields: PlannedFields = {
  kind: value(kind, { canBeNull: false }),
  publisher: one('Organization', ({ manager, column }) => publisherRows(manager, `= ${column('accountId')}`)),
  shortDescription: value(words('short_description')),
  longDescription: value(words('long_description')),
  categories: value(words('categories')),
  rating: value(rating),
  importCount: value(importCount),
  cloneCount: value(cloneCount),
  imported: value(imported, { canBeNull: false }),
  // The copy of what is offered no more is found by the resolvers.
  component: componentOf('componentType', 'contentId'),
  headPublication: when(
    ({ column }) => `${column('revision')} = 0`,
    nothing,
    one('Publication', ({ manager, viewer, column }) =>
      offeredHeadRows(manager, viewer, `= ${column('lineageId')}`),
    ),
  ),
  accountGroups: when(
    isOwn,
    many('AccountGroup', ({ manager, viewer, column }) =>
      accountGroupRows(manager, viewer, `= ${column('id')}`),
    ),
    nothing,
  ),
  supportedClouds,
  eulas: referredTo(
    ({ column }) =>
      `ARRAY(SELECT attached."eulaRevisionId" FROM (${eulaKeySql(`= ${column('id')}`)}) AS attached)`,
    (place, key) => oneSql(place, 'EulaRevision', eulaRevisionRows(place.manager, place.viewer, `= ${key}`)),
  ),
  comments: page('PublicationComment', () => commentsOfPublication(), 'id'),
};

export const publicationCommentFields: PlannedFields = {
  byPublisher: value(({ column }) => column('byPublisher'), { canBeNull: false }),
  // One person may work in both accounts: neither learns of that (R-2.2).
  author: when(isOwn, reference('User', 'userId'), nothing),
};

export const eulaRevisionFields: PlannedFields = {
  name: value(({ column }) => column('name'), { canBeNull: false }),
  archivedAt: value(({ column }) => column('archivedAt')),
  text: columnOf('text', ({ manager, viewer, column }) => eulaTextRows(manager, viewer, `= ${column('id')}`)),
};

export const accountGroupFields: PlannedFields = {
  accounts: forRoles(
    ['PUBLISHER'],
    page('Account', ({ viewer }) => accountsOfGroup(viewer), 'id'),
  ),
  publications: page('Publication', ({ viewer }) => publicationsOfGroup(viewer), 'id'),
};

export const importFields: PlannedFields = {
  component: componentOf('componentType', 'versionId'),
  update: one('Publication', ({ manager, viewer, column }) =>
    importUpdateRows(manager, viewer, `= ${column('versionId')}`),
  ),
};

export const marketplaceRoots: PlannedFields = {
  marketplace: page('Publication', ({ viewer, field }) => {
    const { filter, orderBy } = field.arguments() as {
      filter?: MarketplaceFilter | null;
      orderBy?: MarketplaceOrder | null;
    };
    return marketplaceList(viewer, publicationFilter(withCloudKey(filter)), orderBy ?? null);
  }),
  // To publishers without these roles only their own is shown.
  publication: forRoles(['DESIGNER', 'LIBRARY'], byId('Publication')),
  myPublications: page('Publication', ({ viewer, field }) =>
    myPublicationList(viewer, publicationFilter(field.arguments()['filter'] as MyPublicationsFilter | null)),
  ),
  myImports: page('Import', ({ viewer, field }) =>
    importList(viewer, (field.arguments()['updatesOnly'] ?? false) as boolean),
  ),
  accountGroups: page('AccountGroup', ({ viewer }) => accountGroupList(viewer)),
  accountGroup: byId('AccountGroup'),
  eulas: page('EulaRevision', ({ viewer, field }) =>
    eulaList(viewer, field.arguments()['includeArchived'] === true),
  ),
};
