import { DomainError } from '../../../src/domain/errors';
import {
  INSTANCE_MOVES,
  INSTANCE_STATES,
  assertMove,
  type InstanceCause,
  type InstanceState,
} from '../../../src/domain/servers/instance-state';

/** as it is written, cause by cause: from where to where. Written out here, so that the table can't change unnoticed. */
const WRITTEN: Record<InstanceCause, Partial<Record<InstanceState, InstanceState>>> = {
  ORDER_TAKEN: { PENDING: 'BOOTING' },
  CLOUD_FAILED: { PENDING: 'TERMINATED' },
  CANCELLED: { PENDING: 'TERMINATED' },
  BOOTED: { BOOTING: 'OPERATIONAL' },
  BOOT_FAILED: { BOOTING: 'STRANDED' },
  FORCED: { STRANDED: 'OPERATIONAL' },
  DECOMMISSIONED: {
    BOOTING: 'DECOMMISSIONING',
    OPERATIONAL: 'DECOMMISSIONING',
    STRANDED: 'DECOMMISSIONING',
  },
  ENDED: { DECOMMISSIONING: 'TERMINATED' },
  GONE: {
    PENDING: 'TERMINATED',
    BOOTING: 'TERMINATED',
    OPERATIONAL: 'TERMINATED',
    STRANDED: 'TERMINATED',
    DECOMMISSIONING: 'TERMINATED',
  },
};

const CAUSES = Object.keys(WRITTEN) as InstanceCause[];
const WALK = CAUSES.flatMap((cause) =>
  INSTANCE_STATES.map((from) => [from, cause, WRITTEN[cause][from] ?? null] as const),
);

function outcome(from: InstanceState, cause: InstanceCause): unknown {
  try {
    return assertMove(from, cause, 'input', 'state');
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { code: error.code, path: error.details.path };
  }
}

describe('R-8.3 the states of an instance', () => {
  test('the table names every cause', () => {
    expect(Object.keys(INSTANCE_MOVES)).toEqual(CAUSES);
  });

  test.each(WALK)('%s, %s: %s', (from, cause, to) => {
    const refusal = { code: from === 'TERMINATED' ? 'NOT_RUNNING' : 'INVALID', path: ['input', 'state'] };
    expect(outcome(from, cause)).toEqual(to ?? refusal);
  });

  test('every pair of states: those between which some cause leads, and no other', () => {
    const pairs = INSTANCE_STATES.flatMap((from) =>
      INSTANCE_STATES.filter((to) => CAUSES.some((cause) => WRITTEN[cause][from] === to)).map(
        (to) => `${from} → ${to}`,
      ),
    );
    expect(pairs).toEqual([
      'PENDING → BOOTING',
      'PENDING → TERMINATED',
      'BOOTING → OPERATIONAL',
      'BOOTING → STRANDED',
      'BOOTING → DECOMMISSIONING',
      'BOOTING → TERMINATED',
      'OPERATIONAL → DECOMMISSIONING',
      'OPERATIONAL → TERMINATED',
      'STRANDED → OPERATIONAL',
      'STRANDED → DECOMMISSIONING',
      'STRANDED → TERMINATED',
      'DECOMMISSIONING → TERMINATED',
    ]);
  });

  test('every state has a way out, and leads to the end', () => {
    const reached = new Set<InstanceState>(['TERMINATED']);
    for (const _round of INSTANCE_STATES)
      for (const { from, to } of Object.values(INSTANCE_MOVES))
        if (reached.has(to)) for (const state of from) reached.add(state);
    expect([...reached].sort()).toEqual([...INSTANCE_STATES].sort());
  });

  test('a refusal names the state, the wanted one, and from where it can be reached', () => {
    expect(() => assertMove('BOOTING', 'FORCED')).toThrow(
      'The instance is BOOTING, from where it does not become OPERATIONAL in this way: it has to be STRANDED.',
    );
  });
});
