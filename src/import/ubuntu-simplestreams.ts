import type { CatalogRow, ListedImage, ReadOptions } from '../domain/catalog/catalog-row';
import { canonicalArchitecture } from '../domain/catalog/cpu-architecture';
import { invalid } from '../domain/errors';
import { parseInstant, parseRfc2822 } from './instant';
import {
  isJsonObject,
  type JsonObject,
  type JsonShape,
  type JsonValue,
  readJsonRecords,
} from './json-records';
import type { ListingFormat } from './listing-format';
import { asObject, jsonPlace, landOrRefuse, optionalText, refused, requiredText, RowRefusal } from './row';
import { shown, wrongFile } from './wrong-file';

const SHAPE: JsonShape = {
  format: 'UBUNTU_SIMPLESTREAMS',
  recordsKey: 'products',
  recordsIn: 'OBJECT',
  bareList: false,
  headerKeys: ['updated', 'datatype', 'content_id', '_aliases'],
};

/** The last word of a `content_id`, up to a dash: `aws-govcloud` is AWS too. */
const CLOUD_TYPES: ReadonlyMap<string, string> = new Map([
  ['aws', 'amazon'],
  ['azure', 'azure'],
  ['gce', 'google'],
]);

const ROOT_STORES: ReadonlyMap<string, string> = new Map([
  ['ssd', 'ebs-ssd'],
  ['io1', 'ebs-io1'],
  ['instance', 'instance-store'],
]);

interface Header {
  readonly source: string;
  readonly cloudType: string;
  /** Region by the `crsn` of an item. */
  readonly regions: JsonObject;
}

/**
 * Ubuntu simplestreams of image ids: one image per product, version and item.
 *
 * `content_id` and `_aliases`, which every row needs, may stand after the products, and in published files
 * do: products are held until both are known or the file ends (4 MB in all for `released:aws`).
 */
export const ubuntuSimplestreams: ListingFormat = {
  nature: 'RELEASE_LIST',
  async *read(chunks, options, facts) {
    const values = new Map<string, JsonValue>();
    const waiting: { product: string; value: JsonValue }[] = [];
    let header: Header | undefined;
    for await (const entry of readJsonRecords(chunks, SHAPE)) {
      if (entry.kind === 'HEADER') {
        values.set(entry.key, entry.value);
        assertImageIds(values.get('datatype'));
        facts.listedAt = readUpdated(values.get('updated'));
      } else {
        waiting.push({ product: entry.key.toString(), value: entry.value });
      }
      if (header === undefined && values.has('content_id') && values.has('_aliases')) {
        header = readHeader(values, options);
      }
      if (header !== undefined) {
        yield* readProducts(header, waiting.splice(0));
      }
    }
    header ??= readHeader(values, options);
    yield* readProducts(header, waiting);
  },
};

function assertImageIds(datatype: JsonValue | undefined): void {
  if (datatype !== undefined && datatype !== 'image-ids') {
    throw wrongFile(
      'UBUNTU_SIMPLESTREAMS',
      `the \`datatype\` ${shown(JSON.stringify(datatype))}`,
      'Only a listing of "image-ids" names images of a cloud, for example com.ubuntu.cloud:released:aws.json.',
    );
  }
}

function readUpdated(updated: JsonValue | undefined): Date | null {
  if (updated === undefined || updated === null) {
    return null;
  }
  const at = typeof updated === 'string' ? parseRfc2822(updated) : null;
  if (at === null) {
    throw wrongFile(
      'UBUNTU_SIMPLESTREAMS',
      `the \`updated\` ${shown(JSON.stringify(updated))}`,
      'Give `updated` a time like "Wed, 11 Jan 2017 06:23:17 +0000".',
    );
  }
  return at;
}

function readHeader(values: ReadonlyMap<string, JsonValue>, options: ReadOptions): Header {
  const contentId = values.get('content_id');
  if (typeof contentId !== 'string' || !/^[\w.:-]{1,200}$/.test(contentId)) {
    throw wrongFile(
      'UBUNTU_SIMPLESTREAMS',
      contentId === undefined ? 'no `content_id`' : `the \`content_id\` ${shown(JSON.stringify(contentId))}`,
      'Give `content_id` the name of the listing, for example "com.ubuntu.cloud:released:aws".',
    );
  }
  const cloudName = contentId.slice(contentId.lastIndexOf(':') + 1).split('-', 1)[0] ?? '';
  const cloudType = options.cloudType ?? CLOUD_TYPES.get(cloudName);
  if (cloudType === undefined) {
    throw invalid(
      `cloudType is missing: the content_id ${shown(contentId)} of the simplestreams listing does not end in ${[...CLOUD_TYPES.keys()].join(', ')}. Name it with --cloud-type.`,
      'cloudType',
    );
  }
  const aliases = values.get('_aliases');
  const regions = isJsonObject(aliases) ? aliases.crsn : undefined;
  return {
    source: `ubuntu:${contentId.replace(/^com\.ubuntu\.cloud:/, '')}`,
    cloudType,
    regions: isJsonObject(regions) ? regions : {},
  };
}

