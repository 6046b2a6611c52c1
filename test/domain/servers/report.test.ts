import { DomainError } from '../../../src/domain/errors';
import { INSTANCE_STATES, type InstanceState } from '../../../src/domain/servers/instance-state';
import { causeOfReport } from '../../../src/domain/servers/report';

function said(current: InstanceState, reported: InstanceState, itself: boolean): string | null {
  try {
    return causeOfReport(current, reported, itself);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return `refused: ${error.code} ${error.details.path?.join('.')}`;
  }
}

describe('R-8.9 what a report of a state means', () => {
  test.each(INSTANCE_STATES)('%s again is nothing new, whoever says it', (state) => {
    expect([said(state, state, true), said(state, state, false)]).toEqual([null, null]);
  });

  test.each([
    ['BOOTING', 'OPERATIONAL', 'BOOTED'],
    ['STRANDED', 'OPERATIONAL', 'BOOTED'],
    ['BOOTING', 'STRANDED', 'BOOT_FAILED'],
    ['OPERATIONAL', 'DECOMMISSIONING', 'DECOMMISSIONED'],
  ] as const)('%s → %s is %s, from the machine as from the cloud', (from, to, cause) => {
    expect([said(from, to, true), said(from, to, false)]).toEqual([cause, cause]);
  });

  test('only whoever drives the cloud knows that a machine is gone', () => {
    expect(said('OPERATIONAL', 'TERMINATED', false)).toBe('GONE');
    expect(said('DECOMMISSIONING', 'TERMINATED', false)).toBe('ENDED');
    expect(said('DECOMMISSIONING', 'TERMINATED', true)).toBe('refused: INVALID input.state');
  });

  test.each(['PENDING', 'BOOTING'] as const)('nothing becomes %s by a report', (state) => {
    expect(said('OPERATIONAL', state, false)).toBe('refused: INVALID input.state');
    expect(said('TERMINATED', state, false)).toBe('refused: NOT_RUNNING input.state');
  });
});
