import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { toGlobalId } from '../../src/domain/global-id';
import { Cloud } from '../../src/entities/catalog/cloud';
import { CloudImage, CloudImageShare } from '../../src/entities/catalog/cloud-image';
import { InstanceType } from '../../src/entities/catalog/instance-type';

/** A row and its global id. */
export interface Known {
  readonly key: string;
  readonly id: string;
  readonly name: string;
}

export interface KnownImage extends Known {
  readonly resourceUid: string;
}

/** A cloud with a machine image and an instance type that runs it: enough for a setting. */
export interface Place {
  readonly cloud: Known;
  readonly image: KnownImage;
  readonly type: Known;
  /** The three as a `SettingInput`. */
  readonly setting: { readonly cloudId: string; readonly imageId: string; readonly instanceTypeId: string };
}

type Columns<E> = Partial<Omit<E, 'id'>>;

/** Puts rows into the catalog, without the import. Names are unique unless they are given. */
export class TestCatalog {
  constructor(private readonly dataSource: DataSource) {}

  async cloud(columns: Columns<Cloud> = {}): Promise<Known> {
    const key = randomUUID();
    const name = columns.name ?? `cloud ${key.slice(0, 8)}`;
    await this.dataSource.manager.insert(Cloud, {
      id: key,
      accountId: null,
      cloudType: 'amazon',
      region: `region-${key}`,
      displayName: name,
      description: null,
      createdAt: new Date(),
      ...columns,
      name,
    });
    return { key, id: toGlobalId('Cloud', key), name };
  }

  async image(cloud: Known, columns: Columns<CloudImage> = {}): Promise<KnownImage> {
    const key = randomUUID();
    const name = columns.name ?? `image ${key.slice(0, 8)}`;
    const resourceUid = columns.resourceUid ?? `ami-${key}`;
    await this.dataSource.manager.insert(CloudImage, {
      id: key,
      ownerAccountId: null,
      description: null,
      imageType: 'MACHINE',
      osPlatform: null,
      operatingSystem: null,
      cpuArchitecture: 'x86_64',
      virtualizationType: null,
      rootDeviceStorage: null,
      fingerprint: null,
      publishedAt: null,
      lifecycle: 'AVAILABLE',
      lifecycleHeld: false,
      deprecatesAt: null,
      replacementId: null,
      agentEnabled: false,
      sourceId: null,
      createdAt: new Date(),
      updatedAt: new Date(),
      ...columns,
      cloudId: cloud.key,
      resourceUid,
      name,
    });
    return { key, id: toGlobalId('CloudImage', key), name, resourceUid };
  }

  async instanceType(cloud: Known, columns: Columns<InstanceType> = {}): Promise<Known> {
    const key = randomUUID();
    const name = columns.name ?? `type ${key.slice(0, 8)}`;
    await this.dataSource.manager.insert(InstanceType, {
      id: key,
      ownerAccountId: null,
      resourceUid: name,
      cpuArchitectures: ['x86_64'],
      cpuCount: null,
      memoryMb: null,
      offered: true,
      sourceId: null,
      createdAt: new Date(),
      updatedAt: new Date(),
      ...columns,
      cloudId: cloud.key,
      name,
    });
    return { key, id: toGlobalId('InstanceType', key), name };
  }

  async place(
    columns: { cloud?: Columns<Cloud>; image?: Columns<CloudImage>; type?: Columns<InstanceType> } = {},
  ): Promise<Place> {
    const cloud = await this.cloud(columns.cloud);
    const image = await this.image(cloud, columns.image);
    const type = await this.instanceType(cloud, columns.type);
    return {
      cloud,
      image,
      type,
      setting: { cloudId: cloud.id, imageId: image.id, instanceTypeId: type.id },
    };
  }

  async share(image: Known, accountKey: string): Promise<void> {
    await this.dataSource.manager.insert(CloudImageShare, {
      cloudImageId: image.key,
      accountId: accountKey,
      createdAt: new Date(),
    });
  }

  /** Changes columns of an image, as a later import would. */
  async updateImage(image: Known, columns: Columns<CloudImage>): Promise<void> {
    await this.dataSource.manager
      .createQueryBuilder()
      .update(CloudImage)
      .set(columns)
      .where('id = :id', { id: image.key })
      .execute();
  }
}
