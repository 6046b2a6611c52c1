import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import { hasRole } from '../domain/access/principal';
import { invalid } from '../domain/errors';
import { parseGlobalId, type GlobalId } from '../domain/global-id';
import { taggingRole, toTagSubject } from '../domain/versioning/tag-subject';
import { loadNode } from '../loaders/node';
import type { RequestContext } from '../loaders/request-context';
import { addTags, removeTags, type ChangeTags } from '../services/change-tags';
import type { ActionContext } from '../persistence/unit-of-work';
import { forbidden } from './authorization';
import { mutate } from './mutate';
import { TagsInput, TagsPayload } from './types/tag-inputs';

@Resolver()
export class TagMutations {
  @Authorized('ACTOR', 'DESIGNER', 'ADMIN')
  @Mutation(() => TagsPayload, { description: 'Adds tags; those that are there already stay as they are.' })
  addTags(
    @Arg('input', () => TagsInput, { description: 'The tags.' }) input: TagsInput,
    @Ctx() context: RequestContext,
  ) {
    return changeTags(context, 'addTags', addTags, input);
  }

  @Authorized('ACTOR', 'DESIGNER', 'ADMIN')
  @Mutation(() => TagsPayload, { description: 'Removes tags, ignoring the case of their spelling.' })
  removeTags(
    @Arg('input', () => TagsInput, { description: 'The tags.' }) input: TagsInput,
    @Ctx() context: RequestContext,
  ) {
    return changeTags(context, 'removeTags', removeTags, input);
  }
}

type Service = (context: ActionContext, input: ChangeTags) => Promise<readonly string[]>;

/** Which role it takes depends on what is tagged. */
async function changeTags(
  context: RequestContext,
  field: string,
  service: Service,
  { id, tags, expectedVersion = null }: TagsInput,
) {
  const act = async () => {
    const subject = toTagSubject(globalIdOf(id));
    const role = taggingRole(subject);
    if (!hasRole(context.principal, role)) throw forbidden(field, [role], context.principal.roles);
    return { subject, tags: await service(context, { subject, tags, expectedVersion }) };
  };
  const answer = await mutate(context, act, async ({ subject, tags: after }) => ({
    node: await loadNode(context, subject),
    tags: after,
  }));
  return { node: null, tags: [], ...answer };
}

function globalIdOf(id: string): GlobalId {
  const parsed = parseGlobalId(id);
  if (parsed === null)
    throw invalid(
      `"${id.slice(0, 80)}" is not an id of this graph: pass an \`id\` that a query returned, unchanged.`,
      'input',
      'id',
    );
  return parsed;
}
