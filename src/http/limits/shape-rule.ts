import { Kind, type ValidationRule } from 'graphql';
import type { QueryLimits } from '../../config';
import { LimitError, type LimitCode } from './limit-error';
import { QueryShapes, type QueryShape } from './query-shape';

interface ShapeLimit {
  readonly measure: keyof QueryShape;
  readonly code: LimitCode;
  /** What the message counts, and how to need less of it. */
  readonly counted: string;
  readonly cure: string;
}

const SHAPE_LIMITS: readonly ShapeLimit[] = [
  {
    measure: 'depth',
    code: 'MAX_DEPTH_LIMIT',
    counted: 'levels of fields',
    cure: 'ask for what lies deeper in a second request, by id',
  },
  {
    measure: 'aliases',
    code: 'MAX_ALIASES_LIMIT',
    counted: 'aliases',
    cure: 'use a list or `nodes(ids:)` instead of many aliased fields, or several requests',
  },
  {
    measure: 'rootFields',
    code: 'MAX_ROOT_FIELDS_LIMIT',
    counted: 'root fields',
    cure: 'use a list or `nodes(ids:)`, or several requests',
  },
  {
    measure: 'directives',
    code: 'MAX_DIRECTIVES_LIMIT',
    counted: 'directives',
    cure: 'put one directive around a fragment instead of one on each field',
  },
];

/** Refuses operations whose shape is larger than the limits, in which 0 means none. */
export function shapeRule(limits: QueryLimits): ValidationRule {
  return (context) => ({
    Document(document) {
      const shapes = new QueryShapes(document);
      for (const definition of document.definitions) {
        if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
        const shape = shapes.ofOperation(definition);
        for (const { measure, code, counted, cure } of SHAPE_LIMITS) {
          const limit = limits[measure];
          const actual = shape[measure];
          if (limit === 0 || actual <= limit) continue;
          const message = `The ${definition.operation} has ${actual} ${counted}, fragments expanded; at most ${limit} are allowed: ${cure}.`;
          context.reportError(new LimitError(code, message, { limit, actual }, [definition]));
        }
      }
    },
  });
}
