import type { Data, TestAccount } from './api';
import { run } from './components';
import { tryTo, type Verb } from './version-control';
import {
  baseOf,
  ancestryOf,
  isDirty,
  isVersion,
  keptAs,
  latestOf,
  mergeModels,
  pathOf,
  sameContent,
  type ModelContent,
  type ModelLineage,
  type ModelVersion,
  type Side,
  type Source,
} from './version-model';
import type { ModelKind } from './version-model-kinds';

export type StepVerb = 'create' | 'edit' | 'commit' | 'clone' | 'restore' | 'merge' | 'stale';

/** What to do; the numbers choose among what there is then. */
export interface Step {
  readonly verb: StepVerb;
  readonly numbers: readonly number[];
}

const MAXIMUM_LINEAGES = 5;
/** Which edit, of what, and how. */
const NUMBERS_PER_EDIT = 5;
/** How many numbers a step needs at most. */
export const NUMBERS_PER_STEP = 2 + 3 * NUMBERS_PER_EDIT;

/** One history, lived by the service and by the model at the same time; they must never differ. */
export class ModelSession {
  private readonly lineages: ModelLineage[] = [];
  private readonly snapshots: ModelVersion[] = [];
  /** HEADs as last read, in the order of the lineages. */
  private heads: Data[] = [];
  private step = 0;
  private audited = 0;

  constructor(
    private readonly account: TestAccount,
    private readonly model: ModelKind,
  ) {}

  async start(seeds: readonly number[]): Promise<void> {
    this.audited = (
      await this.account.query('{ auditEntries(first: 1) { totalCount } }')
    ).auditEntries.totalCount;
    for (const seed of seeds) await this.create(seed);
    await this.compare();
  }

  /** Does it on both sides, and compares all that can be seen. */
  async take({ verb, numbers }: Step): Promise<void> {
    this.step += 1;
    await this[verb](...numbers);
    await this.compare();
  }

  /** What never changes still holds what it held. */
  async end(): Promise<void> {
    const versions = [...this.lineages.flatMap(({ revisions }) => revisions), ...this.snapshots];
    for (let from = 0; from < versions.length; from += 50) {
      const some = versions.slice(from, from + 50);
      const data = await this.account.query(
        `query($ids: [ID!]!) { nodes(ids: $ids) { ... on ${this.model.kind} { isSnapshot name description tags ${this.model.selection} } } }`,
        { ids: some.map(({ id }) => id) },
      );
      for (const [index, version] of some.entries()) {
        expect(data.nodes[index].isSnapshot).toBe(version.revision === null);
        expectContent(this.model.contentOf(data.nodes[index]), version.content);
      }
    }
  }

  private async create(seed = 0): Promise<void> {
    if (this.lineages.length >= MAXIMUM_LINEAGES) return;
    const payload = await run(this.account, `create${this.model.kind}`, this.model.create('alpha', seed));
    expect(payload.userErrors).toEqual([]);
    const head: Data = Object.values(payload).find((value: Data) => value?.lineageId !== undefined);
    const lineage: ModelLineage = {
      headId: head.id,
      content: this.model.contentOf(head),
      version: 1,
      parents: [],
      revisions: [],
      events: [{ event: 'CREATED', made: null, parents: [] }],
    };
    this.lineages.push(lineage);
    this.audited += 1;
  }

  /** One to three edits of one HEAD, so that lineages move apart between merges. */
  private async edit(choice = 0, count = 0, ...numbers: number[]): Promise<void> {
    const lineage = this.lineage(choice);
    for (let index = 0; index <= count % 3; index += 1) {
      if (index > 0) await this.compare();
      await this.editOnce(lineage, numbers.slice(index * NUMBERS_PER_EDIT));
    }
  }

  private async editOnce(lineage: ModelLineage, numbers: readonly number[]): Promise<void> {
    const edit = this.model.edit(lineage.content, this.headOf(lineage), numbers);
    if (edit === null) return;
    const input = { ...edit.input, expectedVersion: lineage.version };
    const { userErrors } = await run(this.account, edit.mutation, input);
    expect(userErrors).toEqual([]);
    if (!sameContent(lineage.content, edit.after)) this.audited += 1;
    this.write(lineage, edit.after);
  }

