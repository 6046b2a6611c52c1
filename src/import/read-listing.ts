import { canonicalCloudType } from '../domain/catalog/cloud-name';
import type { CatalogFormat, Listing, ListingFacts, ReadOptions } from '../domain/catalog/catalog-row';
import { awsDescribeImages } from './aws-describe-images';
import { awsInstanceTypeOfferings } from './aws-instance-type-offerings';
import { coreosStream } from './coreos-stream';
import { csv } from './csv';
import type { ListingFormat } from './listing-format';
import { packerManifest } from './packer-manifest';
import { ubuntuSimplestreams } from './ubuntu-simplestreams';

const FORMATS: Readonly<Record<CatalogFormat, ListingFormat>> = {
  COREOS_STREAM: coreosStream,
  AWS_DESCRIBE_IMAGES: awsDescribeImages,
  AWS_INSTANCE_TYPE_OFFERINGS: awsInstanceTypeOfferings,
  PACKER_MANIFEST: packerManifest,
  UBUNTU_SIMPLESTREAMS: ubuntuSimplestreams,
  CSV: csv,
};

/**
 * Reads a listing of a foreign format as a stream: chunks are only pulled as rows are asked for.
 *
 * A row that can't land is a REFUSED row with its reason; the others still come.
 *
 * @throws DomainError INVALID, while `rows` is iterated, if the file as a whole is not of that format or
 *   something that it needs beside it is missing. Rows that came before must then be discarded.
 */
export function readListing(chunks: AsyncIterable<Uint8Array | string>, options: ReadOptions): Listing {
  const format = FORMATS[options.format];
  const facts: ListingFacts = { listedAt: null, nature: format.nature };
  const cloudType = options.cloudType === undefined ? undefined : canonicalCloudType(options.cloudType);
  return { rows: format.read(chunks, { ...options, cloudType }, facts), facts };
}
