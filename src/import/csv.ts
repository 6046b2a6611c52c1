import type { CatalogRow, ListedImage, ListedInstanceType, ReadOptions } from '../domain/catalog/catalog-row';
import type { ImageLifecycle, ImageType } from '../domain/catalog/cloud-image';
import { canonicalCloudType } from '../domain/catalog/cloud-name';
import { canonicalArchitecture } from '../domain/catalog/cpu-architecture';
import { readCsvRecords } from './csv-records';
import { assertCsvStart } from './file-start';
import type { ListingFormat } from './listing-format';
import { landOrRefuse, readBoolean, readInstant, refused, RowRefusal } from './row';
import { readText } from './text-pieces';
import { shown, wrongFile } from './wrong-file';

const SHARED_COLUMNS = ['record', 'cloud_type', 'region', 'resource_uid', 'name'];
const IMAGE_COLUMNS = [
  'description',
  'image_type',
  'os_platform',
  'operating_system',
  'cpu_architecture',
  'virtualization_type',
  'root_device_storage',
  'fingerprint',
  'published_at',
  'deprecates_at',
  'lifecycle',
  'agent_enabled',
  'public',
];
const INSTANCE_TYPE_COLUMNS = ['cpu_architectures', 'cpu_count', 'memory_mb'];
const COLUMNS = [...SHARED_COLUMNS, ...IMAGE_COLUMNS, ...INSTANCE_TYPE_COLUMNS];

const IMAGE_TYPES: readonly ImageType[] = ['MACHINE', 'KERNEL', 'RAMDISK'];
const LIFECYCLES: readonly ImageLifecycle[] = [
  'PENDING',
  'AVAILABLE',
  'FAILED',
  'DEPRECATED',
  'OBSOLETE',
  'DELETED',
];

/** Where in a line the cell of each column stands. */
type Columns = ReadonlyMap<string, number>;

const MAX_INTEGER = 2_147_483_647;

/** A table of images and instance types with one header line, comma-separated. */
export const csv: ListingFormat = {
  nature: 'RELEASE_LIST',
  async *read(chunks, options) {
    let columns: Columns | undefined;
    for await (const record of readCsvRecords(readText(chunks, (start) => assertCsvStart(start, 'CSV')))) {
      if (columns === undefined) {
        columns = readHeader(record, options);
        continue;
      }
      const row = `line ${record.line}`;
      yield 'problem' in record
        ? refused(row, `This line can't be read: ${record.problem}`, null)
        : readRow(row, columns, record.cells, options);
    }
  },
};

function readHeader(
  record: { cells: readonly string[] } | { problem: string },
  options: ReadOptions,
): Columns {
  if ('problem' in record) {
    throw wrongFile('CSV', "a header line that can't be read", `Check the first line: ${record.problem}`);
  }
  const columns = record.cells.map((cell) => cell.toLowerCase());
  const known = `The known columns are ${COLUMNS.join(', ')}.`;
  const unknown = columns.filter((column) => !COLUMNS.includes(column));
  if (unknown.length > 0) {
    const separators = /[;\t|]/.test(unknown[0] ?? '') ? 'Separate the columns by commas. ' : '';
    throw wrongFile(
      'CSV',
      `the unknown columns ${unknown.slice(0, 20).map(shown).join(', ')}`,
      `${separators}Remove or rename them. ${known}`,
    );
  }
  const twice = columns.filter((column, index) => columns.indexOf(column) !== index);
  if (twice.length > 0) {
    throw wrongFile('CSV', `the columns ${twice.join(', ')} more than once`, 'Keep each column once.');
  }
  const missing = [
    'resource_uid',
    'name',
    ...(options.cloudType === undefined ? ['cloud_type'] : []),
    ...(options.region === undefined ? ['region'] : []),
  ].filter((column) => !columns.includes(column));
  if (missing.length > 0) {
    throw wrongFile(
      'CSV',
      `no columns ${missing.join(', ')}`,
      `Add them; cloud_type and region can also be named with --cloud-type and --region. ${known}`,
    );
  }
  return new Map(columns.map((column, index) => [column, index]));
}

