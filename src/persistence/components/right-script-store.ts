import type { EntityManager } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import { RightScript } from '../../entities/components/right-script';
import { headRow, type NewHead } from './component-store';
import { batch } from '../fixed-query';
import { ANY_OF } from '../select';
import { versionVisible } from '../visibility';

export async function insertRightScript(
  manager: EntityManager,
  head: NewHead,
  source: string,
): Promise<void> {
  await manager.insert(RightScript, { ...headRow(head), source });
}

/** The text of a version. */
export interface ScriptSource {
  readonly id: string;
  readonly source: string;
}

const sourceQuery = (manager: EntityManager, which: string) =>
  manager
    .createQueryBuilder(RightScript, 'script')
    .select('script.id', 'id')
    .addSelect('script.source', 'source')
    .where(`script.id ${which}`);

/** The texts of versions whose rows were read as somebody may see them, by id. */
export async function readSources(
  manager: EntityManager,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await sourceQuery(manager, ANY_OF).setParameter('ids', ids).getRawMany<ScriptSource>();
  return new Map(rows.map(({ id, source }) => [id, source]));
}

/** The texts of versions that the viewer may see. @param which SQL behind the key */
export const visibleSourceRows = (manager: EntityManager, viewer: Viewer, which: string) =>
  sourceQuery(manager, which).andWhere(versionVisible('script'), { viewer: viewer.accountId });

export const sourcesById = batch<ScriptSource>((manager, viewer) =>
  visibleSourceRows(manager, viewer, ANY_OF),
);
