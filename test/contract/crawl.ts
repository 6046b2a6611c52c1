import { randomUUID } from 'node:crypto';
import {
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  type GraphQLCompositeType,
  type GraphQLSchema,
} from 'graphql';
import { toGlobalId, type NodeType } from '../../src/domain/global-id';
import type { Data } from '../kit/api';
import type { CanaryReader } from './canary-reader';
import type { DeepSelection } from './deep-selection';
import { minimalOperation, rootFields, type Operation, type RootField } from './minimal-operation';

export const COMPONENTS = ['MultiCloudImage', 'ServerTemplate', 'RightScript'] as const;

export type Ids = Readonly<Record<NodeType, readonly string[]>>;

/** All that a reader could know to ask for, of all accounts. */
export interface Known {
  readonly ids: Ids;
  /** Of the reader's own account, what it may edit first. */
  readonly ownIds: Ids;
  /** Of the reader's own versions HEADs and what it imported. */
  readonly compared: Ids;
  readonly lineages: readonly {
    readonly type: NodeType;
    readonly lineageId: string;
    readonly revision: number;
  }[];
  /** Natural keys. */
  readonly clouds: readonly Data[];
  readonly cloudImages: readonly Data[];
  readonly instanceTypes: readonly Data[];
}

const HOLDS_IDS = /^(filter|overrides|choices|settings|id|ids|.*Ids?)$/;
const isId = (name: string): boolean => /^(id|ids|.*Ids?)$/.test(name);
const isLineage = (slot: string): boolean => /^lineageIds?$/.test(slot);
/** Ids that mean something only together: `comparisons` gives them. */
const PAIRED = ['diff(fromId)', 'diff(toId)'];

const isMutation = ({ operation }: RootField): boolean => operation === 'mutation';

export const pieces = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );

/** The type of what a root field answers, if that has fields. */
export const compositeOf = ({ field }: RootField): GraphQLCompositeType | null => {
  const type = getNamedType(field.type);
  return isCompositeType(type) ? type : null;
};

/** The names under which an operation takes ids. */
function slotsOf(root: RootField): string[] {
  const slots = new Set<string>();
  minimalOperation(root, {
    id: (name) => {
      slots.add(name);
      return '';
    },
    optional: (name) => HOLDS_IDS.test(name),
  });
  return [...slots].filter((slot) => slot !== 'claimId');
}

/** Calls of a list: without options, and with each value of each one that has few. */
function callsOf({ field }: RootField): string[] {
  const calls = [''];
  const add = (value: (literal: string) => string, type: unknown): void => {
    if (isEnumType(type)) for (const { name } of type.getValues()) calls.push(value(name));
    if (String(type) === 'Boolean') for (const literal of ['true', 'false']) calls.push(value(literal));
  };
  for (const { name, type } of field.args) {
    const given = getNamedType(type);
    add((literal) => `(${name}: ${literal})`, given);
    if (isInputObjectType(given))
      for (const option of Object.values(given.getFields()))
        add((literal) => `(${name}: { ${option.name}: ${literal} })`, getNamedType(option.type));
  }
  return calls;
}

/** The same mutations, many in a request: one after the other, each by itself. */
function together({ field: { name, args } }: RootField, operations: readonly Operation[]): Operation[] {
  return pieces(operations, 20).map((some) => {
    const declared = some.map((_, index) => `$i${index}: ${String(args[0]?.type)}`).join(', ');
    const calls = some.map(({ source }, index) =>
      source
        .slice(source.indexOf('{') + 1, -1)
        .replace(name, `m${index}: ${name}`)
        .replace('$input', `$i${index}`),
    );
    const variables = Object.fromEntries(
      some.map(({ variables }, index) => [`i${index}`, variables['input']]),
    );
    return { source: `mutation(${declared}) { ${calls.join(' ')} }`, variables };
  });
}