  private async commit(choice = 0): Promise<void> {
    const lineage = this.lineage(choice);
    const expected = !this.isCommittable(lineage) ? 'INVALID' : isDirty(lineage) ? null : 'NOTHING_TO_COMMIT';
    const made = await this.ask('commit', expected, {
      id: lineage.headId,
      expectedVersion: lineage.version,
      message: `step ${this.step}`,
      ...(this.model.kind === 'ServerTemplate' && { commitHeadDependencies: false }),
    });
    if (expected !== null) return;
    this.makeRevision(lineage).id = made.id;
    this.audited += 1;
  }

  private async clone(choice = 0): Promise<void> {
    if (this.lineages.length >= MAXIMUM_LINEAGES) return;
    const source = this.source(choice);
    const name = `clone of step ${this.step}`;
    const head = await this.ask('clone', null, { id: idOf(source), name });
    const kept = this.keep(source);
    this.lineages.push({
      headId: head.id,
      content: {
        ...source.content,
        values: new Map([...source.content.values, [pathOf('name'), JSON.stringify(name)]]),
      },
      version: 1,
      parents: [kept],
      revisions: [],
      events: [{ event: 'CLONED', made: null, parents: [kept] }],
    });
    this.audited += 1;
  }

  private async restore(choice = 0, which = 0): Promise<void> {
    const lineage = this.lineage(choice);
    const revision = lineage.revisions[which % Math.max(1, lineage.revisions.length)];
    const latest = latestOf(lineage);
    if (revision === undefined || latest === null) return;
    await this.ask('restore', null, {
      headId: lineage.headId,
      expectedVersion: lineage.version,
      revisionId: revision.id,
    });
    const isThere = sameContent(lineage.content, revision.content);
    if (isThere && lineage.parents.length === 1 && lineage.parents[0] === latest) return;
    this.write(lineage, revision.content);
    lineage.parents = [latest];
    lineage.events.unshift({ event: 'RESTORED', made: null, parents: [...new Set([latest, revision])] });
    this.audited += 1;
  }

  private async merge(choice = 0, which = 0, base = 0, ...sides: number[]): Promise<void> {
    const into = this.lineage(choice);
    const from = this.source(which);
    const asked = base % 4 === 0 ? this.source(base >> 2) : null;
    if (asked !== null && !isVersion(asked)) {
      await this.ask('merge', 'INVALID', {
        intoId: into.headId,
        expectedVersion: into.version,
        fromId: idOf(from),
        baseId: idOf(asked),
      });
      return;
    }
    const kept = keptAs(from);
    const known = kept !== null && ancestryOf(into.parents).has(kept);
    const theirOrigins = kept !== null ? [kept] : isVersion(from) ? [from] : from.parents;
    const nearest = baseOf(into.parents, theirOrigins);
    const isCommon =
      asked === null || [into.parents, theirOrigins].every((origins) => ancestryOf(origins).has(asked));
    const baseContent = (asked ?? nearest)?.content ?? null;
    const nothing = from === into || (known && asked === null);
    const sameLineage = (isVersion(from) ? from.lineage : from) === into;
    const plan = (take: (conflict: string) => Side) =>
      nothing
        ? { content: into.content, conflicts: [] }
        : mergeModels(baseContent, into.content, from.content, { sameLineage, take });
    const { conflicts } = plan(() => 'OURS');
    const chosen = new Map(
      conflicts.map((conflict, index) => [conflict, sideOf(sides, index, baseContent !== null)]),
    );
    const { content } = plan((conflict) => chosen.get(conflict) ?? 'OURS');
    const input = {
      intoId: into.headId,
      expectedVersion: into.version,
      fromId: idOf(from),
      baseId: asked && idOf(asked),
    };
    if (conflicts.length > 0) {
      const refusal = await this.ask('merge', 'MERGE_CONFLICT', input);
      expect(refusal.conflicts.map(({ path }: Data) => JSON.stringify(path)).sort()).toEqual(conflicts);
      await this.compare();
    }
    const changes = !sameContent(content, into.content);
    const stays = nothing || (!changes && (known || (!isCommon && chosen.size === 0)));
    const expected = stays ? null : this.refusalOf(into, content);
    const resolutions = [...chosen].map(([path, take]) => ({ path: JSON.parse(path) as string[], take }));
    await this.ask('merge', expected, { ...input, resolutions });
    if (stays || expected !== null) return;
    if (isDirty(into)) this.makeRevision(into);
    const theirs = this.keep(from);
    const parents = [...new Set([...into.parents, theirs])];
    if (!known) into.parents = parents;
    this.write(into, content);
    into.events.unshift({ event: 'MERGED', made: null, parents });
    this.audited += 1;
  }

