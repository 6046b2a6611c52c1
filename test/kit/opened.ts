/** How to end what the running test has opened. */
let opened: (() => unknown)[] = [];

/** Has something end with the test at the latest, also where the test fails before it would end it. */
export function endsWithTest(end: () => unknown): void {
  opened.push(end);
}

/** For `afterEach`, the latest first: what one test leaves open does not fail the next one, nor keep the service from closing. */
export async function endOpened(): Promise<void> {
  const ends = opened.reverse();
  opened = [];
  for (const end of ends) await end();
}
