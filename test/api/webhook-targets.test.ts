import { createSocket } from 'node:dgram';
import { lookup, Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { AttemptOutcome } from '../../src/domain/events/delivery-attempt';
import { post, type Post } from '../../src/webhooks/post';
import { isPublicAddress, publicLookup, type NameResolver } from '../../src/webhooks/public-address';
import { status, WebhookReceiver } from '../kit/webhook-receiver';

let receiver: WebhookReceiver;
beforeAll(async () => {
  receiver = await WebhookReceiver.start();
});
afterAll(() => receiver.close());

const send = (url: string, more: Partial<Post> = {}) =>
  post({
    url,
    headers: { 'content-type': 'text/plain' },
    body: 'Grüße',
    privateAllowed: true,
    signal: new AbortController().signal,
    ...more,
  });

describe('which addresses are on the public internet', () => {
  test.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '2a00:1450::1'])(
    '%s is',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  test.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.0.9',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::7f00:1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '2001:db8::1',
    '2001::1',
    '2002:7f00:1::',
    'fc00::1',
    'fd12::1',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    'localhost',
  ])('%s is not', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('unless it is allowed, nothing is sent to what is not public', () => {
  test.each([
    (port: number) => `https://127.0.0.1:${port}/ssrf`,
    // Other ways to write it.
    (port: number) => `https://2130706433:${port}/ssrf`,
    (port: number) => `https://0x7f.1:${port}/ssrf`,
    (port: number) => `https://[::ffff:127.0.0.1]:${port}/ssrf`,
    (port: number) => `https://[::1]:${port}/ssrf`,
    // A name that leads there.
    (port: number) => `https://localhost:${port}/ssrf`,
    () => 'https://169.254.169.254/latest/meta-data',
  ])('%#', async (url) => {
    const outcome = await send(url(receiver.port), { privateAllowed: false });
    expect(outcome).toEqual({
      error: expect.stringContaining('was not found on the public internet'),
    });
    expect(receiver.on('ssrf')).toEqual([]);
  });

  const neverAborted = new AbortController().signal;
  const found = (resolver: NameResolver, options = { all: true }, signal = neverAborted) =>
    new Promise<unknown>((resolve) =>
      publicLookup(signal, resolver)('receiver.example', options, (error, ...address) =>
        resolve(error?.message ?? address),
      ),
    );
  const named = (four: string[], six: string[] | Error): NameResolver => ({
    resolve4: async () => four,
    resolve6: async () => {
      if (six instanceof Error) throw six;
      return six;
    },
    cancel: () => undefined,
  });

  test('a name is found when all its addresses are public', async () => {
    expect(await found(named(['8.8.8.8'], ['2606:4700::1']))).toEqual([
      [
        { address: '8.8.8.8', family: 4 },
        { address: '2606:4700::1', family: 6 },
      ],
    ]);
    expect(await found(named(['8.8.8.8'], new Error('ENODATA')), { all: false })).toEqual(['8.8.8.8', 4]);
    expect(await found(named([], ['2606:4700::1']), { all: false })).toEqual(['2606:4700::1', 6]);
  });

  test('names of a private network and of nobody are told alike', async () => {
    const refused = 'The host receiver.example was not found on the public internet';
    for (const resolver of [
      named(['8.8.8.8', '10.0.0.1'], []),
      named(['8.8.8.8'], ['fd12::1']),
      named([], new Error('ENOTFOUND')),
    ])
      expect(await found(resolver)).toEqual(expect.stringContaining(refused));
  });

  test('names whose server never answers hold up no other look-ups, and can be given up', async () => {
    const server = createSocket('udp4');
    let asked = 0;
    const heard = new Promise<void>((resolve) =>
      server.on('message', () => {
        asked += 1;
        if (asked === 20) resolve();
      }),
    );
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    const givingUp = new AbortController();
    const waiting = Array.from({ length: 10 }, () => {
      const resolver = new Resolver({ timeout: 3_600_000, tries: 1 });
      resolver.setServers([`127.0.0.1:${server.address().port}`]);
      return found(resolver, { all: true }, givingUp.signal);
    });
    await heard;
    // These wait for a thread of the process.
    expect(await lookup('127.0.0.1')).toMatchObject({ address: '127.0.0.1' });
    expect((await lookup('localhost')).address).toBeDefined();
    givingUp.abort();
    for (const ended of await Promise.all(waiting))
      expect(ended).toEqual(expect.stringContaining('was not found on the public internet'));
    server.close();
  });

  test('nor over plain HTTP', async () => {
    expect(await send('http://receiver.example/', { privateAllowed: false })).toEqual({
      error: expect.stringContaining('The URL is not https'),
    });
  });

  test('where it is allowed, names and addresses work', async () => {
    expect(await send(`http://localhost:${receiver.port}/allowed`)).toEqual({
      status: 204,
      retryAfter: null,
      excerpt: '',
    });
    expect(receiver.on('allowed')).toMatchObject([
      { method: 'POST', body: 'Grüße', headers: { 'content-length': '7', connection: 'close' } },
    ]);
  });
});

describe('answers', () => {
  test('a redirect is not followed', async () => {
    receiver.answer('redirect', status(307, { location: receiver.url('elsewhere') }));
    expect(await send(receiver.url('redirect'))).toMatchObject({ status: 307 });
    expect(receiver.on('elsewhere')).toEqual([]);
  });

  test('of a long one only the beginning is kept, on one line', async () => {
    receiver.answer(
      'long',
      status(500, { 'retry-after': '7' }, `first\r\n\0second\u202e ${'é'.repeat(5000)}`),
    );
    const outcome = await send(receiver.url('long'));
    expect(outcome).toEqual({
      status: 500,
      retryAfter: '7',
      excerpt: expect.stringMatching(/^first second é+$/),
    });
    expect('excerpt' in outcome && outcome.excerpt).toHaveLength(200);
  });

  test('one that never ends is cut off', async () => {
    let stopped: Promise<void> | undefined;
    receiver.answer('endless', (_received, response) => {
      stopped = new Promise((resolve) => response.on('close', resolve));
      response.writeHead(200);
      const write = (): void => {
        while (response.write('x'.repeat(16_384))) continue;
        response.once('drain', write);
      };
      write();
    });
    expect(await send(receiver.url('endless'))).toMatchObject({ status: 200 });
    await stopped;
  });

  test('one whose body does not come in time was given by its status', async () => {
    receiver.answer('slow', (_received, response) => {
      response.writeHead(202).write('wait');
    });
    // How long its beginning takes is the machine's affair.
    let outcome: AttemptOutcome = { error: 'not asked' };
    for (let timeout = 100; 'error' in outcome; timeout *= 2)
      outcome = await send(receiver.url('slow'), { timeout });
    expect(outcome).toEqual({ status: 202, retryAfter: null, excerpt: 'wait' });
  });

  test('none in time is a failure', async () => {
    receiver.answer('silent', () => undefined);
    expect(await send(receiver.url('silent'), { timeout: 100 })).toEqual({
      error: 'The receiver did not answer within 0.1 seconds.',
    });
  });

  test('a connection that ends, an answer that is no HTTP, and nobody there are failures', async () => {
    receiver.answer('ended', (_received, response) => response.destroy());
    expect(await send(receiver.url('ended'))).toEqual({ error: expect.stringMatching(/hang up|ECONNRESET/) });
    const babbler = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.resume().end('SSH-2.0\r\n');
    });
    await new Promise<void>((resolve) => babbler.listen(0, '127.0.0.1', resolve));
    const { port } = babbler.address() as AddressInfo;
    expect(await send(`http://127.0.0.1:${port}/`)).toEqual({
      error: expect.stringContaining('Parse Error'),
    });
    await new Promise((resolve) => babbler.close(resolve));
    expect(await send(`http://127.0.0.1:${port}/`)).toEqual({
      error: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('an upgrade is no answer', async () => {
    receiver.answer('upgrade', (_received, response) => {
      response.socket?.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n');
    });
    expect(await send(receiver.url('upgrade'))).toEqual({ error: expect.any(String) });
  });

  test('who gives it up is answered at once', async () => {
    const givingUp = new AbortController();
    receiver.answer('given-up', () => givingUp.abort());
    expect(await send(receiver.url('given-up'), { signal: givingUp.signal })).toEqual({
      error: 'The operation was aborted',
    });
  });
});
