import { Arg, Authorized, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { keyOf } from '../../domain/global-id';
import { Component } from '../../entities/components/component';
import { versionsOf } from '../../loaders/loaders';
import type { RequestContext } from '../../loaders/request-context';
import {
  updateServerTemplatePins,
  type MovedPin as MovedPinKeys,
} from '../../services/components/update-server-template-pins';
import { mutate } from '../mutate';
import { MovedPin, UpdateServerTemplatePinsPayload } from '../types/components/pin-updates';
import { UpdateServerTemplatePinsInput } from '../types/components/server-template-inputs';

@Resolver()
export class PinUpdatesMutation {
  @Authorized('DESIGNER')
  @Mutation(() => UpdateServerTemplatePinsPayload, {
    description:
      'Moves every pin of a revision that has a newer one in the local collection to the newest, in one step; pins of HEADs stay (R-5.8).',
  })
  async updateServerTemplatePins(
    @Arg('input', () => UpdateServerTemplatePinsInput, { description: 'The ServerTemplate.' })
    { serverTemplateId, expectedVersion }: UpdateServerTemplatePinsInput,
    @Ctx() context: RequestContext,
  ) {
    const act = () => {
      const key = keyOf('ServerTemplate', serverTemplateId, 'input', 'serverTemplateId');
      return updateServerTemplatePins(context, { serverTemplateId: key, expectedVersion });
    };
    const answer = await mutate(context, act, async ({ serverTemplateId: key, moved }) => ({
      serverTemplate: await context.loaders.serverTemplates.byId.load(key),
      moved,
    }));
    return { moved: [], ...answer };
  }
}

@Resolver(() => MovedPin)
export class MovedPinResolver {
  @FieldResolver(() => Component, { description: 'The revision that was pinned before.' })
  from(@Root() { type, fromId }: MovedPinKeys, @Ctx() { loaders }: RequestContext) {
    return versionsOf(loaders, type).byId.load(fromId);
  }

  @FieldResolver(() => Component, { description: 'The revision that is pinned now.' })
  to(@Root() { type, toId }: MovedPinKeys, @Ctx() { loaders }: RequestContext) {
    return versionsOf(loaders, type).byId.load(toId);
  }
}
