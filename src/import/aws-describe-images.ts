import type { ListedImage, ReadOptions } from '../domain/catalog/catalog-row';
import type { ImageLifecycle, ImageType } from '../domain/catalog/cloud-image';
import { operatingSystemOfImageName } from '../domain/catalog/operating-system-name';
import { invalid } from '../domain/errors';
import { type JsonObject, type JsonShape, readJsonRecords } from './json-records';
import type { ListingFormat } from './listing-format';
import {
  asObject,
  landOrRefuse,
  optionalBoolean,
  optionalInstant,
  optionalText,
  requiredText,
  RowRefusal,
} from './row';
import { shown } from './wrong-file';

const SHAPE: JsonShape = {
  format: 'AWS_DESCRIBE_IMAGES',
  recordsKey: 'Images',
  recordsIn: 'LIST',
  bareList: true,
  headerKeys: [],
};

const LIFECYCLE_OF_STATE: ReadonlyMap<string, ImageLifecycle> = new Map([
  ['available', 'AVAILABLE'],
  ['pending', 'PENDING'],
  ['failed', 'FAILED'],
  ['error', 'FAILED'],
  ['invalid', 'FAILED'],
  ['deregistered', 'DELETED'],
  ['disabled', 'OBSOLETE'],
]);

const IMAGE_TYPES: ReadonlyMap<string, ImageType> = new Map([
  ['machine', 'MACHINE'],
  ['kernel', 'KERNEL'],
  ['ramdisk', 'RAMDISK'],
]);

/** The operating systems that AWS bills for, and so names in `PlatformDetails`. */
const BILLED_SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/^Red Hat/, 'Red Hat Enterprise Linux'],
  [/^SUSE/, 'SUSE Linux'],
  [/^Windows/, 'Windows'],
];

/** A misspelt region would make a cloud of its own. */
const AWS_REGION = /^[a-z]{2}(?:-[a-z]+)+-\d+$/;

/** `aws ec2 describe-images`: the images that exist in one region. */
export const awsDescribeImages: ListingFormat = {
  nature: 'INVENTORY',
  async *read(chunks, options) {
    const { region, cloudType = 'amazon' } = options;
    if (region === undefined || region.trim() === '') {
      throw invalid(
        'region is missing: an AWS describe-images listing does not name the region it was made in. Name it with --region, for example us-east-1.',
        'region',
      );
    }
    if (cloudType === 'amazon' && !AWS_REGION.test(region))
      throw invalid(
        `region ${shown(region)} is no region of AWS: name the one that the listing was made in, for example us-east-1.`,
        'region',
      );
    for await (const { key, value } of readJsonRecords(chunks, SHAPE)) {
      const row = `Images[${key}]`;
      yield landOrRefuse(
        row,
        () => readImageId(asObject(value)),
        () => readImage(row, asObject(value), { cloudType, region }),
      );
    }
  },
};

function readImage(
  row: string,
  image: JsonObject,
  { cloudType, region }: Required<Pick<ReadOptions, 'cloudType' | 'region'>>,
): ListedImage {
  const name = requiredText(image, 'Name');
  const platformDetails = optionalText(image, 'PlatformDetails');
  return {
    kind: 'IMAGE',
    row,
    source: `describe-images:${readOwner(image)}:${region}`,
    cloudType,
    region,
    resourceUid: readImageId(image),
    name,
    description: optionalText(image, 'Description'),
    imageType: readImageType(image),
    osPlatform: platformOf(optionalText(image, 'Platform'), platformDetails),
    operatingSystem:
      BILLED_SYSTEMS.find(([pattern]) => pattern.test(platformDetails ?? ''))?.[1] ??
      operatingSystemOfImageName(name),
    cpuArchitecture: optionalText(image, 'Architecture'),
    virtualizationType: optionalText(image, 'VirtualizationType'),
    rootDeviceStorage: optionalText(image, 'RootDeviceType'),
    fingerprint: null,
    publishedAt: optionalInstant(image, 'CreationDate'),
    deprecatesAt: optionalInstant(image, 'DeprecationTime'),
    lifecycle: readLifecycle(image),
    agentEnabled: null,
    public: optionalBoolean(image, 'Public'),
  };
}

function readImageId(image: JsonObject): string {
  return requiredText(image, 'ImageId');
}

/** An account number written as a JSON number has lost the zeros in front of its 12 digits. */
function readOwner(image: JsonObject): string {
  const owner = image.OwnerId;
  return typeof owner === 'number' && Number.isSafeInteger(owner) && owner >= 0
    ? String(owner).padStart(12, '0')
    : requiredText(image, 'OwnerId');
}

function readImageType(image: JsonObject): ImageType {
  const written = optionalText(image, 'ImageType') ?? 'machine';
  const imageType = IMAGE_TYPES.get(written.toLowerCase());
  if (imageType === undefined) {
    throw new RowRefusal(`ImageType ${shown(written)} is unknown: use machine, kernel or ramdisk.`);
  }
  return imageType;
}

function readLifecycle(image: JsonObject): ImageLifecycle {
  const state = requiredText(image, 'State');
  const lifecycle = LIFECYCLE_OF_STATE.get(state.toLowerCase());
  if (lifecycle === undefined) {
    throw new RowRefusal(
      `State ${shown(state)} is unknown: use one of ${[...LIFECYCLE_OF_STATE.keys()].join(', ')}.`,
    );
  }
  return lifecycle;
}

/** AWS leaves `Platform` empty for everything but Windows; a listing with neither key does not say. */
function platformOf(platform: string | null, platformDetails: string | null): string | null {
  if (platform === null && platformDetails === null) {
    return null;
  }
  return /^windows/i.test(platform ?? platformDetails ?? '') || /^windows/i.test(platformDetails ?? '')
    ? 'windows'
    : 'linux';
}
