const CANONICAL: ReadonlyMap<string, string> = new Map([
  ['aarch64', 'arm64'],
  ['amd64', 'x86_64'],
  ['x86-64', 'x86_64'],
  ['x64', 'x86_64'],
  ['i486', 'i386'],
  ['i586', 'i386'],
  ['i686', 'i386'],
]);

/**
 * The one spelling of a CPU architecture that images and instance types are compared by:
 * `aarch64` is `arm64`, `amd64` is `x86_64`. What has no other spelling is kept as written.
 */
export function canonicalArchitecture(written: string): string {
  return CANONICAL.get(written.toLowerCase()) ?? written;
}
