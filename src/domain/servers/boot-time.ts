/** What tells how long a machine took to boot. */
export interface BootTimes {
  readonly launchedAt: Date;
  readonly operationalAt: Date | null;
  readonly forced: boolean;
}

/** Seconds from launch to operational; `null`: not operational yet, or a person made it so. */
export function bootSeconds({ launchedAt, operationalAt, forced }: BootTimes): number | null {
  if (operationalAt === null || forced) return null;
  return (operationalAt.getTime() - launchedAt.getTime()) / 1000;
}
