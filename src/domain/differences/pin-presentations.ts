import type { Atom } from '../merge/content';
import type { PinAtom } from '../versioning/component-content';
import { isOrder, keyOfPath, placedLines, type FieldPresentation } from './field-presentation';
import { onOneLine, quotedComponent, type Names } from './names';

export const MULTI_CLOUD_IMAGES: FieldPresentation = {
  label: (path, names) => `MultiCloud Image ${quotedComponent(names, keyOfPath(path))}`,
  refer: (path, _values, { multiCloudImages }) => void multiCloudImages.add(keyOfPath(path)),
  lines: pinLines,
};

/** Its values are lineages. */
export const DEFAULT_MULTI_CLOUD_IMAGE: FieldPresentation = {
  label: () => 'Default MultiCloud Image',
  refer(_path, values, { multiCloudImages }) {
    for (const lineageId of values) if (lineageId !== null) multiCloudImages.add(lineageId as string);
  },
  show: (_path, lineageId, names) => namedComponent(names, lineageId as string),
  lines: (lineageId, _other, { components }) => [
    onOneLine(components.get(lineageId as string) ?? (lineageId as string)),
  ],
};

/** Below the phase, by lineage. */
export const SCRIPTS: FieldPresentation = {
  label: (path, names) =>
    isOrder(path)
      ? `Order of the scripts in ${path[1]}`
      : `Script ${quotedComponent(names, keyOfPath(path))} in ${path[1]}`,
  refer(path, values, { rightScripts }) {
    const orders = values as readonly (readonly string[] | null)[];
    const lineages = isOrder(path) ? orders.flatMap((order) => order ?? []) : [keyOfPath(path)];
    for (const lineageId of lineages) rightScripts.add(lineageId);
  },
  show: (path, value, names) =>
    isOrder(path) ? (value as readonly string[]).map((lineageId) => namedComponent(names, lineageId)) : value,
  lines: placedLines(pinLines),
};

const namedComponent = ({ components }: Names, lineageId: string): Atom => ({
  lineageId,
  name: components.get(lineageId) ?? null,
});

function pinLines(value: Atom): string[] {
  const { revision } = value as PinAtom;
  return [revision === 0 ? 'HEAD' : `rev ${revision}`];
}
