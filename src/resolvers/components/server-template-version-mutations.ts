import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import { keyOf } from '../../domain/global-id';
import { ServerTemplate } from '../../entities/components/server-template';
import type { RequestContext } from '../../loaders/request-context';
import { cloneComponent } from '../../services/components/clone-component';
import { commitComponent, commitWithHeadDependencies } from '../../services/components/commit-component';
import { mutate } from '../mutate';
import {
  CloneServerTemplatePayload,
  CommitServerTemplatePayload,
} from '../types/components/template-version-payloads';
import { CloneComponentInput, CommitServerTemplateInput } from '../types/components/version-control-inputs';
import { versionControlMutations } from './version-control-mutations';
import { loadComponent } from './version-payload';

/** Version control of the one kind that pins others. */
@Resolver()
export class ServerTemplateVersionMutations extends versionControlMutations(
  'ServerTemplate',
  ServerTemplate,
) {
  @Authorized('DESIGNER')
  @Mutation(() => CommitServerTemplatePayload, {
    description:
      'Makes a revision of a ServerTemplate as its HEAD is now, if told so together with the HEADs that it pins (R-6.2, R-6.3).',
  })
  async commitServerTemplate(
    @Arg('input', () => CommitServerTemplateInput, { description: 'HEAD and the message.' })
    { id, commitHeadDependencies, ...input }: CommitServerTemplateInput,
    @Ctx() context: RequestContext,
  ) {
    const act = () => {
      const commit = { ...input, id: keyOf('ServerTemplate', id, 'input', 'id') };
      return commitHeadDependencies
        ? commitWithHeadDependencies(context, commit)
        : commitComponent(context, 'ServerTemplate', commit);
    };
    const answer = await mutate(context, act, async ({ revisionId, dependencies }) => ({
      serverTemplate: await loadComponent(context, 'ServerTemplate', revisionId),
      dependencies: await Promise.all(
        dependencies.map((made) => loadComponent(context, made.type, made.revisionId)),
      ),
    }));
    return { dependencies: [], ...answer };
  }

  @Authorized('DESIGNER')
  @Mutation(() => CloneServerTemplatePayload, {
    description:
      'Starts a new ServerTemplate with the content of a version; a deleted one comes back this way, with what it pins (R-5.5, R-6.4).',
  })
  async cloneServerTemplate(
    @Arg('input', () => CloneComponentInput, { description: 'The version.' })
    { id, ...input }: CloneComponentInput,
    @Ctx() context: RequestContext,
  ) {
    const act = () =>
      cloneComponent(context, 'ServerTemplate', { ...input, id: keyOf('ServerTemplate', id, 'input', 'id') });
    const answer = await mutate(context, act, async ({ head, resurrected }) => ({
      serverTemplate: head,
      resurrected: await Promise.all(
        resurrected.map((made) => loadComponent(context, made.type, made.headId)),
      ),
    }));
    return { resurrected: [], ...answer };
  }
}
