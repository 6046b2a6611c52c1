import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import { keyOf, optionalKeyOf } from '../../domain/global-id';
import { Server } from '../../entities/servers/server';
import type { RequestContext } from '../../loaders/request-context';
import { cloneServer } from '../../services/servers/clone-server';
import { createServer } from '../../services/servers/create-server';
import { deleteDefinition } from '../../services/servers/delete-definition';
import { updateNext } from '../../services/servers/update-next';
import { updateServer } from '../../services/servers/update-server';
import { createKeys, nextKeys, updateKeys } from './definition-keys';
import { mutate } from '../mutate';
import { deletePayloadType, payloadType } from '../types/payload';
import {
  CloneServerInput,
  CreateServerInput,
  DeleteServerInput,
  UpdateServerInput,
  UpdateServerNextInput,
} from '../types/servers/server-inputs';

const payload = (name: string) => payloadType(name, 'server', Server, 'The server.');

const CreateServerPayload = payload('CreateServer');
const UpdateServerPayload = payload('UpdateServer');
const UpdateServerNextPayload = payload('UpdateServerNext');
const CloneServerPayload = payload('CloneServer');
const DeleteServerPayload = deletePayloadType('DeleteServer');

@Resolver()
export class ServerMutations {
  @Authorized('ACTOR')
  @Mutation(() => CreateServerPayload, {
    description:
      'Creates a server; it does not run yet. Its MultiCloud Image needs a setting for the cloud (R-7.3), else the refusal is a CloudNotSupportedError.',
  })
  createServer(
    @Arg('input', () => CreateServerInput, { description: 'The new server.' }) input: CreateServerInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () => createServer(context, createKeys(input)));
  }

  @Authorized('ACTOR')
  @Mutation(() => UpdateServerPayload, {
    description: 'Renames a server, describes it anew, or moves it to another deployment.',
  })
  updateServer(
    @Arg('input', () => UpdateServerInput, { description: 'What changes.' }) input: UpdateServerInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () => updateServer(context, updateKeys('Server', input)));
  }

  @Authorized('ACTOR')
  @Mutation(() => UpdateServerNextPayload, {
    description:
      'Changes how the next launch will look; what runs is not touched (R-8.1). With another ServerTemplate or MultiCloud Image the cloud must be supported (R-7.3).',
  })
  updateServerNext(
    @Arg('input', () => UpdateServerNextInput, { description: 'What changes.' })
    input: UpdateServerNextInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () => updateNext(context, 'Server', nextKeys('Server', input)));
  }

  @Authorized('ACTOR')
  @Mutation(() => CloneServerPayload, {
    description:
      'Copies a server as it is defined; the copy does not run (R-8.5). Nothing is checked anew: its resolution tells what has changed meanwhile.',
  })
  cloneServer(
    @Arg('input', () => CloneServerInput, { description: 'The server.' }) input: CloneServerInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () =>
      cloneServer(context, {
        ...input,
        id: serverKey(input),
        deploymentId: optionalKeyOf('Deployment', input.deploymentId, 'input', 'deploymentId'),
      }),
    );
  }

  @Authorized('ACTOR')
  @Mutation(() => DeleteServerPayload, {
    description:
      'Deletes a server; refused as ALREADY_RUNNING while an instance of it runs. What it launched is kept.',
  })
  deleteServer(
    @Arg('input', () => DeleteServerInput, { description: 'The server.' }) input: DeleteServerInput,
    @Ctx() context: RequestContext,
  ) {
    const act = () => deleteDefinition(context, 'Server', serverKey(input));
    return mutate(context, act, () => ({ deletedId: input.id }));
  }
}

const change = (context: RequestContext, act: () => Promise<string>) =>
  mutate(context, act, async (key) => ({ server: await context.loaders.server.load(key) }));

const serverKey = ({ id }: { id: string }): string => keyOf('Server', id, 'input', 'id');
