import { Column, PrimaryColumn, type ColumnOptions } from 'typeorm';

/** A primary key made by the application. */
export const Id = (): PropertyDecorator => PrimaryColumn({ type: 'uuid', name: 'id' });

/** A reference to another row's key. */
export const Reference = (name: string, options: ColumnOptions = {}): PropertyDecorator =>
  Column({ type: 'uuid', name, ...options });

/** References to other rows' keys, in their order. */
export const References = (name: string, options: ColumnOptions = {}): PropertyDecorator =>
  Column({ type: 'uuid', name, array: true, default: () => "'{}'", ...options });

/** A hash as bytes. */
export const Hash = (name: string, options: ColumnOptions = {}): PropertyDecorator =>
  Column({ type: 'bytea', name, ...options });

/** Milliseconds, as JavaScript has them: microseconds would break keyset cursors. */
export const Timestamp = (name: string, options: ColumnOptions = {}): PropertyDecorator =>
  Column({ type: 'timestamptz', precision: 3, name, ...options });

export const Text = (name: string, options: ColumnOptions = {}): PropertyDecorator =>
  Column({ type: 'text', name, ...options });

export const TextList = (name: string, options: ColumnOptions = {}): PropertyDecorator =>
  Column({ type: 'text', name, array: true, default: () => "'{}'", ...options });

export const Whole = (name: string, options: ColumnOptions = {}): PropertyDecorator =>
  Column({ type: 'integer', name, ...options });

export const Flag = (name: string, options: ColumnOptions = {}): PropertyDecorator =>
  Column({ type: 'boolean', name, default: false, ...options });