function* readProducts(
  header: Header,
  products: readonly { product: string; value: JsonValue }[],
): Generator<CatalogRow> {
  for (const { product, value } of products) {
    if (!isJsonObject(value) || !isJsonObject(value.versions)) {
      yield refused(jsonPlace('products', product), 'versions is missing: give an object of versions.', null);
      continue;
    }
    for (const [version, versionValue] of Object.entries(value.versions)) {
      yield* readVersion(header, product, value, version, versionValue);
    }
  }
}

function* readVersion(
  header: Header,
  product: string,
  productAttributes: JsonObject,
  version: string,
  value: JsonValue,
): Generator<CatalogRow> {
  if (!isJsonObject(value) || !isJsonObject(value.items)) {
    const place = jsonPlace('products', product, 'versions', version);
    yield refused(place, 'items is missing: give an object of items.', null);
    return;
  }
  for (const [item, itemValue] of Object.entries(value.items)) {
    const row = jsonPlace('products', product, 'versions', version, 'items', item);
    // Simplestreams: an item has the attributes of its version and product, and may override them.
    const attributes = () => ({ ...productAttributes, ...value, ...asObject(itemValue) });
    yield landOrRefuse(
      row,
      () => readResourceUid(header.cloudType, attributes()),
      () => readItem(header, version, row, attributes()),
    );
  }
}

function readItem(header: Header, version: string, row: string, item: JsonObject): ListedImage {
  const release = optionalText(item, 'version');
  const architecture = optionalText(item, 'arch');
  const rootStore = optionalText(item, 'root_store');
  const virtualization = optionalText(item, 'virt');
  const { cloudType, region, resourceUid } = readPlace(header, item);
  return {
    kind: 'IMAGE',
    row,
    source: header.source,
    cloudType,
    region,
    resourceUid,
    name: requiredText(item, 'pubname'),
    description: optionalText(item, 'release_title'),
    imageType: 'MACHINE',
    osPlatform: 'linux',
    operatingSystem: release === null ? null : `Ubuntu ${release}`,
    cpuArchitecture: architecture === null ? null : canonicalArchitecture(architecture),
    virtualizationType: virtualization === 'pv' ? 'paravirtual' : virtualization,
    rootDeviceStorage: rootStore === null ? null : (ROOT_STORES.get(rootStore) ?? rootStore),
    fingerprint: null,
    publishedAt: readVersionDate(version),
    deprecatesAt: null,
    lifecycle: 'AVAILABLE',
    agentEnabled: null,
    public: true,
  };
}

function readPlace(
  { cloudType, regions }: Header,
  item: JsonObject,
): Pick<ListedImage, 'cloudType' | 'region' | 'resourceUid'> {
  const crsn = requiredText(item, 'crsn');
  const resourceUid = readResourceUid(cloudType, item);
  if (cloudType === 'google') {
    // Google is one cloud: its images are the same in every region.
    return { cloudType, region: 'global', resourceUid };
  }
  const alias = Object.hasOwn(regions, crsn) ? regions[crsn] : undefined;
  return {
    cloudType,
    region: (isJsonObject(alias) ? optionalText(alias, 'region') : null) ?? crsn,
    resourceUid,
  };
}

function readResourceUid(cloudType: string, item: JsonObject): string {
  const resourceUid = requiredText(item, 'id');
  if (cloudType === 'google' && !/^projects\/[^/]+\/global\/images\/[^/]+$/.test(resourceUid)) {
    throw new RowRefusal(
      `id ${shown(resourceUid)} names no Google project: write it like projects/ubuntu-os-cloud/global/images/NAME.`,
    );
  }
  return resourceUid;
}

/** `20161214` and `20161214.1` are days; a version with another name does not say when it was published. */
function readVersionDate(version: string): Date | null {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})(?:\.\d+)?$/.exec(version) ?? [];
  if (year === undefined) {
    return null;
  }
  const date = parseInstant(`${year}-${month}-${day}`);
  if (date === null) {
    throw new RowRefusal(
      `version ${shown(version)} is no day of the calendar: name it YYYYMMDD or YYYYMMDD.N.`,
    );
  }
  return date;
}
