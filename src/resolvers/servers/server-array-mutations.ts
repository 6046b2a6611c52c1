import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import { keyOf } from '../../domain/global-id';
import { ServerArray } from '../../entities/servers/server-array';
import type { RequestContext } from '../../loaders/request-context';
import { createServerArray } from '../../services/servers/create-server-array';
import { deleteDefinition } from '../../services/servers/delete-definition';
import { updateNext } from '../../services/servers/update-next';
import { updateServerArray } from '../../services/servers/update-server-array';
import { createKeys, nextKeys, updateKeys } from './definition-keys';
import { mutate } from '../mutate';
import { deletePayloadType, payloadType } from '../types/payload';
import {
  CreateServerArrayInput,
  DeleteServerArrayInput,
  UpdateServerArrayInput,
  UpdateServerArrayNextInput,
} from '../types/servers/server-array-inputs';

const payload = (name: string) => payloadType(name, 'serverArray', ServerArray, 'The server array.');

const CreateServerArrayPayload = payload('CreateServerArray');
const UpdateServerArrayPayload = payload('UpdateServerArray');
const UpdateServerArrayNextPayload = payload('UpdateServerArrayNext');
const DeleteServerArrayPayload = deletePayloadType('DeleteServerArray');

@Resolver()
export class ServerArrayMutations {
  @Authorized('ACTOR')
  @Mutation(() => CreateServerArrayPayload, {
    description:
      'Creates a server array; nothing of it runs yet. Its MultiCloud Image needs a setting for the cloud (R-7.3), else the refusal is a CloudNotSupportedError.',
  })
  createServerArray(
    @Arg('input', () => CreateServerArrayInput, { description: 'The new server array.' })
    input: CreateServerArrayInput,
    @Ctx() context: RequestContext,
  ) {
    const { minCount, maxCount } = input;
    return change(context, () => createServerArray(context, { ...createKeys(input), minCount, maxCount }));
  }

  @Authorized('ACTOR')
  @Mutation(() => UpdateServerArrayPayload, {
    description:
      'Renames a server array, describes it anew, moves it to another deployment, or changes its counts.',
  })
  updateServerArray(
    @Arg('input', () => UpdateServerArrayInput, { description: 'What changes.' })
    input: UpdateServerArrayInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () => updateServerArray(context, updateKeys('ServerArray', input)));
  }

  @Authorized('ACTOR')
  @Mutation(() => UpdateServerArrayNextPayload, {
    description:
      'Changes how the next launches will look; what runs is not touched (R-8.1). With another ServerTemplate or MultiCloud Image the cloud must be supported (R-7.3).',
  })
  updateServerArrayNext(
    @Arg('input', () => UpdateServerArrayNextInput, { description: 'What changes.' })
    input: UpdateServerArrayNextInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () => updateNext(context, 'ServerArray', nextKeys('ServerArray', input)));
  }

  @Authorized('ACTOR')
  @Mutation(() => DeleteServerArrayPayload, {
    description:
      'Deletes a server array; refused as ALREADY_RUNNING while an instance of it runs. What it launched is kept.',
  })
  deleteServerArray(
    @Arg('input', () => DeleteServerArrayInput, { description: 'The server array.' })
    { id }: DeleteServerArrayInput,
    @Ctx() context: RequestContext,
  ) {
    const act = () => deleteDefinition(context, 'ServerArray', keyOf('ServerArray', id, 'input', 'id'));
    return mutate(context, act, () => ({ deletedId: id }));
  }
}

const change = (context: RequestContext, act: () => Promise<string>) =>
  mutate(context, act, async (key) => ({ serverArray: await context.loaders.serverArray.load(key) }));
