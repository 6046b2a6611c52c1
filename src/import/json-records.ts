import {
  type JsonTypes,
  type ParsedTokenInfo,
  Tokenizer,
  TokenizerError,
  TokenParser,
  TokenParserError,
  TokenType,
} from '@streamparser/json';
import type { CatalogFormat } from '../domain/catalog/catalog-row';
import { assertJsonStart } from './file-start';
import { readText } from './text-pieces';
import { otherFormat, shown, wrongFile } from './wrong-file';

export type JsonValue = JsonTypes.JsonPrimitive | JsonTypes.JsonStruct;
export type JsonObject = JsonTypes.JsonObject;

/** Where in a JSON file its records are, and which small top-level values stand beside them. */
export interface JsonShape {
  readonly format: CatalogFormat;
  /** The top-level key whose members are the records. */
  readonly recordsKey: string;
  /** Whether that key holds a list of records or an object of them. */
  readonly recordsIn: 'LIST' | 'OBJECT';
  /** Whether the file may also be the list of records itself. */
  readonly bareList: boolean;
  /** Top-level keys that are handed out whole, wherever in the file they stand. */
  readonly headerKeys: readonly string[];
}

export type JsonEntry =
  | { readonly kind: 'HEADER'; readonly key: string; readonly value: JsonValue }
  | { readonly kind: 'RECORD'; readonly key: string | number; readonly value: JsonValue };

/** Deeper than any listing, shallow enough that a file of brackets can't keep the parser busy. */
const MAX_DEPTH = 64;

const FORMAT_OF_KEY: ReadonlyMap<string, CatalogFormat> = new Map([
  ['Images', 'AWS_DESCRIBE_IMAGES'],
  ['InstanceTypeOfferings', 'AWS_INSTANCE_TYPE_OFFERINGS'],
  ['builds', 'PACKER_MANIFEST'],
  ['architectures', 'COREOS_STREAM'],
  ['products', 'UBUNTU_SIMPLESTREAMS'],
]);

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads the records of a JSON file one by one; only the record at hand and what one piece of text completes
 * are ever held.
 *
 * @throws DomainError INVALID if it is not JSON, is cut off, or has another shape than `shape`.
 */
export async function* readJsonRecords(
  chunks: AsyncIterable<Uint8Array | string>,
  shape: JsonShape,
): AsyncGenerator<JsonEntry> {
  let parser: RecordParser | undefined;
  for await (const text of readText(chunks, (start) => assertJsonStart(start, shape.format))) {
    parser ??= new RecordParser(shape, text.trimStart().startsWith('['));
    yield* parser.parse(text);
  }
  parser?.assertComplete();
}

class RecordParser {
  private readonly tokenizer = new Tokenizer();
  private readonly tokenParser: TokenParser;
  private readonly topLevelKeys: string[] = [];
  private entries: JsonEntry[] = [];
  private depth = 0;
  private lastString = '';
  private keyAwaitingValue: string | undefined;
  private lastTokenOffset = 0;
  private recordsSeen = false;

  constructor(
    private readonly shape: JsonShape,
    private readonly rootIsList: boolean,
  ) {
    const { recordsKey, headerKeys } = shape;
    this.tokenParser = new TokenParser({
      paths: rootIsList ? ['$.*'] : [`$.${recordsKey}.*`, ...headerKeys.map((key) => `$.${key}`)],
      keepStack: false,
    });
    this.tokenizer.onToken = (token) => {
      this.watch(token);
      this.tokenParser.write(token);
    };
    this.tokenParser.onValue = ({ key, value, stack }) => this.take(key, value, stack.length);
    this.tokenParser.onEnd = () => this.tokenizer.end();
  }

