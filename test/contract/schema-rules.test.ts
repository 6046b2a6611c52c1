import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'graphql';
import { described, schemaProblems, type SchemaProblem } from '../kit/schema-rules';

const ROOT = join(__dirname, '..', '..');
/** What the code emits: test/contract/api-names.test.ts and `npm run check:schema` hold that. */
const SCHEMA = readFileSync(join(ROOT, 'schema.graphql'), 'utf8');

test('every part of the schema is described, every list bounded, every entity keyed', () => {
  expect(described(parse(SCHEMA)).length).toBeGreaterThan(1500);
  expect(schemaProblems(parse(SCHEMA))).toEqual([]);
});

/** Fails where the schema has no such place any more. */
function broken(from: string | RegExp, to: string): string {
  const text = SCHEMA.replace(from, to);
  if (text === SCHEMA) throw new Error(`The schema has nothing like ${String(from)} to break`);
  return text;
}

const A_NATURAL_KEY_LESS = broken('\n  @key(fields: "cloudType region")', '');
const A_FIELD_UNDESCRIBED = broken(/ {2}"""[^"]*"""\n(?= {2}driftedCount: Int!)/, '');
const AN_UNBOUNDED_LIST = broken(
  'type Query {\n',
  'type Query {\n  """All there are."""\n  all: [[Node!]]!\n\n',
);

