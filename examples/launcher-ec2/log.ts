/** One line of JSON for each event. Tokens never come here. */
export function log(message: string, details: Readonly<Record<string, unknown>> = {}): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), message, ...details })}\n`);
}

/** With the cause: `fetch` says only there why it failed. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${String(error.cause)}` : '';
  return `${String(error)}${cause}`;
}
