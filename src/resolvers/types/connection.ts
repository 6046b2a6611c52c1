import { Directive, Field, Int, ObjectType, type ClassType } from 'type-graphql';

@ObjectType({ simpleResolvers: true, description: "Relay's page information." })
@Directive('@shareable')
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether rows follow this page, seen in its direction.' })
  hasNextPage: boolean;

  @Field(() => Boolean, { description: 'Whether rows precede this page, seen in its direction.' })
  hasPreviousPage: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first edge.' })
  startCursor: string | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the last edge.' })
  endCursor: string | null;
}

/** The edge and connection types of a node type, named as Relay wants them. */
export function connectionType<T extends object>(Node: ClassType<T>, name: string = Node.name): ClassType {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: `One ${Node.name} in a page.` })
  class Edge {
    @Field(() => String, { description: 'Pass it as `after` or `before` to go on from here.' })
    cursor: string;

    @Field(() => Node, { description: 'The thing itself.' })
    node: T;
  }
  return connectionOfEdges(Edge, name, Node.name);
}

/** The connection type over edges that carry more than the node. */
export function connectionOfEdges(Edge: ClassType, name: string, row: string = name): ClassType {
  const description = `A page of ${row.replace(/y$/, 'ie')}s; at most 100.`;
  @ObjectType(`${name}Connection`, { simpleResolvers: true, description })
  class Connection {
    @Field(() => [Edge], { description: 'The rows of the page.' })
    edges: object[];

    @Field(() => PageInfo, { description: 'Where the page stands.' })
    pageInfo: PageInfo;

    @Field(() => Int, { description: 'How many there are on all pages; counted only when it is selected.' })
    totalCount: () => Promise<number>;
  }
  return Connection;
}
