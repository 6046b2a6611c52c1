import type { EntityManager, EntityTarget, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { Role } from '../../domain/access/roles';
import type { Viewer } from '../../domain/access/viewer';
import { known, leafSql, objectText, orNull, toSql, type JsonText } from './json-text';
import type { SelectedField, Selection } from './selection';
import { ANY_VIEWER, NotPlanned, Statement } from './statement';

/** A query of any entity, as `selectRows` makes it. */
export type Rows = Pick<SelectQueryBuilder<ObjectLiteral>, 'getQueryAndParameters'>;

/** The same, with parameters still to be given. */
export interface OpenRows extends Rows {
  setParameter(name: string, value: unknown): OpenRows;
}

/** The rows of a type whose key is told. @param which SQL behind the key */
export type RowsByKey = (manager: EntityManager, viewer: Viewer, which: string) => OpenRows;

export type PlannedEntity = EntityTarget<ObjectLiteral>;

/** How a field becomes JSON. @throws NotPlanned when that is left to its resolver */
export type PlannedField = (place: Place) => JsonText;

export interface PlannedType {
  /** Whose rows carry its columns; `null`: it has none. */
  readonly entity: PlannedEntity | null;
  /** Fields that are columns and nothing more. */
  readonly columns: ReadonlySet<string>;
  /** The others, by name. What stands nowhere is not planned. */
  readonly fields: PlannedFields;
}

/** By name. */
export type PlannedFields = Readonly<Record<string, PlannedField>>;

/** By the names of object types; the fields of `Query` among them. */
export type PlannedGraph = ReadonlyMap<string, PlannedType>;

/** Where a field stands: of which row it is a field, and in which statement. */
export class Place {
  readonly viewer: Viewer = ANY_VIEWER;

  constructor(
    readonly planner: Planner,
    readonly field: SelectedField,
    /** Name of the source of the row; `null`: a root field. */
    readonly row: string | null,
  ) {}

  get manager(): EntityManager {
    return this.planner.manager;
  }

  get statement(): Statement {
    return this.planner.statement;
  }

  /** SQL for a column of the row, by its property. */
  readonly column = (property: string): string => {
    if (this.row === null) throw new NotPlanned('a root field has no row');
    return `${this.row}."${property}"`;
  };
}

/**
 * Plans a selection as one SQL statement that builds the JSON of the answer (docs/adr/0016): an object is a concatenation of
 * texts, a reference a scalar subquery, a list an aggregate of one. Each source of rows is a query as the loaders make it,
 * with what the viewer may see as part of it.
 */
export class Planner {
  readonly statement = new Statement();
  /** Beside those of its root fields, roles of which one is needed to be answered this way. */
  readonly roles: (readonly Role[])[] = [];

  constructor(
    private readonly graph: PlannedGraph,
    readonly manager: EntityManager,
  ) {}

  /** An object of this type, made of the row; never null. @param carried fields that these rows give otherwise */
  object(typeName: string, selection: Selection, row: string | null, carried: PlannedFields = {}): JsonText {
    return objectText(
      selection.of(typeName).map((field) => [field.key, this.field(typeName, field, row, carried)]),
    );
  }

  /** The same, of the rows of a query, each as one SQL text. */
  objectsOf(rows: Rows, text: (row: string) => JsonText): { readonly text: string; readonly from: string } {
    const source = this.statement.nextSource();
    return { text: toSql(text(source)), from: `(${this.statement.embed(rows)}) AS ${source}` };
  }

  /** `null` and no trace, when something in it is not planned. */
  attempt<T>(plan: () => T): T | null {
    const [parameters, roles] = [this.statement.size, this.roles.length];
    try {
      return plan();
    } catch (error) {
      if (!(error instanceof NotPlanned)) throw error;
      this.statement.forget(parameters);
      this.roles.length = roles;
      return null;
    }
  }

  private field(
    typeName: string,
    field: SelectedField,
    row: string | null,
    carried: PlannedFields,
  ): JsonText {
    if (field.name === '__typename') return [known(`"${typeName}"`)];
    const type = this.graph.get(typeName);
    const place = new Place(this, field, row);
    const planned = carried[field.name] ?? type?.fields[field.name];
    if (planned !== undefined) return planned(place);
    if (type?.columns.has(field.name) && type.entity !== null) return columnText(place, type.entity);
    throw new NotPlanned(`${typeName}.${field.name}`);
  }
}

function columnText(place: Place, entity: PlannedEntity): JsonText {
  const column = place.manager.connection
    .getMetadata(entity)
    .columns.find(({ propertyName, isSelect }) => isSelect && propertyName === place.field.name);
  if (column === undefined) throw new NotPlanned(`${place.field.name} is no column`);
  return leafText(place, place.column(column.propertyName), column.isNullable);
}

/** @param value SQL of the value @param canBeNull whether the database may hold none */
export function leafText({ field }: Place, value: string, canBeNull: boolean): JsonText {
  const sql = leafSql(value, field.type);
  if (sql === null) throw new NotPlanned(`${field.name} is a ${field.type.name}`);
  return canBeNull ? orNull(sql, field.type.nullable) : [{ sql }];
}
