/**
 * What equality, hash, diff and merge see of a component: a keyed tree. Lists are maps by their natural keys;
 * where an order matters it is one field beside the map.
 */

/** A value that is never looked into: two are equal when their canonical JSON is. */
export type Atom = null | boolean | number | string | readonly Atom[] | { readonly [property: string]: Atom };

/** Keyed things whose order matters: scripts of a phase, matchers. */
export interface Sequence<A extends Atom = Atom> {
  /** The keys of `items`, each once. */
  readonly order: readonly string[];
  readonly items: ReadonlyMap<string, A>;
}

export type KeyedAtoms<A extends Atom = Atom> = ReadonlyMap<string, A>;

export type ContentValue = Atom | KeyedAtoms | Sequence | Content;

/** Values by field; which kind of value each field has is told by the schema. */
export interface Content {
  readonly [field: string]: ContentValue;
}

/** How a field is compared and merged. */
export type FieldSchema =
  /** Taken whole from one side. */
  | { readonly kind: 'atomic' }
  /** Text or `null`, merged by line. */
  | { readonly kind: 'text' }
  /** A map from key to atom (`KeyedAtoms`). */
  | { readonly kind: 'keyed' }
  /** Texts without order, as `KeyedAtoms` from how they are told apart (tags: ignoring case) to how they are written. */
  | { readonly kind: 'set' }
  /** A `Sequence`. */
  | { readonly kind: 'sequence' }
  /** Fields of its own (`Content`). */
  | { readonly kind: 'group'; readonly fields: ContentSchema };

export interface ContentSchema {
  readonly [field: string]: FieldSchema;
}

export const ATOMIC: FieldSchema = { kind: 'atomic' };
export const TEXT: FieldSchema = { kind: 'text' };
export const KEYED: FieldSchema = { kind: 'keyed' };
export const SET: FieldSchema = { kind: 'set' };
export const SEQUENCE: FieldSchema = { kind: 'sequence' };

/** How two contents differ at a path. */
export type ChangeKind = 'ADDED' | 'REMOVED' | 'MODIFIED' | 'MOVED';

/** What a conflict can be resolved by. */
export type MergeSide = 'OURS' | 'THEIRS' | 'BASE';
