import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came in. */
export interface Received {
  readonly method: string;
  /** Without its slash: whom a test meant by it. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** How it answers. */
export type Answering = (received: Received, response: ServerResponse) => void;

export const status =
  (code: number, headers: Record<string, string> = {}, body = ''): Answering =>
  (_received, response) => {
    response.writeHead(code, headers).end(body);
  };

/** Somebody who listens for webhooks, on the loopback address. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  private readonly answers = new Map<string, Answering>();
  private readonly server: Server;
  private waiting: (() => void)[] = [];

  private constructor() {
    this.server = createServer((request, response) => void this.take(request, response));
  }

  static async start(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await new Promise<void>((resolve) => receiver.server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  url = (path: string): string => `http://127.0.0.1:${this.port}/${path}`;

  /** What is answered on a path from now on; 204 unless told. */
  answer(path: string, answering: Answering): void {
    this.answers.set(path, answering);
  }

  on = (path: string): Received[] => this.received.filter((each) => each.path === path);

  /** Once so many requests have come on a path, all of them. */
  async until(path: string, count: number): Promise<Received[]> {
    while (this.on(path).length < count) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.on(path);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const received = {
      method: request.method ?? '',
      path: (request.url ?? '').slice(1),
      headers: request.headers as Record<string, string>,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    this.received.push(received);
    (this.answers.get(received.path) ?? status(204))(received, response);
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
