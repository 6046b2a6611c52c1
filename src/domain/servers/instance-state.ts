import { DomainError } from '../errors';

/** What a launched machine is doing. */
export type InstanceState =
  'PENDING' | 'BOOTING' | 'OPERATIONAL' | 'STRANDED' | 'DECOMMISSIONING' | 'TERMINATED';

export const INSTANCE_STATES: readonly InstanceState[] = [
  'PENDING',
  'BOOTING',
  'OPERATIONAL',
  'STRANDED',
  'DECOMMISSIONING',
  'TERMINATED',
];

/**
 * What moves a machine from one state to another:
 * - ORDER_TAKEN: the cloud took the call.
 * - CLOUD_FAILED: the cloud refused the call.
 * - CANCELLED: somebody ended it before the cloud took the call.
 * - BOOTED, BOOT_FAILED: its boot scripts are done, or one of them failed.
 * - FORCED: a person declares it operational.
 * - DECOMMISSIONED: it is to end.
 * - ENDED: the cloud ended it, as it was told to.
 * - GONE: the cloud reports that it is not there.
 */
export type InstanceCause =
  | 'ORDER_TAKEN'
  | 'CLOUD_FAILED'
  | 'CANCELLED'
  | 'BOOTED'
  | 'BOOT_FAILED'
  | 'FORCED'
  | 'DECOMMISSIONED'
  | 'ENDED'
  | 'GONE';

interface Move {
  readonly from: readonly InstanceState[];
  readonly to: InstanceState;
}

/** every move there is. */
export const INSTANCE_MOVES: Readonly<Record<InstanceCause, Move>> = {
  ORDER_TAKEN: { from: ['PENDING'], to: 'BOOTING' },
  CLOUD_FAILED: { from: ['PENDING'], to: 'TERMINATED' },
  CANCELLED: { from: ['PENDING'], to: 'TERMINATED' },
  BOOTED: { from: ['BOOTING'], to: 'OPERATIONAL' },
  BOOT_FAILED: { from: ['BOOTING'], to: 'STRANDED' },
  FORCED: { from: ['STRANDED'], to: 'OPERATIONAL' },
  DECOMMISSIONED: { from: ['BOOTING', 'OPERATIONAL', 'STRANDED'], to: 'DECOMMISSIONING' },
  ENDED: { from: ['DECOMMISSIONING'], to: 'TERMINATED' },
  GONE: { from: ['PENDING', 'BOOTING', 'OPERATIONAL', 'STRANDED', 'DECOMMISSIONING'], to: 'TERMINATED' },
};

/**
 * Where a machine in this state goes for this cause.
 *
 * @param path of the input field that asks for it
 * @throws DomainError NOT_RUNNING when it is TERMINATED, else INVALID
 */
export function assertMove(from: InstanceState, cause: InstanceCause, ...path: string[]): InstanceState {
  const move = INSTANCE_MOVES[cause];
  if (move.from.includes(from)) return move.to;
  if (from === 'TERMINATED')
    throw new DomainError('NOT_RUNNING', 'The instance is TERMINATED, for good: launch another one.', {
      path,
    });
  throw new DomainError(
    'INVALID',
    `The instance is ${from}, from where it does not become ${move.to} in this way: it has to be ${move.from.join(' or ')}.`,
    { path },
  );
}
