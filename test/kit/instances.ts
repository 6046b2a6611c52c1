import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { parseGlobalId, toGlobalId } from '../../src/domain/global-id';
import { resolveLaunch } from '../../src/domain/launch/resolve-launch';
import { Instance } from '../../src/entities/servers/instance';
import { Server } from '../../src/entities/servers/server';
import { ServerArray } from '../../src/entities/servers/server-array';
import type { ServerDefinition } from '../../src/entities/servers/server-definition';
import { readLaunchInputs } from '../../src/persistence/launch/launch-inputs';
import { nextLaunch } from '../../src/persistence/servers/launch-request';
import { selectRows, type Row } from '../../src/persistence/select';
import type { TestAccount } from './api';
import type { Known } from './catalog';

export type InstanceColumns = Partial<Omit<Instance, 'id' | '__typename'>>;

/** Puts instances into an account, without launching. Names are unique unless given. */
export class TestInstances {
  constructor(
    private readonly dataSource: DataSource,
    private readonly account: TestAccount,
  ) {}

  /** What next would launch now, frozen, in their order; `differing` columns are not what it would. */
  async launch(
    definitions: readonly Known[],
    differing: (frozen: InstanceColumns, index: number) => InstanceColumns = () => ({}),
  ): Promise<Known[]> {
    const { manager } = this.dataSource;
    const rows = await Promise.all(definitions.map((definition) => this.read(definition)));
    const viewer = { accountId: this.account.key, now: new Date() };
    const inputs = await readLaunchInputs(manager, viewer, rows.map(nextLaunch));
    const instances = rows.map((row, index) => {
      const launch = inputs[index];
      if (launch == null) throw new Error(`${row.name} cannot be resolved`);
      const { multiCloudImage, image, instanceType, kernelImage, ramdiskImage, userData, tags } =
        resolveLaunch(launch);
      const frozen = {
        ...this.owned(row),
        launchedFromVersion: launch.serverTemplate.version,
        multiCloudImageId: multiCloudImage?.value.id ?? null,
        multiCloudImageVersion: multiCloudImage?.value.version ?? null,
        imageId: image?.value?.id ?? null,
        instanceTypeId: instanceType?.value.id ?? null,
        kernelImageId: kernelImage?.value?.id ?? null,
        ramdiskImageId: ramdiskImage?.value?.id ?? null,
        userData: userData?.value ?? null,
        tags: [...tags],
        launchedTags: [...tags],
      };
      return { ...frozen, ...differing(frozen, index), id: frozen.id, name: frozen.name };
    });
    await manager.insert(Instance, instances);
    return instances.map(({ id, name }) => ({ key: id, id: toGlobalId('Instance', id), name }));
  }

  /** What only an instance's server or array, and its start, decide. */
  private owned(row: Row<ServerDefinition>) {
    const id = randomUUID();
    const { cloudId, serverTemplateId } = row;
    const isServer = row.__typename === 'Server';
    return {
      id,
      accountId: this.account.key,
      cloudId,
      serverTemplateId,
      launchedFromId: serverTemplateId,
      name: `instance ${id.slice(0, 8)}`,
      serverId: isServer ? row.id : null,
      serverArrayId: isServer ? null : row.id,
      state: 'OPERATIONAL' as const,
      stateReason: null,
      resourceUid: null,
      launchedAt: new Date(),
      claimableAt: null,
      operationalAt: null,
      terminatedAt: null,
      forced: false,
      credentialHash: null,
    };
  }

  private async read({ id, key }: Known): Promise<Row<ServerDefinition>> {
    const entity = parseGlobalId(id)?.type === 'Server' ? Server : ServerArray;
    const row = await selectRows<ServerDefinition>(this.dataSource.manager, entity, 'definition')
      .where('definition.id = :key', { key })
      .getRawOne<Row<ServerDefinition>>();
    if (row === undefined) throw new Error(`There is no ${id}`);
    return row;
  }
}
