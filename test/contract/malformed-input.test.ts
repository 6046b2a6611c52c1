import { randomBytes, randomUUID } from 'node:crypto';
import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import { ROLES } from '../../src/domain/access/roles';
import { toGlobalId } from '../../src/domain/global-id';
import { createSchema } from '../../src/schema';
import { startApi, type Answer, type TestApi } from '../kit/api';
import { minimalValue, rootFields, type RootField } from './minimal-operation';
import { fill, TYPES, typeOfSlot, type Things } from './things';

/** Whatever is sent, the answer is one of these: the client's mistake, told as that. */
const CLIENT_CODES = [
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'FORBIDDEN',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'MAX_LIST_ITEMS_LIMIT',
  'OPERATION_RESOLUTION_FAILURE',
];

/** Too long for any index of the database, also compressed. */
const LONG = randomBytes(10_000).toString('hex');
const UUID = randomUUID();

/** Values of the right type, which reach the resolvers, by the name of the type; an id's also names another type. */
const STRANGE: Record<string, unknown[]> = {
  ID: ['', 'x', 'mci_x', `zzz_${UUID}`, UUID, LONG, 7, toGlobalId('User', UUID)],
  String: ['', '\u0001\u001b\u007f\u{1F600}\u202e%_\\*?[( ', LONG],
  Int: [0, -1, 2_147_483_647, -2_147_483_648],
  Boolean: [true],
  DateTime: ['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z', '1969-12-31T23:59:59Z'],
};
/** What a cursor is not. */
const CURSORS = [
  '',
  'x',
  LONG,
  ...[null, 1, {}, [], [[]], ['clouds'], ['clouds', 'a', 'b', UUID], ['clouds', 1e300, UUID], 'clouds'].map(
    encode,
  ),
];

/** Values of a wrong type, and numbers out of range: `RAW…` stands for JSON that JavaScript doesn't write. */
const WRONG: Record<string, unknown[]> = {
  ID: [true, 1.5, { a: 1 }],
  String: [1, true, { a: 1 }],
  Int: [2_147_483_648, -2_147_483_649, 1.5, '1', 'RAW1e400', {}],
  Boolean: ['true', 1],
  DateTime: ['x', '', '2026-02-31', '+275760-09-13T00:00:00.000Z', true, {}],
  enum: ['NOPE', '', '__proto__', 1],
  object: ['x', 1, true, { nope: 1 }, 'RAW{"__typename":1}'],
};

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A place for one value in the arguments of a field, from the argument downwards. */
interface Slot {
  readonly path: readonly string[];
  readonly type: string;
  readonly list: boolean;
}

function slotsOf(args: readonly { readonly name: string; readonly type: GraphQLInputType }[]): Slot[] {
  return args.flatMap(({ name, type }) => slotsBehind([name], type));
}

function slotsBehind(path: readonly string[], type: GraphQLInputType): Slot[] {
  const named = getNamedType(type);
  const list = isListType(getNullableType(type));
  if (isEnumType(named)) return [{ path, type: 'enum', list }];
  if (!isInputObjectType(named)) return [{ path, type: named.name, list }];
  const inside = Object.values(named.getFields()).flatMap((field) =>
    slotsBehind([...path, field.name], field.type),
  );
  return [{ path, type: 'object', list }, ...inside];
}

/** One use of a field, with the values of its arguments. */
interface Attempt {
  readonly label: string;
  readonly values: Readonly<Record<string, unknown>>;
}

