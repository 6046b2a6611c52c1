import { CsvError, parse } from 'csv-parse/sync';

/** A record as it stands in the file, or why its first line can't be read. */
export type CsvRecord =
  | { readonly line: number; readonly cells: readonly string[] }
  | { readonly line: number; readonly problem: string };

interface Line {
  readonly number: number;
  readonly text: string;
  readonly tooLong: boolean;
}

/** No legal row comes near it; it bounds how far an unclosed quote is followed. */
const MAX_RECORD_SIZE = 64 * 1024;

const UNCLOSED_QUOTE =
  'a quote is opened and not closed: close it, and write a quote inside a quoted cell twice.';
const BAD_QUOTES =
  'its quotes are misplaced: put the whole cell in quotes, and write a quote inside it twice.';
const TOO_LONG = `it is longer than ${MAX_RECORD_SIZE} characters: check its quotes and line ends.`;

/**
 * Reads CSV text (RFC 4180, comma-separated) record by record. A record with bad quotes costs its first line
 * only: reading goes on with the next line, however many lines the quote seemed to span.
 */
export async function* readCsvRecords(texts: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  const lines = new LineSplitter();
  let unread: Line[] = [];
  for await (const text of texts) {
    const completed = lines.split(text);
    if (completed.length > 0) {
      unread = yield* readLines([...unread, ...completed], false);
    }
  }
  yield* readLines([...unread, ...lines.end()], true);
}

class LineSplitter {
  private count = 0;
  private rest = '';
  private restTooLong = false;

  /** The lines that `text` completes, each with its line end. */
  split(text: string): Line[] {
    const lines: Line[] = [];
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      this.append(text.slice(start, end + 1));
      lines.push(...this.end());
      start = end + 1;
    }
    this.append(text.slice(start));
    return lines;
  }

  /** The last line, if it has no line end. */
  end(): Line[] {
    if (this.rest === '' && !this.restTooLong) {
      return [];
    }
    this.count += 1;
    const line = { number: this.count, text: this.rest, tooLong: this.restTooLong };
    this.rest = '';
    this.restTooLong = false;
    return [line];
  }

  private append(text: string): void {
    if (this.restTooLong || this.rest.length + text.length > MAX_RECORD_SIZE) {
      this.rest = '';
      this.restTooLong = true;
    } else {
      this.rest += text;
    }
  }
}

/**
 * Yields the records of these lines and returns the lines that begin a record which is not complete yet.
 *
 * Complete means an even number of quotes: in valid CSV only a line end inside quotes leaves it odd.
 */
function* readLines(lines: readonly Line[], isEnd: boolean): Generator<CsvRecord, Line[]> {
  const joined = joinLines(lines);
  const parsed = joined === null || (isEnd && joined.rest.length > 0) ? null : parseRecords(joined.records);
  if (joined === null || parsed === null) {
    return yield* readLinesOneByOne(lines, isEnd);
  }
  yield* parsed;
  return joined.rest;
}

/** As `readLines`, for lines of which some can't be read. */
function* readLinesOneByOne(lines: readonly Line[], isEnd: boolean): Generator<CsvRecord, Line[]> {
  const unread = lines.toReversed();
  let record: Line[] = [];
  let size = 0;
  let isOpen = false;
  for (;;) {
    const line = unread.pop();
    if (line === undefined) {
      if (!isEnd || record.length === 0) {
        return record;
      }
    } else if (line.tooLong && record.length === 0) {
      yield { line: line.number, problem: TOO_LONG };
      continue;
    } else {
      record.push(line);
      size += line.text.length;
      isOpen = hasOddQuotes(line.text) !== isOpen;
      if (isOpen && size <= MAX_RECORD_SIZE && !line.tooLong) {
        continue;
      }
    }
    const [first, ...others] = record;
    const parsed = isOpen || line === undefined ? null : parseRecords([record]);
    if (parsed !== null) {
      yield* parsed;
    } else if (first !== undefined) {
      yield { line: first.number, problem: isOpen || others.length > 0 ? UNCLOSED_QUOTE : BAD_QUOTES };
      unread.push(...others.reverse());
    }
    record = [];
    size = 0;
    isOpen = false;
  }
}

/** `null`: a line or record is longer than allowed. */
function joinLines(lines: readonly Line[]): { records: Line[][]; rest: Line[] } | null {
  const records: Line[][] = [];
  let rest: Line[] = [];
  let size = 0;
  let isOpen = false;
  for (const line of lines) {
    rest.push(line);
    size += line.text.length;
    if (line.tooLong || size > MAX_RECORD_SIZE) {
      return null;
    }
    isOpen = hasOddQuotes(line.text) !== isOpen;
    if (!isOpen) {
      records.push(rest);
      rest = [];
      size = 0;
    }
  }
  return { records, rest };
}

/** The records, without blank ones; `null`: at least one of them has bad quotes. */
function parseRecords(records: readonly (readonly Line[])[]): CsvRecord[] | null {
  const texts: string[] = [];
  const lineNumbers: number[] = [];
  for (const lines of records) {
    const text = lines
      .map((line) => line.text)
      .join('')
      .replace(/\r?\n$/, '');
    if (text.trim() !== '') {
      texts.push(text);
      lineNumbers.push(lines[0]?.number ?? 0);
    }
  }
  const joined = texts.join('\n');
  // Without a quote each comma ends a cell, and splitting gives what the parser gives, in a fraction of the time.
  if (!joined.includes('"'))
    return texts.map((text, index) => ({
      line: lineNumbers[index] ?? 0,
      cells: text.split(',').map((cell) => cell.trim()),
    }));
  try {
    const rows = parse(joined, {
      record_delimiter: '\n',
      relax_column_count: true,
      trim: true,
      max_record_size: 0,
    });
    return rows.length === texts.length
      ? rows.map((cells, index) => ({ line: lineNumbers[index] ?? 0, cells }))
      : null;
  } catch (error) {
    if (error instanceof CsvError) {
      return null;
    }
    throw error;
  }
}

function hasOddQuotes(text: string): boolean {
  let isOdd = false;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) {
    isOdd = !isOdd;
  }
  return isOdd;
}
