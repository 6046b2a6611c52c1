import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { countOf, describeImages, emptyCatalog, lifecycles } from './catalog-kit';

const MAXIMUM_BYTES = 16_000_000;

let api: TestApi;
let operator: TestAccount;
let token: string;

beforeAll(async () => {
  api = await startApi({ MCI_GRAPH_MAX_UPLOAD_BYTES: String(MAXIMUM_BYTES) });
  operator = await api.account({ operator: true });
  token = await operator.tokenWith('INFRASTRUCTURE');
});
afterAll(() => api.close());
beforeEach(() => emptyCatalog(api.dataSource));

interface Upload {
  status: number;
  body: Data;
}

async function upload(
  query: string,
  body: string | Uint8Array | ReadableStream,
  { headers = {}, as = token }: { headers?: Record<string, string>; as?: string | null } = {},
): Promise<Upload> {
  const response = await fetch(`${api.url}/catalog/imports?${query}`, {
    method: 'POST',
    headers: { ...(as !== null && { authorization: `Bearer ${as}` }), ...headers },
    body: body as string,
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  });
  return { status: response.status, body: await response.json() };
}

const IMAGES = 'format=AWS_DESCRIBE_IMAGES&region=eu-west-1';
const REGIONS = ['us-east-1', 'us-west-2', 'eu-west-1'];

/** A simplestreams listing of so many images, in pieces. */
function* simplestreams(rows: number): Generator<string> {
  yield '{"content_id":"com.ubuntu.cloud:released:aws","datatype":"image-ids","updated":"Wed, 11 Jan 2017 06:23:17 +0000","_aliases":{},"products":{';
  const perVersion = 100;
  for (let first = 0; first < rows; first += perVersion) {
    const items = Array.from({ length: Math.min(perVersion, rows - first) }, (_, index) => {
      const item = {
        id: `ami-${first + index}`,
        crsn: REGIONS[index % 3],
        pubname: `ubuntu-${first + index}`,
        root_store: 'ssd',
        virt: 'hvm',
      };
      return `"i${index}":${JSON.stringify(item)}`;
    });
    yield `${first === 0 ? '' : ','}"p${first}":{"arch":"amd64","version":"16.04","versions":{"20170101":{"items":{${items.join(',')}}}}}`;
  }
  yield '}}';
}

const stream = (pieces: Iterable<string>) => Readable.toWeb(Readable.from(pieces)) as ReadableStream;