let api: TestApi;
let schema: GraphQLSchema;
let fields: RootField[];
let token: string;
let own: Things;
const log: string[] = [];
beforeAll(async () => {
  // The stacks of some ten thousand refusals are read by nobody, and cost half the time.
  Error.stackTraceLimit = 0;
  api = await startApi(
    {
      ...Object.fromEntries(
        ['TOKENS', 'ALIASES', 'ROOT_FIELDS', 'COST'].map((limit) => [`MCI_GRAPH_MAX_${limit}`, '0']),
      ),
      MCI_GRAPH_BATCHING: 'true',
      MCI_GRAPH_MAX_BATCH: '1000',
      MCI_GRAPH_MAX_BODY_BYTES: '104857600',
      MCI_GRAPH_LOG_LEVEL: 'error',
    },
    undefined,
    { write: (line) => log.push(line) },
  );
  schema = await createSchema();
  fields = rootFields(schema).filter(({ field }) => field.name !== '_entities');
  await renew();
});
afterAll(() => api.close());

/** Things of a new account: what was deleted stays so. */
async function renew(): Promise<void> {
  const account = await api.account();
  token = await account.tokenWith(...ROLES);
  own = await fill(api, account);
}

interface Sent {
  readonly status: number;
  readonly body: Answer;
}

async function post(payload: string, headers: Record<string, string> = {}) {
  return api.app.inject({
    method: 'POST',
    url: '/graphql',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      authorization: `Bearer ${token}`,
      ...headers,
    },
    payload,
  });
}

async function send(payload: string, headers?: Record<string, string>): Promise<Sent> {
  const response = await post(payload, headers);
  return { status: response.statusCode, body: response.json<Answer>() };
}

const RAW = /"RAW((?:\\.|[^"\\])*)"/g;
const toJson = (value: unknown): string =>
  JSON.stringify(value).replace(RAW, (_all, json: string) => JSON.parse(`"${json}"`) as string);

const ask = (query: string, variables: object): Promise<Sent> => send(toJson({ query, variables }));

/** What every answer must be, whatever it says. */
function assertClean(label: string, { status, body }: Sent): void {
  const codes = (body.errors ?? []).map(({ extensions }) => extensions?.code);
  const unclean = codes.filter((code) => !CLIENT_CODES.includes(code));
  const faults = log.splice(0);
  if (unclean.length > 0 || faults.length > 0 || status >= 500)
    throw new Error(`${label}: ${status} ${JSON.stringify(body.errors)}, the log has ${faults.join('')}`);
}

/** What tells refusals; of lists also their rows, whose cursors are used further. */
function selectionOf(field: GraphQLField<unknown, unknown>): string {
  const type = getNamedType(field.type);
  const has = (name: string) => isObjectType(type) && name in type.getFields();
  if (has('userErrors')) return ' { userErrors { code } }';
  if (has('totalCount')) return ' { totalCount edges { cursor } }';
  return isCompositeType(type) ? ' { __typename }' : '';
}

interface Place {
  readonly operation: string;
  readonly field: GraphQLField<unknown, unknown>;
  /** What stands around the field. */
  readonly around: (call: string) => string;
  readonly idOf: (name: string) => string;
}

const placeOf = (root: RootField): Place => ({
  operation: root.operation,
  field: root.field,
  around: (call) => call,
  idOf: (name) => own[typeOfSlot(root, name)],
});

/** Fields with arguments inside of nodes. */
function nestedPlaces(): Place[] {
  const nodes = TYPES.flatMap((name) => {
    const type = schema.getType(name);
    const around = (call: string) => `node(id: "${own[name]}") { ... on ${name} { ${call} } }`;
    return isObjectType(type) ? [{ type, around }] : [];
  });
  const usage = schema.getType('ImageUsage');
  if (isObjectType(usage))
    nodes.push({
      type: usage,
      around: (call) => `node(id: "${own.CloudImage}") { ... on CloudImage { usedBy { ${call} } } }`,
    });
  return nodes.flatMap(({ type, around }) =>
    Object.values(type.getFields())
      .filter(({ args }) => args.length > 0)
      .map((field) => ({
        operation: 'query',
        field,
        around,
        idOf: (name: string) => (name === 'cloudId' ? own.Cloud : own.MultiCloudImage),
      })),
  );
}

