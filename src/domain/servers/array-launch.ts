import { DomainError, invalid } from '../errors';

/** How many instances of an array there are, and how many more are wanted. */
export interface ArrayLaunch {
  readonly count: number;
  /** Not TERMINATED. */
  readonly running: number;
  /** Ever: the next one's number is one more. */
  readonly launched: number;
}

/**
 * the names of the instances to launch, `NAME #n`, numbered through the array's life.
 *
 * @throws DomainError INVALID or LIMIT_EXCEEDED
 */
export function planArrayLaunch(
  { name, maxCount }: { readonly name: string; readonly maxCount: number },
  { count, running, launched }: ArrayLaunch,
): string[] {
  if (count < 1) throw invalid(`\`count\` is ${count}: launch at least one instance.`, 'input', 'count');
  if (running + count > maxCount)
    throw new DomainError(
      'LIMIT_EXCEEDED',
      `\`count\` is ${count}, and ${running} instances run already, but at most ${maxCount} may: ` +
        'launch fewer, terminate some, or raise `maxCount`.',
      { path: ['input', 'count'] },
    );
  return Array.from({ length: count }, (_, index) => `${name} #${launched + index + 1}`);
}