/** Asks everywhere for everything: every root field, with every id that there is. */
export class Crawl {
  readonly queries: readonly RootField[];
  readonly mutations: readonly RootField[];

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly known: Known,
    /** Shared by those who ask, to know what was selected. */
    private readonly deep: DeepSelection,
  ) {
    const roots = rootFields(schema);
    // Federation's own fields are asked by `references`.
    this.queries = roots.filter((root) => !isMutation(root) && !root.field.name.startsWith('_'));
    this.mutations = roots.filter(isMutation);
  }

  /** Every node there is, and what is behind it, so many nodes deep. */
  async nodes(reader: CanaryReader, depth: number): Promise<void> {
    for (const [type, ids] of Object.entries(this.known.ids)) {
      const selection = this.deep.of(this.schema.getType(type) as GraphQLCompositeType, depth);
      const source = this.deep.document(
        `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename ${selection} } }`,
      );
      for (const some of pieces(ids, 5)) await reader.ask(`nodes of ${type}`, source, { ids: some });
    }
  }

  /** Every root field that can be asked without knowing anything. */
  async lists(reader: CanaryReader, depth: number): Promise<void> {
    for (const root of this.queries) {
      const type = compositeOf(root);
      if (type === null || root.field.args.some(({ name }) => isId(name) || name === 'input')) continue;
      for (const call of callsOf(root)) {
        const question = `${root.field.name}${call}`;
        await reader.ask(question, this.deep.document(`{ ${question} { ${this.deep.of(type, depth)} } }`));
      }
    }
  }

  /**
   * Each of the root fields with each of these ids in each slot that takes its type, and own things in the others.
   * @returns what was tried
   */
  async slots(reader: CanaryReader, roots: readonly RootField[], ids: Ids): Promise<string[]> {
    const tried: string[] = [];
    for (const root of roots) {
      const type = compositeOf(root);
      if (type === null) continue;
      const types = await this.typesOfSlots(reader, root);
      const slots = slotsOf(root).filter((slot) => !PAIRED.includes(`${root.field.name}(${slot})`));
      // `nodes` looks behind nodes.
      const selection = this.deep.of(type, this.deep.isNode(type) ? 0 : 1);
      if (slots.length === 0) {
        const { source, variables } = minimalOperation(root, { id: () => '' }, selection);
        await reader.ask(root.field.name, this.deep.document(source), variables);
      }
      for (const slot of slots) {
        const taken = types.get(slot);
        const values = isLineage(slot)
          ? this.lineageIds()
          : taken === undefined
            ? Object.values(ids).flat()
            : ids[taken];
        const operations = values.map((value) =>
          minimalOperation(
            root,
            {
              id: (name) => (name === slot ? value : this.own(types.get(name), name)),
              optional: (name) => name === slot || (HOLDS_IDS.test(name) && !isId(name)),
            },
            selection,
          ),
        );
        for (const { source, variables } of isMutation(root) ? together(root, operations) : operations)
          await reader.ask(`${root.field.name}(${slot})`, this.deep.document(source), variables);
        tried.push(`${root.field.name}(${slot}: ${isLineage(slot) ? 'lineage' : (taken ?? 'any')})`);
      }
    }
    return tried;
  }

  private lineageIds(): string[] {
    return [...new Set(this.known.lineages.map(({ lineageId }) => lineageId))];
  }

  private own(type: NodeType | undefined, slot: string): string {
    if (isLineage(slot)) return this.lineageIds()[0] ?? '';
    return this.known.ownIds[type ?? 'MultiCloudImage'][0] ?? randomUUID();
  }

  /** What slots take, as refusals of ids of another type say; none: several types, or a lineage. */
  private async typesOfSlots(reader: CanaryReader, root: RootField): Promise<Map<string, NodeType>> {
    const types = new Map<string, NodeType>();
    const given = new Map(slotsOf(root).map((slot) => [slot, toGlobalId('AuditEntry', randomUUID())]));
    for (;;) {
      const { source, variables } = minimalOperation(
        root,
        {
          id: (name) => given.get(name) ?? randomUUID(),
          optional: (name) => HOLDS_IDS.test(name) && name !== 'lineageId',
        },
        isMutation(root) ? 'userErrors { message }' : '__typename',
      );
      const answer = JSON.stringify(await reader.ask(`types of ${root.field.name}`, source, variables));
      const [, id, needed] = /(aud_[0-9a-f-]{36})[^;]*; the id of an? (\w+) is needed/.exec(answer) ?? [];
      const type = (Object.keys(this.known.ids) as NodeType[]).find((candidate) => candidate === needed);
      const slot = [...given].find(([, value]) => value === id)?.[0];
      if (type === undefined || slot === undefined) return types;
      types.set(slot, type);
      given.set(slot, toGlobalId(type, randomUUID()));
    }
  }

  /** Every version of others beside the reader's own ones. */
  async comparisons(reader: CanaryReader): Promise<void> {
    const selection = (type: string): string =>
      this.deep.of(this.schema.getType(type) as GraphQLCompositeType, 1);
    const [diff, merge] = [selection('Diff'), selection('MergePreview')];
    for (const type of COMPONENTS) {
      const { ids, compared } = this.known;
      const others = ids[type].filter((id) => !this.known.ownIds[type].includes(id));
      const calls = compared[type].flatMap((own) =>
        others.flatMap((other) => [
          `diff(fromId: "${own}", toId: "${other}") { ${diff} }`,
          `diff(fromId: "${other}", toId: "${own}") { ${diff} }`,
          `mergePreview(intoId: "${own}", fromId: "${other}") { ${merge} }`,
          `mergePreview(intoId: "${other}", fromId: "${own}") { ${merge} }`,
          `mergePreview(intoId: "${own}", fromId: "${own}", baseId: "${other}") { ${merge} }`,
        ]),
      );
      for (const some of pieces(calls, 100)) {
        const asked = some.map((call, index) => `c${index}: ${call}`).join('\n');
        await reader.ask(`versions of ${type}`, this.deep.document(`{ ${asked} }`));
      }
    }
  }

  /** Federation's references and root fields, by all keys. */
  async references(reader: CanaryReader): Promise<void> {
    const { ids, lineages, clouds, cloudImages, instanceTypes } = this.known;
    const typed = (__typename: string, rows: readonly object[]): object[] =>
      rows.map((row) => ({ __typename, ...row }));
    const entity = this.schema.getType('_Entity') as GraphQLCompositeType;
    const entities = new Set(this.schema.getPossibleTypes(entity as never).map(({ name }) => name));
    const representations = [
      ...Object.entries(ids)
        .filter(([type]) => entities.has(type))
        .flatMap(([type, some]) =>
          typed(
            type,
            some.map((id) => ({ id })),
          ),
        ),
      ...lineages.map(({ type, lineageId, revision }) => ({ __typename: type, lineageId, revision })),
      ...typed('Cloud', clouds),
      ...typed('CloudImage', cloudImages),
      ...typed('InstanceType', instanceTypes),
    ];
    const source = this.deep.document(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${this.deep.of(entity, 1)} } }`,
    );
    for (const some of pieces(representations, 20))
      await reader.ask('references', source, { representations: some });
    for (const [field, type, keys] of [
      ['cloud', 'Cloud', clouds],
      ['cloudImage', 'CloudImage', cloudImages],
    ] as const) {
      const selection = this.deep.of(this.schema.getType(type) as GraphQLCompositeType, 1);
      for (const key of keys) {
        const passed = Object.entries(key).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
        const question = `${field}(${passed.join(', ')})`;
        await reader.ask(question, this.deep.document(`{ ${question} { ${selection} } }`));
      }
    }
  }

  /** For each text that a list can be filtered by, how many of the words find anything. */
  async search(reader: CanaryReader, words: readonly string[]): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { field } of this.queries) {
      const filter = field.args.find(({ name }) => name === 'filter');
      const [given, list] = [filter && getNamedType(filter.type), getNamedType(field.type)];
      if (!isInputObjectType(given) || !isObjectType(list)) continue;
      const options = given.getFields();
      const widest = [
        ...('versions' in options ? ['versions: ALL'] : []),
        ...('includeDeleted' in options ? ['includeDeleted: true'] : []),
      ].join(', ');
      for (const option of Object.values(options)) {
        if (getNamedType(option.type).name !== 'String') continue;
        const slot = `${field.name}(${option.name})`;
        const calls = words.map(
          (word, index) =>
            `c${index}: ${field.name}(filter: { ${option.name}: "${word}", ${widest} }) { totalCount }`,
        );
        const { data } = await reader.ask(slot, `{ ${calls.join(' ')} }`);
        counts[slot] = Object.values<Data>(data).filter(({ totalCount }) => totalCount > 0).length;
      }
    }
    return counts;
  }
}