/** The arguments that a field needs, with one value at its place. */
function valuesWith(
  { field, idOf }: Place,
  path: readonly string[],
  value: unknown,
): Record<string, unknown> {
  const dummies = { id: idOf };
  return Object.fromEntries(
    field.args
      .filter(({ name, type }) => isNonNullType(type) || name === path[0])
      .map(({ name, type }) => [
        name,
        name === path[0] ? put(name, type, path.slice(1), value) : minimalValue(name, type, dummies),
      ]),
  );

  function put(
    name: string,
    type: GraphQLInputType,
    [next, ...rest]: readonly string[],
    inside: unknown,
  ): unknown {
    if (next === undefined) return inside;
    const nullable = getNullableType(type);
    if (isListType(nullable)) return [put(name, nullable.ofType, [next, ...rest], inside)];
    if (!isInputObjectType(nullable)) throw new Error(`${name} has no ${next}`);
    const field = nullable.getFields()[next];
    if (field === undefined) throw new Error(`${nullable.name} has no ${next}`);
    const around = minimalValue(name, nullable, dummies) as Record<string, unknown>;
    const version = Object.values(around).map((id) => versions.get(String(id)));
    if ('expectedVersion' in around)
      around['expectedVersion'] = version.find((found) => found !== undefined) ?? 1;
    return { ...around, [next]: put(next, field.type, rest, inside) };
  }
}

const attempts = (place: Place, { path }: Slot, values: readonly unknown[]): Attempt[] =>
  values.map((value) => ({
    label: `${place.field.name}(${path.join('.')}: ${(JSON.stringify(value) ?? 'undefined').slice(0, 60)})`,
    values: valuesWith(place, path, value),
  }));

function operationOf({ operation, field, around }: Place, { values }: Attempt) {
  const passed = field.args.filter(({ name }) => name in values);
  const declared = passed.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const given = passed.map(({ name }) => `${name}: $${name}`).join(', ');
  const call = `${field.name}${given && `(${given})`}${selectionOf(field)}`;
  return { query: `${operation} ${declared && `(${declared})`} { ${around(call)} }`, variables: values };
}

/** All attempts at once, each an operation of its own: the errors of one hide none of another. */
async function tryAll(place: Place, tries: readonly Attempt[]): Promise<Answer[]> {
  const operations = tries.map((attempt) => operationOf(place, attempt));
  const answers: Answer[] = [];
  // Of each text one first: the service validates it once, and remembers that.
  const isFirst = ({ query }: { query: string }, index: number) =>
    operations.findIndex((other) => other.query === query) === index;
  for (const wanted of [true, false]) {
    const indices = operations.flatMap((operation, index) =>
      isFirst(operation, index) === wanted ? [index] : [],
    );
    if (indices.length === 0) continue;
    const response = await post(toJson(indices.map((index) => operations[index])));
    const given = response.json<Answer[]>();
    expect(given).toHaveLength(indices.length);
    for (const [position, index] of indices.entries()) {
      const answer = given[position] as Answer;
      assertClean(tries[index]?.label ?? '', { status: response.statusCode, body: answer });
      answers[index] = answer;
    }
  }
  return answers;
}

const messagesOf = ({ errors = [] }: Answer): string[] => errors.map(({ message }) => message);

/** Strange values for one slot; a list gets them alone, together, and none. */
function strangeFor({ path, type, list }: Slot): unknown[] {
  if (['after', 'before'].includes(path.at(-1) ?? '')) return CURSORS;
  const values = STRANGE[type] ?? [];
  if (!list) return values;
  return [[], values, Array(1001).fill(values.find((value) => value !== '' && value !== LONG))];
}

/** Versions of the own things that have one, by their ids. */
const versions = new Map<string, number>();

