import type { CatalogFormat, ReadOptions } from '../../../src/domain/catalog/catalog-row';
import { readListing } from '../../../src/import/read-listing';
import { read, realFile } from './listing-kit';

const REAL: readonly (readonly [CatalogFormat, string])[] = [
  ['COREOS_STREAM', 'fcos/stable.json'],
  ['AWS_DESCRIBE_IMAGES', 'aws/describe-images-us-east-1.json'],
  ['AWS_INSTANCE_TYPE_OFFERINGS', 'aws/instance-type-offerings-us-east-1.json'],
  ['PACKER_MANIFEST', 'packer/theforum365-ami-be47d34.json'],
  ['UBUNTU_SIMPLESTREAMS', 'ubuntu/released-aws-sample.json'],
];

/** Two, three and four bytes of UTF-8, escapes, and a refused row. */
const NAMES = ['Größe', '東京 🖥 image', 'q"u\\o\nte', '\u{1F9FF}'.repeat(9), 'bad\0'];

const SMALL: readonly (readonly [CatalogFormat, string])[] = [
  ['AWS_DESCRIBE_IMAGES', JSON.stringify({ Images: NAMES.map(imageNamed) })],
  ['AWS_DESCRIBE_IMAGES', JSON.stringify(NAMES.map(imageNamed), null, 2)],
  [
    'CSV',
    `resource_uid,name,cloud_type\r\n${NAMES.map((name, index) => `${index},"${name.replaceAll('"', '""')}",x`).join('\r\n')}\r\n`,
  ],
];

function imageNamed(Name: string) {
  return { ImageId: 'ami-0a', Name, OwnerId: '1', State: 'available' };
}

const optionsOf = (format: CatalogFormat): ReadOptions => ({ format, region: 'us-east-1' });

describe('R-3.3 listings are streamed', () => {
  // Of any size are those of the small ones below.
  it.each(REAL)('R-3.3 reads %s alike in small pieces and whole', async (format, path) => {
    const file = realFile(path);
    expect(await read(file, optionsOf(format), 11)).toEqual(await read(file, optionsOf(format)));
  });

  it.each(SMALL)('R-3.3 reads %s alike in chunks of any size, as bytes and as text', async (format, text) => {
    const whole = await read(text, optionsOf(format));
    expect(whole.rows.map((row) => (row.kind === 'IMAGE' ? row.name : row.kind))).toEqual(
      NAMES.map((name) => (name === 'bad\0' ? 'REFUSED' : name)),
    );
    const bytes = Buffer.from(text);
    for (const size of [1, 2, 3, 5, 7, 64, bytes.length]) {
      expect(await read(bytes, optionsOf(format), size)).toEqual(whole);
      expect(await read(text, optionsOf(format), size)).toEqual(whole);
    }
  });

  it.each<[CatalogFormat, string, (index: number) => string, string]>([
    [
      'AWS_DESCRIBE_IMAGES',
      '{"Images":[',
      (index) => `${comma(index)}${JSON.stringify(imageNamed(`n${index}`))}`,
      ']}',
    ],
    [
      'AWS_INSTANCE_TYPE_OFFERINGS',
      '[',
      (index) => `${comma(index)}{"InstanceType":"t3.x${index}","Location":"us-east-1"}`,
      ']',
    ],
    [
      'PACKER_MANIFEST',
      '{"builds":[',
      (index) =>
        `${comma(index)}{"name":"n","builder_type":"amazon-ebs","build_time":${index + 1},"artifact_id":"r:ami-0${index}"}`,
      ']}',
    ],
    ['CSV', 'resource_uid,name,cloud_type\n', (index) => `${index},"n",x\n`, ''],
  ])(
    'R-3.3 pulls one chunk of %s per row asked for, and stops when the reader does',
    async (format, head, record, tail) => {
      let pulled = 0;
      let closed = false;
      async function* endless() {
        try {
          yield head;
          for (let index = 0; index < 10_000; index += 1) {
            pulled += 1;
            yield record(index);
          }
          yield tail;
        } finally {
          closed = true;
        }
      }
      let taken = 0;
      for await (const row of readListing(endless(), optionsOf(format)).rows) {
        taken += 1;
        expect(row.kind).not.toBe('REFUSED');
        expect(pulled - taken).toBeLessThanOrEqual(1);
        if (taken === 500) {
          break;
        }
      }
      expect([taken, closed]).toEqual([500, true]);
    },
  );

  it('R-3.3 reads a file that comes as one chunk piece by piece', async () => {
    const count = 5_000;
    const good = Array.from({ length: count }, (_, index) => imageNamed(`n${index}`));
    const file = `${JSON.stringify({ Images: good }).slice(0, -1)} oops`;
    const rows = readListing(one(file), optionsOf('AWS_DESCRIBE_IMAGES')).rows;
    let taken = 0;
    await expect(
      (async () => {
        for await (const row of rows) {
          expect(row.row).toBe(`Images[${taken}]`);
          taken += 1;
        }
      })(),
    ).rejects.toThrow('not valid JSON');
    // The error stands in the last piece of 64 KiB: what the earlier pieces held had been given out before.
    expect(taken).toBeGreaterThan(count - 1_500);
    expect(taken).toBeLessThan(count);
  });
});

function comma(index: number): string {
  return index === 0 ? '' : ',';
}

async function* one(text: string) {
  yield text;
}
