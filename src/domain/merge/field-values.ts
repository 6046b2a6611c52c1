import type { Atom, Content, ContentValue, KeyedAtoms, Sequence } from './content';

/**
 * The values of a content as the kinds that its schema says. Each throws a TypeError when the content isn't of its
 * schema, which is a fault of the program and never of its caller.
 */

export function isKeyed(value: ContentValue): value is KeyedAtoms {
  return value instanceof Map;
}

export function isSequence(value: ContentValue): value is Sequence {
  return (
    typeof value === 'object' &&
    value !== null &&
    'order' in value &&
    'items' in value &&
    value.items instanceof Map
  );
}

function valueAt(content: Content, field: string): ContentValue {
  const value = content[field];
  if (value === undefined) throw new TypeError(`The content has no field "${field}" though its schema has.`);
  return value;
}

function mismatch(field: string, kind: string): TypeError {
  return new TypeError(`The field "${field}" of the content is not ${kind} though its schema says so.`);
}

export function atomAt(content: Content, field: string): Atom {
  const value = valueAt(content, field);
  if (isKeyed(value) || isSequence(value)) throw mismatch(field, 'atomic');
  // An object with properties is an atom here: only the schema tells it from a group.
  return value as Atom;
}

export function textAt(content: Content, field: string): string | null {
  const value = valueAt(content, field);
  if (value !== null && typeof value !== 'string') throw mismatch(field, 'text');
  return value;
}

export function keyedAt(content: Content, field: string): KeyedAtoms {
  const value = valueAt(content, field);
  if (!isKeyed(value)) throw mismatch(field, 'keyed');
  return value;
}

export function sequenceAt(content: Content, field: string): Sequence {
  const value = valueAt(content, field);
  if (!isSequence(value)) throw mismatch(field, 'a sequence');
  return value;
}

export function groupAt(content: Content, field: string): Content {
  const value = valueAt(content, field);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw mismatch(field, 'a group');
  if (isKeyed(value) || isSequence(value)) throw mismatch(field, 'a group');
  return value as Content;
}