/** Reads the versions that the next operations are to expect; what was deleted is made anew, with all else. */
async function recover(): Promise<void> {
  const types = TYPES.filter((name) => {
    const type = schema.getType(name);
    return isObjectType(type) && 'version' in type.getFields();
  });
  const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { id ${types.map((name) => `... on ${name} { version }`).join(' ')} } }`;
  const { data } = (await ask(query, { ids: TYPES.map((type) => own[type]) })).body;
  const nodes = data.nodes as ({ id: string; version?: number } | null)[];
  versions.clear();
  if (nodes.includes(null)) return renew();
  for (const node of nodes) if (node?.version !== undefined) versions.set(node.id, node.version);
}

const didSomething = ({ data }: Answer): boolean =>
  data != null &&
  Object.values(data as Record<string, { userErrors?: unknown[] }>).some(
    (payload) => payload.userErrors?.length === 0,
  );

test('strange values of the right type: in every argument and input field', async () => {
  let tried = 0;
  for (const root of fields) {
    const place = placeOf(root);
    for (const slot of slotsOf(root.field.args)) {
      tried++;
      // One after the other where a value may be taken: the next is to find everything as it was.
      const values = strangeFor(slot);
      const groups =
        root.operation === 'query' || slot.type === 'ID' ? [values] : values.map((value) => [value]);
      for (const group of groups) {
        const answers = await tryAll(place, attempts(place, slot, group));
        if (root.operation === 'mutation' && answers.some(didSomething)) await recover();
      }
    }
  }
  expect(tried).toBeGreaterThan(500);
});

test('strange values inside of nodes', async () => {
  const places = nestedPlaces();
  expect(places.length).toBeGreaterThan(25);
  for (const place of places)
    await tryAll(
      place,
      slotsOf(place.field.args).flatMap((slot) => attempts(place, slot, strangeFor(slot))),
    );
});

test('pages: both ends at once, negative and huge ones, cursors of another list and forged ones', async () => {
  const places = [...fields.map(placeOf), ...nestedPlaces()].filter(({ field }) =>
    field.args.some(({ name }) => name === 'after'),
  );
  expect(places.length).toBeGreaterThan(40);
  const found: string[] = [];
  for (const place of places) {
    const [answer] = await tryAll(place, [
      { label: place.field.name, values: valuesWith(place, [], undefined) },
    ]);
    const cursor = /"cursor":"([^"]+)"/.exec(JSON.stringify(answer))?.[1];
    if (cursor !== undefined) found.push(cursor);
  }
  expect(found.length).toBeGreaterThan(15);
  // What a cursor says, with something else in each of its places.
  const others = [null, '', 'x', -1, 1.5, 1e300, '\ud800', LONG, '-infinity', '275760-09-13T00:00:00.000Z'];
  const forgedOf = (cursor: string) => {
    const [list, ...values] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    return values.flatMap((_value, index) =>
      others.map((other) => encode([list, ...values.with(index, other)])),
    );
  };
  for (const place of places) {
    const needed = valuesWith(place, [], undefined);
    const answersTo = (pages: readonly object[]) =>
      tryAll(
        place,
        pages.map((page) => ({
          label: `${place.field.name} ${JSON.stringify(page).slice(0, 200)}`,
          values: { ...needed, ...page },
        })),
      );
    const refused = await answersTo([
      { first: 1, last: 1 },
      { first: -1 },
      { last: -1 },
      { first: 101 },
      { last: 2_147_483_647 },
    ]);
    expect([place.field.name, refused.map(messagesOf)]).toEqual([
      place.field.name,
      [
        ['Give `first` or `last`, not both.'],
        ['`first` is -1, but must be between 0 and 100.'],
        ['`last` is -1, but must be between 0 and 100.'],
        ['`first` is 101, but must be between 0 and 100.'],
        ['`last` is 2147483647, but must be between 0 and 100.'],
      ],
    ]);
    const paged = await answersTo(found.map((after) => ({ after })));
    const mine = found.filter((_cursor, index) => messagesOf(paged[index] as Answer).length === 0);
    for (const answer of paged)
      expect([[], [expect.stringMatching(/^`after` is a cursor of another list/)]]).toContainEqual(
        messagesOf(answer),
      );
    expect([place.field.name, mine.length < 4]).toEqual([place.field.name, true]);
    await answersTo(
      mine.flatMap(forgedOf).flatMap((cursor) => [{ after: cursor }, { last: 1, before: cursor }]),
    );
  }
});

test('values of a wrong type: each is refused, by the name of its variable', async () => {
  for (const place of [...fields.map(placeOf), ...nestedPlaces()]) {
    const tries = slotsOf(place.field.args).flatMap((slot) => attempts(place, slot, WRONG[slot.type] ?? []));
    for (const [index, answer] of (await tryAll(place, tries)).entries())
      expect({ ...tries[index], ...answer }).toEqual({
        ...tries[index],
        errors: expect.arrayContaining([
          expect.objectContaining({
            message: expect.stringMatching(/^Variable "\$\w+" got invalid value /),
            extensions: { code: 'BAD_USER_INPUT' },
          }),
        ]),
      });
  }
});

test('subscriptions: what is strange, of a wrong type or no text is refused, or nothing comes of it', async () => {
  const subscriptions = Object.values(schema.getSubscriptionType()?.getFields() ?? {});
  expect(subscriptions.length).toBeGreaterThan(3);
  const statuses = new Set<number>();
  for (const field of subscriptions) {
    const place: Place = { operation: 'subscription', field, around: (call) => call, idOf: () => own.Server };
    const tries = slotsOf(field.args).flatMap((slot) => {
      const texts = ['a\0b', 'a\ud800b'].map((bad) => (slot.list ? [bad] : bad));
      return attempts(place, slot, [...strangeFor(slot), ...(WRONG[slot.type] ?? []), ...texts]);
    });
    for (const attempt of tries) {
      const response = await fetch(`${api.url}/graphql/stream`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: toJson(operationOf(place, attempt)),
      });
      const { status } = response;
      statuses.add(status);
      const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
      if (isStream) await response.body?.cancel();
      else assertClean(attempt.label, { status, body: (await response.json()) as Answer });
    }
  }
  expect([...statuses].sort()).toEqual([200, 400]);
});

test('NUL characters and half surrogate pairs: each is refused, by its place', async () => {
  let tried = 0;
  for (const place of [...fields.map(placeOf), ...nestedPlaces()]) {
    const slots = slotsOf(place.field.args).filter(({ type }) => type === 'String' || type === 'ID');
    const tries = slots.flatMap((slot) =>
      attempts(
        place,
        slot,
        ['a\0b', 'a\ud800b'].map((bad) => (slot.list ? [bad] : bad)),
      ),
    );
    for (const [index, answer] of (await tryAll(place, tries)).entries()) {
      const path = slots[Math.floor(index / 2)]?.path.join('(\\.0)?\\.') ?? '';
      expect([messagesOf(answer), answer.data]).toEqual([
        [
          expect.stringMatching(
            new RegExp(`^\`variables\\.${path}(\\.0)?\` holds a NUL character or half a`),
          ),
        ],
        undefined,
      ]);
      tried++;
    }
  }
  expect(tried).toBeGreaterThan(800);
  for (const literal of ['"a\\u0000b"', '"a\\uD800b"', '"""a\u0000b"""'])
    assertClean(literal, await ask(`{ node(id: ${literal}) { id } }`, {}));
});

