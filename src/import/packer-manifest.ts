import type { CatalogRow, ListedImage, ReadOptions } from '../domain/catalog/catalog-row';
import { canonicalArchitecture } from '../domain/catalog/cpu-architecture';
import {
  isJsonObject,
  type JsonObject,
  type JsonShape,
  type JsonValue,
  readJsonRecords,
} from './json-records';
import type { ListingFormat } from './listing-format';
import { asObject, landOrRefuse, listedUids, optionalText, refused, requiredText, RowRefusal } from './row';
import { shown } from './wrong-file';

const SHAPE: JsonShape = {
  format: 'PACKER_MANIFEST',
  recordsKey: 'builds',
  recordsIn: 'LIST',
  bareList: false,
  headerKeys: [],
};

const ARCHITECTURE_IN_NAME = /-(arm64|aarch64|x86_64|amd64)$/;

/** Which cloud a builder makes images for, by the start of its `builder_type`. */
const CLOUD_TYPE_OF_BUILDER: readonly (readonly [prefix: string, cloudType: string])[] = [
  ['amazon', 'amazon'],
  ['googlecompute', 'google'],
  ['azure', 'azure'],
  ['vsphere', 'vsphere'],
  ['openstack', 'openstack'],
  ['cloudstack', 'cloudstack'],
];

/** The last second of the year 9999. */
const MAX_UNIX_SECONDS = 253_402_300_799;

type Place = Pick<ListedImage, 'cloudType' | 'region' | 'resourceUid'>;

/** What one artifact of a build is; each part may be unreadable without the other. */
interface Artifact {
  readonly resourceUid: () => string;
  readonly place: () => Place;
}

type Build = Omit<ListedImage, 'row' | keyof Place>;

/** The manifest that Packer's post-processor appends each run to: every build of every run. */
export const packerManifest: ListingFormat = {
  nature: 'RELEASE_LIST',
  async *read(chunks, options, facts) {
    for await (const { key, value } of readJsonRecords(chunks, SHAPE)) {
      for (const row of readBuild(`builds[${key}]`, value, options)) {
        if (row.kind === 'IMAGE' && row.publishedAt !== null) {
          facts.listedAt = latest(facts.listedAt, row.publishedAt);
        }
        yield row;
      }
    }
  },
};

function latest(known: Date | null, next: Date): Date {
  return known === null || next > known ? next : known;
}

function readBuild(row: string, value: JsonValue, options: ReadOptions): CatalogRow[] {
  let artifacts: Artifact[] | null = null;
  try {
    const record = asObject(value);
    artifacts = readArtifacts(record, options);
    const build = readShared(record);
    const several = artifacts.length > 1;
    return artifacts.map(({ resourceUid, place }, index) => {
      const placeRow = several ? `${row}.artifact_id[${index}]` : row;
      return landOrRefuse(placeRow, resourceUid, () => ({ ...build, row: placeRow, ...place() }));
    });
  } catch (error) {
    if (error instanceof RowRefusal) {
      const uids = artifacts === null ? null : listedUids(artifacts.map(({ resourceUid }) => resourceUid));
      return [refused(row, error.message, uids)];
    }
    throw error;
  }
}

function readShared(build: JsonObject): Build {
  const name = requiredText(build, 'name');
  const customData = readCustomData(build);
  const publishedAt = readBuildTime(build);
  const architecture =
    optionalText(customData, 'architecture') ??
    optionalText(customData, 'arch') ??
    optionalText(customData, 'cpu_architecture') ??
    ARCHITECTURE_IN_NAME.exec(name)?.[1];
  return {
    kind: 'IMAGE',
    source: `packer:${name}`,
    name: `${name}-${publishedAt.toISOString().replace(/[-:]|\.\d+/g, '')}`,
    description: null,
    imageType: 'MACHINE',
    osPlatform: optionalText(customData, 'os_platform'),
    operatingSystem: optionalText(customData, 'operating_system'),
    cpuArchitecture: architecture === undefined ? null : canonicalArchitecture(architecture),
    virtualizationType: null,
    rootDeviceStorage: null,
    fingerprint: null,
    publishedAt,
    deprecatesAt: null,
    lifecycle: 'AVAILABLE',
    agentEnabled: null,
    public: null,
  };
}

function readCustomData(build: JsonObject): JsonObject {
  const customData = build.custom_data ?? {};
  if (!isJsonObject(customData)) {
    throw new RowRefusal('custom_data is not a JSON object: give names and values, or leave it out.');
  }
  return customData;
}

function readBuildTime(build: JsonObject): Date {
  const seconds = build.build_time;
  if (
    typeof seconds !== 'number' ||
    !Number.isInteger(seconds) ||
    seconds <= 0 ||
    seconds > MAX_UNIX_SECONDS
  ) {
    throw new RowRefusal('build_time is not a time: give whole seconds since 1970, for example 1606181626.');
  }
  return new Date(seconds * 1000);
}

/** Where the images of a build are; each is read on its own, so that one bad one does not lose the others. */
function readArtifacts(build: JsonObject, options: ReadOptions): Artifact[] {
  const builder = requiredText(build, 'builder_type');
  const artifactId = requiredText(build, 'artifact_id');
  const cloudType = CLOUD_TYPE_OF_BUILDER.find(([prefix]) => builder.startsWith(prefix))?.[1];
  if (cloudType === 'amazon') {
    return artifactId.split(',').map((artifact) => artifactAt(() => amazonPlace(artifact.trim())));
  }
  if (cloudType === 'google') {
    return [artifactAt(() => googlePlace(artifactId, readCustomData(build)))];
  }
  return [
    { resourceUid: () => artifactId, place: () => givenPlace(builder, cloudType, artifactId, options) },
  ];
}

function artifactAt(place: () => Place): Artifact {
  return { place, resourceUid: () => place().resourceUid };
}

function amazonPlace(artifact: string): Place {
  const [, region, image] = /^([a-z0-9-]+):(ami-[0-9a-f]+)$/.exec(artifact) ?? [];
  if (region === undefined || image === undefined) {
    throw new RowRefusal(
      `artifact_id ${shown(artifact)} is not REGION:AMI: write it like eu-west-1:ami-06e2d703.`,
    );
  }
  return { cloudType: 'amazon', region, resourceUid: image };
}

function googlePlace(imageName: string, customData: JsonObject): Place {
  const project = optionalText(customData, 'project_id');
  if (project === null) {
    throw new RowRefusal(
      'custom_data.project_id is missing: a googlecompute build names its image but not its project. Add project_id to custom_data of the manifest post-processor.',
    );
  }
  return {
    cloudType: 'google',
    region: 'global',
    resourceUid: `projects/${project}/global/images/${imageName}`,
  };
}

function givenPlace(
  builder: string,
  builtFor: string | undefined,
  artifactId: string,
  { cloudType, region }: ReadOptions,
): Place {
  if (cloudType === undefined || region === undefined) {
    throw new RowRefusal(
      `builder_type ${shown(builder)} does not say in which cloud the image is: name it with --cloud-type and --region.`,
    );
  }
  if (builtFor !== undefined && builtFor !== cloudType) {
    throw new RowRefusal(
      `builder_type ${shown(builder)} makes images for ${builtFor}, not for the given cloud type ${shown(cloudType)}: import this build on its own with --cloud-type ${builtFor}.`,
    );
  }
  return { cloudType, region, resourceUid: artifactId };
}