describe('a schema that breaks a rule is found, by that rule only', () => {
  const describeIt = { message: 'say in a sentence what it means, its unit and its limits' };
  const CASES: Record<string, [schema: string, problem: SchemaProblem]> = {
    'a key less': [
      A_NATURAL_KEY_LESS,
      { at: 'Cloud', message: 'give the entity the key @key(fields: "cloudType region")' },
    ],
    'another key': [
      broken(/(type Server implements Node\n {2}@key\(fields: )"id"/, '$1"name"'),
      { at: 'Server', message: 'give the entity the key @key(fields: "id")' },
    ],
    'an unbounded list': [
      AN_UNBOUNDED_LIST,
      { at: 'Query.all', message: 'make the list a connection, or tell BOUNDED_LISTS what bounds it' },
    ],
    'a bounded list less': [
      broken(/(type Viewer [^}]*\broles: )\[Role!\]!/, '$1Role'),
      {
        at: 'Viewer.roles',
        message: 'is no list of the schema any more: take it out of test/kit/bounded-lists.ts',
      },
    ],
    'an unbounded list in an input': [
      broken(
        'input CreateDeploymentInput {\n',
        'input CreateDeploymentInput {\n  """Its servers."""\n  ids: [ID!]\n',
      ),
      {
        at: 'CreateDeploymentInput.ids',
        message:
          'bound the list and say by how much ("at most 100"), or tell BOUNDED_INPUT_LISTS what bounds it',
      },
    ],
    'an unbounded list as an argument': [
      broken('"""Global ids, at most 100."""', '"""Global ids."""'),
      {
        at: 'Query.nodes(ids)',
        message:
          'bound the list and say by how much ("at most 100"), or tell BOUNDED_INPUT_LISTS what bounds it',
      },
    ],
    'a type undescribed': [
      broken(/"""[^"]*"""\n(?=type Deployment )/, ''),
      { at: 'Deployment', ...describeIt },
    ],
    'a field undescribed': [A_FIELD_UNDESCRIBED, { at: 'ServerArray.driftedCount', ...describeIt }],
    'an argument undescribed': [
      broken('    """Global ids, at most 100."""\n    ids', '    ids'),
      // Its bound stood there, too.
      { at: 'Query.nodes(ids)', ...describeIt },
    ],
    'an enum value undescribed': [
      broken('  """Look into it."""\n', ''),
      { at: 'Severity.WARNING', ...describeIt },
    ],
    'an input field described by nothing but a word': [
      broken(/(input CreateDeploymentInput \{\n {2})"""[^"]*"""/, '$1"""Name."""'),
      { at: 'CreateDeploymentInput.name', ...describeIt },
    ],
    'the queries undescribed': [broken(/"""[^"]*"""\n(?=type Query )/, ''), { at: 'Query', ...describeIt }],
  };

  test.each(Object.entries(CASES))('%s', (_what, [schema, problem]) => {
    const ours = new Set(schemaProblems(parse(SCHEMA)).map(({ at }) => at));
    const problems = schemaProblems(parse(schema)).filter(({ at }) => !ours.has(at));
    expect(problems).toContainEqual(problem);
    expect(new Set(problems.map(({ at }) => at))).toEqual(new Set([problem.at]));
  });
});

describe('the commands of CI on a broken schema', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'schema '));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** `[exit code, what it printed]` of a command, run where there is this schema. */
  function run(schema: string, ...command: string[]): Promise<[number, string]> {
    writeFileSync(join(folder, 'schema.graphql'), schema);
    return new Promise((resolve) =>
      execFile(process.execPath, command, { cwd: folder }, (error, stdout, stderr) =>
        resolve([error === null ? 0 : Number(error.code), stdout + stderr]),
      ),
    );
  }

  test('check:lint fails on a field without a description, an edge without a cursor, a type that nothing leads to', async () => {
    const noCursor = A_FIELD_UNDESCRIBED.replace(/(\ntype HistoryEdge [^]*?)cursor: /, '$1position: ');
    const schema = `${noCursor}\n"""Nothing leads here."""\ntype Island {\n  """Where it is."""\n  at: String!\n}\n`;
    const eslint = join(ROOT, 'node_modules', 'eslint', 'bin', 'eslint.js');
    const config = join(ROOT, 'eslint.config.mjs');
    const [code, output] = await run(schema, eslint, '--config', config, 'schema.graphql');
    expect(code).toBe(1);
    expect([...output.matchAll(/ error {2}(.*?)(?: {2}|$)/gm)].map(([, message]) => message)).toEqual([
      expect.stringContaining('Edge type must contain a field `cursor`'),
      'Description is required for field "driftedCount" in type "ServerArray"',
      'Object type `Island` is unreachable',
    ]);
  });

  const BREAKING = A_NATURAL_KEY_LESS.replace('driftedCount: Int!', 'drifted: Int!')
    .replace('type PageInfo\n  @shareable', 'type PageInfo')
    .replace(/\n {2}"""Look into it\."""\n {2}WARNING\n/, '\n');

  /** `check:breaking` of a schema in this version, after releases of ours. */
  function checkBreaking(schema: string, version: string, newest: string, ...releases: string[]) {
    mkdirSync(join(folder, 'releases'), { recursive: true });
    for (const release of releases)
      writeFileSync(join(folder, 'releases', `${release}.graphql`), 'type Query { older: Int! }');
    writeFileSync(join(folder, 'releases', `${newest}.graphql`), SCHEMA);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ version }));
    return run(schema, join(ROOT, 'scripts', 'check-breaking.mjs'));
  }

  test('check:breaking fails on a field, a value, a key and @shareable less, and names them', async () => {
    const [code, output] = await checkBreaking(BREAKING, '0.10.0', '0.10.0', '0.9.0', '0.2.11');
    expect(code).toBe(1);
    expect(output).toContain('schema.graphql breaks clients of releases/0.10.0.graphql');
    expect(output.match(/^ {2}\S.*$/gm)?.sort()).toEqual([
      '  Cloud @key(fields: "cloudType region") is gone',
      "  PageInfo.@shareable: Directive 'shareable' was removed from object 'PageInfo'",
      "  ServerArray.driftedCount: Field 'driftedCount' was removed from object type 'ServerArray'",
      "  Severity.WARNING: Enum value 'WARNING' was removed from enum 'Severity'",
    ]);
  });

  test.each([
    ['what only adds', AN_UNBOUNDED_LIST, '1.2.0', '1.2.0', 0],
    ['what breaks, in the next minor version', BREAKING, '1.3.0', '1.2.0', 1],
    ['what breaks, in the next major version', BREAKING, '2.0.0', '1.2.0', 0],
    ['what breaks, in the next patch of 0.x', BREAKING, '0.2.1', '0.2.0', 1],
    ['what breaks, in the next minor version of 0.x', BREAKING, '0.3.0', '0.2.0', 0],
  ])('check:breaking on %s', async (_what, schema, version, release, code) => {
    expect((await checkBreaking(schema, version, release))[0]).toBe(code);
  });

  test('check:schema fails on a schema that the code does not emit', async () => {
    const [code, output] = await run(AN_UNBOUNDED_LIST, join(ROOT, 'scripts', 'print-schema.mjs'), '--check');
    expect(code).toBe(1);
    expect(output).toContain('schema.graphql differs from the emitted schema');
  });
});
