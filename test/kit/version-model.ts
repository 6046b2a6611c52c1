/**
 * Version control as one would explain it on paper, to compare the real one with: contents are flat maps, histories
 * are objects that point at their parents, ancestors are sets found by walking. It shares no code with `src`.
 */

/** A content: JSON values by the JSON of their path, and the order of each sequence by the JSON of its path. */
export interface ModelContent {
  readonly values: ReadonlyMap<string, string>;
  readonly orders: ReadonlyMap<string, readonly string[]>;
}

export interface ModelVersion {
  /** Global id; learned from the service after it made the version. */
  id: string | null;
  readonly lineage: ModelLineage;
  /** `null`: a snapshot. */
  readonly revision: number | null;
  readonly content: ModelContent;
  readonly parents: readonly ModelVersion[];
  /** The step that made it; a later one is greater. */
  readonly step: number;
}

export interface ModelEvent {
  readonly event: string;
  /** `null`: HEAD. */
  readonly made: ModelVersion | null;
  readonly parents: readonly ModelVersion[];
}

export interface ModelLineage {
  readonly headId: string;
  content: ModelContent;
  version: number;
  parents: readonly ModelVersion[];
  readonly revisions: ModelVersion[];
  /** Newest first. */
  readonly events: ModelEvent[];
}

export type Side = 'OURS' | 'THEIRS' | 'BASE';

/** What can be cloned, merged or taken as base: a HEAD, or what never changes. */
export type Source = ModelLineage | ModelVersion;

export const isVersion = (source: Source): source is ModelVersion => 'lineage' in source;

export const pathOf = (...path: string[]): string => JSON.stringify(path);

const asText = ({ values, orders }: ModelContent): string =>
  JSON.stringify([[...values].sort(), [...orders].filter(([, order]) => order.length > 0).sort()]);

export const sameContent = (left: ModelContent, right: ModelContent): boolean =>
  asText(left) === asText(right);

export const latestOf = ({ revisions }: ModelLineage): ModelVersion | null => revisions.at(-1) ?? null;

export function isDirty(lineage: ModelLineage): boolean {
  const latest = latestOf(lineage);
  return latest === null || !sameContent(latest.content, lineage.content);
}

/** These versions and all that they come from. */
export function ancestryOf(
  versions: readonly ModelVersion[],
  found = new Set<ModelVersion>(),
): Set<ModelVersion> {
  for (const version of versions) if (!found.has(version)) ancestryOf(version.parents, found.add(version));
  return found;
}

/**
 * The immutable version that a source's content is in already: itself, or of a HEAD that still equals what it
 * last became, and has come from nothing else since, that.
 */
export function keptAs(source: Source): ModelVersion | null {
  if (isVersion(source)) return source;
  const became = source.parents.findLast((parent) => parent.lineage === source);
  if (became === undefined || !sameContent(became.content, source.content)) return null;
  const behind = ancestryOf([became]);
  return source.parents.every((parent) => behind.has(parent)) ? became : null;
}

/** a common ancestor that is no ancestor of another one; the latest, then the one with the greater id. */
export function baseOf(ours: readonly ModelVersion[], theirs: readonly ModelVersion[]): ModelVersion | null {
  const theirAncestry = ancestryOf(theirs);
  const common = [...ancestryOf(ours)].filter((version) => theirAncestry.has(version));
  const nearest = common.filter(
    (version) => !common.some((other) => other !== version && ancestryOf([other]).has(version)),
  );
  const later = (left: ModelVersion, right: ModelVersion) =>
    right.step - left.step || ((left.id ?? '') < (right.id ?? '') ? 1 : -1);
  return nearest.sort(later)[0] ?? null;
}

export interface ModelMerge {
  readonly content: ModelContent;
  /** JSON of their paths, sorted. */
  readonly conflicts: readonly string[];
}

