import type { Role } from '../../domain/access/roles';
import { computed, known, orNull, toSql } from './json-text';
import { leafText, Place, type PlannedField, type PlannedFields, type Rows } from './planner';

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

export const nothing: PlannedField = () => [known('null')];

/** The global id of a row. @param prefix with its underscore */
export const globalId =
  (prefix: string): PlannedField =>
  (place) => [known(`"${prefix}`), computed(place.column('id')), known('"')];

/** Another object of the same row. */
export const part =
  (typeName: string): PlannedField =>
  ({ planner, field, row }) =>
    planner.object(typeName, field.selection, row);

/** One way or another, as a condition says. */
export const when =
  (condition: (place: Place) => string, yes: PlannedField, no: PlannedField): PlannedField =>
  (place) => [
    computed(`CASE WHEN ${condition(place)} THEN ${toSql(yes(place))} ELSE ${toSql(no(place))} END`),
  ];

/** What only they read with whom one of the roles is: who has none is answered by the resolvers. */
export const forRoles =
  (roles: readonly Role[], field: PlannedField): PlannedField =>
  (place) => {
    place.planner.roles.push(roles);
    return field(place);
  };

/** The object of at most one row. */
export const one =
  (typeName: string, rows: (place: Place) => Rows): PlannedField =>
  (place) =>
    orNull(oneSql(place, typeName, rows(place)), place.field.type.nullable);

/** SQL for the JSON of at most one row, null without one. */
export function oneSql({ planner, field }: Place, typeName: string, rows: Rows): string {
  const { text, from } = planner.objectsOf(rows, (row) => planner.object(typeName, field.selection, row));
  return `(SELECT ${text} FROM ${from} LIMIT 1)`;
}

/** What a field says of at most one other row. */
export const through =
  (rows: (place: Place) => Rows, other: PlannedField): PlannedField =>
  (place) => {
    const { planner, field } = place;
    const { text, from } = planner.objectsOf(rows(place), (row) => other(new Place(planner, field, row)));
    return orNull(`(SELECT ${text} FROM ${from} LIMIT 1)`, field.type.nullable);
  };

/** SQL for a column of at most one other row, by its property. */
export const columnSql = (property: string, { statement }: Place, rows: Rows): string =>
  `(SELECT other."${property}" FROM (${statement.embed(rows)}) AS other)`;

export const columnOf = (property: string, rows: (place: Place) => Rows): PlannedField =>
  value((place) => columnSql(property, place, rows(place)));

/** All rows, in the order of the query. @param carried fields that these rows give otherwise */
export const many =
  (typeName: string, rows: (place: Place) => Rows, carried?: PlannedFields): PlannedField =>
  (place) => {
    const { planner, field } = place;
    const { text, from } = planner.objectsOf(rows(place), (row) =>
      planner.object(typeName, field.selection, row, carried),
    );
    return [known('['), computed(`(SELECT coalesce(string_agg(${text}, ','), '') FROM ${from})`), known(']')];
  };

/**
 * What keys refer to, in their order; what is not there is left out.
 *
 * @param keys SQL for an array of them @param object SQL for the JSON of one of them, null without it
 */
export const referredTo =
  (keys: (place: Place) => string, object: (place: Place, key: string) => string): PlannedField =>
  (place) => {
    const source = place.statement.nextSource();
    const all = `string_agg(${object(place, `${source}.key`)}, ',' ORDER BY ${source}.place)`;
    const from = `unnest(${keys(place)}) WITH ORDINALITY AS ${source}(key, place)`;
    return [known('['), computed(`(SELECT coalesce(${all}, '') FROM ${from})`), known(']')];
  };
