/**
 * SQL for JSON as text, to the byte as `JSON.stringify` writes it. A text is made of parts: those that are known, and SQL
 * expressions of type text that are never null.
 */
export type JsonPart = { readonly text: string } | { readonly sql: string };

export type JsonText = readonly JsonPart[];

export const known = (text: string): JsonPart => ({ text });
export const computed = (sql: string): JsonPart => ({ sql });

/** A string that needs no escapes: a key, a name of an enum, a time. */
export const plainString = (sql: string): JsonText => [known('"'), computed(sql), known('"')];

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** An object of these members, in their order. */
export const objectText = (members: readonly (readonly [key: string, value: JsonText])[]): JsonText => [
  known('{'),
  ...members.flatMap(([key, value], index) => [known(`${index === 0 ? '' : ','}"${key}":`), ...value]),
  known('}'),
];

/** One SQL expression for the whole text. */
export function toSql(parts: JsonText): string {
  const terms: string[] = [];
  let text = '';
  for (const part of parts)
    if ('text' in part) text += part.text;
    else {
      if (text !== '') terms.push(quoted(text));
      terms.push(part.sql);
      text = '';
    }
  if (text !== '' || terms.length === 0) terms.push(`${quoted(text)}::text`);
  return terms.length === 1 ? (terms[0] ?? '') : `(${terms.join(' || ')})`;
}

/** `null`, or, where the schema has no null, the error that leaves the request to the resolvers. */
export const orNull = (sql: string, nullable: boolean): JsonText => [
  computed(`coalesce(${sql}, ${nullable ? "'null'" : 'missing_value()'})`),
];

/** RFC 3339 with milliseconds, as the scalar `DateTime` writes it. */
export const timeSql = (sql: string): string =>
  `to_char(${sql} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The JSON of a value of the database, never null itself. @param type name of the GraphQL scalar or enum */
export function leafSql(sql: string, { name, kind, list }: LeafType): string | null {
  if (list) return `to_json(${sql})::text`;
  if (kind === 'enum') return `('"' || ${sql} || '"')`;
  switch (name) {
    case 'ID':
      return `('"' || ${sql} || '"')`;
    case 'String':
      return `to_json(${sql})::text`;
    case 'Int':
    case 'Float':
    case 'Boolean':
      return `(${sql})::text`;
    case 'DateTime':
      return `('"' || ${timeSql(sql)} || '"')`;
    default:
      return null;
  }
}

interface LeafType {
  readonly name: string;
  readonly kind: string;
  readonly list: boolean;
}
