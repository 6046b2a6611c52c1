import type { ReadResult } from './measure-reads';

const BAR = 16;
const GAP = 14;
const LABELS = 190;
const PLOT = 420;
const TOP = 68;
const COLORS = ['#2f6fab', '#8fb8de'];

/** The reads' share of the limit as an SVG: a bar for each, its spread, and its target. */
export function toSvg(reads: readonly ReadResult[]): string {
  const names = [...new Set(reads.map(({ name }) => name))];
  const sizes = [...new Set(reads.map(({ times }) => times))];
  const most = Math.max(1, ...reads.map(({ ratio }) => ratio.most));
  const x = (ratio: number) => LABELS + (ratio / most) * PLOT;
  const step = sizes.length * BAR + GAP;
  const height = TOP + names.length * step + 10;
  const width = LABELS + PLOT + 60;
  const group = (name: string, index: number): string => {
    const top = TOP + index * step;
    const own = reads.filter((read) => read.name === name);
    const target = own[0]?.target ?? 0;
    return [
      text(LABELS - 8, top + (own.length * BAR) / 2 + 4, name, 'end'),
      ...own.map((read, bar) => barOf(read, top + bar * BAR, COLORS[bar % COLORS.length] ?? '', x)),
      `<line x1="${at(x(target))}" x2="${at(x(target))}" y1="${top - 3}" y2="${top + own.length * BAR + 3}" stroke="#b3261e" stroke-width="2"/>`,
    ].join('\n');
  };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" role="img">`,
    '<title>Requests per second, as a share of hand-written SQL behind bare HTTP</title>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(LABELS, 18, 'Requests per second, as a share of hand-written SQL behind bare HTTP', 'start'),
    ...sizes.map((times, index) =>
      [
        `<rect x="${LABELS + index * 90}" y="28" width="10" height="10" fill="${COLORS[index % COLORS.length]}"/>`,
        text(LABELS + index * 90 + 15, 37, `${times}× rows`, 'start'),
      ].join('\n'),
    ),
    `<line x1="${LABELS + sizes.length * 90}" x2="${LABELS + sizes.length * 90}" y1="27" y2="39" stroke="#b3261e" stroke-width="2"/>`,
    text(LABELS + sizes.length * 90 + 8, 37, 'at least', 'start'),
    ...[0, 0.25, 0.5, 0.75, 1].map(
      (tick) =>
        `<line x1="${at(x(tick))}" x2="${at(x(tick))}" y1="${TOP - 8}" y2="${height - 8}" stroke="#d0d0d0"/>${text(x(tick), TOP - 10, `${tick * 100} %`, 'middle')}`,
    ),
    ...names.map(group),
    '</svg>',
    '',
  ].join('\n');
}

function barOf({ ratio }: ReadResult, top: number, color: string, x: (ratio: number) => number): string {
  const middle = top + BAR / 2;
  return [
    `<rect x="${LABELS}" y="${top + 1}" width="${at(x(ratio.median) - LABELS)}" height="${BAR - 2}" fill="${color}"/>`,
    `<line x1="${at(x(ratio.least))}" x2="${at(x(ratio.most))}" y1="${middle}" y2="${middle}" stroke="#1b1b1b"/>`,
    text(
      x(Math.max(ratio.most, ratio.median)) + 5,
      middle + 4,
      `${Math.round(ratio.median * 100)} %`,
      'start',
    ),
  ].join('\n');
}

const text = (x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end'): string =>
  `<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}" fill="#1b1b1b">${content}</text>`;

const at = (position: number): string => position.toFixed(1);
