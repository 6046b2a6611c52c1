/**
 * Versions of the federation specification that have every directive of ours and that Apollo's packages compose. What a
 * subgraph links to is what a composer must know, even if it uses nothing new of it.
 */
export const FEDERATION_VERSIONS = ['v2.9', 'v2.10', 'v2.11', 'v2.12', 'v2.13', 'v2.14'] as const;

export type FederationVersion = (typeof FEDERATION_VERSIONS)[number];

/** The newest that `@apollo/subgraph` speaks. */
export const LATEST_FEDERATION: FederationVersion = 'v2.14';