test.each([
  ['an Int beyond 32 bits', '{ clouds(first: 2147483648) { totalCount } }'],
  ['an Int of 400 digits', `{ clouds(first: ${'9'.repeat(400)}) { totalCount } }`],
  ['a Float for an Int', '{ clouds(first: 1.5) { totalCount } }'],
  ['1e400', '{ clouds(first: 1e400) { totalCount } }'],
  ['a text for an Int', '{ clouds(first: "1") { totalCount } }'],
  [
    'an unknown enum value',
    '{ diff(lineageId: "x") { text } servers(filter: { state: NOPE }) { totalCount } }',
  ],
  ['an enum value as text', '{ instances(filter: { states: ["OPERATIONAL"] }) { totalCount } }'],
  ['an unknown field of an input', '{ clouds(filter: { nope: 1 }) { totalCount } }'],
  ['a list for an object', '{ clouds(filter: [1]) { totalCount } }'],
])('literals: %s', async (_what, query) => {
  const answer = await ask(query, {});
  assertClean(query, answer);
  expect([answer.status, answer.body.errors?.map(({ extensions }) => extensions.code)]).toEqual([
    400,
    expect.arrayContaining(['GRAPHQL_VALIDATION_FAILED']),
  ]);
});

describe('representations', () => {
  const ENTITIES = 'query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }';
  const entities = async (of: unknown) => {
    const answer = await ask(ENTITIES, { of });
    assertClean(JSON.stringify(of).slice(0, 200), answer);
    return answer.body;
  };

  test.each([
    ['an unknown type', { __typename: 'Nothing', id: 'x' }],
    ['a type that is no entity', { __typename: 'PageInfo' }],
    ['a type of JavaScript', { __typename: 'constructor' }],
    ['a type that is no text', { __typename: { a: 1 } }],
    ['no type', { id: 'x' }],
    ['a text', 'Cloud'],
    ['a number', 7],
    ['a list', [{ __typename: 'Cloud' }]],
    ['JSON that is deep', 'RAW' + '['.repeat(20_000) + ']'.repeat(20_000)],
  ])('%s is refused, by its place', async (_what, representation) => {
    const { errors, data } = await entities([{ __typename: 'Cloud', id: own.Cloud }, representation]);
    expect([errors?.length, data ?? null]).toEqual([1, null]);
    expect(errors?.[0]?.message).toMatch(
      /^`representations\.1` must be an object whose `__typename` is one of .*Cloud/,
    );
  });

  test('too many are refused, with limit and actual', async () => {
    const { errors } = await entities(Array(1001).fill({ __typename: 'Cloud', id: own.Cloud }));
    expect(errors?.map(({ message }) => message)).toEqual([expect.stringMatching(/1001 .*at most 1000/)]);
  });

  test('keys that are missing, of a wrong type or of nothing give nothing', async () => {
    const values = [undefined, null, '', 'x', 7, 1.5, 2_147_483_648, -1, true, {}, [], ['x'], LONG, UUID];
    const types = Object.values(schema.getTypeMap()).filter(
      (type) => isObjectType(type) && type.astNode?.directives?.some(({ name }) => name.value === 'key'),
    );
    expect(types.length).toBeGreaterThan(5);
    const natural = { cloudType: 'EC2', region: 'us-east-1', resourceUid: 'x', lineageId: UUID, revision: 1 };
    const references = types.flatMap(({ name: __typename }) => [
      ...values.map((id) => ({ __typename, id })),
      ...Object.keys(natural).flatMap((key) =>
        values.map((value) => ({ __typename, ...natural, [key]: value })),
      ),
      JSON.parse(`{"__typename":"${__typename}","__proto__x":{"id":"${own.Cloud}"}}`) as object,
    ]);
    for (let start = 0; start < references.length; start += 1000) {
      const some = references.slice(start, start + 1000);
      const { data, errors } = await entities(some);
      expect(errors).toBeUndefined();
      expect(data._entities).toEqual(some.map(() => null));
    }
    await renew();
    const crossed = await entities(types.map(({ name }) => ({ __typename: name, id: own.MultiCloudImage })));
    expect(crossed.data._entities).toEqual(
      types.map(({ name }) => (name === 'MultiCloudImage' ? { __typename: name } : null)),
    );
  });
});

