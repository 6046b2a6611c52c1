import { connect, type Socket } from 'node:net';

/** One request, as it is sent again and again. */
export interface LoadRequest {
  readonly bytes: Buffer;
  readonly host: string;
  readonly port: number;
  /** Length of the right answer: any other one fails the measurement. */
  readonly answerLength: number;
}

export interface Load {
  readonly requestsPerSecond: number;
  /** Milliseconds from request to whole answer, of each. */
  readonly latencies: readonly number[];
}

const HEADER_END = Buffer.from('\r\n\r\n');

/**
 * Sends the request over so many connections, each with one request under way, and counts the answers. Speaks HTTP/1.1 over
 * sockets itself: Node's own client takes more of the shared processors than what is measured.
 *
 * @throws Error when an answer is not the expected one, or a connection breaks
 */
export async function load(request: LoadRequest, connections: number, seconds: number): Promise<Load> {
  const latencies: number[] = [];
  const start = performance.now();
  const end = start + seconds * 1000;
  await Promise.all(Array.from({ length: connections }, () => repeat(request, end, latencies)));
  const elapsed = (performance.now() - start) / 1000;
  return { requestsPerSecond: latencies.length / elapsed, latencies };
}

/** One connection, busy until `end`. */
function repeat(request: LoadRequest, end: number, latencies: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ host: request.host, port: request.port, noDelay: true });
    let sentAt = 0;
    /** The header so far; `null` while the body comes in. */
    let header: Buffer | null = Buffer.alloc(0);
    let bodyLeft = 0;
    const fail = (message: string) => {
      socket.destroy();
      reject(new Error(message));
    };
    const send = () => {
      sentAt = performance.now();
      socket.write(request.bytes);
    };
    const answered = () => {
      const now = performance.now();
      latencies.push(now - sentAt);
      header = Buffer.alloc(0);
      if (now < end) return send();
      socket.removeAllListeners('close');
      socket.end();
      resolve();
    };
    socket.once('connect', send);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('A server closed the connection under load.')));
    socket.on('data', (chunk) => {
      let body = chunk.length;
      if (header !== null) {
        const received: Buffer = header.length === 0 ? chunk : Buffer.concat([header, chunk]);
        const headerEnd = received.indexOf(HEADER_END);
        if (headerEnd < 0) {
          header = received;
          return;
        }
        const text = received.toString('latin1', 0, headerEnd);
        const length = Number(/^content-length: *(\d+)/im.exec(text)?.[1] ?? NaN);
        if (!text.startsWith('HTTP/1.1 200 ')) return fail(`A server answered under load: ${text}`);
        if (length !== request.answerLength)
          return fail(`A server answered ${length} bytes under load, ${request.answerLength} before.`);
        body = received.length - headerEnd - HEADER_END.length;
        bodyLeft = length;
        header = null;
      }
      bodyLeft -= body;
      if (bodyLeft === 0) answered();
    });
  });
}
