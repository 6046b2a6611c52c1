import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Advisory as AdvisoryFacts, SubjectReference } from '../../domain/advisories/advisory';
import { isNodeType } from '../../domain/global-id';
import { Node } from '../../entities/node';
import { loadNode } from '../../loaders/node';
import type { RequestContext } from '../../loaders/request-context';
import { Advisory } from '../types/components/advisory';

/** What a rule refers to, as the node that the viewer may see. */
export async function nodeOf(
  context: RequestContext,
  reference: SubjectReference | null,
): Promise<Node | null> {
  if (reference === null || !isNodeType(reference.type)) return null;
  return loadNode(context, { type: reference.type, key: reference.id });
}

@Resolver(() => Advisory)
export class AdvisoryResolver {
  @FieldResolver(() => Node, {
    nullable: true,
    description: 'The thing concerned; null when it is not visible.',
  })
  subject(@Root() advisory: AdvisoryFacts, @Ctx() context: RequestContext) {
    return nodeOf(context, advisory.subject);
  }
}
