import { computed, known, orNull } from './json-text';
import { leafText, type Place, type PlannedField, type Rows } from './planner';

/** What planned fields are made of. */

/** A value that is worked out by SQL. @param sql of the GraphQL value; null where it may be */
export const value =
  (sql: (place: Place) => string, { canBeNull = true }: { canBeNull?: boolean } = {}): PlannedField =>
  (place) =>
    leafText(place, sql(place), canBeNull);

/** The same words whatever the row. */
export const constant =
  (text: string): PlannedField =>
  () => [known(JSON.stringify(text))];

/** The global id of a row. @param prefix with its underscore */
export const globalId =
  (prefix: string): PlannedField =>
  (place) => [known(`"${prefix}`), computed(place.column('id')), known('"')];

/** Another object of the same row. */
export const part =
  (typeName: string): PlannedField =>
  ({ planner, field, row }) =>
    planner.object(typeName, field.selection, row);

/** The object of at most one row. */
export const one =
  (typeName: string, rows: (place: Place) => Rows): PlannedField =>
  (place) => {
    const sql = oneSql(place, typeName, rows(place));
    return orNull(sql, place.field.type.nullable);
  };

/** SQL for the JSON of at most one row, null without one. */
export function oneSql({ planner, field }: Place, typeName: string, rows: Rows): string {
  const { text, from } = planner.objectsOf(rows, (row) => planner.object(typeName, field.selection, row));
  return `(SELECT ${text} FROM ${from} LIMIT 1)`;
}

/** A column of at most one other row, by its property. */
export const columnOf = (property: string, rows: (place: Place) => Rows): PlannedField =>
  value((place) => `(SELECT other."${property}" FROM (${place.statement.embed(rows(place))}) AS other)`);

/** All rows, in the order of the query. */
export const many =
  (typeName: string, rows: (place: Place) => Rows): PlannedField =>
  (place) => {
    const { planner, field } = place;
    const { text, from } = planner.objectsOf(rows(place), (row) =>
      planner.object(typeName, field.selection, row),
    );
    return [known('['), computed(`(SELECT coalesce(string_agg(${text}, ','), '') FROM ${from})`), known(']')];
  };