describe('requests that are none', () => {
  const query = '{ __typename }';
  test.each<[string, unknown]>([
    ['no JSON', 'RAW{'],
    ['half of JSON', 'RAW{"query": "{ __typename }"'],
    ['an empty body', 'RAW'],
    ['null', null],
    ['a text', 'query'],
    ['a number', 7],
    ['true', true],
    ['an empty array', []],
    ['an array of what is no operation', [7]],
    ['an empty object', {}],
    ['no query', { variables: {} }],
    ['an empty query', { query: '' }],
    ['a query that is null', { query: null }],
    ['a query that is a number', { query: 7 }],
    ['a query that is an object', { query: { kind: 'Document', definitions: [] } }],
    ['a query that is an array', { query: [query] }],
    ['a query of blanks', { query: '  \n' }],
    ['a query with a byte order mark inside', { query: '{ \ufeff\0 }' }],
    ['variables that are a text', { query, variables: '{}' }],
    ['variables that are an array', { query, variables: [] }],
    ['variables that are a number', { query, variables: 1 }],
    ['extensions that are a text', { query, extensions: '{}' }],
    ['extensions that are an array', { query, extensions: [] }],
    ['an operation’s name that is a number', { query, operationName: 1 }],
    ['an operation’s name that is unknown', { query, operationName: 'Other' }],
    ['two operations without a name', { query: 'query A { __typename } query B { __typename }' }],
    ['a key that would change prototypes', 'RAW{"query":"{ __typename }","__proto__":{"a":1}}'],
    [
      'variables that would change prototypes',
      'RAW{"query":"query ($f: CloudFilter) { clouds(filter: $f) { totalCount } }","variables":{"f":{"constructor":{"prototype":{"a":1}}}}}',
    ],
    ['JSON deeper than the stack', `RAW${'['.repeat(500_000)}${']'.repeat(500_000)}`],
    [
      'extensions deeper than the stack',
      `RAW{"query":"{ nothing }","extensions":{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`,
    ],
  ])('%s', async (_what, body) => {
    const json = typeof body === 'string' && body.startsWith('RAW') ? body.slice(3) : JSON.stringify(body);
    const answer = await send(json);
    assertClean(json.slice(0, 100), answer);
    expect([answer.status, answer.body.errors?.length]).toEqual([400, 1]);
  });

  test.each([
    ['no type', {}, 'content-type', ''],
    ['text', {}, 'content-type', 'text/plain'],
    ['a form', {}, 'content-type', 'application/x-www-form-urlencoded'],
    ['an upload', {}, 'content-type', 'multipart/form-data; boundary=x'],
    ['another type', {}, 'content-type', 'application/xml'],
    ['a type that is none', {}, 'content-type', ';;;'],
    ['an answer that is not made here', {}, 'accept', 'image/png'],
  ])('headers: %s', async (_what, _none, name, value) => {
    const answer = await send(JSON.stringify({ query }), { [name]: value });
    assertClean(`${name}: ${value}`, answer);
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });

  test.each([
    ['no query', ''],
    ['the query twice', '?query={__typename}&query={__typename}'],
    ['variables that are no JSON', '?query={__typename}&variables={'],
    ['variables that are an array', '?query={__typename}&variables=[]'],
    ['extensions that are no JSON', '?query={__typename}&extensions=x'],
    ['a broken escape', '?query=%E0%A4%A'],
    ['a mutation', '?query=mutation{__typename}'],
  ])('GET: %s', async (_what, search) => {
    const response = await api.app.inject({
      url: `/graphql${search}`,
      headers: { authorization: `Bearer ${token}`, 'apollo-require-preflight': 'true' },
    });
    assertClean(search, { status: response.statusCode, body: response.json<Answer>() });
    expect(response.json<Answer>().errors).toHaveLength(1);
  });
});

test('nothing of all this was a fault', () => expect(log).toEqual([]));