function readRow(row: string, columns: Columns, cells: readonly string[], options: ReadOptions): CatalogRow {
  if (cells.length !== columns.size) {
    return refused(
      row,
      `The line has ${cells.length} cells, the header has ${columns.size}: put a cell that holds a comma in quotes, and leave unknown cells empty.`,
      null,
    );
  }
  const cell = (column: string): string | null => {
    const index = columns.get(column);
    const text = index === undefined ? undefined : cells[index];
    return text === undefined || text.trim() === '' ? null : text;
  };
  return landOrRefuse(
    row,
    () => required(cell, 'resource_uid'),
    () => {
      const place = readPlace(row, cell, options);
      const record = (cell('record') ?? 'image').toLowerCase();
      if (record === 'image') {
        assertEmpty(INSTANCE_TYPE_COLUMNS, 'an image', cell);
        return readImage(place, cell);
      }
      if (record === 'instance_type') {
        assertEmpty(IMAGE_COLUMNS, 'an instance type', cell);
        return readInstanceType(place, cell);
      }
      throw new RowRefusal(`record ${shown(record)} is unknown: use image or instance_type.`);
    },
    columnOf,
  );
}

/** What images and instance types share. */
type Place = Pick<ListedImage, 'row' | 'source' | 'cloudType' | 'region' | 'resourceUid' | 'name'>;

/** The text in a column of the row at hand; `null`: empty, or no such column. */
type Cell = (column: string) => string | null;

/** `resource_uid` for `resourceUid`. */
function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function required(cell: Cell, column: string): string {
  const text = cell(column);
  if (text === null) {
    throw new RowRefusal(`${column} is missing: give it a value.`);
  }
  return text;
}

function assertEmpty(columns: readonly string[], record: string, cell: Cell): void {
  const filled = columns.find((column) => cell(column) !== null);
  if (filled !== undefined) {
    throw new RowRefusal(`${filled} does not apply to ${record}: leave it empty.`);
  }
}

function readPlace(row: string, cell: Cell, options: ReadOptions): Place {
  const written = cell('cloud_type') ?? options.cloudType;
  const region = cell('region') ?? options.region;
  if (written === undefined) {
    throw new RowRefusal('cloud_type is missing: fill it, or name it for the whole file with --cloud-type.');
  }
  if (region === undefined) {
    throw new RowRefusal('region is missing: fill it, or name it for the whole file with --region.');
  }
  const cloudType = canonicalCloudType(written);
  return {
    row,
    source: `csv:${cloudType}:${region}`,
    cloudType,
    region,
    resourceUid: required(cell, 'resource_uid'),
    name: required(cell, 'name'),
  };
}

// Fields one by one: V8 takes 100 times as long to add as many fields to a spread object.
function readImage({ row, source, cloudType, region, resourceUid, name }: Place, cell: Cell): ListedImage {
  const architecture = cell('cpu_architecture');
  return {
    row,
    source,
    cloudType,
    region,
    resourceUid,
    name,
    kind: 'IMAGE',
    description: cell('description'),
    imageType: readChoice(cell, 'image_type', IMAGE_TYPES) ?? 'MACHINE',
    osPlatform: cell('os_platform'),
    operatingSystem: cell('operating_system'),
    cpuArchitecture: architecture === null ? null : canonicalArchitecture(architecture),
    virtualizationType: cell('virtualization_type'),
    rootDeviceStorage: cell('root_device_storage'),
    fingerprint: cell('fingerprint'),
    publishedAt: readOptional(cell, 'published_at', readInstant),
    deprecatesAt: readOptional(cell, 'deprecates_at', readInstant),
    lifecycle: readChoice(cell, 'lifecycle', LIFECYCLES) ?? 'AVAILABLE',
    agentEnabled: readOptional(cell, 'agent_enabled', readBoolean),
    public: readOptional(cell, 'public', readBoolean),
  };
}

function readInstanceType(place: Place, cell: Cell): ListedInstanceType {
  const architectures = required(cell, 'cpu_architectures').split('|');
  return {
    ...place,
    kind: 'INSTANCE_TYPE',
    cpuArchitectures: [...new Set(architectures.map((written) => canonicalArchitecture(written.trim())))],
    cpuCount: readOptional(cell, 'cpu_count', readPositiveInteger),
    memoryMb: readOptional(cell, 'memory_mb', readPositiveInteger),
  };
}

function readOptional<Value>(
  cell: Cell,
  column: string,
  read: (column: string, text: string) => Value,
): Value | null {
  const text = cell(column);
  return text === null ? null : read(column, text);
}

function readPositiveInteger(column: string, text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > MAX_INTEGER) {
    throw new RowRefusal(`${column} ${shown(text)} is not a whole number from 1 to ${MAX_INTEGER}.`);
  }
  return value;
}

function readChoice<Choice extends string>(
  cell: Cell,
  column: string,
  choices: readonly Choice[],
): Choice | null {
  return readOptional(cell, column, (_column, text) => {
    const choice = choices.find((candidate) => candidate === text.toUpperCase());
    if (choice === undefined) {
      throw new RowRefusal(`${column} ${shown(text)} is unknown: use one of ${choices.join(', ')}.`);
    }
    return choice;
  });
}
