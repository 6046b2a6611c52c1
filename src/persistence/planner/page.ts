import type { ObjectLiteral } from 'typeorm';
import { decodeCursor, toPage, type PageArguments } from '../../domain/paging';
import {
  checkBoundary,
  restrictToPage,
  type ListQuery,
  type RestrictedPage,
  type SortKey,
} from '../keyset-page';
import { computed, known, objectText, orNull, plainString, timeSql, toSql, type JsonText } from './json-text';
import { NotPlanned } from './statement';
import { Place, type PlannedField } from './planner';
import type { Deferred, SelectedField } from './selection';

const PLACE = '__place';

/** A connection as it is being planned. */
interface PlannedPage {
  readonly place: Place;
  readonly nodeType: string;
  readonly list: Pick<ListQuery<ObjectLiteral>, 'name' | 'order'>;
  readonly page: RestrictedPage;
  /** SQL for the rows of the page and one more. */
  readonly rows: () => string;
  /** SQL for those of all pages. */
  readonly allRows: () => string;
  /** Name of the source of its rows, one more than the page has. */
  readonly source: string;
  readonly edgeFields: Readonly<Record<string, PlannedField>>;
}

/**
 * A page of a list, as `readPages` reads it.
 *
 * @param list as the resolver makes it from the arguments
 * @param parent the property of the row by which the list belongs to it; left out: a root list
 */
export const page =
  <E extends ObjectLiteral>(
    nodeType: string,
    list: (place: Place) => ListQuery<E>,
    parent: string | null = null,
    edgeFields: Readonly<Record<string, PlannedField>> = {},
  ): PlannedField =>
  (place) => {
    const { statement, manager, field } = place;
    const query = list(place);
    const { name, order } = query;
    const page = pageOf({ name, order }, field);
    const parentKey = parent === null ? null : place.column(parent);
    return connectionText({
      place,
      nodeType,
      list: { name, order },
      page,
      rows: () => {
        const rows = query.rows(manager, parentKey);
        restrictToPage(rows, order, page);
        return statement.embed(rows);
      },
      allRows: () => statement.embed(query.counted?.(manager) ?? query.rows(manager, parentKey)),
      source: statement.nextSource(),
      edgeFields,
    });
  };

/** The cursors are read with each request: the pages of a list share a plan. */
function pageOf(
  { name, order }: Pick<ListQuery<ObjectLiteral>, 'name' | 'order'>,
  field: SelectedField,
): RestrictedPage {
  const { first, last } = field.arguments() as PageArguments;
  const { size, fromEnd } = toPage(name, { first, last }, order.keys.length);
  const valuesOf = (side: 'after' | 'before'): Deferred[] | null => {
    const cursor = field.deferred(side);
    return (
      cursor &&
      order.keys.map((_key, index) =>
        cursor.map((text) => {
          const values = decodeCursor(name, String(text), side, order.keys.length);
          checkBoundary(order, side, values);
          return values[index];
        }),
      )
    );
  };
  return { size, fromEnd, after: valuesOf('after'), before: valuesOf('before') };
}

function connectionText(planned: PlannedPage): JsonText {
  const { place, rows, source } = planned;
  const { field } = place;
  const members = field.selection
    .of(field.type.name)
    .map((member) => [member.key, connectionField(planned, member)] as const);
  const numbered = `SELECT row_number() OVER () AS "${PLACE}", page.* FROM (${rows()}) AS page`;
  // `HAVING` keeps it one row where nothing that is asked for counts rows.
  return [computed(`(SELECT ${toSql(objectText(members))} FROM (${numbered}) AS ${source} HAVING true)`)];
}

function connectionField(planned: PlannedPage, field: SelectedField): JsonText {
  switch (field.name) {
    case 'edges':
      return edgesText(planned, field);
    case 'pageInfo':
      return pageInfoText(planned, field);
    case 'totalCount':
      return [computed(totalSql(planned))];
    case '__typename':
      return [known(`"${planned.place.field.type.name}"`)];
    default:
      throw new NotPlanned(`${planned.place.field.type.name}.${field.name}`);
  }
}

