import { Directive, ObjectType } from 'type-graphql';
import { DefinitionTable } from './definition-table';
import { Node } from '../node';
import { ServerDefinition } from './server-definition';

/** A definition of one machine: its next configuration, and while it runs a current instance (section 8). */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description:
    'The definition of one machine: how its next launch will look and, while it runs, its current instance.',
})
@Directive('@key(fields: "id")')
@DefinitionTable('servers', 'Definitions of one machine each; null choices inherit (R-7.2).')
export class Server extends ServerDefinition {}
