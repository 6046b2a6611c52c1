import type { EntityManager } from 'typeorm';
import { RightScript } from '../entities/right-script';
import { headRow, type NewHead } from './component-store';

export async function insertRightScript(
  manager: EntityManager,
  head: NewHead,
  source: string,
): Promise<void> {
  await manager.insert(RightScript, { ...headRow(head), source });
}