  private async stale(choice = 0, which = 0): Promise<void> {
    const lineage = this.lineage(choice);
    const [expectedVersion, revision] = [lineage.version + 1, latestOf(lineage)];
    const requests: [Verb, object][] = [
      [
        'commit',
        {
          id: lineage.headId,
          message: 'stale',
          ...(this.model.kind === 'ServerTemplate' && { commitHeadDependencies: false }),
        },
      ],
      ['merge', { intoId: lineage.headId, fromId: idOf(this.source(which)) }],
      ...(revision === null
        ? []
        : [['restore', { headId: lineage.headId, revisionId: revision.id }] satisfies [Verb, object]]),
    ];
    const [verb, input] = requests[which % requests.length] ?? ['commit', {}];
    const refusal = await this.ask(verb, 'STALE', { ...input, expectedVersion });
    expect(refusal.currentVersion).toBe(lineage.version);
  }

  /** why a merge without conflicts is refused. */
  private refusalOf(into: ModelLineage, content: ModelContent): string | null {
    const named = content.values.get(pathOf('defaultMultiCloudImage'));
    if (named !== undefined) {
      const lineage = JSON.parse(named) as string | null;
      const pins = [...content.values.keys()].filter((path) => JSON.parse(path)[0] === 'multiCloudImages');
      const fits = lineage === null ? pins.length === 0 : pins.includes(pathOf('multiCloudImages', lineage));
      if (!fits) return 'MERGE_VIOLATION';
    }
    return isDirty(into) && !this.isCommittable(into) ? 'INVALID' : null;
  }

  /** */
  private isCommittable({ content }: ModelLineage): boolean {
    const needed = { MultiCloudImage: 'settings', ServerTemplate: 'multiCloudImages', RightScript: 'name' };
    return [...content.values.keys()].some((path) => JSON.parse(path)[0] === needed[this.model.kind]);
  }

  private write(lineage: ModelLineage, content: ModelContent): void {
    if (!sameContent(lineage.content, content)) lineage.version += 1;
    lineage.content = content;
  }

  private makeRevision(lineage: ModelLineage): ModelVersion {
    const { content, parents, revisions } = lineage;
    const made: ModelVersion = {
      id: null,
      lineage,
      revision: revisions.length + 1,
      content,
      parents,
      step: this.step,
    };
    revisions.push(made);
    lineage.parents = [made];
    lineage.events.unshift({ event: 'COMMITTED', made, parents });
    return made;
  }

  private keep(source: Source): ModelVersion {
    const kept = keptAs(source);
    if (kept !== null || isVersion(source)) return kept ?? (source as ModelVersion);
    const { content, parents } = source;
    const taken: ModelVersion = {
      id: null,
      lineage: source,
      revision: null,
      content,
      parents,
      step: this.step,
    };
    // It comes from the earlier ones itself.
    source.parents = [...parents.filter((parent) => !isSnapshotOf(source, parent)), taken];
    this.snapshots.push(taken);
    return taken;
  }

  private async ask(verb: Verb, code: string | null, input: object): Promise<Data> {
    const { component, userErrors } = await tryTo(this.account, verb, this.model.kind, input);
    expect(userErrors.map((error: Data) => error.code)).toEqual(code === null ? [] : [code]);
    return component ?? userErrors[0];
  }

