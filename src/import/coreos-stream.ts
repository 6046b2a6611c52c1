import type { CatalogRow, ListedImage } from '../domain/catalog/catalog-row';
import { canonicalCloudType } from '../domain/catalog/cloud-name';
import { canonicalArchitecture } from '../domain/catalog/cpu-architecture';
import { fedoraCoreosName } from '../domain/catalog/operating-system-name';
import { parseInstant } from './instant';
import {
  isJsonObject,
  type JsonObject,
  type JsonShape,
  type JsonValue,
  readJsonRecords,
} from './json-records';
import type { ListingFormat } from './listing-format';
import { asObject, jsonPlace, landOrRefuse, refused, requiredText, RowRefusal } from './row';
import { shown, wrongFile } from './wrong-file';

const SHAPE: JsonShape = {
  format: 'COREOS_STREAM',
  recordsKey: 'architectures',
  recordsIn: 'OBJECT',
  bareList: false,
  headerKeys: ['stream', 'metadata'],
};

/** What a stream calls a provider, where the cloud type has another name. */
const CLOUD_TYPE_OF_PROVIDER: ReadonlyMap<string, string> = new Map([
  ['aws', 'amazon'],
  ['aliyun', 'alibaba'],
]);

/** `416.94.202406172220-0` is a release of RHCOS 4.16. */
const RHCOS_RELEASE = /^4(\d{1,2})\./;
const RHCOS_STREAM = /^rhcos-(\d+\.\d+)/;

interface Stream {
  readonly name: string;
  readonly isRhcos: boolean;
  readonly lastModified: Date;
}

/** Fedora CoreOS and RHCOS stream metadata: one image per architecture, cloud and region. */
export const coreosStream: ListingFormat = {
  nature: 'RELEASE_LIST',
  async *read(chunks, _options, facts) {
    const header = new Map<string, JsonValue>();
    let stream: Stream | undefined;
    // Architectures may stand before the header that their rows need; a stream has a handful of them.
    const waiting: { architecture: string; value: JsonValue }[] = [];
    for await (const entry of readJsonRecords(chunks, SHAPE)) {
      if (entry.kind === 'HEADER') {
        header.set(entry.key, entry.value);
      } else {
        waiting.push({ architecture: String(entry.key), value: entry.value });
      }
      if (stream === undefined && SHAPE.headerKeys.every((key) => header.has(key))) {
        stream = readHeader(header);
        facts.listedAt = stream.lastModified;
      }
      if (stream !== undefined) {
        for (const { architecture, value } of waiting.splice(0)) {
          yield* readArchitecture(stream, architecture, value);
        }
      }
    }
    if (stream === undefined) {
      // Throws, naming what the header lacks.
      readHeader(header);
    }
  },
};

function readHeader(header: ReadonlyMap<string, JsonValue>): Stream {
  const name = header.get('stream');
  if (typeof name !== 'string' || !/^[\w.-]{1,100}$/.test(name)) {
    throw wrongFile(
      'COREOS_STREAM',
      name === undefined ? 'no `stream`' : `the \`stream\` ${shown(JSON.stringify(name))}`,
      'Give `stream` the name of the stream, for example "stable".',
    );
  }
  const metadata = header.get('metadata');
  const lastModified = isJsonObject(metadata) ? metadata['last-modified'] : undefined;
  const at = typeof lastModified === 'string' ? parseInstant(lastModified) : null;
  if (at === null) {
    throw wrongFile(
      'COREOS_STREAM',
      lastModified === undefined
        ? 'no `metadata.last-modified`'
        : `the \`metadata.last-modified\` ${shown(JSON.stringify(lastModified))}`,
      'Give `metadata.last-modified` a time like 2026-07-21T14:07:12Z.',
    );
  }
  return { name, isRhcos: /^(rhcos|rhel-)/.test(name), lastModified: at };
}

function* readArchitecture(stream: Stream, architecture: string, value: JsonValue): Generator<CatalogRow> {
  const place = jsonPlace('architectures', architecture);
  if (!isJsonObject(value)) {
    yield refused(place, 'Not a JSON object: give the artifacts and images of the architecture.', null);
    return;
  }
  const { images = {}, 'rhel-coreos-extensions': extensions = {} } = value;
  if (!isJsonObject(images)) {
    yield refused(
      jsonPlace('architectures', architecture, 'images'),
      'images is not a JSON object: give one member per cloud provider.',
      null,
    );
  } else {
    for (const [provider, image] of Object.entries(images)) {
      yield* readProvider(stream, architecture, provider, image);
    }
  }
  if (isJsonObject(extensions)) {
    for (const extension of Object.keys(extensions)) {
      yield refused(
        jsonPlace('architectures', architecture, 'rhel-coreos-extensions', extension),
        `${extension} names a download or an offer, no image that a cloud launches by its id: once it is uploaded there, import it with --format CSV.`,
        [],
      );
    }
  }
}