describe('R-3.3: upload over HTTP', () => {
  test('30,000 rows in one streamed file', async () => {
    const answer = await upload('format=UBUNTU_SIMPLESTREAMS&complete=true', stream(simplestreams(30_000)));
    expect(answer).toEqual({
      status: 200,
      body: {
        created: 30_000,
        updated: 0,
        unchanged: 0,
        withdrawn: 0,
        refusedCount: 0,
        refused: [],
        cloudsCreated: ['AWS eu-west-1', 'AWS us-east-1', 'AWS us-west-2'],
        sources: ['ubuntu:released:aws'],
      },
    });
    expect(await countOf(api.dataSource, 'cloud_images')).toBe(30_000);
    const again = await upload('format=UBUNTU_SIMPLESTREAMS&complete=true', stream(simplestreams(30_000)));
    expect(again.body).toMatchObject({ created: 0, updated: 0, unchanged: 30_000, withdrawn: 0 });
    const less = await upload('format=UBUNTU_SIMPLESTREAMS&complete=true', stream(simplestreams(29_000)));
    expect(less.body).toMatchObject({ created: 0, updated: 0, unchanged: 29_000, withdrawn: 1000 });
  });

  test('gzip, any content type, and formats as the command line writes them', async () => {
    const content = describeImages([{ ImageId: 'ami-1' }]);
    const zipped = await upload('format=aws-describe-images&region=eu-west-1', gzipSync(content), {
      headers: { 'content-encoding': 'gzip', 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect([zipped.status, zipped.body.created]).toEqual([200, 1]);
    const json = await upload(IMAGES, content, { headers: { 'content-type': 'application/json' } });
    expect([json.status, json.body.unchanged]).toEqual([200, 1]);
  });

  test('dryRun, source and complete mean what they mean in importCatalog', async () => {
    const list = [{ ImageId: 'ami-1' }, { ImageId: 'ami-2' }];
    expect((await upload(`${IMAGES}&dryRun=true`, describeImages(list))).body.created).toBe(2);
    expect(await countOf(api.dataSource, 'cloud_images')).toBe(0);
    expect((await upload(`${IMAGES}&source=mine`, describeImages(list))).body.sources).toEqual(['mine']);
    const { body } = await upload(`${IMAGES}&source=mine&complete=true`, describeImages(list.slice(1)));
    expect(body).toMatchObject({ unchanged: 1, withdrawn: 1 });
    expect(await lifecycles(api.dataSource)).toEqual({ 'ami-1': 'DELETED', 'ami-2': 'AVAILABLE' });
  });

  test('a refused file and a wrong parameter are 400 with the reason', async () => {
    const content = '{"products": {}, "content_id": "x"}';
    const wrong = await upload('format=COREOS_STREAM', content);
    const answer = await api.request(
      token,
      'mutation($input: ImportCatalogInput!) { importCatalog(input: $input) { userErrors { message } } }',
      { input: { format: 'COREOS_STREAM', content } },
    );
    expect(wrong).toEqual({
      status: 400,
      body: { error: { code: 'INVALID', message: answer.data.importCatalog.userErrors[0].message } },
    });
    const messages = [];
    for (const query of [
      '',
      'format=XML',
      `${IMAGES}&complete=yes`,
      `${IMAGES}&dryrun=true`,
      `${IMAGES}&region=b`,
      'format=AWS_DESCRIBE_IMAGES',
    ]) {
      const { status, body } = await upload(query, describeImages([]));
      messages.push(`${status} ${body.error.message}`);
    }
    expect(messages).toEqual([
      expect.stringMatching(/^400 The parameter `format` must be given, one of COREOS_STREAM, /),
      expect.stringMatching(/^400 The parameter `format` must be one of COREOS_STREAM, /),
      '400 The parameter `complete` must be true or false.',
      '400 There is no parameter `dryrun`: use format, cloudType, region, source, complete, dryRun.',
      '400 The parameter `region` must be given once.',
      expect.stringMatching(/^400 region is missing/),
    ]);
    const zip = await upload(IMAGES, 'no gzip', { headers: { 'content-encoding': 'gzip' } });
    expect([zip.status, zip.body.error.message]).toEqual([400, expect.stringContaining('not valid gzip')]);
    const deflate = await upload(IMAGES, 'x', { headers: { 'content-encoding': 'br' } });
    expect([deflate.status, deflate.body.error.message]).toEqual([
      400,
      expect.stringContaining('`br` is not supported'),
    ]);
    expect(await countOf(api.dataSource, 'cloud_images')).toBe(0);
  });

  test('R-2.2: without a token 401, without the role INFRASTRUCTURE 403', async () => {
    const content = describeImages([{ ImageId: 'ami-1' }]);
    for (const [as, status, code] of [
      [null, 401, 'UNAUTHENTICATED'],
      ['nonsense', 401, 'UNAUTHENTICATED'],
      [operator.token, 403, 'FORBIDDEN'],
    ] as const) {
      const answer = await upload(IMAGES, content, { as });
      expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    }
    expect(await countOf(api.dataSource, 'cloud_images')).toBe(0);
  });

  test('a listing that is too large, also when unpacked, is 413 and leaves nothing', async () => {
    const content = describeImages([{ ImageId: 'ami-1', Description: 'x'.repeat(MAXIMUM_BYTES) }]);
    const answer = await upload(IMAGES, gzipSync(content), { headers: { 'content-encoding': 'gzip' } });
    expect([answer.status, answer.body.error.code]).toEqual([413, 'LIMIT_EXCEEDED']);
    expect(answer.body.error.message).toContain('mci-graph import');
    expect(await countOf(api.dataSource, 'cloud_images')).toBe(0);
  });

  test('a client that breaks off leaves nothing, and its connection is free again', async () => {
    const before = await countOf(api.dataSource, 'audit_entries');
    const whole = describeImages(Array.from({ length: 5000 }, (_, index) => ({ ImageId: `ami-${index}` })));
    for (let attempt = 0; attempt < 12; attempt += 1) {
      await new Promise<void>((resolve) => {
        const url = new URL(`${api.url}/catalog/imports?${IMAGES}`);
        const broken = httpRequest(url, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
        broken.on('error', () => undefined);
        broken.on('close', () => resolve());
        broken.write(whole.slice(0, -10), () => setImmediate(() => broken.destroy()));
      });
    }
    expect((await upload(IMAGES, describeImages([{ ImageId: 'ami-whole' }]))).body.created).toBe(1);
    expect(await lifecycles(api.dataSource)).toEqual({ 'ami-whole': 'AVAILABLE' });
    expect(await countOf(api.dataSource, 'audit_entries')).toBe(before + 1);
  });
});
