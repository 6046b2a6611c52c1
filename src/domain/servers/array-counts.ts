import { DomainError, invalid } from '../errors';

/** how many instances a server array has at least, and at most. */
export interface ArrayCounts {
  readonly minCount: number;
  readonly maxCount: number;
}

export const MAXIMUM_ARRAY_COUNT = 1000;

/** @throws DomainError INVALID or LIMIT_EXCEEDED, naming the field */
export function assertCounts({ minCount, maxCount }: ArrayCounts): void {
  if (minCount < 0) throw invalid(`\`minCount\` is ${minCount}: give 0 or more.`, 'input', 'minCount');
  if (maxCount > MAXIMUM_ARRAY_COUNT)
    throw new DomainError(
      'LIMIT_EXCEEDED',
      `\`maxCount\` is ${maxCount}; at most ${MAXIMUM_ARRAY_COUNT} are allowed.`,
      { path: ['input', 'maxCount'] },
    );
  if (maxCount < minCount)
    throw invalid(
      `\`maxCount\` is ${maxCount}, which is less than \`minCount\`, ${minCount}: give at least that many.`,
      'input',
      'maxCount',
    );
}

/** The counts that an update really changes. @throws DomainError INVALID or LIMIT_EXCEEDED, naming the field */
export function planCounts(
  current: ArrayCounts,
  update: { readonly minCount?: number | null; readonly maxCount?: number | null },
): Partial<ArrayCounts> {
  const planned = {
    minCount: kept(current.minCount, update.minCount, 'minCount'),
    maxCount: kept(current.maxCount, update.maxCount, 'maxCount'),
  };
  assertCounts(planned);
  return {
    ...(planned.minCount !== current.minCount && { minCount: planned.minCount }),
    ...(planned.maxCount !== current.maxCount && { maxCount: planned.maxCount }),
  };
}

function kept(current: number, wanted: number | null | undefined, field: string): number {
  if (wanted === null)
    throw invalid(`\`${field}\` can not be null: leave it out to keep it, or give a number.`, 'input', field);
  return wanted ?? current;
}
