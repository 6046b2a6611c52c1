import { DomainError, invalid, notFound } from '../../domain/errors';
import { MAXIMUM_ARRAY_COUNT } from '../../domain/servers/array-counts';
import { instancesOfArray, lockRunningInstances } from '../../persistence/servers/instance-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { lockToChange } from '../edit-defined';
import { terminateInstances } from './end-instances';
import { notRunning, recordTermination } from './terminate-server';

export interface TerminateServerArray {
  readonly id: string;
  /** `null`: all that run. */
  readonly instanceIds: readonly string[] | null;
}

/**
 * Ends some instances of an array, or all.
 *
 * @returns the key of the array
 * @throws DomainError NOT_FOUND, INVALID, LIMIT_EXCEEDED or NOT_RUNNING
 */
export function terminateServerArray(
  context: ActionContext,
  { id, instanceIds }: TerminateServerArray,
): Promise<string> {
  return unitOfWork(context, async (tx) => {
    await lockToChange(tx, 'ServerArray', id);
    const wanted = instanceIds && assertNamed(instanceIds);
    if (wanted) {
      const known = await instancesOfArray(tx.manager, id, [...wanted]);
      if (known.size < wanted.size) throw notFound('instance of this array', 'input', 'instanceIds');
    }
    const running = await lockRunningInstances(tx.manager, 'ServerArray', id);
    const ending = wanted ? running.filter((instance) => wanted.has(instance.id)) : running;
    if (ending.length < (wanted?.size ?? 1))
      throw wanted
        ? notRunning('An instance that is named is TERMINATED already: leave it out.', 'instanceIds')
        : notRunning('The array has no running instance: `launchServerArray` starts some.', 'id');
    await recordTermination(tx, 'ServerArray', id, await terminateInstances(tx, ending));
    return id;
  });
}

function assertNamed(instanceIds: readonly string[]): Set<string> {
  if (instanceIds.length === 0)
    throw invalid(
      '`instanceIds` is empty: name instances, or leave it out to end all.',
      'input',
      'instanceIds',
    );
  if (instanceIds.length > MAXIMUM_ARRAY_COUNT)
    throw new DomainError(
      'LIMIT_EXCEEDED',
      `\`instanceIds\` has ${instanceIds.length} ids; at most ${MAXIMUM_ARRAY_COUNT} are allowed.`,
      { path: ['input', 'instanceIds'] },
    );
  return new Set(instanceIds);
}
