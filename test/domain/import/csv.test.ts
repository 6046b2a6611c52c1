import fc from 'fast-check';
import { failure, read } from './listing-kit';

const OPTIONS = { format: 'CSV' } as const;
const PLACE = { ...OPTIONS, cloudType: 'vsphere', region: 'lab' } as const;

const ALL_COLUMNS =
  'record,cloud_type,region,resource_uid,name,description,image_type,os_platform,operating_system,cpu_architecture,virtualization_type,root_device_storage,fingerprint,published_at,deprecates_at,lifecycle,agent_enabled,public,cpu_architectures,cpu_count,memory_mb';

const UNCLOSED =
  "This line can't be read: a quote is opened and not closed: close it, and write a quote inside a quoted cell twice.";
const MISPLACED =
  "This line can't be read: its quotes are misplaced: put the whole cell in quotes, and write a quote inside it twice.";

describe('R-3.3 CSV', () => {
  it('R-3.3 reads every column', async () => {
    const { rows, facts } = await read(
      [
        ALL_COLUMNS,
        'image,vsphere,lab,vm-1,web,"a, ""b""",kernel,linux,Debian 12,amd64,hvm,ebs,sha256:ab,2026-07-21T14:07:12+02:00,2027-01-01,obsolete,true,0,,,',
        'instance_type,vsphere,lab,large,Large,,,,,,,,,,,,,,x86_64|aarch64|arm64,4,8192',
      ].join('\r\n'),
      OPTIONS,
    );
    expect(rows).toEqual([
      {
        kind: 'IMAGE',
        row: 'line 2',
        source: 'csv:vsphere:lab',
        cloudType: 'vsphere',
        region: 'lab',
        resourceUid: 'vm-1',
        name: 'web',
        description: 'a, "b"',
        imageType: 'KERNEL',
        osPlatform: 'linux',
        operatingSystem: 'Debian 12',
        cpuArchitecture: 'x86_64',
        virtualizationType: 'hvm',
        rootDeviceStorage: 'ebs',
        fingerprint: 'sha256:ab',
        publishedAt: new Date('2026-07-21T12:07:12Z'),
        deprecatesAt: new Date('2027-01-01T00:00:00Z'),
        lifecycle: 'OBSOLETE',
        agentEnabled: true,
        public: false,
      },
      {
        kind: 'INSTANCE_TYPE',
        row: 'line 3',
        source: 'csv:vsphere:lab',
        cloudType: 'vsphere',
        region: 'lab',
        resourceUid: 'large',
        name: 'Large',
        cpuArchitectures: ['x86_64', 'arm64'],
        cpuCount: 4,
        memoryMb: 8192,
      },
    ]);
    expect(facts).toEqual({ listedAt: null, nature: 'RELEASE_LIST' });
  });

  it('R-3.3 needs only the uid and the name where the place is given, in any order', async () => {
    const { rows } = await read('\uFEFFName, Resource_UID\n web , vm-1 \n\n', PLACE);
    expect(rows).toEqual([
      {
        kind: 'IMAGE',
        row: 'line 2',
        source: 'csv:vsphere:lab',
        cloudType: 'vsphere',
        region: 'lab',
        resourceUid: 'vm-1',
        name: 'web',
        description: null,
        imageType: 'MACHINE',
        osPlatform: null,
        operatingSystem: null,
        cpuArchitecture: null,
        virtualizationType: null,
        rootDeviceStorage: null,
        fingerprint: null,
        publishedAt: null,
        deprecatesAt: null,
        lifecycle: 'AVAILABLE',
        agentEnabled: null,
        public: null,
      },
    ]);
  });

  it('R-3.3 prefers the cells to what is given beside the file, and R-3.4 makes the source of them', async () => {
    const { images } = await read(
      'cloud_type,region,resource_uid,name\namazon,,a,a\n,eu-west-1,b,b\n',
      PLACE,
    );
    expect(images.map(({ source }) => source)).toEqual(['csv:amazon:lab', 'csv:vsphere:eu-west-1']);
  });

  it('R-3.3 refuses a row without a place', async () => {
    const { refused } = await read('cloud_type,region,resource_uid,name\n,r,a,a\nc,,b,b\n', OPTIONS);
    expect(refused).toMatchObject([
      {
        kind: 'REFUSED',
        row: 'line 2',
        reason: 'cloud_type is missing: fill it, or name it for the whole file with --cloud-type.',
      },
      {
        kind: 'REFUSED',
        row: 'line 3',
        reason: 'region is missing: fill it, or name it for the whole file with --region.',
      },
    ]);
  });

  it.each([
    [{ record: 'server' }, 'record "server" is unknown: use image or instance_type.'],
    [{ resource_uid: '' }, 'resource_uid is missing: give it a value.'],
    [{ name: ' ' }, 'name is missing: give it a value.'],
    [{ image_type: 'iso' }, 'image_type "iso" is unknown: use one of MACHINE, KERNEL, RAMDISK.'],
    [
      { lifecycle: 'gone' },
      'lifecycle "gone" is unknown: use one of PENDING, AVAILABLE, FAILED, DEPRECATED, OBSOLETE, DELETED.',
    ],
    [
      { published_at: '21.07.2026' },
      'published_at "21.07.2026" is not a time in the years 1 to 9999: write it like 2026-07-21T14:07:12Z or 2026-07-21.',
    ],
    [
      { deprecates_at: '2026-07-21 14:07' },
      'deprecates_at "2026-07-21 14:07" is not a time in the years 1 to 9999: write it like 2026-07-21T14:07:12Z or 2026-07-21.',
    ],
    [{ agent_enabled: 'maybe' }, 'agent_enabled "maybe" is neither true nor false: write one of them.'],
    [{ public: 'yes' }, 'public "yes" is neither true nor false: write one of them.'],
    [{ cpu_count: '4' }, 'cpu_count does not apply to an image: leave it empty.'],
    [
      { record: 'instance_type', cpu_architecture: 'arm64' },
      'cpu_architecture does not apply to an instance type: leave it empty.',
    ],
    [{ record: 'instance_type' }, 'cpu_architectures is missing: give it a value.'],
    [
      { record: 'instance_type', cpu_architectures: 'arm64|' },
      'cpu_architectures is missing: give it a value.',
    ],
    [
      { record: 'instance_type', cpu_architectures: 'arm64', cpu_count: '2.5' },
      'cpu_count "2.5" is not a whole number from 1 to 2147483647.',
    ],
    [
      { record: 'instance_type', cpu_architectures: 'arm64', memory_mb: '2147483648' },
      'memory_mb "2147483648" is not a whole number from 1 to 2147483647.',
    ],
    [{ name: 'n'.repeat(256) }, 'name has more than 255 characters: shorten it.'],
    [{ resource_uid: 'u'.repeat(1025) }, 'resource_uid has more than 1024 bytes of UTF-8: shorten it.'],
    [{ description: 'd'.repeat(4097) }, 'description has more than 4096 characters: shorten it.'],
    ...['a\0b', 'a\ud800'].map((operating_system): [object, string] => [
      { operating_system },
      'operating_system holds a character that is not valid text (NUL, half a surrogate pair, or a byte that is not UTF-8): remove it.',
    ]),
  ])('R-3.3 refuses the row with %j, and keeps the others', async (changes, reason) => {
    const columns = ALL_COLUMNS.split(',');
    const line = (cells: Record<string, string>) => columns.map((column) => cells[column] ?? '').join(',');
    const good = { resource_uid: 'u', name: 'n' };
    const { rows } = await read(
      [ALL_COLUMNS, line(good), line({ ...good, ...changes }), line(good)].join('\n'),
      PLACE,
    );
    expect(rows.map(({ kind }) => kind)).toEqual(['IMAGE', 'REFUSED', 'IMAGE']);
    expect(rows[1]).toMatchObject({ kind: 'REFUSED', row: 'line 3', reason });
  });

  it.each<[string, string[], [string, string][]]>([
    ['too few cells', ['x'], [['line 3', 'The line has 1 cells, the header has 3']]],
    ['too many cells', ['x,y,z,w'], [['line 3', 'The line has 4 cells, the header has 3']]],
    ['a quote inside a cell', ['x,a"b"c,d'], [['line 3', MISPLACED]]],
    ['text after a closing quote', ['x,"a"b,d'], [['line 3', MISPLACED]]],
    ['an unclosed quote', ['x,"a,d'], [['line 3', UNCLOSED]]],
    ['an unclosed quote before a quoted cell', ['x,"a,d', 'y,"b",e'], [['line 3', UNCLOSED]]],
    [
      'two unclosed quotes',
      ['x,"a,d', 'y,"b,e'],
      [
        ['line 3', UNCLOSED],
        ['line 4', UNCLOSED],
      ],
    ],
    [
      'an unclosed quote before thousands of lines',
      ['x,"a,d', ...Array.from({ length: 8_000 }, (_, index) => `u${index},n,d`)],
      [['line 3', UNCLOSED]],
    ],
    [
      'a line without end',
      [`x,${'n'.repeat(70_000)},d`],
      [
        [
          'line 3',
          "This line can't be read: it is longer than 65536 characters: check its quotes and line ends.",
        ],
      ],
    ],
  ])('R-3.3 refuses %s by its line, and later rows still land', async (_what, lines, expected) => {
    const file = ['resource_uid,name,description', 'first,n,d', ...lines, 'last,"n\n2",d'].join('\n');
    const { images, refused } = await read(file, PLACE);
    expect(refused.map(({ row }) => row)).toEqual(expected.map(([row]) => row));
    refused.forEach(({ reason }, index) => expect(reason).toContain(expected[index]?.[1]));
    expect(images[0]).toMatchObject({ row: 'line 2', resourceUid: 'first' });
    expect(images.at(-1)).toMatchObject({
      row: `line ${lines.length + 3}`,
      resourceUid: 'last',
      name: 'n\n2',
    });
    expect(images).toHaveLength(lines.length - refused.length + 2);
    expect(await read(file, PLACE, 1000)).toEqual(await read(file, PLACE));
  });

  it('R-3.3 numbers rows by their first line, across cells with line ends', async () => {
    const { rows } = await read('resource_uid,name\n"a","1\r\n2\n3"\nb,4\n', PLACE);
    expect(rows).toEqual([
      expect.objectContaining({ row: 'line 2', name: '1\r\n2\n3' }),
      expect.objectContaining({ row: 'line 5', name: '4' }),
    ]);
  });

  it('R-3.3 refuses unknown columns by name, and lists the known ones', async () => {
    const error = await failure('resource_uid,name,colour,size\n', PLACE);
    expect([error.code, error.details.path]).toEqual(['INVALID', ['content']]);
    expect(error.message).toBe(
      `Not a CSV file: expected text with one header line of column names, separated by commas; found the unknown columns "colour", "size". Remove or rename them. The known columns are ${ALL_COLUMNS.replaceAll(',', ', ')}.`,
    );
  });

  it.each([
    ['name\n', OPTIONS, 'found no columns resource_uid, cloud_type, region. Add them'],
    ['cloud_type,region\n', OPTIONS, 'found no columns resource_uid, name. Add them'],
    ['name,name,resource_uid\n', PLACE, 'found the columns name more than once. Keep each column once.'],
    [
      'name;resource_uid\n',
      PLACE,
      'found the unknown columns "name;resource_uid". Separate the columns by commas.',
    ],
    ['name,"resource_uid\n', PLACE, "found a header line that can't be read."],
    ['', PLACE, 'found nothing but blanks.'],
    [
      '{"Images": []}',
      PLACE,
      'found JSON (it starts with `{`). Name the format of that listing with --format',
    ],
  ])('R-3.3 refuses the file %j', async (file, options, message) => {
    const error = await failure(file, options);
    expect(error.code).toBe('INVALID');
    expect(error.message).toContain(message);
  });

  it('R-3.3 reads cells without quotes like those in quotes, without the blanks around them', async () => {
    const text = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 60 })
      .map((value) => value.replace(/[",\r\n\0\uFFFD]/g, ' ').trim())
      .filter((value) => value !== '');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ resourceUid: text, name: text }), { maxLength: 8 }),
        fc.constantFrom('', ' ', '\t', '\u00A0'),
        async (images, blank) => {
          const fileOf = (written: (cell: string) => string) =>
            [
              'resource_uid,name',
              ...images.map(({ resourceUid, name }) => `${written(resourceUid)},${written(name)}`),
            ].join('\n');
          const plain = await read(
            fileOf((cell) => `${blank}${cell}${blank}`),
            PLACE,
          );
          expect(plain.images).toHaveLength(images.length);
          expect(plain).toEqual(
            await read(
              fileOf((cell) => `"${cell}"`),
              PLACE,
            ),
          );
        },
      ),
    );
  });

  it('R-3.3 reads back whatever a CSV writer writes, however it is cut into chunks', async () => {
    const text = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 60 })
      .filter((value) => value.trim() !== '' && !/[\0\uFFFD]/.test(value));
    const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ resourceUid: text, name: text, description: text }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 50 }),
        fc.constantFrom('\n', '\r\n'),
        async (images, chunkSize, lineEnd) => {
          const lines = images.map(({ resourceUid, name, description }) =>
            [description, resourceUid, name].map(quoted).join(','),
          );
          const file = ['description,resource_uid,name', ...lines, ''].join(lineEnd);
          const { rows } = await read(Buffer.from(file), PLACE, chunkSize);
          expect(rows).toEqual(
            images.map((image): unknown => expect.objectContaining({ kind: 'IMAGE', ...image })),
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});
