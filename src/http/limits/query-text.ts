import { Lexer, Source, TokenKind } from 'graphql';
import { LimitError } from './limit-error';

/**
 * Brackets inside each other, beyond which graphql-js, whose parser and validation recurse, could run out of stack.
 * Ten times what an answerable query needs; not a setting, because more stack is none either.
 */
const MAXIMUM_NESTING = 250;

const OPENING: ReadonlySet<string> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING: ReadonlySet<string> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * Refuses text that is too large or too nested to be parsed safely. `maximumTokens` 0: no limit. What is no GraphQL at
 * all passes: the parser says why. Gives the number of tokens, up to where it goes wrong.
 */
export function assertReadable(text: string, maximumTokens: number): number {
  const lexer = new Lexer(new Source(text));
  let nesting = 0;
  let tokens = 0;
  for (; advance(lexer); tokens++) {
    if (maximumTokens > 0 && tokens === maximumTokens)
      throw new LimitError(
        'MAX_TOKENS_LIMIT',
        `The document has more than ${maximumTokens} tokens, the most that are allowed: pass values as variables, or send several requests.`,
        { limit: maximumTokens },
      );
    if (OPENING.has(lexer.token.kind)) nesting++;
    if (CLOSING.has(lexer.token.kind)) nesting--;
    if (nesting > MAXIMUM_NESTING)
      throw new LimitError(
        'MAX_DEPTH_LIMIT',
        `The document has more than ${MAXIMUM_NESTING} brackets inside each other, the most that can be read: ask for what lies deeper in a second request, by id.`,
        { limit: MAXIMUM_NESTING },
      );
  }
  return tokens;
}

/** To the next token, unless the text ends or goes wrong there. */
function advance(lexer: Lexer): boolean {
  try {
    return lexer.advance().kind !== TokenKind.EOF;
  } catch {
    // A syntax error: the parser meets it at the same place, and tells it.
    return false;
  }
}

/** The documents in a request's body or address, in whatever shape they came. */
export function queryTexts(body: unknown, search: unknown): string[] {
  return [body, search]
    .flat()
    .map((part) => (typeof part === 'object' && part !== null && 'query' in part ? part.query : null))
    .filter((query) => typeof query === 'string');
}
