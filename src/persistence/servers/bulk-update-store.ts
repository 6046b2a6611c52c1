import type { EntityManager } from 'typeorm';
import type { CurrentInstance } from '../../domain/servers/bulk-update';
import type { ServerType } from '../../domain/servers/defined-type';
import type { ServerDefinition } from '../../entities/servers/server-definition';
import { DEFINITION_KINDS } from './definition-kind';
import { selectRows, type Row } from '../select';

/** A server or array, and the lineage of its template. */
export type BulkDefinitionRow = Row<ServerDefinition> & { readonly templateLineageId: string };

/**
 * SQL for the lineage of a row's template. No join: after waiting for a lock, PostgreSQL would drop a row whose template
 * changed meanwhile.
 */
const lineageOf = (row: string): string =>
  `(SELECT template.lineage_id FROM server_templates AS template WHERE template.id = ${row}.server_template_id)`;

/** Those of the account, in the order of their keys, locked against other writers until the transaction ends. */
export async function lockDefinitions(
  manager: EntityManager,
  type: ServerType,
  accountId: string,
  ids: readonly string[],
): Promise<BulkDefinitionRow[]> {
  if (ids.length === 0) return [];
  return selectRows(manager, DEFINITION_KINDS[type].entity, 'definition')
    .addSelect(lineageOf('definition'), 'templateLineageId')
    .where('definition.id = ANY(:ids) AND definition.account_id = :accountId', { ids, accountId })
    .orderBy('definition.id')
    .setLock('for_no_key_update')
    .getRawMany();
}

/** The instances of servers, or of arrays, that run and are not on their way out, at most so many; locked, by launch. */
export async function lockCurrentInstances(
  manager: EntityManager,
  type: ServerType,
  definitionIds: readonly string[],
  limit: number,
): Promise<CurrentInstance[]> {
  if (definitionIds.length === 0) return [];
  const { owner } = DEFINITION_KINDS[type];
  return manager.query(
    `SELECT instance.id, instance.name, instance.${owner} AS "definitionId",
       instance.server_template_id AS "serverTemplateId", ${lineageOf('instance')} AS "templateLineageId"
     FROM instances AS instance
     WHERE instance.${owner} = ANY ($1) AND instance.state IN ('PENDING', 'BOOTING', 'OPERATIONAL', 'STRANDED')
     ORDER BY instance.launched_at, instance.id LIMIT $2
     FOR NO KEY UPDATE`,
    [definitionIds, limit],
  );
}

/** A locked server or array, and the MCI that its next launch is to choose. */
export interface NextMove {
  readonly id: string;
  readonly multiCloudImageId: string | null;
}

/** Moves the next launches of locked servers, or arrays, to a template version: one statement. */
export async function moveNext(
  manager: EntityManager,
  type: ServerType,
  serverTemplateId: string,
  moves: readonly NextMove[],
  now: Date,
): Promise<void> {
  if (moves.length === 0) return;
  await manager.query(
    `UPDATE ${DEFINITION_KINDS[type].table} AS definition
     SET server_template_id = $1, multi_cloud_image_id = move.mci_id, version = definition.version + 1, updated_at = $2
     FROM unnest($3::uuid[], $4::uuid[]) AS move(id, mci_id)
     WHERE definition.id = move.id`,
    [
      serverTemplateId,
      now,
      moves.map(({ id }) => id),
      moves.map(({ multiCloudImageId }) => multiCloudImageId),
    ],
  );
}

/** lets locked instances follow a template version: one statement. */
export async function followTemplate(
  manager: EntityManager,
  serverTemplateId: string,
  instanceIds: readonly string[],
): Promise<void> {
  if (instanceIds.length === 0) return;
  await manager.query('UPDATE instances SET server_template_id = $1 WHERE id = ANY ($2)', [
    serverTemplateId,
    instanceIds,
  ]);
}
