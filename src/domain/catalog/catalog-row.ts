import type { ImageLifecycle, ImageType } from './cloud-image';

/** The listing formats that an import understands. */
export type CatalogFormat =
  | 'COREOS_STREAM'
  | 'AWS_DESCRIBE_IMAGES'
  | 'AWS_INSTANCE_TYPE_OFFERINGS'
  | 'PACKER_MANIFEST'
  | 'UBUNTU_SIMPLESTREAMS'
  | 'CSV';

/** Where in the file a row stood, and the source and cloud that it belongs to. */
interface ListedRow {
  /** For people: `Images[17]`, `architectures.x86_64.images.aws.regions.us-east-1`, `line 12`. */
  readonly row: string;
  /** The source that brings it when the import names none: `fcos:stable`, `describe-images:OWNER:REGION`, … */
  readonly source: string;
  readonly cloudType: string;
  readonly region: string;
}

/** One image of a listing. `null` means that the listing does not say. */
export interface ListedImage extends ListedRow {
  readonly kind: 'IMAGE';
  readonly resourceUid: string;
  readonly name: string;
  readonly description: string | null;
  readonly imageType: ImageType;
  readonly osPlatform: string | null;
  readonly operatingSystem: string | null;
  readonly cpuArchitecture: string | null;
  readonly virtualizationType: string | null;
  readonly rootDeviceStorage: string | null;
  readonly fingerprint: string | null;
  readonly publishedAt: Date | null;
  /** From this moment on an AVAILABLE image reads as DEPRECATED. */
  readonly deprecatesAt: Date | null;
  readonly lifecycle: ImageLifecycle;
  readonly agentEnabled: boolean | null;
  /** Whether the listing says that everybody may launch it; `null`: it does not say. */
  readonly public: boolean | null;
}

/** One instance type that a cloud offers. */
export interface ListedInstanceType extends ListedRow {
  readonly kind: 'INSTANCE_TYPE';
  readonly resourceUid: string;
  readonly name: string;
  readonly cpuArchitectures: readonly string[];
  readonly cpuCount: number | null;
  readonly memoryMb: number | null;
}

/** A row that can't land, with a reason that names the field and the cure. */
export interface RefusedRow {
  readonly kind: 'REFUSED';
  readonly row: string;
  readonly reason: string;
  /** What it lists, which a complete listing therefore doesn't withdraw; `null`: that can't be read. */
  readonly resourceUids: readonly string[] | null;
}

export type CatalogRow = ListedImage | ListedInstanceType | RefusedRow;

/** What a reader is told beside the bytes. */
export interface ReadOptions {
  readonly format: CatalogFormat;
  /** Where the format does not say it itself: describe-images has no region, CSV may leave the columns out. */
  readonly cloudType?: string;
  readonly region?: string;
}

/** What is known of the file as a whole, complete only after its last row was read. */
export interface ListingFacts {
  /** When the listing was made, by its own word; `null`: it does not say. */
  listedAt: Date | null;
  /**
   * RELEASE_LIST: names what is released; what left it is DEPRECATED.
   * INVENTORY: names what exists; what left it is DELETED (an instance type: no longer offered).
   */
  readonly nature: 'RELEASE_LIST' | 'INVENTORY';
}

/** A listing being read: iterate `rows` once, then read `facts`. */
export interface Listing {
  readonly rows: AsyncIterable<CatalogRow>;
  readonly facts: ListingFacts;
}