/** key by key. `take` says which side to take for a conflict. */
export function mergeModels(
  base: ModelContent | null,
  ours: ModelContent,
  theirs: ModelContent,
  { sameLineage, take }: { sameLineage: boolean; take: (conflict: string) => Side },
): ModelMerge {
  const conflicts = new Set<string>();
  const choose = <V>(path: string, b: V, o: V, t: V): V => {
    const [was, our, their] = [b, o, t].map((value) => JSON.stringify(value));
    if (our === their) return o;
    if (base !== null && was === our) return t;
    if (base !== null && was === their) return o;
    conflicts.add(path);
    return { BASE: b, OURS: o, THEIRS: t }[take(path)];
  };
  const values = new Map<string, string>();
  for (const path of new Set([...ours.values.keys(), ...theirs.values.keys()])) {
    const [b, o, t] = [base, ours, theirs].map((content) => content?.values.get(path));
    const stays = path === pathOf('name') && !sameLineage;
    const value = stays ? o : choose(conflictPath(path, base, [b, o, t]), b, o, t);
    if (value !== undefined) values.set(path, value);
  }
  const orders = new Map<string, readonly string[]>();
  for (const sequence of new Set([...ours.orders.keys(), ...theirs.orders.keys()])) {
    const [b, o, t] = [base, ours, theirs].map((content) => content?.orders.get(sequence) ?? []);
    const within = JSON.parse(sequence) as string[];
    const survives = (key: string) => values.has(pathOf(...within, key));
    orders.set(
      sequence,
      mergeOrders(base && (b ?? []), o ?? [], t ?? [], survives, (...sides) =>
        choose(pathOf(...within, 'order'), ...sides),
      ),
    );
  }
  return { content: { values, orders }, conflicts: [...conflicts].sort() };
}

/**
 * Texts are told apart by line: a description has one, a source several that are far from each other. Where a side has
 * no text, or there is no base, the text is in conflict as a whole.
 */
function conflictPath(
  path: string,
  base: ModelContent | null,
  sides: readonly (string | undefined)[],
): string {
  const [field] = JSON.parse(path) as [string];
  if (field === 'description') return base !== null && !sides.includes('null') ? pathOf(field, '1') : path;
  return field === 'source' && base === null ? pathOf(field) : path;
}

/** The common keys in the order that the three agree on, then each side's own behind what stands before it there. */
function mergeOrders(
  base: readonly string[] | null,
  ours: readonly string[],
  theirs: readonly string[],
  survives: (key: string) => boolean,
  choose: (base: string[], ours: string[], theirs: string[]) => string[],
): string[] {
  const common = new Set(ours.filter((key) => theirs.includes(key) && (base === null || base.includes(key))));
  const only = (order: readonly string[]) => order.filter((key) => common.has(key));
  const agreed = choose(only(base ?? []), only(ours), only(theirs));
  // Front and each common key, with what follows it: first what ours has there, then what only theirs has.
  const groups = [null, ...agreed].map((anchor) => ({ anchor, members: [] as string[] }));
  const placed = new Set(agreed);
  const groupOf = (key: string | null) =>
    groups.find(({ anchor, members }) => anchor === key || (key !== null && members.includes(key)));
  for (const key of ours.filter(survives)) {
    if (placed.has(key)) continue;
    const before = ours.slice(0, ours.indexOf(key)).findLast((other) => placed.has(other)) ?? null;
    groupOf(before)?.members.push(key);
    placed.add(key);
  }
  for (const key of theirs.filter(survives)) {
    if (placed.has(key)) continue;
    const before = theirs.slice(0, theirs.indexOf(key)).findLast((other) => placed.has(other)) ?? null;
    const members = groupOf(before)?.members ?? [];
    const own = (index: number) => !theirs.includes(members[index] ?? key);
    let index = before === null ? 0 : members.indexOf(before) + 1;
    while (index < members.length && own(index)) index += 1;
    members.splice(index, 0, key);
    placed.add(key);
  }
  return groups.flatMap(({ anchor, members }) => [...(anchor === null ? [] : [anchor]), ...members]);
}
