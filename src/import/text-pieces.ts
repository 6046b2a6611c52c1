/**
 * A piece bounds how much is parsed ahead of the consumer, however large the chunks that come in. With larger ones so
 * many rows are under way at once that V8 takes them for lasting, and lets the heap grow by 100 MB before it looks again.
 */
const PIECE_SIZE = 16 * 1024;

/** So many blanks at the start of a file are no listing. */
const MAX_LEADING_BLANKS = 4096;

const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * Decodes chunks as UTF-8 into pieces of text that never cut a character. What is not valid Unicode becomes
 * U+FFFD, so that the one row that holds it can be refused; a byte order mark stays.
 */
async function* textPieces(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let heldSurrogate = '';
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length; start += PIECE_SIZE) {
      let piece: string;
      if (typeof chunk === 'string') {
        piece = heldSurrogate + chunk.slice(start, start + PIECE_SIZE);
        heldSurrogate = /[\uD800-\uDBFF]$/.exec(piece)?.[0] ?? '';
        piece = piece.slice(0, piece.length - heldSurrogate.length).replace(LONE_SURROGATE, '\uFFFD');
      } else {
        piece = decoder.decode(chunk.subarray(start, start + PIECE_SIZE), { stream: true });
      }
      if (piece !== '') {
        yield piece;
      }
    }
  }
  const rest = heldSurrogate.replace(LONE_SURROGATE, '\uFFFD') + decoder.decode();
  if (rest !== '') {
    yield rest;
  }
}

/**
 * The text of a file, in pieces, after `assertStart` has seen its first characters (two that are not blank,
 * or all there are). A byte order mark that it lets pass is dropped.
 */
export async function* readText(
  chunks: AsyncIterable<Uint8Array | string>,
  assertStart: (start: string) => void,
): AsyncGenerator<string> {
  let start = '';
  let started = false;
  for await (const piece of textPieces(chunks)) {
    if (started) {
      yield piece;
      continue;
    }
    start += piece;
    if (start.trimStart().length >= 2 || start.length > MAX_LEADING_BLANKS) {
      assertStart(start);
      started = true;
      yield withoutByteOrderMark(start);
    }
  }
  if (!started) {
    assertStart(start);
    yield withoutByteOrderMark(start);
  }
}

function withoutByteOrderMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}
