import { toGlobalId } from '../../domain/global-id';
import { samePins, type LineageVersion, type Pins } from '../../domain/versioning/plan-pins';
import type { ServerTemplate } from '../../entities/components/server-template';
import { readPins, replacePins } from '../../persistence/components/server-template-store';
import type { ActionContext, Transaction } from '../../persistence/unit-of-work';
import { editHead } from './edit-head';
import { lockWantedVersion, lockWantedVersions, type WantedVersion } from '../servers/lock-wanted';

/** The wanted MCI versions, in their order, locked against deletion. @throws DomainError NOT_FOUND, naming the field */
export async function lockAllWanted<W extends WantedVersion>(
  tx: Transaction,
  wanted: readonly W[],
): Promise<(LineageVersion & W)[]> {
  const versions = await lockWantedVersions(tx, 'MultiCloudImage', wanted);
  return versions.map((version) => ({ ...version, multiCloudImageId: version.id }));
}

/** The same for one. */
export async function lockWanted(tx: Transaction, wanted: WantedVersion): Promise<LineageVersion> {
  const { id, lineageId } = await lockWantedVersion(tx, 'MultiCloudImage', wanted);
  return { lineageId, multiCloudImageId: id };
}

export interface TemplateEdit {
  readonly serverTemplateId: string;
  readonly expectedVersion: number;
}

/**
 * Edits which MCIs a ServerTemplate names. @returns the key of its HEAD
 *
 * @param plan what the pins are to be; throws what it refuses
 */
export function editPins(
  context: ActionContext,
  { serverTemplateId: id, expectedVersion }: TemplateEdit,
  verb: string,
  plan: (tx: Transaction, current: Pins) => Promise<Pins> | Pins,
): Promise<string> {
  const target = { type: 'ServerTemplate', id, expectedVersion, field: 'serverTemplateId' } as const;
  return editHead(context, target, async (tx, head) => {
    const before = await currentPins(tx, head);
    const after = await plan(tx, before);
    if (samePins(before, after)) return null;
    await replacePins(tx.manager, id, before.pins, after.pins);
    return {
      verb,
      changes: { before: describePins(before), after: describePins(after) },
      columns: { defaultMciLineageId: after.defaultLineageId },
    };
  });
}

async function currentPins(tx: Transaction, head: ServerTemplate): Promise<Pins> {
  return { pins: await readPins(tx.manager, head.id), defaultLineageId: head.defaultMciLineageId };
}

/** How pins are told in the audit log. */
export function describePins({ pins, defaultLineageId }: Pins) {
  const idOf = ({ multiCloudImageId }: LineageVersion): string =>
    toGlobalId('MultiCloudImage', multiCloudImageId);
  const defaultPin = pins.find(({ lineageId }) => lineageId === defaultLineageId);
  return {
    multiCloudImageIds: pins.map(idOf),
    defaultMultiCloudImageId: defaultPin === undefined ? null : idOf(defaultPin),
  };
}
