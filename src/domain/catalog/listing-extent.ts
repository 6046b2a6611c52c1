import { canonicalCloudType } from './cloud-name';
import type { CatalogFormat, ReadOptions } from './catalog-row';

interface FormatExtent {
  /** Whether a complete listing speaks for all clouds of its source, also those that it no longer names. */
  readonly wholeSource: boolean;
  /** The cloud type that the format implies. */
  readonly cloudType: string | null;
}

const EXTENTS: Readonly<Record<CatalogFormat, FormatExtent>> = {
  COREOS_STREAM: { wholeSource: true, cloudType: null },
  UBUNTU_SIMPLESTREAMS: { wholeSource: true, cloudType: null },
  PACKER_MANIFEST: { wholeSource: true, cloudType: null },
  CSV: { wholeSource: false, cloudType: null },
  AWS_DESCRIBE_IMAGES: { wholeSource: false, cloudType: 'amazon' },
  AWS_INSTANCE_TYPE_OFFERINGS: { wholeSource: false, cloudType: 'amazon' },
};

/**
 * Which clouds a complete listing covers: all that its source ever listed, so that a region which
 * leaves a release list is withdrawn, or only those that the listing itself is of.
 */
export function coversWholeSource(format: CatalogFormat): boolean {
  return EXTENTS[format].wholeSource;
}

/**
 * Formats that name images without a word on their lifecycle or deprecation time, which an inventory therefore adds
 * (R-3.4).
 */
export const FORMATS_WITHOUT_LIFECYCLE: readonly CatalogFormat[] = [
  'COREOS_STREAM',
  'UBUNTU_SIMPLESTREAMS',
  'PACKER_MANIFEST',
];

export interface CloudPlace {
  readonly cloudType: string;
  readonly region: string;
}

/** The cloud that a listing is of by what was said beside it, even if it has no rows; `null`: none was said. */
export function cloudOfListing({ format, cloudType, region }: ReadOptions): CloudPlace | null {
  const type = cloudType === undefined ? EXTENTS[format].cloudType : canonicalCloudType(cloudType);
  return type === null || region === undefined || coversWholeSource(format)
    ? null
    : { cloudType: type, region };
}
