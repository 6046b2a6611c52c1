import { parseGlobalId } from '../../src/domain/global-id';
import type { Data, TestApi } from '../kit/api';
import type { CanaryAccount } from '../kit/canary-market';
import type { Canaries } from '../kit/canaries';

/** Codes of errors that would mean that nothing was read. */
const BLIND = [
  'INTERNAL_SERVER_ERROR',
  'GRAPHQL_VALIDATION_FAILED',
  'GRAPHQL_PARSE_FAILED',
  'FORBIDDEN',
  'UNAUTHENTICATED',
];

/** Asks for one account, and keeps note of what the answers hold. */
export class CanaryReader {
  /** The account's own texts that it has read. */
  readonly found = new Set<string>();
  /** Texts that it must not read, and where it did. */
  readonly leaks: string[] = [];
  /** Aliases of all fields in the answers; of a deep selection, `TYPE_FIELD`. */
  readonly answered = new Set<string>();
  /** Ids of the nodes in the answers. */
  readonly ids = new Set<string>();
  requests = 0;

  /** @param mayRead texts of others that it may read, by what they are */
  constructor(
    private readonly api: TestApi,
    private readonly reader: CanaryAccount,
    private readonly others: readonly Canaries[],
    private readonly secrets: readonly string[],
    private readonly mayRead: readonly string[] = [],
  ) {}

  /** What one request answers. `label` says what it asks, in reports of leaks. */
  async ask(label: string, query: string, variables: object = {}): Promise<Data> {
    this.requests += 1;
    const response = await fetch(`${this.api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.reader.account.token}` },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    const answer: Data = JSON.parse(text);
    const failed = answer.errors?.filter(({ extensions }: Data) => BLIND.includes(extensions?.code));
    if (failed?.length > 0)
      throw new Error(`${label}: ${JSON.stringify(failed)} ${JSON.stringify(variables)}`);
    for (const own of this.reader.canaries.in(text)) this.found.add(own);
    if (this.leaksIn(text).length > 0)
      this.locate(`${label} ${JSON.stringify(variables).slice(0, 200)}`, answer, '');
    this.note(answer.data);
    return answer;
  }

  private leaksIn(text: string): string[] {
    return [
      ...this.others.flatMap((canaries) => canaries.in(text)).filter((what) => !this.mayRead.includes(what)),
      ...this.secrets.filter((secret) => text.includes(secret)),
    ];
  }

  private locate(label: string, value: unknown, path: string): void {
    if (typeof value === 'object' && value !== null)
      for (const [key, part] of Object.entries(value)) this.locate(label, part, `${path}/${key}`);
    else
      for (const leak of this.leaksIn(String(value)))
        this.leaks.push(`${leak} in ${label} at ${path}: ${String(value)}`);
  }

  private note(value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) return value.forEach((item) => this.note(item));
    for (const [key, part] of Object.entries(value)) {
      this.answered.add(key);
      if (key.endsWith('_id') && typeof part === 'string' && parseGlobalId(part) !== null) this.ids.add(part);
      this.note(part);
    }
  }
}
