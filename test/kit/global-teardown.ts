interface Globals {
  stopTestServer?: () => Promise<void>;
}

export default async function globalTeardown(): Promise<void> {
  await (globalThis as Globals).stopTestServer?.();
}
