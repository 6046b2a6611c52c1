import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { errors, type Browser, type Locator } from 'playwright-core';
import { loadExamples, type ExampleQuery } from '../../src/http/explorer-examples';
import { ask, startService, type Service } from '../e2e/service-process';
import { launchChromium } from './chromium';
import { openExplorer, type ExplorerPage } from './explorer-page';

const ROOT = join(__dirname, '..', '..');
const USED = 'Where is this image used?';
const FOLLOW = 'subscription { componentChanged { kind component { name revision } } }';

let browser: Browser;
let folder: string;
let service: Service;
let examples: ExampleQuery[];

beforeAll(async () => {
  browser = await launchChromium();
  folder = await mkdtemp(join(tmpdir(), 'mci graph browser '));
  // PostgreSQL may run as another account, which must be able to enter.
  await chmod(folder, 0o755);
  service = await startService({ MCI_GRAPH_DATA: join(folder, 'data'), MCI_GRAPH_PORT: '0' });
  examples = await loadExamples(join(ROOT, 'explorer', 'examples'));
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const example = (name: string): ExampleQuery => {
  const found = examples.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`There is no example "${name}".`);
  return found;
};

/** Makes RightScripts and commits them, over HTTP; gives their names. */
function commitsOf(asked: Service): { next(): Promise<string> } {
  const create = `mutation ($input: CreateRightScriptInput!) {
    createRightScript(input: $input) { rightScript { id version } } }`;
  const commit = `mutation ($input: CommitComponentInput!) {
    commitRightScript(input: $input) { userErrors { message } } }`;
  let count = 0;
  return {
    next: async () => {
      const name = `Committed meanwhile ${(count += 1)}`;
      const made = await ask(asked, create, { input: { name, source: '#!/bin/sh\n' } });
      const { id, version } = made.data.createRightScript.rightScript;
      const input = { id, expectedVersion: version, message: 'now' };
      expect((await ask(asked, commit, { input })).data.commitRightScript.userErrors).toEqual([]);
      return name;
    },
  };
}

const isSoonVisible = (element: Locator): Promise<boolean> =>
  element.waitFor({ timeout: 2000 }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof errors.TimeoutError) return false;
      throw error;
    },
  );

