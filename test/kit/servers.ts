import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { toGlobalId } from '../../src/domain/global-id';
import { NO_CHOICES } from '../../src/domain/launch/chosen-keys';
import { Deployment } from '../../src/entities/servers/deployment';
import { Instance } from '../../src/entities/servers/instance';
import { LaunchOrder } from '../../src/entities/servers/launch-order';
import { Server } from '../../src/entities/servers/server';
import { ServerArray } from '../../src/entities/servers/server-array';
import type { ServerDefinition } from '../../src/entities/servers/server-definition';
import type { TestAccount } from './api';
import type { Known, Place } from './catalog';

/** Columns of a server or array, of which only the cloud and the template have no default. */
export type DefinitionColumns = Pick<ServerDefinition, 'cloudId' | 'serverTemplateId'> &
  Partial<Omit<ServerDefinition, 'id' | '__typename'>>;

/** Columns of an instance that have no default, and any others. */
export type InstanceColumns = Pick<Instance, 'cloudId' | 'serverTemplateId' | 'imageId' | 'instanceTypeId'> &
  Partial<Omit<Instance, 'id' | '__typename'>>;

const { none: _none, ...NO_LAUNCH_CHOICES } = NO_CHOICES;

type ServerNode = 'Deployment' | 'Server' | 'ServerArray' | 'Instance' | 'LaunchOrder';

function only([row]: readonly Known[]): Known {
  if (row === undefined) throw new Error('Nothing was inserted');
  return row;
}

/** Puts deployments, servers, arrays, instances and orders into an account, without the mutations. Names are unique unless given. */
export class TestServers {
  constructor(
    private readonly dataSource: DataSource,
    private readonly account: TestAccount,
  ) {}

  async deployment(columns: Partial<Deployment> = {}): Promise<Known> {
    const key = randomUUID();
    const name = columns.name ?? `deployment ${key.slice(0, 8)}`;
    await this.dataSource.manager.insert(Deployment, {
      accountId: this.account.key,
      description: null,
      createdAt: new Date(),
      updatedAt: new Date(),
      ...columns,
      id: key,
      name,
    });
    return { key, id: toGlobalId('Deployment', key), name };
  }

  server = async (deployment: Known, columns: DefinitionColumns): Promise<Known> =>
    only(await this.servers(deployment, [columns]));

  serverArray = async (deployment: Known, columns: DefinitionColumns): Promise<Known> =>
    only(await this.serverArrays(deployment, [columns]));

  instance = async (columns: InstanceColumns): Promise<Known> => only(await this.instances([columns]));

  async servers(deployment: Known, definitions: readonly DefinitionColumns[]): Promise<Known[]> {
    const rows = definitions.map((columns) => this.definition(deployment, 'server', columns));
    await this.dataSource.manager.insert(Server, rows);
    return rows.map(({ id, name }) => ({ key: id, id: toGlobalId('Server', id), name }));
  }

  async serverArrays(
    deployment: Known,
    definitions: readonly (DefinitionColumns & Partial<Pick<ServerArray, 'minCount' | 'maxCount'>>)[],
  ): Promise<Known[]> {
    const rows = definitions.map((columns) => ({
      minCount: 0,
      maxCount: 10,
      ...this.definition(deployment, 'array', columns),
    }));
    await this.dataSource.manager.insert(ServerArray, rows);
    return rows.map(({ id, name }) => ({ key: id, id: toGlobalId('ServerArray', id), name }));
  }

  /** Machines that were launched at the same moment; `columns` say of which server or array, and with what. */
  async instances(columns: readonly InstanceColumns[]): Promise<Known[]> {
    const rows = columns.map((values) => {
      const id = randomUUID();
      return {
        accountId: this.account.key,
        ...NO_LAUNCH_CHOICES,
        launchedFromId: values.serverTemplateId,
        launchedFromVersion: 1,
        multiCloudImageVersion: values.multiCloudImageId == null ? null : 1,
        state: 'PENDING' as const,
        launchedAt: new Date(),
        ...values,
        id,
        name: values.name ?? `instance ${id.slice(0, 8)}`,
      };
    });
    await this.dataSource.manager.insert(Instance, rows);
    return rows.map(({ id, name }) => ({ key: id, id: toGlobalId('Instance', id), name }));
  }

  /** An open order to launch the instance. */
  async launchOrder(instance: Known, columns: Partial<Omit<LaunchOrder, 'id'>> = {}): Promise<Known> {
    const key = randomUUID();
    await this.dataSource.manager.insert(LaunchOrder, {
      accountId: this.account.key,
      kind: 'LAUNCH',
      state: 'OPEN',
      claimableAt: new Date(),
      createdAt: new Date(),
      ...columns,
      id: key,
      instanceId: instance.key,
    });
    return { key, id: toGlobalId('LaunchOrder', key), name: `order for ${instance.name}` };
  }

  private definition<C extends DefinitionColumns>(deployment: Known, word: string, columns: C) {
    const id = randomUUID();
    return {
      accountId: this.account.key,
      deploymentId: deployment.key,
      description: null,
      tags: [],
      createdAt: new Date(),
      updatedAt: new Date(),
      ...NO_CHOICES,
      ...columns,
      none: [...(columns.none ?? NO_CHOICES.none)],
      id,
      name: columns.name ?? `${word} ${id.slice(0, 8)}`,
    };
  }

  /** One of each kind: an instance, which an order is to launch, of a server in a deployment, and an array beside it. */
  async oneOfEach(place: Place, serverTemplateId: string): Promise<Record<ServerNode, Known>> {
    const launch = { cloudId: place.cloud.key, serverTemplateId };
    const deployment = await this.deployment();
    const server = await this.server(deployment, launch);
    const serverArray = await this.serverArray(deployment, launch);
    const instance = await this.instance({
      ...launch,
      imageId: place.image.key,
      instanceTypeId: place.type.key,
      serverId: server.key,
    });
    const launchOrder = await this.launchOrder(instance);
    return {
      Deployment: deployment,
      Server: server,
      ServerArray: serverArray,
      Instance: instance,
      LaunchOrder: launchOrder,
    };
  }
}
