const BOTH_INTEL_WIDTHS: ReadonlySet<string> = new Set(['t2', 'm1', 'm2', 'm3', 'c1', 'c3']);

/** The number of a Graviton family is followed by `g`: `t4g`, `c8gn`, `im4gn`, `is4gen`, `hpc7g`; not `g4dn`, `gr6`. */
const GRAVITON = /^[a-z]+\d+g/;

/**
 * The CPU architectures that an AWS instance type runs, read from its family: a listing of offerings
 * does not name them.
 *
 * @param instanceType `family.size`, for example `m7g.large`.
 */
export function awsInstanceTypeArchitectures(instanceType: string): readonly string[] {
  const family = instanceType.split('.', 1)[0] ?? '';
  if (family === 'a1' || GRAVITON.test(family)) {
    return ['arm64'];
  }
  if (family.startsWith('mac2')) {
    return ['arm64_mac'];
  }
  return BOTH_INTEL_WIDTHS.has(family) ? ['i386', 'x86_64'] : ['x86_64'];
}
