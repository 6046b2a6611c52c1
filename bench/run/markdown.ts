import { CONNECTIONS, MANY_CONNECTIONS, type Latency } from './measure-reads';
import type { BenchResults } from './results';
import { POOL_SIZE } from './servers';
import type { Spread } from './statistics';
import type { Verdict } from './verdicts';

/** The report as Markdown: where it was measured, every target, and the latencies. */
export function toMarkdown(results: BenchResults, verdicts: readonly Verdict[]): string {
  return [
    ...describeRun(results),
    '',
    ...table(
      ['work', 'rows', 'measured', 'least–most', 'target', '', 'figures'],
      ['-', '-:', '-:', '-:', '-:', '-', '-'],
      verdicts.map((verdict) => [
        verdict.work,
        verdict.times === null ? '' : `${verdict.times}×`,
        `${amount(verdict.measured.median, verdict)} ${verdict.unit}`,
        range(verdict.measured, verdict),
        `${verdict.atMost ? '≤' : '≥'} ${amount(verdict.target, verdict)}`,
        verdict.met ? 'met' : '**missed**',
        verdict.note,
      ]),
    ),
    '',
    `Milliseconds from request to answer under ${MANY_CONNECTIONS} connections:`,
    '',
    ...table(
      ['work', 'rows', 'service p50', 'p95', 'p99', 'limit p50', 'p95', 'p99', 'answer'],
      ['-', '-:', '-:', '-:', '-:', '-:', '-:', '-:', '-:'],
      results.reads.map(({ name, times, latency, answerBytes }) => [
        name,
        `${times}×`,
        ...percentiles(latency.service),
        ...percentiles(latency.limit),
        `${(answerBytes / 1000).toFixed(1)} kB`,
      ]),
    ),
    '',
  ].join('\n');
}

function describeRun({ environment, options, databases }: BenchResults): string[] {
  const { processor, processors, memoryGigabytes, system, node, postgresql, packages, commit, measuredAt } =
    environment;
  const count = (value: number) => value.toLocaleString('en-US');
  return [
    `Measured ${measuredAt.slice(0, 16).replace('T', ' ')} UTC${commit === null ? '' : ` at commit ${commit}`}: ${processors} × ${processor}, ${memoryGigabytes} GB, ${system}, Node.js ${node}, PostgreSQL ${postgresql}, ${Object.entries(
      packages,
    )
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}.`,
    '',
    `${options.rounds} rounds of ${options.seconds} s, ${CONNECTIONS} connections, a pool of ${POOL_SIZE}; the load generator, the servers and the database share the processors.${options.quick ? ' The short form: a quick look, no result.' : ''}`,
    '',
    ...databases.map(
      ({ times, rows }) =>
        `- ${times}×: ${count(rows.serverTemplates)} ServerTemplates, ${count(rows.multiCloudImages)} MCIs, ${count(rows.settings)} settings, ${count(rows.images)} images, ${count(rows.publications)} publications`,
    ),
  ];
}

function table(header: string[], alignment: string[], rows: string[][]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(alignment.map((one) => one.replace('-', '---'))), ...rows.map(line)];
}

const percentiles = ({ p50, p95, p99 }: Latency): string[] =>
  [p50, p95, p99].map((value) => value.toFixed(1));

function range({ least, most }: Spread, verdict: Verdict): string {
  return least === most ? '' : `${amount(least, verdict)}–${amount(most, verdict)}`;
}

function amount(value: number, { unit }: Verdict): string {
  if (unit === 'rows/s' || unit === 'MB') return Math.round(value).toLocaleString('en-US');
  return value.toFixed(2);
}
