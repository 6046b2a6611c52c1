import { quotients, type ReadResult } from './measure-reads';
import type { BenchResults, ImportResult } from './results';
import { spreadOf, type Spread } from './statistics';
import { SERVERS } from './server-fixture';
import { MULTI_CLOUD_IMAGES, SETTINGS_PER_MULTI_CLOUD_IMAGE } from './write-fixture';
import { WRITES } from './write-work';

/** One number to reach, and whether it was. */
export interface Verdict {
  readonly work: string;
  /** How many times the rows there were; `null` where that makes no difference. */
  readonly times: number | null;
  readonly measured: Spread;
  readonly target: number;
  /** Whether less is better. */
  readonly atMost: boolean;
  readonly unit: 'of the limit' | '× the time at 1×' | 'rows/s' | '× the peak' | '× bare SQL' | 'MB' | 's';
  /** By the median. */
  readonly met: boolean;
  /** The figures behind it. */
  readonly note: string;
}

const GROWTH_TARGET = 1.3;
const WRITE_TARGET = 3;
const IMPORT_TARGET = 20_000;
/** The peak at four times the rows; garbage is not collected at the same moment twice. */
const FLAT_TARGET = 1.25;
const IDLE_TARGET = 150;
const START_TARGET = 1.5;
const MEGABYTE = 1_000_000;

/** Every target of the project, in the order of the table. */
export function verdictsOf(results: BenchResults): Verdict[] {
  return [
    ...results.reads.map(ofLimit),
    ...results.reads.flatMap(ofGrowth),
    ...results.imports.map(ofImportSpeed),
    // The short form imports too little to fill the heap once.
    ...(results.options.quick ? [] : results.imports.map(ofImportMemory)),
    ...results.writes.flatMap(ofWrites),
    ...ofStart(results),
  ];
}

const judge = (verdict: Omit<Verdict, 'met'>): Verdict => ({
  ...verdict,
  met: verdict.atMost ? verdict.measured.median <= verdict.target : verdict.measured.median >= verdict.target,
});

const ofLimit = ({ name, title, times, ratio, target, service, limit }: ReadResult): Verdict =>
  judge({
    work: `${name}: ${title}`,
    times,
    measured: ratio,
    target,
    atMost: false,
    unit: 'of the limit',
    note: `${whole(service.median)} of ${whole(limit.median)} req/s`,
  });

/** What has more to look at may take longer: its time is told with its share of the limit. */
const ofGrowth = ({ name, times, growth, limitGrowth, grows, service }: ReadResult): Verdict[] =>
  growth === null || limitGrowth === null || grows
    ? []
    : [
        judge({
          work: `${name} on more data`,
          times,
          measured: growth,
          target: GROWTH_TARGET,
          atMost: true,
          unit: '× the time at 1×',
          note: `${whole(service.median)} req/s; the limit takes ${limitGrowth.median.toFixed(2)} × its time`,
        }),
      ];

const ofImportSpeed = ({ times, whole: all }: ImportResult): Verdict =>
  judge({
    work: 'catalog import, from file to committed',
    times,
    measured: spreadOf([all.rowsPerSecond]),
    target: IMPORT_TARGET,
    atMost: false,
    unit: 'rows/s',
    note: `${whole(all.rows)} rows in ${all.seconds.toFixed(1)} s`,
  });

const ofImportMemory = ({ times, quarter, whole: all }: ImportResult): Verdict =>
  judge({
    work: 'catalog import, memory at four times the rows',
    times,
    measured: spreadOf([all.peakBytes / quarter.peakBytes]),
    target: FLAT_TARGET,
    atMost: true,
    unit: '× the peak',
    note: `${megabytes(quarter.peakBytes)} MB at ${whole(quarter.rows)} rows, ${megabytes(all.peakBytes)} MB at ${whole(all.rows)}`,
  });

const ofWrites = ({ times, milliseconds }: BenchResults['writes'][number]): Verdict[] =>
  WRITES.map((write) => {
    const { service, bare, whole: all } = milliseconds[write];
    const byBareSql = `${tenths(service)} ms, its own rows by bare SQL ${tenths(bare)} ms`;
    return judge({
      work:
        write === 'bulk update'
          ? `bulk update of ${whole(SERVERS)} servers and what they run`
          : `${write} of a ServerTemplate with ${MULTI_CLOUD_IMAGES} MCIs × ${SETTINGS_PER_MULTI_CLOUD_IMAGE} settings`,
      times,
      measured: spreadOf(quotients(service, bare)),
      target: WRITE_TARGET,
      atMost: true,
      unit: '× bare SQL',
      note: all.length === 0 ? byBareSql : `${byBareSql}, the whole template's ${tenths(all)} ms`,
    });
  });

const ofStart = ({ start }: BenchResults): Verdict[] => [
  judge({
    work: 'memory of the idle service',
    times: null,
    measured: spreadOf([start.idleBytes / MEGABYTE]),
    target: IDLE_TARGET,
    atMost: true,
    unit: 'MB',
    note: 'resident, without the database',
  }),
  judge({
    work: 'first answer after `npm start`, on an existing database',
    times: null,
    measured: spreadOf(start.firstAnswerMilliseconds.map((milliseconds) => milliseconds / 1000)),
    target: START_TARGET,
    atMost: true,
    unit: 's',
    note: 'the built service, and the look whether it is built',
  }),
];

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const megabytes = (bytes: number): string => whole(bytes / MEGABYTE);
const tenths = (milliseconds: readonly number[]): string => spreadOf(milliseconds).median.toFixed(1);