describe('the explorer page in a browser', () => {
  let explorer: ExplorerPage;
  let expected: RegExp[];

  beforeEach(async () => {
    expected = [];
    explorer = await openExplorer(browser, service.url);
  });
  afterEach(async () => {
    // Whatever a test does on the page: nothing goes wrong in it, and nothing leaves the machine.
    const { problems, origins } = explorer;
    await explorer.close();
    expect(problems.filter((problem) => !expected.some((pattern) => pattern.test(problem)))).toEqual([]);
    expect([...origins].filter((origin) => origin.replace('ws:', 'http:') !== service.url)).toEqual([]);
  });

  const openExample = (name: string) => explorer.page.getByRole('button', { name }).click();

  test('opens with the examples, the first of them ready to run', async () => {
    const { page, queryEditor, answerPane } = explorer;
    expect(await page.title()).toBe('mci-graph explorer');
    const titles = await page.getByRole('region', { name: 'Examples' }).locator('strong').allTextContents();
    expect(titles).toEqual(examples.map(({ name }) => name));
    expect(await queryEditor.textContent()).toContain('WhichImageAndWhy');
    const variables = page.getByRole('region', { name: 'Variables' });
    await variables.getByText(/"stp_[0-9a-f-]{36}"/).waitFor();
    expect(await variables.textContent()).not.toContain('{{');
    expect(await answerPane.getByRole('paragraph').textContent()).toBe(
      'Run the query with Ctrl+Enter: its answer appears here.',
    );
    // What a screen reader tells: names without remains of the build.
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).waitFor();
    const icons = await page.locator('svg title').allTextContents();
    expect(icons.filter((title) => !/^[a-z]+( [a-z]+)* icon$/.test(title))).toEqual([]);
  });

  test('shows the documentation of a type, as the schema describes it', async () => {
    const { page } = explorer;
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    const documentation = page.getByRole('region', { name: 'Documentation Explorer' });
    await documentation.getByRole('combobox').fill('ServerTemplate');
    await documentation.getByRole('option', { name: 'ServerTemplate', exact: true }).click();
    const schema = buildSchema(await readFile(join(ROOT, 'schema.graphql'), 'utf8'), {
      assumeValidSDL: true,
    });
    const description = schema.getType('ServerTemplate')?.description ?? '';
    expect(description.length).toBeGreaterThan(40);
    await documentation.getByText(description.slice(0, 40)).waitFor();
    await documentation.getByRole('link', { name: 'supportedClouds', exact: true }).waitFor();
  });

  test('runs an example, and shows the answer of the service', async () => {
    const { page } = explorer;
    await openExample(USED);
    await explorer.queryEditor.getByText('WhereUsed').waitFor();
    await page.getByRole('button', { name: /^Execute query/ }).click();
    await explorer.answerPane.getByText('usedBy').first().waitFor();
    const { query, variables = '{}' } = example(USED);
    const answer = await ask(service, query, JSON.parse(variables) as object);
    expect(answer.data.cloudImage.usedBy.multiCloudImages.totalCount).toBeGreaterThan(0);
    expect(await explorer.answer()).toEqual(answer);
  });

  test('runs what is written by Ctrl+Enter, and keeps it over a reload', async () => {
    const { page, answerPane } = explorer;
    await page.getByRole('button', { name: 'New tab' }).click();
    await explorer.write('query WhoAmI { viewer { account { name } } }');
    await page.keyboard.press('Control+Enter');
    await answerPane.getByText('"Demo"').waitFor();
    expect(await explorer.answer()).toEqual({ data: { viewer: { account: { name: 'Demo' } } } });
    await page.getByRole('button', { name: 'WhoAmI' }).waitFor();
    await page.reload();
    await explorer.queryEditor.getByText('WhoAmI').waitFor();
  });

  test('a typo in a field is underlined, and the answer says what is wrong, and where', async () => {
    await explorer.page.getByRole('button', { name: 'New tab' }).click();
    await explorer.write('{ serverTemplates { edgse { node { name } } } }');
    await explorer.queryEditor.locator('.squiggly-error').first().waitFor();
    await explorer.runByKeyboard();
    await explorer.answerPane.getByText('GRAPHQL_VALIDATION_FAILED').waitFor();
    const answer = await explorer.answer();
    expect(answer.errors).toHaveLength(1);
    expect(answer.errors[0]).toMatchObject({
      message: expect.stringContaining('Cannot query field "edgse" on type "ServerTemplateConnection".'),
      locations: [{ line: 1, column: 21 }],
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
  });

  test('a subscription shows what happens meanwhile', async () => {
    const { page, answerPane } = explorer;
    await page.getByRole('button', { name: 'New tab' }).click();
    await explorer.write(FOLLOW);
    await page.keyboard.press('Control+Enter');
    const commits = commitsOf(service);
    // The page doesn't tell when the subscription has begun: something happens until it shows.
    // Each is told of twice, the second time of its commit.
    const tellingOf = (name: string) =>
      answerPane.filter({ hasText: '"COMMITTED"' }).filter({ hasText: `"${name}"` });
    let name = await commits.next();
    while (!(await isSoonVisible(tellingOf(name)))) name = await commits.next();
    expect(await explorer.answer()).toEqual({
      data: { componentChanged: { kind: 'COMMITTED', component: { name, revision: 1 } } },
    });
    await page.getByRole('button', { name: /^Stop query/ }).click();
    await page.getByRole('button', { name: /^Execute query/ }).waitFor();
    expect([...explorer.origins]).toContain(service.url.replace('http:', 'ws:'));
  });

  test('a token that isn’t valid is said to be so, and an empty field brings the demo’s back', async () => {
    const { page, answerPane } = explorer;
    // The browser itself writes a refused request to the console.
    expected = [/401 \(Unauthorized\)/];
    const token = page.getByLabel('Bearer token');
    await token.fill('Bearer mcig_nobodys');
    await page.getByRole('button', { name: 'Use', exact: true }).click();
    await page.getByText('Kept in this tab until you close it').waitFor();
    await explorer.runByKeyboard();
    await answerPane.getByText('"UNAUTHENTICATED"').waitFor();
    await explorer.write(FOLLOW);
    await page.keyboard.press('Control+Enter');
    await answerPane.getByText('"UNAUTHENTICATED"').waitFor({ state: 'hidden' });
    await answerPane.getByText('This token is unknown').waitFor();
    expect((await explorer.answer()).errors).toEqual([{ message: expect.any(String) }]);
    await token.fill('');
    await page.getByRole('button', { name: 'Use', exact: true }).click();
    await page.getByText('Demo token, provided by the server').waitFor();
    await explorer.write('{ viewer { account { name } } }');
    await page.keyboard.press('Control+Enter');
    await answerPane.getByText('"Demo"').waitFor();
  });

  test('fits into the window of a phone', async () => {
    await explorer.close();
    explorer = await openExplorer(browser, service.url, { width: 400, height: 800 });
    const { page, answerPane } = explorer;
    await page.getByRole('button', { name: /^Execute query/ }).click();
    await answerPane.getByText('"Base Server"').waitFor();
    const room = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]');
    expect(room).toEqual([400, 400]);
    const query = await explorer.queryEditor.boundingBox();
    expect(query?.width).toBeGreaterThan(300);
  });
});
