/** An image as the viewer may know it: of one that it doesn't see nothing but the uid. */
export type NamedImage = {
  /** Global id; `null`: not visible. */
  readonly id: string | null;
  readonly resourceUid: string;
  readonly name: string | null;
};

/** What the viewer may know of the things that differences refer to. What it doesn't see is missing. */
export interface Names {
  /** By global id. */
  readonly clouds: ReadonlyMap<string, string>;
  /** By global id, also of those that the viewer doesn't see. */
  readonly images: ReadonlyMap<string, NamedImage>;
  /** By global id. */
  readonly instanceTypes: ReadonlyMap<string, string>;
  /** By lineage. */
  readonly components: ReadonlyMap<string, string>;
}

/** Where nothing is looked up: ids stand for names. */
export const NO_NAMES: Names = {
  clouds: new Map(),
  images: new Map(),
  instanceTypes: new Map(),
  components: new Map(),
};

/** The things to be named: global ids, and lineages of components. */
export class References {
  readonly clouds = new Set<string>();
  readonly images = new Set<string>();
  readonly instanceTypes = new Set<string>();
  readonly multiCloudImages = new Set<string>();
  readonly rightScripts = new Set<string>();
}

/** A name within a phrase: on one line. */
export const quoted = (name: string): string => `"${onOneLine(name)}"`;

export const onOneLine = (text: string): string => text.replace(/\s+/gu, ' ').trim();

/** A component of a lineage within a phrase: by its name, or by the lineage where the viewer sees none. */
export function quotedComponent({ components }: Names, lineageId: string): string {
  const name = components.get(lineageId);
  return name === undefined ? lineageId : quoted(name);
}