function* readProvider(
  stream: Stream,
  architecture: string,
  provider: string,
  value: JsonValue,
): Generator<CatalogRow> {
  const keys = ['architectures', architecture, 'images', provider];
  const place = jsonPlace(...keys);
  if (provider === 'gcp') {
    yield landOrRefuse(
      place,
      () => googleUid(asObject(value)),
      () => googleImage(stream, architecture, place, asObject(value)),
    );
  } else if (provider === 'kubevirt') {
    yield landOrRefuse(
      place,
      () => kubevirtDigest(asObject(value)).digestRef,
      () => kubevirtImage(stream, architecture, place, asObject(value)),
    );
  } else if (isJsonObject(value) && isJsonObject(value.regions)) {
    for (const [region, image] of Object.entries(value.regions)) {
      const row = jsonPlace(...keys, 'regions', region);
      yield landOrRefuse(
        row,
        () => requiredText(asObject(image), 'image'),
        () => regionalImage(stream, architecture, provider, region, row, asObject(image)),
      );
    }
  } else {
    yield refused(
      place,
      `${provider} has no regions with an image each: import its images with --format CSV.`,
      // A provider that has regions in other files and none here has lost them.
      isJsonObject(value) && value.regions === undefined && !CLOUD_TYPE_OF_PROVIDER.has(provider) ? [] : null,
    );
  }
}

function regionalImage(
  stream: Stream,
  architecture: string,
  provider: string,
  region: string,
  row: string,
  image: JsonObject,
): ListedImage {
  if (image.image === undefined && (image.object !== undefined || image.url !== undefined)) {
    throw new RowRefusal(
      `${provider} names a file in a storage bucket and no image: upload it to the cloud, then import that image with --format CSV.`,
      true,
    );
  }
  return {
    ...released(stream, architecture, row, image),
    cloudType: CLOUD_TYPE_OF_PROVIDER.get(provider) ?? canonicalCloudType(provider),
    region,
    resourceUid: requiredText(image, 'image'),
    virtualizationType: provider === 'aws' ? 'hvm' : null,
    rootDeviceStorage: provider === 'aws' ? 'ebs' : null,
  };
}

function googleImage(stream: Stream, architecture: string, row: string, image: JsonObject): ListedImage {
  return {
    ...released(stream, architecture, row, image),
    cloudType: 'google',
    resourceUid: googleUid(image),
  };
}

function googleUid(image: JsonObject): string {
  return `projects/${requiredText(image, 'project')}/global/images/${requiredText(image, 'name')}`;
}

function kubevirtImage(stream: Stream, architecture: string, row: string, image: JsonObject): ListedImage {
  const { digestRef, digest } = kubevirtDigest(image);
  return {
    ...released(stream, architecture, row, image),
    cloudType: 'kubevirt',
    resourceUid: digestRef,
    fingerprint: digest,
  };
}

function kubevirtDigest(image: JsonObject): { digestRef: string; digest: string } {
  const digestRef = requiredText(image, 'digest-ref');
  const digest = /@(sha256:[0-9a-f]{64})$/.exec(digestRef)?.[1];
  if (digest === undefined) {
    throw new RowRefusal(`digest-ref ${shown(digestRef)} does not end in @sha256: and 64 hex digits.`);
  }
  return { digestRef, digest };
}

/** What all images of a stream share. */
function released(
  stream: Stream,
  architecture: string,
  row: string,
  image: JsonObject,
): Omit<ListedImage, 'cloudType' | 'resourceUid'> {
  const release = requiredText(image, 'release');
  return {
    kind: 'IMAGE',
    row,
    source: `${stream.isRhcos ? 'rhcos' : 'fcos'}:${stream.name}`,
    region: 'global',
    name: `${stream.isRhcos ? 'rhcos' : 'fedora-coreos'}-${release}-${architecture}`,
    description: null,
    imageType: 'MACHINE',
    osPlatform: 'linux',
    operatingSystem: stream.isRhcos ? rhcosName(stream, release) : fedoraCoreosName(release),
    cpuArchitecture: canonicalArchitecture(architecture),
    virtualizationType: null,
    rootDeviceStorage: null,
    fingerprint: null,
    publishedAt: stream.lastModified,
    deprecatesAt: null,
    lifecycle: 'AVAILABLE',
    agentEnabled: null,
    public: true,
  };
}

function rhcosName(stream: Stream, release: string): string {
  const minor = RHCOS_RELEASE.exec(release)?.[1];
  const version = minor === undefined ? RHCOS_STREAM.exec(stream.name)?.[1] : `4.${minor}`;
  return version === undefined ? 'RHCOS' : `RHCOS ${version}`;
}
