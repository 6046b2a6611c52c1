import { awsInstanceTypeArchitectures } from '../domain/catalog/aws-instance-family';
import { type JsonShape, readJsonRecords } from './json-records';
import type { ListingFormat } from './listing-format';
import { asObject, landOrRefuse, requiredText, RowRefusal } from './row';
import { shown } from './wrong-file';

const SHAPE: JsonShape = {
  format: 'AWS_INSTANCE_TYPE_OFFERINGS',
  recordsKey: 'InstanceTypeOfferings',
  recordsIn: 'LIST',
  bareList: true,
  headerKeys: [],
};

/** A region, perhaps with the letter of an availability zone, or the rest of a local or wavelength zone. */
const LOCATION = /^([a-z]{2,4}(?:-[a-z]+){1,2}-\d+)(?:[a-z]|-[a-z0-9-]+)?$/;

/** `family.size` */
const INSTANCE_TYPE = /^[a-z0-9-]+\.[a-z0-9-]+$/;

/** `aws ec2 describe-instance-type-offerings`: the instance types that a region offers. */
export const awsInstanceTypeOfferings: ListingFormat = {
  nature: 'INVENTORY',
  async *read(chunks, options) {
    for await (const { key, value } of readJsonRecords(chunks, SHAPE)) {
      const row = `InstanceTypeOfferings[${key}]`;
      const readInstanceType = () => requiredText(asObject(value), 'InstanceType');
      yield landOrRefuse(row, readInstanceType, () => {
        const offering = asObject(value);
        const instanceType = readInstanceType();
        if (!INSTANCE_TYPE.test(instanceType)) {
          throw new RowRefusal(
            `InstanceType ${shown(instanceType)} is not a family and a size: write it like m7g.large.`,
          );
        }
        const region = regionOf(requiredText(offering, 'Location'), options.region);
        return {
          kind: 'INSTANCE_TYPE',
          row,
          source: `instance-type-offerings:${region}`,
          cloudType: options.cloudType ?? 'amazon',
          region,
          resourceUid: instanceType,
          name: instanceType,
          cpuArchitectures: awsInstanceTypeArchitectures(instanceType),
          cpuCount: null,
          memoryMb: null,
        };
      });
    }
  },
};

function regionOf(location: string, givenRegion: string | undefined): string {
  const region = LOCATION.exec(location)?.[1] ?? givenRegion;
  if (region === undefined) {
    throw new RowRefusal(
      `Location ${shown(location)} names no region: name the region with --region, or list with --location-type region.`,
    );
  }
  return region;
}
