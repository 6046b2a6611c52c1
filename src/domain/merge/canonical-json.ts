import type { Atom, ContentValue } from './content';
import { isKeyed, isSequence } from './field-values';

/**
 * The one text of a value, whatever the order of its properties and map entries: both are sorted by key, by UTF-16
 * code units; lists keep their order. A map is told as the list of its entries, so that any text can be a key.
 */
export function canonicalJson(value: ContentValue): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isKeyed(value))
    return list([...value].sort(byKey).map(([key, atom]) => list([key, atom].map(canonicalJson))));
  if (isSequence(value))
    return object([
      ['items', canonicalJson(value.items)],
      ['order', canonicalJson(value.order)],
    ]);
  if (Array.isArray(value)) return list(value.map((element: Atom) => canonicalJson(element)));
  const properties = Object.entries(value as Readonly<Record<string, ContentValue>>).sort(byKey);
  return object(properties.map(([key, property]) => [key, canonicalJson(property)]));
}

/** Whether two atoms are the same to equality, diff and merge (R-6.9). */
export function sameAtom(left: Atom, right: Atom): boolean {
  return left === right || canonicalJson(left) === canonicalJson(right);
}

function list(elements: readonly string[]): string {
  return `[${elements.join(',')}]`;
}

function object(properties: readonly (readonly [string, string])[]): string {
  return `{${properties.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(',')}}`;
}

function byKey([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
