/** What people name a version of a component by. */
export interface NamedVersion {
  readonly name: string;
  /** 0 is HEAD, or a snapshot of it. */
  readonly revision: number;
  /** Whether it is what a clone or merge kept of a HEAD. */
  readonly snapshot: boolean;
}

/** How people name one version of a component: `NAME [rev N]`, `NAME [HEAD]`, `NAME [snapshot]`. */
export function describeVersion({ name, revision, snapshot }: NamedVersion): string {
  const version = revision > 0 ? `rev ${revision}` : snapshot ? 'snapshot' : 'HEAD';
  return `${name} [${version}]`;
}
