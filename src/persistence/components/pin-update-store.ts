import type { EntityManager } from 'typeorm';
import { SCRIPT_PHASES, type ScriptPhase } from '../../domain/versioning/component-content';
import type { PinnedType } from '../../domain/versioning/pin-updates';
import { COMPONENT_ENTITIES } from './component-store';

/** A pin, and the version that it is moved to. */
export interface PinMove {
  readonly fromId: string;
  readonly toId: string;
  /** Of scripts only: one may be pinned in several phases. */
  readonly phase: ScriptPhase | null;
}

interface PinTable {
  readonly name: string;
  /** Its column for the pinned version. */
  readonly version: string;
  readonly phase: string;
  /** The order in which pins are shown. */
  readonly order: string;
}

const PIN_TABLES: Readonly<Record<PinnedType, PinTable>> = {
  MultiCloudImage: {
    name: 'server_template_multi_cloud_images',
    version: 'multi_cloud_image_id',
    phase: 'NULL::text',
    order: 'pin.position',
  },
  RightScript: {
    name: 'server_template_scripts',
    version: 'right_script_id',
    phase: 'pin.phase',
    order: `array_position(ARRAY[${SCRIPT_PHASES.map((phase) => `'${phase}'`).join()}], pin.phase), pin.position`,
  },
};

/**
 * R-5.8: the pins of revisions of which the account has a newer live one, each with the newest. Those are locked, so
 * that a deletion can't slip between this look and the pin (R-4.5).
 */
export function lockPinMoves(
  manager: EntityManager,
  type: PinnedType,
  accountId: string,
  serverTemplateId: string,
): Promise<PinMove[]> {
  const table = manager.connection.getMetadata(COMPONENT_ENTITIES[type]).tableName;
  const pins = PIN_TABLES[type];
  return manager.query(
    `SELECT pinned.id AS "fromId", newest.id AS "toId", ${pins.phase} AS phase
     FROM ${pins.name} AS pin JOIN ${table} AS pinned ON pinned.id = pin.${pins.version}
     CROSS JOIN LATERAL (
       SELECT version.id FROM ${table} AS version
       WHERE version.account_id = $1 AND version.lineage_id = pinned.lineage_id
         AND NOT version.snapshot AND version.revision > pinned.revision AND version.deleted_at IS NULL
       ORDER BY version.revision DESC LIMIT 1 FOR SHARE
     ) AS newest
     WHERE pin.server_template_id = $2 AND pinned.revision > 0
     ORDER BY ${pins.order}`,
    [accountId, serverTemplateId],
  );
}

/** Moves pins of a locked HEAD: one statement. */
export async function movePins(
  manager: EntityManager,
  type: PinnedType,
  serverTemplateId: string,
  moves: readonly PinMove[],
): Promise<void> {
  if (moves.length === 0) return;
  const { name, version } = PIN_TABLES[type];
  await manager.query(
    `UPDATE ${name} AS pin SET ${version} = moved.to_id
     FROM (SELECT DISTINCT from_id, to_id FROM unnest($2::uuid[], $3::uuid[]) AS move(from_id, to_id)) AS moved
     WHERE pin.server_template_id = $1 AND pin.${version} = moved.from_id`,
    [serverTemplateId, moves.map(({ fromId }) => fromId), moves.map(({ toId }) => toId)],
  );
}
