import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

/** The explorer page as a reader sees it, and all that went on behind it. */
export interface ExplorerPage {
  readonly page: Page;
  /** Errors and warnings of the console, uncaught errors, failed requests and violations of the page's policy. */
  readonly problems: string[];
  /** Origins (`http://…`, `ws://…`) of everything that was asked for. */
  readonly origins: Set<string>;
  /** The pane of the answer, as JSON; fails unless all of it is in view. */
  answer(): Promise<any>;
  /** Types a query in place of the tab's. On one line: the editor would indent the next ones. */
  write(query: string): Promise<void>;
  /** Ctrl+Enter in the query. */
  runByKeyboard(): Promise<void>;
  readonly queryEditor: Locator;
  readonly answerPane: Locator;
  close(): Promise<void>;
}

/** Large enough for Monaco, which renders only what is in view, to show whole answers. */
const LARGE = { width: 2400, height: 3000 };

/** Milliseconds: only what hangs takes so long, on a machine that others keep busy, too. */
export const PATIENCE = 120_000;

/** Opens the page in a fresh profile and waits until it shows its first example. */
export async function openExplorer(browser: Browser, url: string, viewport = LARGE): Promise<ExplorerPage> {
  const context = await browser.newContext({ viewport });
  context.setDefaultTimeout(PATIENCE);
  const problems: string[] = [];
  const origins = new Set<string>();
  await recordPolicyViolations(context, problems);
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    // Both are made of what the page holds already.
    if (protocol !== 'data:' && protocol !== 'blob:') origins.add(origin);
  });
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText;
    // A page that is left gives up what it was still loading.
    if (reason !== 'net::ERR_ABORTED')
      problems.push(`failed: ${request.method()} ${request.url()} ${reason}`);
  });
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()))
      problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => problems.push(`uncaught: ${String(error.error())}`));

  const page = await context.newPage();
  page.on('websocket', (socket) => origins.add(new URL(socket.url()).origin));
  const queryEditor = page.locator('.graphiql-query-editor');
  const answerPane = page.locator('.graphiql-response');
  await page.goto(url);
  await queryEditor.locator('.view-line').first().waitFor();

  return {
    page,
    problems,
    origins,
    queryEditor,
    answerPane,
    answer: async () => JSON.parse(await textOf(answerPane)) as unknown,
    write: async (query) => {
      await queryEditor.locator('.view-lines').click();
      await page.keyboard.press('Control+a');
      // A bracket typed over a selection would surround it.
      await page.keyboard.press('Delete');
      await page.keyboard.type(query);
    },
    runByKeyboard: async () => {
      await queryEditor.locator('.view-lines').click();
      await page.keyboard.press('Control+Enter');
    },
    close: () => context.close(),
  };
}

async function recordPolicyViolations(context: BrowserContext, problems: string[]): Promise<void> {
  await context.exposeBinding('recordViolation', (_source, violation: string) => {
    problems.push(`policy: ${violation}`);
  });
  await context.addInitScript({
    content: `document.addEventListener('securitypolicyviolation', (event) => {
      recordViolation(event.violatedDirective + ' ' + event.blockedURI);
    });`,
  });
}

/** The text of an editor. Its lines stand in the document in any order; long ones are broken in two. */
async function textOf(pane: Locator): Promise<string> {
  const lines = await pane
    .locator('.view-line')
    .evaluateAll((elements) =>
      elements.map((element) => ({ top: parseFloat(element.style.top), text: element.textContent ?? '' })),
    );
  return lines
    .toSorted((one, other) => one.top - other.top)
    .map(({ text }) => text.replaceAll('\u00a0', ' '))
    .join('');
}
