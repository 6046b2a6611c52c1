import type { LoadRequest } from './load';

/** A POST of JSON, by whoever's token. */
export interface Post {
  /** `http://host:port/path` */
  readonly url: string;
  readonly token: string;
  readonly body: unknown;
}

/** Sends it once, and answers the text. @throws Error when it is refused */
export async function post({ url, token, body }: Post): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 2000)}`);
  return text;
}

/** The same, as it is sent again and again; its answer was `answer`. */
export function loadRequest({ url, token, body }: Post, answer: string): LoadRequest {
  const { hostname, port, host, pathname } = new URL(url);
  const content = JSON.stringify(body);
  const header = [
    `POST ${pathname} HTTP/1.1`,
    `host: ${host}`,
    `authorization: Bearer ${token}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(content)}`,
  ];
  return {
    bytes: Buffer.from(`${header.join('\r\n')}\r\n\r\n${content}`),
    host: hostname,
    port: Number(port),
    answerLength: Buffer.byteLength(answer),
  };
}