  /** What this piece of text completes. */
  parse(text: string): JsonEntry[] {
    try {
      // The tokenizer drops U+FEFF, which nobody sees, but a raw one only where it happens to begin decoding.
      this.tokenizer.write(text.replaceAll('\uFEFF', ''));
    } catch (error) {
      if (error instanceof TokenizerError || error instanceof TokenParserError) {
        throw wrongFile(
          this.shape.format,
          `text that is not valid JSON near byte ${this.lastTokenOffset}`,
          'Fetch the listing again, and do not edit it by hand.',
        );
      }
      throw error;
    }
    const completed = this.entries;
    this.entries = [];
    return completed;
  }

  assertComplete(): void {
    const { format, recordsKey, bareList } = this.shape;
    if (!this.tokenParser.isEnded) {
      throw wrongFile(
        format,
        `JSON that is cut off after byte ${this.lastTokenOffset}`,
        'The file is truncated: fetch it again.',
      );
    }
    if (this.rootIsList && !bareList) {
      throw wrongFile(format, 'an empty list', 'Give the whole file as it was fetched.');
    }
    if (!this.rootIsList && !this.recordsSeen) {
      const keys = this.topLevelKeys.map((key) => shown(key)).join(', ');
      throw wrongFile(
        format,
        keys === '' ? 'an empty object' : `an object with ${keys}`,
        `Give a file with \`${recordsKey}\`, or name its format with --format.`,
      );
    }
  }

  private watch({ token, value, offset }: ParsedTokenInfo): void {
    this.lastTokenOffset = offset;
    if (this.keyAwaitingValue !== undefined) {
      this.enterTopLevel(this.keyAwaitingValue, token);
      this.keyAwaitingValue = undefined;
    }
    if (token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET) {
      this.depth += 1;
      if (this.depth > MAX_DEPTH) {
        throw wrongFile(
          this.shape.format,
          `values nested more than ${MAX_DEPTH} deep`,
          'Give the listing as it was fetched.',
        );
      }
    } else if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) {
      this.depth -= 1;
    } else if (this.depth === 1 && token === TokenType.STRING) {
      this.lastString = String(value);
    } else if (this.depth === 1 && token === TokenType.COLON) {
      this.keyAwaitingValue = this.lastString;
    }
  }

  private enterTopLevel(key: string, valueStart: TokenType): void {
    const { format, recordsKey, recordsIn } = this.shape;
    if (this.topLevelKeys.length < 10) {
      this.topLevelKeys.push(key);
    }
    if (key === recordsKey) {
      if (valueStart !== (recordsIn === 'LIST' ? TokenType.LEFT_BRACKET : TokenType.LEFT_BRACE)) {
        const wanted = recordsIn === 'LIST' ? 'a list' : 'an object';
        throw wrongFile(format, `\`${key}\` that is not ${wanted}`, `\`${key}\` must hold ${wanted}.`);
      }
      this.recordsSeen = true;
      return;
    }
    const actual = FORMAT_OF_KEY.get(key);
    if (actual !== undefined && !this.recordsSeen) {
      throw otherFormat(format, actual, `an object with \`${key}\``);
    }
  }

  private take(key: string | number | undefined, value: JsonValue | undefined, depth: number): void {
    if (key === undefined || value === undefined) {
      return;
    }
    if (this.rootIsList && key === 0) {
      this.assertListOf(value);
    }
    const isRecord = this.rootIsList || depth === 2;
    this.entries.push(
      isRecord ? { kind: 'RECORD', key, value } : { kind: 'HEADER', key: String(key), value },
    );
  }

  private assertListOf(first: JsonValue): void {
    const { format, bareList } = this.shape;
    const actual = formatOfListItem(first);
    if (actual !== undefined && actual !== format) {
      throw otherFormat(format, actual, 'a list of its records');
    }
    if (!bareList) {
      throw wrongFile(format, 'a list', 'Give the whole file as it was fetched.');
    }
  }
}

function formatOfListItem(item: JsonValue): CatalogFormat | undefined {
  if (!isJsonObject(item)) {
    return undefined;
  }
  if ('ImageId' in item) {
    return 'AWS_DESCRIBE_IMAGES';
  }
  return 'InstanceType' in item && 'Location' in item ? 'AWS_INSTANCE_TYPE_OFFERINGS' : undefined;
}
