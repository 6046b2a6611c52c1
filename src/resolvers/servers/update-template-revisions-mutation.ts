import { Arg, Authorized, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { keyOf, optionalKeyOf } from '../../domain/global-id';
import type { BulkItem } from '../../domain/servers/bulk-update';
import { Cloud } from '../../entities/catalog/cloud';
import { Node } from '../../entities/node';
import { loadNode } from '../../loaders/node';
import type { RequestContext } from '../../loaders/request-context';
import {
  updateTemplateRevisions,
  type TemplateRevisionChange as Change,
} from '../../services/servers/update-template-revisions';
import { serverKey } from '../decode';
import { mutate } from '../mutate';
import {
  TemplateRevisionChange,
  UpdateTemplateRevisionsInput,
  UpdateTemplateRevisionsPayload,
  type TemplateRevisionItemInput,
} from '../types/servers/template-revisions';

const NOTHING = { preview: [], nextChangedCount: 0, instancesChangedCount: 0, imagesChangedCount: 0 };

@Resolver()
export class UpdateTemplateRevisionsMutation {
  @Authorized('ACTOR')
  @Mutation(() => UpdateTemplateRevisionsPayload, {
    description:
      'Moves up to 1,000 servers and arrays of one ServerTemplate to another revision of it, all or nothing: what they launch next, what their running instances, at most 10,000, follow, or both (R-8.7).',
  })
  async updateTemplateRevisions(
    @Arg('input', () => UpdateTemplateRevisionsInput, { description: 'What moves, and to which revision.' })
    { toId, items, use, dryRun }: UpdateTemplateRevisionsInput,
    @Ctx() context: RequestContext,
  ) {
    const act = () =>
      updateTemplateRevisions(context, {
        serverTemplateId: keyOf('ServerTemplate', toId, 'input', 'toId'),
        items: items.map(itemKeys),
        use,
        dryRun: dryRun ?? false,
      });
    return { ...NOTHING, ...(await mutate(context, act, payloadOf)) };
  }
}

function itemKeys(item: TemplateRevisionItemInput, index: number): BulkItem {
  const path = ['input', 'items', String(index)];
  const { type, key } = serverKey(item.id, ...path, 'id');
  return {
    type,
    id: key,
    multiCloudImageId:
      optionalKeyOf('MultiCloudImage', item.multiCloudImageId, ...path, 'multiCloudImageId') ?? null,
    expectedVersion: item.expectedVersion,
  };
}

const payloadOf = (preview: readonly Change[]) => ({
  preview,
  nextChangedCount: preview.filter(({ nextChanged }) => nextChanged).length,
  instancesChangedCount: preview.reduce((sum, { instancesChanged }) => sum + instancesChanged, 0),
  imagesChangedCount: preview.filter(({ imageChanged }) => imageChanged).length,
});

@Resolver(() => TemplateRevisionChange)
export class TemplateRevisionChangeResolver {
  @FieldResolver(() => Node, { description: 'The server or server array.' })
  item(@Root() { type, definitionId }: Change, @Ctx() context: RequestContext) {
    return loadNode(context, { type, key: definitionId });
  }

  @FieldResolver(() => Cloud, { description: 'Its cloud.' })
  cloud(@Root() { cloudId }: Change, @Ctx() { loaders }: RequestContext) {
    return loaders.cloud.load(cloudId);
  }
}
