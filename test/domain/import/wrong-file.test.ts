import { gzipSync } from 'node:zlib';
import type { CatalogFormat } from '../../../src/domain/catalog/catalog-row';
import { failure, read, realFile } from './listing-kit';

const optionsOf = (format: CatalogFormat) => ({ format, region: 'us-east-1' });

const REAL: readonly (readonly [CatalogFormat, string, string])[] = [
  ['COREOS_STREAM', 'fcos/stable.json', 'a CoreOS stream metadata file'],
  ['AWS_DESCRIBE_IMAGES', 'aws/describe-images-us-east-1.json', 'an AWS describe-images listing'],
  [
    'AWS_INSTANCE_TYPE_OFFERINGS',
    'aws/instance-type-offerings-us-east-1.json',
    'an AWS describe-instance-type-offerings listing',
  ],
  ['PACKER_MANIFEST', 'packer/theforum365-ami-174327f.json', 'a Packer manifest'],
  ['UBUNTU_SIMPLESTREAMS', 'ubuntu/released-aws-sample.json', 'an Ubuntu simplestreams listing'],
];
const JSON_FORMATS = REAL.map(([format]) => format);

describe('R-3.3 a file of another kind', () => {
  it.each(
    JSON_FORMATS.flatMap((format) =>
      REAL.filter(([actual]) => actual !== format).map(
        ([actual, path, name]) => [actual, format, path, name] as const,
      ),
    ),
  )('R-3.3 says what to do with %s given as %s', async (actual, format, path, name) => {
    const error = await failure(realFile(path), optionsOf(format));
    expect([error.code, error.details.path]).toEqual(['INVALID', ['content']]);
    expect(error.message).toMatch(new RegExp(`This looks like ${name}: import it with --format ${actual}$`));
  });

  it('R-3.3 says what was expected and what was found', async () => {
    const error = await failure({ Images: [] }, optionsOf('COREOS_STREAM'));
    expect(error.message).toBe(
      'Not a CoreOS stream metadata file: expected a JSON object with `stream`, `metadata` and `architectures`; found an object with `Images`. This looks like an AWS describe-images listing: import it with --format AWS_DESCRIBE_IMAGES',
    );
  });

  it.each(JSON_FORMATS)('R-3.3 refuses what is no JSON as %s', async (format) => {
    const cases: [string | Uint8Array, string][] = [
      ['', 'found nothing but blanks. Check that the listing was written to the end.'],
      [' \n\t ', 'found nothing but blanks.'],
      [
        '\uFEFF{}',
        'found a UTF-8 byte order mark, which JSON does not have. Save the file as UTF-8 without it',
      ],
      [Buffer.from('\uFEFF{"a":1}'), 'found a UTF-8 byte order mark'],
      [
        gzipSync('{"Images": []}'),
        'found gzip-compressed bytes. Decompress it first, for example with gunzip.',
      ],
      [Buffer.from('\uFEFF{"a":1}', 'utf16le'), 'found bytes that are not UTF-8 text.'],
      [Buffer.from('{"a":1}', 'utf16le'), 'found bytes that are not UTF-8 text.'],
      [
        'resource_uid,name\n',
        'found text that starts with "re". Give the JSON file as it was fetched; a table',
      ],
      ['<html>', 'found text that starts with "<h".'],
      ['7', 'found text that starts with "7".'],
      ['{"a": 1,}', 'found text that is not valid JSON near byte 8.'],
      ['{"a": nul}', 'found text that is not valid JSON near byte 4.'],
      ['{"a": 1} {"a": 2}', 'found text that is not valid JSON near byte 7.'],
      ['{"a": [1, 2', 'found JSON that is cut off after byte'],
      [`{"a": ${'['.repeat(100_000)}`, 'found values nested more than 64 deep.'],
      ['{}', 'found an empty object.'],
      ['{"a": 1, "b": {"Images": []}}', 'found an object with "a", "b". Give a file with `'],
    ];
    for (const [file, message] of cases) {
      const error = await failure(file, optionsOf(format));
      expect(error.code).toBe('INVALID');
      expect(error.message).toContain(message);
    }
  });

  it.each<CatalogFormat>(['COREOS_STREAM', 'PACKER_MANIFEST', 'UBUNTU_SIMPLESTREAMS'])(
    'R-3.3 refuses a list as %s',
    async (format) => {
      expect((await failure('[]', optionsOf(format))).message).toContain('found an empty list.');
      expect((await failure('[{"a":1}]', optionsOf(format))).message).toContain('found a list.');
    },
  );

  it.each(REAL)('R-3.3 refuses the real %s cut off anywhere', async (format, path) => {
    const file = realFile(path);
    for (const part of [0.001, 0.3, 0.6, 0.9]) {
      const error = await failure(file.subarray(0, Math.floor(file.length * part)), optionsOf(format));
      expect(error.message).toMatch(/The file is truncated: fetch it again\.$/);
    }
    const withoutLastBrace = file.toString().trimEnd().slice(0, -1);
    expect((await failure(withoutLastBrace, optionsOf(format))).code).toBe('INVALID');
  });

  it('R-3.3 refuses compressed and UTF-16 files as CSV', async () => {
    const csv = 'resource_uid,name\na,b\n';
    expect((await failure(gzipSync(csv), optionsOf('CSV'))).message).toContain('gzip-compressed');
    expect((await failure(Buffer.from(csv, 'utf16le'), optionsOf('CSV'))).message).toContain('not UTF-8');
  });

  it('R-3.3 keeps strange keys of a file out of the row labels', async () => {
    const { refused } = await read(
      {
        stream: 'stable',
        metadata: { 'last-modified': '2026-07-21T14:07:12Z' },
        architectures: { 'a\0b': { images: { aws: { regions: { '\ud800': {} } } } } },
      },
      optionsOf('COREOS_STREAM'),
    );
    expect(refused.map(({ row }) => row)).toEqual(['architectures."a\\u0000b".images.aws.regions."\\ud800"']);
  });
});