const totalSql = ({ allRows }: PlannedPage): string =>
  `(SELECT count(*) FROM (${allRows()}) AS counted)::text`;

function edgesText(planned: PlannedPage, edges: SelectedField): JsonText {
  const { source, page } = planned;
  const members = edges.selection
    .of(edges.type.name)
    .map((field) => [field.key, edgeField(planned, edges, field)] as const);
  const edge = toSql(objectText(members));
  const order = page.fromEnd ? ` ORDER BY ${source}."${PLACE}" DESC` : '';
  return [
    known('['),
    computed(`coalesce(string_agg(${edge}, ','${order}) FILTER (WHERE ${onPage(planned)}), '')`),
    known(']'),
  ];
}

function edgeField(planned: PlannedPage, edges: SelectedField, field: SelectedField): JsonText {
  const { place, nodeType, source, edgeFields } = planned;
  if (field.name === '__typename') return [known(`"${edges.type.name}"`)];
  if (field.name === 'cursor') return plainString(cursorSql(planned));
  if (field.name === 'node') return place.planner.object(nodeType, field.selection, source);
  const more = edgeFields[field.name];
  if (more === undefined) throw new NotPlanned(`${edges.type.name}.${field.name}`);
  return more(new Place(place.planner, field, source));
}

/** The row that is read beside the page stands behind it, seen in its direction. */
const onPage = ({ source, page }: PlannedPage): string => `${source}."${PLACE}" <= ${page.size}`;

const INFO = {
  hasNextPage: (planned: PlannedPage) =>
    planned.page.fromEnd ? [known(String(planned.page.before !== null))] : [computed(moreSql(planned))],
  hasPreviousPage: (planned: PlannedPage) =>
    planned.page.fromEnd ? [computed(moreSql(planned))] : [known(String(planned.page.after !== null))],
  startCursor: (planned: PlannedPage) => endSql(planned, planned.page.fromEnd ? 'DESC' : 'ASC'),
  endCursor: (planned: PlannedPage) => endSql(planned, planned.page.fromEnd ? 'ASC' : 'DESC'),
  __typename: () => [known('"PageInfo"')],
} as const satisfies Record<string, (planned: PlannedPage) => JsonText>;

function pageInfoText(planned: PlannedPage, info: SelectedField): JsonText {
  const members = info.selection.of(info.type.name).map(({ key, name }) => {
    if (!(name in INFO)) throw new NotPlanned(`PageInfo.${name}`);
    return [key, INFO[name as keyof typeof INFO](planned)] as const;
  });
  return objectText(members);
}

const moreSql = ({ page }: PlannedPage): string => `(count(*) > ${page.size})::text`;

/** The cursor of the first or last edge. */
function endSql(planned: PlannedPage, direction: 'ASC' | 'DESC'): JsonText {
  const cursor = toSql(plainString(cursorSql(planned)));
  const order = `ORDER BY ${planned.source}."${PLACE}" ${direction}`;
  return orNull(`(array_agg(${cursor} ${order}) FILTER (WHERE ${onPage(planned)}))[1]`, true);
}

/** As `encodeCursor` writes it. */
function cursorSql({ list, source }: PlannedPage): string {
  const values = list.order.keys.flatMap((key) => [
    known(','),
    ...cursorValue(`${source}."${key.property}"`, key),
  ]);
  const json = toSql([known(`[${JSON.stringify(list.name)}`), ...values, known(']')]);
  return `translate(encode(convert_to(${json}, 'UTF8'), 'base64'), E'+/=\\n', '-_')`;
}

function cursorValue(sql: string, { type }: SortKey): JsonText {
  switch (type) {
    case 'text':
      return [computed(`to_json(${sql})::text`)];
    case 'uuid':
      return plainString(sql);
    case 'integer':
      return [computed(`(${sql})::text`)];
    case 'timestamptz':
      return plainString(`coalesce(${timeSql(sql)}, '-infinity')`);
  }
}
