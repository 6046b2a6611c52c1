import type { CatalogFormat, CatalogRow, ListingFacts, ReadOptions } from '../domain/catalog/catalog-row';

/** How one format of a listing is read. */
export interface ListingFormat {
  readonly nature: ListingFacts['nature'];
  /** Reads the rows one by one as they are asked for, and completes `facts` until the last one is read. */
  read(
    chunks: AsyncIterable<Uint8Array | string>,
    options: ReadOptions,
    facts: ListingFacts,
  ): AsyncGenerator<CatalogRow>;
}

/** What each format is called, and what a file of it looks like, for messages. */
export const FORMAT_WORDS: Readonly<Record<CatalogFormat, { name: string; expected: string }>> = {
  COREOS_STREAM: {
    name: 'a CoreOS stream metadata file',
    expected: 'a JSON object with `stream`, `metadata` and `architectures`',
  },
  AWS_DESCRIBE_IMAGES: {
    name: 'an AWS describe-images listing',
    expected: 'a JSON object with the list `Images`, or that list alone',
  },
  AWS_INSTANCE_TYPE_OFFERINGS: {
    name: 'an AWS describe-instance-type-offerings listing',
    expected: 'a JSON object with the list `InstanceTypeOfferings`, or that list alone',
  },
  PACKER_MANIFEST: {
    name: 'a Packer manifest',
    expected: 'a JSON object with the list `builds`',
  },
  UBUNTU_SIMPLESTREAMS: {
    name: 'an Ubuntu simplestreams listing',
    expected: 'a JSON object with `content_id` and `products`',
  },
  CSV: {
    name: 'a CSV file',
    expected: 'text with one header line of column names, separated by commas',
  },
};
