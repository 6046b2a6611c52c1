import { GraphQLError, type ASTNode } from 'graphql';

/** The codes of refusals for size, one per limit; for depth, aliases, root fields, cost and batches those of Apollo's router. */
export type LimitCode =
  | 'MAX_TOKENS_LIMIT'
  | 'MAX_DEPTH_LIMIT'
  | 'MAX_ALIASES_LIMIT'
  | 'MAX_ROOT_FIELDS_LIMIT'
  | 'MAX_DIRECTIVES_LIMIT'
  | 'MAX_LIST_ITEMS_LIMIT'
  | 'COST_ESTIMATED_TOO_EXPENSIVE'
  | 'BATCH_LIMIT_EXCEEDED';

/** A request asks for more than this installation answers: the client's mistake, told before anything is read. */
export class LimitError extends GraphQLError {
  constructor(
    readonly code: LimitCode,
    message: string,
    /** What was found; left out where counting stopped at the limit. */
    size: { readonly limit: number; readonly actual?: number },
    nodes?: readonly ASTNode[],
  ) {
    super(message, { nodes, extensions: { code, ...size, http: { status: 400 } } });
  }
}
