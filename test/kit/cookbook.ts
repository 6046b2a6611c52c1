/** One block of docs/cookbook.md that is run, with the blocks below it that belong to it. */
export interface CookbookStep {
  /** The heading that it stands under. */
  readonly recipe: string;
  /** Of its first line, to find it. */
  readonly line: number;
  readonly language: 'graphql' | 'sh' | 'js';
  readonly source: string;
  /** JSON text with placeholders. */
  readonly variables: string | null;
  /** JSON text with placeholders and `…`, or the first lines that a program prints. */
  readonly answer: string;
  readonly answerIn: 'json' | 'text';
}

/** What the placeholders of the page stand for, so far. */
export type Values = Map<string, unknown>;

const BLOCK = /^## (?<heading>.+)$|^```(?<info>[^\n]*)\n(?<body>[\s\S]*?)^```$/gm;
const WHOLE_PLACEHOLDER = /^\{\{(\w+)\}\}$/;
const QUOTED_PLACEHOLDER = /"\{\{(\w+)\}\}"/g;
const PLACEHOLDER = /\{\{(\w+)\}\}/g;
const ANSWERS: ReadonlySet<string> = new Set(['json answer', 'text answer']);
const ELLIPSIS = '…';

/**
 * Reads the page: what follows a `graphql`, `sh` or `js` block are its `json variables` (if any) and its `json answer` or
 * `text answer`. `text` blocks are for reading only.
 *
 * @throws Error naming the line, when a block is of another kind or has no answer
 */
export function readCookbook(markdown: string): CookbookStep[] {
  const steps: { -readonly [K in keyof CookbookStep]: CookbookStep[K] }[] = [];
  let recipe = '';
  for (const { index, groups = {} } of markdown.matchAll(BLOCK)) {
    const { heading, info, body = '' } = groups;
    const line = markdown.slice(0, index).split('\n').length;
    const last = steps.at(-1);
    if (heading !== undefined) recipe = heading;
    else if (info === 'graphql' || info === 'sh' || info === 'js')
      steps.push({
        recipe,
        line,
        language: info,
        source: body,
        variables: null,
        answer: '',
        answerIn: 'json',
      });
    else if (info === 'json variables' && last?.recipe === recipe && last.answer === '')
      last.variables = body;
    else if (ANSWERS.has(info ?? '') && last?.recipe === recipe && last.answer === '')
      Object.assign(last, { answer: body, answerIn: info === 'text answer' ? 'text' : 'json' });
    else if (info !== 'text') throw new Error(`Line ${line}: the block "${info}" is not part of a step.`);
  }
  const unanswered = steps.find(({ answer }) => answer === '');
  if (unanswered) throw new Error(`Line ${unanswered.line}: the block has no answer.`);
  return steps;
}

/**
 * JSON text with values in place of its placeholders.
 *
 * @throws Error when one stands for nothing yet
 */
export function fillIn(text: string, values: Values): any {
  return JSON.parse(
    text.replace(QUOTED_PLACEHOLDER, (_whole, name: string) => JSON.stringify(valueOf(name, values))),
  );
}

/**
 * A program's text with values in place of its placeholders.
 *
 * @throws Error when one stands for nothing yet
 */
export const fillInText = (text: string, values: Values): string =>
  text.replace(PLACEHOLDER, (_whole, name: string) => String(valueOf(name, values)));

function valueOf(name: string, values: Values): unknown {
  if (!values.has(name)) throw new Error(`Nothing above says what {{${name}}} stands for.`);
  return values.get(name);
}

/** Where the first lines of an output are not as the page shows them. */
export const differencesOfText = (shown: string, actual: string, values: Values): string[] =>
  differencesOfLists(
    fillInText(shown, values).trimEnd().split('\n'),
    actual.split('\n').slice(0, shown.trimEnd().split('\n').length),
    values,
    'output',
  );

/**
 * Where an answer is not as the page shows it; empty: it is. In what the page shows, a placeholder stands for any value
 * but null, and from then on for the same one; `…` stands for any value, the rest of a text or the rest of a list.
 */
export function differences(shown: unknown, actual: unknown, values: Values, path = '$'): string[] {
  if (shown === ELLIPSIS && actual !== undefined) return [];
  const placeholder = typeof shown === 'string' ? WHOLE_PLACEHOLDER.exec(shown)?.[1] : undefined;
  if (placeholder !== undefined && !values.has(placeholder) && actual != null) {
    values.set(placeholder, actual);
    return [];
  }
  const expected = placeholder !== undefined && values.has(placeholder) ? values.get(placeholder) : shown;
  if (Array.isArray(expected) && Array.isArray(actual))
    return differencesOfLists(expected, actual, values, path);
  if (isObject(expected) && isObject(actual))
    return [...new Set([...Object.keys(expected), ...Object.keys(actual)])].flatMap((key) =>
      differences(expected[key], actual[key], values, `${path}.${key}`),
    );
  return isSame(expected, actual)
    ? []
    : [`${path} is ${JSON.stringify(actual)}, the page shows ${JSON.stringify(expected)}`];
}

function differencesOfLists(
  shown: readonly unknown[],
  actual: readonly unknown[],
  values: Values,
  path: string,
): string[] {
  const open = shown.at(-1) === ELLIPSIS;
  const items = open ? shown.slice(0, -1) : shown;
  if (open ? actual.length < items.length : actual.length !== items.length)
    return [`${path} has ${actual.length} items, the page shows ${items.length}${open ? ' or more' : ''}`];
  return items.flatMap((item, index) => differences(item, actual[index], values, `${path}[${index}]`));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isSame(shown: unknown, actual: unknown): boolean {
  if (typeof shown === 'string' && typeof actual === 'string' && shown.endsWith(ELLIPSIS))
    return actual.startsWith(shown.slice(0, -ELLIPSIS.length));
  return shown === actual;
}
