/** How people name one version of a component: `NAME [rev N]`, `NAME [HEAD]`. */
export const describeVersion = ({
  name,
  revision,
}: {
  readonly name: string;
  /** 0 is HEAD. */
  readonly revision: number;
}): string => `${name} [${revision === 0 ? 'HEAD' : `rev ${revision}`}]`;
