import type { ReadSamples } from './read-samples';

/** A read that the service and the limit answer alike. */
export interface ReadWork {
  readonly name: string;
  /** What it is, for people. */
  readonly title: string;
  /** Of the limit's requests per second at least this part. */
  readonly target: number;
  /** Whether what it has to look at grows with the data, so that more time on more data is right. */
  readonly grows?: true;
  readonly query: string;
  variables(samples: ReadSamples): object;
}

const TREE = `id name revision
  multiCloudImages { isDefault multiCloudImage { id name
    settings { id cloud { name } image { name resourceUid } instanceType { name } } } }`;

export const READ_WORK: readonly ReadWork[] = [
  {
    name: 'L20',
    title: '20 ServerTemplates with MCIs and settings',
    target: 0.75,
    query: `{ serverTemplates(first: 20) { edges { node { ${TREE} } } } }`,
    variables: () => ({}),
  },
  {
    name: 'ONE',
    title: 'one ServerTemplate with MCIs and settings',
    target: 0.6,
    query: `query ($id: ID!) { serverTemplate(id: $id) { ${TREE} } }`,
    variables: ({ serverTemplateId }) => ({ id: serverTemplateId }),
  },
  {
    name: 'NESTED-IMAGES',
    title: 'clouds, a filtered page of images of each',
    target: 0.5,
    query: `query ($images: Int!) { clouds(first: 12) { edges { node { id name
      images(first: $images, filter: { cpuArchitecture: "arm64", lifecycle: AVAILABLE }) {
        edges { node { id name resourceUid } } pageInfo { hasNextPage } } } } } }`,
    variables: () => ({ images: 10 }),
  },
  {
    name: 'NESTED-PAGES',
    title: 'a later page of tagged ServerTemplates, MCIs, two revisions of each',
    target: 0.5,
    query: `query ($after: String!) { serverTemplates(first: 10, after: $after, filter: { tag: "team:owner=web" }) {
      edges { node { id name multiCloudImages { isDefault multiCloudImage { id name
        revisions(first: 2) { edges { node { revision commitMessage } } pageInfo { hasNextPage } } } } } }
      pageInfo { hasNextPage } } }`,
    variables: ({ after }) => ({ after: after.cursor }),
  },
  {
    name: 'WHERE-USED',
    title: 'what uses an image: settings, MCIs, ServerTemplates',
    target: 0.5,
    query: `query ($id: ID!) { cloudImage(id: $id) { id name usedBy {
      settings(first: 10) { edges { node { id cloud { name } multiCloudImage { name revision } } } pageInfo { hasNextPage } }
      multiCloudImages(first: 10) { edges { node { id name revision } } pageInfo { hasNextPage } }
      serverTemplates(first: 10) { edges { node { id name revision } } pageInfo { hasNextPage } } } } }`,
    variables: ({ imageId }) => ({ id: imageId }),
  },
  {
    name: 'MARKETPLACE-NEWEST',
    title: 'the newest 20 of the marketplace',
    target: 0.5,
    query: `{ marketplace(first: 20, orderBy: NEWEST) { edges { node { id name revision shortDescription categories
      rating ratingCount importCount publisher { name } } } pageInfo { hasNextPage } } }`,
    variables: () => ({}),
  },
  {
    name: 'MARKETPLACE-RARE',
    title: 'marketplace search, rare words',
    target: 0.5,
    query: `query ($search: String!) { marketplace(first: 20, filter: { search: $search }) { edges { node {
      id name revision shortDescription categories rating ratingCount importCount publisher { name } } }
      pageInfo { hasNextPage } } }`,
    variables: ({ rareWords }) => ({ search: rareWords }),
  },
  {
    name: 'MARKETPLACE-FREQUENT',
    title: 'marketplace search, frequent words, by relevance',
    target: 0.5,
    grows: true,
    query: `query ($search: String!) { marketplace(first: 20, filter: { search: $search }) { edges { node {
      id name revision shortDescription categories rating ratingCount importCount publisher { name } } }
      pageInfo { hasNextPage } } }`,
    variables: () => ({ search: 'ubuntu web' }),
  },
];
