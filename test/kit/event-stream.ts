import type { Data } from './api';
import { endsWithTest } from './opened';

/** One server-sent event, as it stands in the stream. */
export interface StreamEvent {
  readonly event?: string;
  readonly id?: string;
  readonly data?: Data;
}

/** Subscribes by server-sent events. @returns the response, and its events; what is no event is left out */
export async function eventStream(
  url: string,
  request: { query: string; variables?: object },
  { token, headers = {} }: { token?: string; headers?: Record<string, string> } = {},
): Promise<OpenedStream> {
  return openStream(`${url}/graphql/stream`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify(request),
  });
}

export interface OpenedStream {
  readonly response: Response;
  readonly events: AsyncGenerator<StreamEvent, undefined>;
}

/** Asks for a stream in another way than `eventStream` does. */
export async function openStream(address: string, init: RequestInit): Promise<OpenedStream> {
  const ending = new AbortController();
  endsWithTest(() => ending.abort());
  const response = await fetch(address, { ...init, signal: ending.signal });
  return { response, events: eventsOf(response) };
}

/** The events of a response, as the specification of HTML has them read: what has no data and no name is none. */
async function* eventsOf({ body }: Response): AsyncGenerator<StreamEvent, undefined> {
  let text = '';
  for await (const piece of (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
    text += piece;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = block
        .split('\n')
        .filter((line) => !line.startsWith(':'))
        .map((line) => /^(\w+): ?(.*)$/.exec(line)?.slice(1) as [string, string]);
      const { data, ...rest } = Object.fromEntries(fields);
      if (!data && rest['event'] === undefined) continue;
      yield { ...rest, ...(data && { data: JSON.parse(data) }) };
    }
  }
  return undefined;
}
