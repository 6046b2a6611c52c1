import type { Atom } from '../merge/content';
import type { FieldPresentation, Path } from './field-presentation';
import { MATCHERS } from './matcher-presentation';
import { References, type Names } from './names';
import { DEFAULT_MULTI_CLOUD_IMAGE, MULTI_CLOUD_IMAGES, SCRIPTS } from './pin-presentations';
import { SETTINGS } from './setting-presentation';
import { DESCRIPTION, NAME, SOURCE, TAGS } from './text-presentations';

/** By the field of the content at which a path starts; of whichever kind of component. */
const PRESENTATIONS: Readonly<Record<string, FieldPresentation>> = {
  name: NAME,
  description: DESCRIPTION,
  tags: TAGS,
  settings: SETTINGS,
  matchers: MATCHERS,
  multiCloudImages: MULTI_CLOUD_IMAGES,
  defaultMultiCloudImage: DEFAULT_MULTI_CLOUD_IMAGE,
  scripts: SCRIPTS,
  source: SOURCE,
};

export function presentationOf([field = '']: Path): FieldPresentation {
  const presentation = PRESENTATIONS[field];
  if (presentation === undefined) throw new TypeError(`Nobody says how to show the field "${field}".`);
  return presentation;
}

/** What stands at a path on each side; `null`: nothing. */
interface Difference {
  readonly path: Path;
  readonly values: readonly Atom[];
}

/** What must be named to show these differences. */
export function referencesOf(differences: readonly Difference[]): References {
  const references = new References();
  for (const { path, values } of differences) presentationOf(path).refer?.(path, values, references);
  return references;
}

/** A phrase for people: what differs. */
export const labelOf = (path: Path, names: Names): string => presentationOf(path).label(path, names);

/** A side's value as people see it. */
export function shownValue(path: Path, value: Atom, names: Names): Atom {
  const { show } = presentationOf(path);
  return value === null || show === undefined ? value : show(path, value, names);
}
