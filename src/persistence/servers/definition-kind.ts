import type { EntityTarget } from 'typeorm';
import type { ServerType } from '../../domain/servers/defined-type';
import { Server } from '../../entities/servers/server';
import { ServerArray } from '../../entities/servers/server-array';
import type { ServerDefinition } from '../../entities/servers/server-definition';

/** A type of definition, with its table and the column by which instances refer to it. */
export interface DefinitionKind<E extends ServerDefinition> {
  readonly entity: EntityTarget<E>;
  /** Of its lists, in cursors. */
  readonly list: string;
  readonly table: 'servers' | 'server_arrays';
  readonly owner: 'server_id' | 'server_array_id';
}

export const SERVERS: DefinitionKind<Server> = {
  entity: Server,
  list: 'servers',
  table: 'servers',
  owner: 'server_id',
};

export const SERVER_ARRAYS: DefinitionKind<ServerArray> = {
  entity: ServerArray,
  list: 'serverArrays',
  table: 'server_arrays',
  owner: 'server_array_id',
};

export const DEFINITION_KINDS = {
  Server: SERVERS,
  ServerArray: SERVER_ARRAYS,
} as const satisfies Record<ServerType, object>;
