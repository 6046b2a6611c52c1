import { DomainError, invalid } from '../errors';
import type { InstanceCause, InstanceState } from './instance-state';

/** What a report of a state means, by the state that is reported; `null`: nothing but its cloud or a person brings it there. */
const CAUSES: Readonly<Record<InstanceState, InstanceCause | null>> = {
  PENDING: null,
  BOOTING: null,
  OPERATIONAL: 'BOOTED',
  STRANDED: 'BOOT_FAILED',
  DECOMMISSIONING: 'DECOMMISSIONED',
  TERMINATED: 'GONE',
};

/**
 * The cause for which a machine moves when this state is reported; `null`: it is there already. Whether it may move is
 * for the table of moves.
 *
 * @param itself whether the machine reports it
 * @throws DomainError INVALID
 */
export function causeOfReport(
  current: InstanceState,
  reported: InstanceState,
  itself: boolean,
): InstanceCause | null {
  if (current === reported) return null;
  if (reported === 'TERMINATED' && itself)
    throw invalid(
      'A machine does not know that it is gone: report DECOMMISSIONING; whoever drives the cloud reports TERMINATED.',
      'input',
      'state',
    );
  if (reported === 'TERMINATED' && current === 'DECOMMISSIONING') return 'ENDED';
  const cause = CAUSES[reported];
  if (cause !== null) return cause;
  if (current === 'TERMINATED')
    throw new DomainError('NOT_RUNNING', 'The instance is TERMINATED, for good: launch another one.', {
      path: ['input', 'state'],
    });
  throw invalid(
    `An instance does not become ${reported} by a report: completing its LAUNCH order makes it BOOTING.`,
    'input',
    'state',
  );
}
