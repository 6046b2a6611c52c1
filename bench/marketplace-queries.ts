import { MultiCloudImage } from '../src/entities/components/multi-cloud-image';
import * as versions from '../src/persistence/components/component-batches';
import { importList } from '../src/persistence/marketplace/import-list';
import {
  marketplaceList,
  myPublicationList,
  type MarketplaceFilter,
} from '../src/persistence/marketplace/marketplace-list';
import type { MarketplaceOrder } from '../src/persistence/marketplace/marketplace-order';
import { newestPublications, publicationsById } from '../src/persistence/marketplace/publication-batches';
import * as facts from '../src/persistence/marketplace/publication-facts';
import { upstreamUpdates } from '../src/persistence/components/upstream-store';
import { batch, nextPage, page, total, type MainQuery } from './main-query';
import { first, type Samples } from './samples';

const ORDERS: MarketplaceOrder[] = ['NAME_ASC', 'NAME_DESC', 'NEWEST', 'RATING', 'IMPORTS'];

/** Section 9. */
export function marketplace(samples: Samples): MainQuery[] {
  return [...catalog(samples), ...own(samples), ...batches(samples)];
}

/** What docs/performance.md names as limits: looked for in what is offered, until the page is full or nothing is left. */
const EVERY_PUBLICATION = 250_000;

function catalog({ viewer, cloudId, unusedCloudId, publications }: Samples): MainQuery[] {
  const { name, lineageId } = first(publications);
  const rareWord = name.slice(name.lastIndexOf(' ') + 1);
  const filters: Record<string, MarketplaceFilter> = {
    'search words': { search: name },
    'search no match': { search: 'nowhere-to-be-found' },
    'a cloud and words': { cloudId, search: name },
    sharedWithMe: { sharedWithMe: true },
    'not sharedWithMe': { sharedWithMe: false },
    'a kind': { componentType: 'ServerTemplate' },
    'a category': { category: 'containers' },
    'a category that none has': { category: 'nowhere' },
    'a publisher': { publisher: 'publisher 7' },
    implicit: { implicit: true },
    lineageId: { lineageId },
  };
  const limits: Record<string, MarketplaceFilter> = {
    'search a rare word': { search: rareWord },
    'search a short word': { search: rareWord.slice(0, 2) },
    'a cloud that nobody supports': { cloudId: unusedCloudId },
    imported: { imported: true },
    'a kind that nobody published': { componentType: 'RightScript' },
  };
  // First what supports the cloud, and what the account imported, is gathered: all of it.
  const gathered: Record<string, MarketplaceFilter> = {
    'a cloud': { cloudId },
    'not imported': { imported: false },
  };
  const list = (filter: MarketplaceFilter, order?: MarketplaceOrder) =>
    marketplaceList(viewer, filter, order);
  const twice = (filter: string, wanted: MarketplaceFilter): MainQuery[] =>
    (['NAME_ASC', 'NEWEST'] as const).map((order) =>
      page(`marketplace: ${filter}, ${order}`, list(wanted, order)),
    );
  return [
    ...ORDERS.flatMap((order) => [
      page(`marketplace: ${order}`, list({}, order)),
      nextPage(`marketplace: ${order}`, list({}, order)),
    ]),
    ...Object.entries(filters).flatMap(([filter, wanted]) => twice(filter, wanted)),
    ...Object.entries({ ...limits, ...gathered }).flatMap(([filter, wanted]) =>
      twice(filter, wanted).map((query) => ({
        ...query,
        reads: EVERY_PUBLICATION,
        wholeTable: filter in gathered,
      })),
    ),
    page('marketplace: search a rare word, RELEVANCE', list({ search: rareWord })),
    page('marketplace: search words, RELEVANCE', list({ search: name })),
    // All that is found is ranked.
    {
      ...page('marketplace: search what every one has, RELEVANCE', list({ search: 'tested' })),
      reads: EVERY_PUBLICATION,
      wholeTable: true,
    },
    { ...total('marketplace: all', list({})), wholeTable: true },
    total('marketplace: search words', list({ search: name })),
  ];
}

function own({ viewer }: Samples): MainQuery[] {
  return [
    page('myPublications', myPublicationList(viewer)),
    nextPage('myPublications', myPublicationList(viewer)),
    page('myPublications: deprecated', myPublicationList(viewer, { status: 'DEPRECATED' })),
    total('myPublications', myPublicationList(viewer)),
    page('myImports', importList(viewer, false)),
    nextPage('myImports', importList(viewer, false)),
    page('myImports: updatesOnly', importList(viewer, true)),
    nextPage('myImports: updatesOnly', importList(viewer, true)),
    total('myImports: updatesOnly', importList(viewer, true)),
  ];
}

function batches({ viewer, publications, ownPublicationIds, imports, cloneIds }: Samples): MainQuery[] {
  const ids = publications.map(({ id }) => id);
  const lineages = publications.map(({ lineageId }) => lineageId);
  const importedLineages = imports.map(({ lineageId }) => lineageId);
  return [
    batch('publications', (manager) => publicationsById(manager, viewer, ids)),
    batch('publications of versions', (manager) =>
      facts.publicationsByRevision(
        manager,
        viewer,
        lineages.map((lineageId) => ({ lineageId, revision: 2 })),
      ),
    ),
    batch('offered versions', (manager) =>
      versions.versionsById(
        manager,
        MultiCloudImage,
        viewer,
        publications.map(({ contentId }) => contentId),
      ),
    ),
    batch('words of lineages', (manager) => facts.wordsOfLineages(manager, lineages)),
    batch('which publications are imported', (manager) => facts.importedPublications(manager, viewer, ids)),
    batch('how often own publications were cloned', (manager) =>
      facts.cloneCounts(manager, viewer, ownPublicationIds),
    ),
    batch('groups of own publications', (manager) =>
      facts.accountGroupsByPublication(manager, viewer, ownPublicationIds),
    ),
    batch('updates of imports', (manager) =>
      facts.importUpdates(
        manager,
        viewer,
        imports.map(({ versionId }) => versionId),
      ),
    ),
    batch('updateAvailable of pins: local', (manager) =>
      versions.latestRevisionsByLineage(manager, MultiCloudImage, viewer, importedLineages),
    ),
    batch('updateAvailable of pins: in the marketplace', (manager) =>
      newestPublications(manager, viewer, importedLineages),
    ),
    batch('upstreamUpdate of clones', (manager) =>
      upstreamUpdates(manager, MultiCloudImage, viewer, cloneIds),
    ),
  ];
}
