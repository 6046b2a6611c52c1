/** What tells how long a machine took to boot. */
export interface BootTimes {
  /** When its LAUNCH order could be claimed; `null`: the cloud has not taken the call yet. */
  readonly claimableAt: Date | null;
  readonly operationalAt: Date | null;
  readonly forced: boolean;
}

/**
 * Seconds from launch to operational, without the time that a relaunch waits for the end of the machine before;
 * `null`: not operational yet, or a person made it so.
 */
export function bootSeconds({ claimableAt, operationalAt, forced }: BootTimes): number | null {
  if (claimableAt === null || operationalAt === null || forced) return null;
  return (operationalAt.getTime() - claimableAt.getTime()) / 1000;
}