  private lineage(choice: number): ModelLineage {
    const lineage = this.lineages[choice % this.lineages.length];
    if (lineage === undefined) throw new Error('There is no lineage');
    return lineage;
  }

  /** HEADs as often as all else together. */
  private source(choice: number): Source {
    const versions = [...this.lineages.flatMap(({ revisions }) => revisions), ...this.snapshots];
    const version = versions[(choice >> 1) % Math.max(1, versions.length)];
    return choice % 2 === 0 && version !== undefined ? version : this.lineage(choice >> 1);
  }

  private headOf(lineage: ModelLineage): Data {
    return this.heads[this.lineages.indexOf(lineage)];
  }

  private async compare(): Promise<void> {
    const data = await this.account.query(
      `query($ids: [ID!]!) { auditEntries(first: 1) { totalCount } nodes(ids: $ids) { ... on ${this.model.kind} {
        id version name description tags ${this.model.selection}
        revisions(first: 100) { edges { node { id revision } } }
        history(first: 100) { edges { node { event component { id } parents { id } } } } } } }`,
      { ids: this.lineages.map(({ headId }) => headId) },
    );
    this.heads = data.nodes;
    for (const [index, lineage] of this.lineages.entries()) this.learn(lineage, data.nodes[index]);
    for (const [index, lineage] of this.lineages.entries()) this.compareLineage(lineage, data.nodes[index]);
    expect(data.auditEntries.totalCount).toBe(this.audited);
  }

  /** Ids of what the service made on its own: what a merge committed first, and snapshots. */
  private learn(lineage: ModelLineage, head: Data): void {
    const made = latestOf(lineage);
    if (made?.id === null) made.id = head.revisions.edges[0]?.node.id;
    const taken = lineage.events[0]?.parents.at(-1);
    if (taken?.id === null) taken.id = head.history.edges[0]?.node.parents.at(-1)?.id;
  }

  private compareLineage(lineage: ModelLineage, head: Data): void {
    expectContent(this.model.contentOf(head), lineage.content);
    expect(head.version).toBe(lineage.version);
    expect(head.revisions.edges.map(({ node }: Data) => [node.revision, node.id])).toEqual(
      lineage.revisions.toReversed().map(({ revision, id }) => [revision, id]),
    );
    expect(
      head.history.edges.map(({ node }: Data) => [
        node.event,
        node.component.id,
        node.parents.map((parent: Data) => parent.id),
      ]),
    ).toEqual(
      lineage.events.map(({ event, made, parents }) => [
        event,
        made?.id ?? lineage.headId,
        // A lineage's own snapshots are bookkeeping.
        parents
          .filter((parent) => parent.revision !== null || parent.lineage !== lineage)
          .map(({ id }) => id),
      ]),
    );
  }
}

const idOf = (source: Source): string | null => (isVersion(source) ? source.id : source.headId);

/** All from one side, or a mixture. */
function sideOf(numbers: readonly number[], index: number, hasBase: boolean): Side {
  const [mode = 0] = numbers;
  if (mode % 3 === 0) return 'OURS';
  if (mode % 3 === 1) return 'THEIRS';
  const sides: Side[] = hasBase ? ['THEIRS', 'OURS', 'BASE'] : ['THEIRS', 'OURS'];
  return sides[(mode + index) % sides.length] ?? 'OURS';
}

function expectContent(actual: ModelContent, expected: ModelContent): void {
  const shown = ({ values, orders }: ModelContent) => ({
    values: Object.fromEntries([...values].sort()),
    orders: Object.fromEntries([...orders].filter(([, order]) => order.length > 0).sort()),
  });
  expect(shown(actual)).toEqual(shown(expected));
}

/** Whether a version is a copy that was taken of this very HEAD. */
function isSnapshotOf(lineage: ModelLineage, version: ModelVersion): boolean {
  return version.lineage === lineage && version.revision === null;
}
