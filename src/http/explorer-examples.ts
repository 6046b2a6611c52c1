import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Kind, parse } from 'graphql';

/** A saved query of the explorer page. */
export interface ExampleQuery {
  /** Title, unique among the examples. */
  readonly name: string;
  /** One or two sentences: what the query answers. */
  readonly description: string;
  /** The GraphQL document: one named operation. */
  readonly query: string;
  /** Variables as JSON text. String values may be placeholders such as `{{cloud:amazon/us-east-1}}`. */
  readonly variables?: string;
}

const PLACEHOLDER_KINDS = [
  'cloud',
  'cloudImage',
  'instanceType',
  'multiCloudImage',
  'serverTemplate',
] as const;

/** What a placeholder can stand for. */
export type PlaceholderKind = (typeof PLACEHOLDER_KINDS)[number];

/**
 * Gives the global id of what a placeholder names, or null if there is no such thing. Names are
 * `cloudType/region` for a cloud, `cloudType/region/resourceUid` for an image or an instance type, else the component's name.
 * Every reader of the page sees the ids, whoever they are.
 */
export type ResolvePlaceholder = (kind: PlaceholderKind, name: string) => Promise<string | null>;

const INSTRUCTION: Record<PlaceholderKind, string> = {
  cloud: 'the id of a Cloud, from the query clouds',
  cloudImage: 'the id of a CloudImage, from the query cloudImages',
  instanceType: 'the id of an InstanceType, from the query instanceTypes',
  multiCloudImage: 'the id of a MultiCloudImage, from the query multiCloudImages',
  serverTemplate: 'the id of a ServerTemplate, from the query serverTemplates',
};

const PLACEHOLDER = /"\{\{([^:{}"]*):([^{}"]*)\}\}"/g;

function isPlaceholderKind(text: string): text is PlaceholderKind {
  return (PLACEHOLDER_KINDS as readonly string[]).includes(text);
}

/** Splits a file into the comment lines that it starts with (without their `#`) and the document below them. */
function splitHeader(text: string): { header: string[]; query: string } {
  const lines = text.split('\n');
  const comments = lines.findIndex((line) => !line.startsWith('#'));
  const end = comments < 0 ? lines.length : comments;
  return {
    header: lines.slice(0, end).map((line) => line.slice(1).trim()),
    query: lines.slice(end).join('\n').trim(),
  };
}

function assertOneNamedOperation(query: string): void {
  const operations = parse(query).definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  if (operations.length !== 1 || !operations[0]?.name) {
    throw new Error('It must be one GraphQL operation with a name, which titles its tab.');
  }
}

function assertVariables(variables: string): void {
  JSON.parse(variables);
  for (const [, kind = ''] of variables.matchAll(PLACEHOLDER)) {
    if (!isPlaceholderKind(kind)) {
      throw new Error(`Unknown placeholder kind "${kind}". Use one of ${PLACEHOLDER_KINDS.join(', ')}.`);
    }
  }
}

function readExample(text: string, variables: string | undefined): ExampleQuery {
  const { header, query } = splitHeader(text);
  const [name, ...description] = header;
  if (!name || description.length === 0) {
    throw new Error(
      'It must start with a comment: the title on the first line, the description on the next ones.',
    );
  }
  assertOneNamedOperation(query);
  if (variables !== undefined) assertVariables(variables);
  return { name, description: description.join(' ').trim(), query, variables };
}

const BY_NUMBER = new Intl.Collator('en', { numeric: true });

async function loadExample(
  folder: string,
  file: string,
  variablesFile: string | undefined,
): Promise<ExampleQuery> {
  const text = await readFile(path.join(folder, file), 'utf8');
  const variables = variablesFile && (await readFile(path.join(folder, variablesFile), 'utf8'));
  try {
    return readExample(text, variables);
  } catch (cause) {
    const files = variablesFile ? `${file} or ${variablesFile}` : file;
    throw new Error(`The example in ${files} is malformed. ${String(cause)}`, { cause });
  }
}

/**
 * Reads the examples of a folder, in the order of their file names (`2-…` before `10-…`): `NAME.graphql` opens with a comment (title on the first
 * line, description on the next ones), `NAME.json` beside it holds the variables, if any.
 * @throws Error naming the file, when one is malformed.
 */
export async function loadExamples(folder: string): Promise<ExampleQuery[]> {
  const names = (await readdir(folder)).sort(BY_NUMBER.compare);
  return Promise.all(
    names
      .filter((name) => name.endsWith('.graphql'))
      .map((file) => {
        const variablesFile = file.replace(/\.graphql$/, '.json');
        return loadExample(folder, file, names.includes(variablesFile) ? variablesFile : undefined);
      }),
  );
}

/** The example with ids in place of its placeholders; what cannot be resolved becomes an instruction to the reader. */
export async function fillPlaceholders(
  example: ExampleQuery,
  resolve: ResolvePlaceholder,
): Promise<ExampleQuery> {
  const { variables } = example;
  if (!variables) return example;
  const found = new Map<string, string>();
  for (const [placeholder, kind = '', name = ''] of variables.matchAll(PLACEHOLDER)) {
    if (!isPlaceholderKind(kind) || found.has(placeholder)) continue;
    found.set(placeholder, JSON.stringify((await resolve(kind, name)) ?? `<${INSTRUCTION[kind]}>`));
  }
  return {
    ...example,
    variables: variables.replace(PLACEHOLDER, (placeholder) => found.get(placeholder) ?? placeholder),
  };
}
