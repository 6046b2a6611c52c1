import type { FieldPresentation } from './field-presentation';
import { keyOfPath, type Path } from './field-presentation';
import { quoted } from './names';

const asItIs = (value: unknown): string[] => String(value).split('\n');

export const NAME: FieldPresentation = { label: () => 'Name', lines: asItIs };

/** A text whose conflicts are told by the line of the base where they start. */
const text = (label: string): FieldPresentation => ({
  byLine: true,
  label: ([, line]: Path) => (line === undefined ? label : `${label}, from line ${line}`),
  lines: asItIs,
});

export const DESCRIPTION = text('Description');

export const SOURCE = text('Source');

export const TAGS: FieldPresentation = {
  label: (path) => `Tag ${quoted(keyOfPath(path))}`,
  lines: asItIs,
};
