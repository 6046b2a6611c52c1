import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getOperationAST, OperationTypeNode, parse } from 'graphql';
import { mintDemoToken } from '../../src/demo/demo-token';
import { loadDemoIfEmpty } from '../../src/demo/load-demo';
import { startApi, type TestApi } from '../kit/api';
import {
  differences,
  differencesOfText,
  fillIn,
  fillInText,
  readCookbook,
  type CookbookStep,
  type Values,
} from '../kit/cookbook';

const ROOT = join(__dirname, '..', '..');
const STEPS = readCookbook(readFileSync(join(ROOT, 'docs', 'cookbook.md'), 'utf8'));
const RECIPES = [...new Set(STEPS.map(({ recipe }) => recipe))];

/** Every recipe on the demo data, in the order of the page: later ones use what earlier ones made. */
describe('the cookbook', () => {
  const values: Values = new Map();
  let api: TestApi;
  let token: string;

  beforeAll(async () => {
    api = await startApi();
    await loadDemoIfEmpty(api.dataSource, join(ROOT, 'demo', 'data'), () => undefined);
    token = (await mintDemoToken(api.dataSource, new Date())) ?? '';
  });
  afterAll(() => api.close());

  test.each(RECIPES)('%s', async (recipe) => {
    // What a subscription shows comes with the step after it.
    let awaited: (() => Promise<void>) | null = null;
    for (const step of STEPS.filter((candidate) => candidate.recipe === recipe)) {
      if (isSubscription(step)) {
        await awaited?.();
        const { event } = await subscribe(step);
        awaited = async () => compare(step, await event);
        continue;
      }
      const wasAwaited = awaited;
      awaited = null;
      if (step.language === 'graphql') {
        const { status: _status, ...answer } = await api.request(token, step.source, variablesOf(step));
        compare(step, answer);
      } else {
        await runProgram(step);
      }
      await wasAwaited?.();
    }
    await awaited?.();
  });

  const isSubscription = ({ language, source }: CookbookStep): boolean =>
    language === 'graphql' && getOperationAST(parse(source))?.operation === OperationTypeNode.SUBSCRIPTION;

  const variablesOf = ({ variables }: CookbookStep): object =>
    variables === null ? {} : fillIn(variables, values);

  function compare(step: CookbookStep, actual: unknown): void {
    const found = differences(JSON.parse(step.answer), actual, values);
    expect(found.map((difference) => `line ${step.line}: ${difference}`)).toEqual([]);
  }

  /** Begins it; gives its first event, when it comes. */
  async function subscribe(step: CookbookStep): Promise<{ event: Promise<unknown> }> {
    const response = await fetch(`${api.url}/graphql/stream`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ query: step.source, variables: variablesOf(step) }),
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/event-stream'),
    ]);
    const first = async (): Promise<unknown> => {
      const decoder = new TextDecoder();
      let text = '';
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk, { stream: true });
        const data = /^data: (.+)\n$/m.exec(text)?.[1];
        // Leaving the loop closes the connection.
        if (data !== undefined) return JSON.parse(data);
      }
      throw new Error(`The stream ended without an event: ${text}`);
    };
    // In an object, or `await` would wait for the event, too.
    return { event: first() };
  }

  /** Runs it until it has printed as much as the page shows. */
  async function runProgram(step: CookbookStep): Promise<void> {
    const source = fillInText(step.source, values);
    const [program, ...options] =
      step.language === 'sh'
        ? ['bash', '-euc', source]
        : [process.execPath, '--input-type=module', '-e', source];
    const child = spawn(program ?? '', options, {
      cwd: ROOT,
      env: { ...process.env, GRAPH: `${api.url}/graphql`, TOKEN: token },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const enough = step.answerIn === 'text' ? step.answer.trimEnd().split('\n').length : Infinity;
    let output = '';
    let complaints = '';
    child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', () => resolve());
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output.split('\n').length > enough) resolve();
      });
    });
    // A program that follows something goes on until it is ended, with all that it started.
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid);
    expect(complaints).toBe('');
    if (step.answerIn === 'json') compare(step, JSON.parse(output));
    else
      expect(
        differencesOfText(step.answer, output, values).map((line) => `line ${step.line}: ${line}`),
      ).toEqual([]);
  }
});
