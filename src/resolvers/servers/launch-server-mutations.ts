import { Arg, Authorized, Ctx, Field, Mutation, ObjectType, Resolver } from 'type-graphql';
import { keyOf } from '../../domain/global-id';
import { Instance } from '../../entities/servers/instance';
import { Server } from '../../entities/servers/server';
import { ServerArray } from '../../entities/servers/server-array';
import type { RequestContext } from '../../loaders/request-context';
import { launchServer } from '../../services/servers/launch-server';
import { launchServerArray } from '../../services/servers/launch-server-array';
import { relaunchServer } from '../../services/servers/relaunch-server';
import { terminateServer } from '../../services/servers/terminate-server';
import { terminateServerArray } from '../../services/servers/terminate-server-array';
import { mutate } from '../mutate';
import {
  LaunchServerArrayInput,
  LaunchServerInput,
  RelaunchServerInput,
  TerminateServerArrayInput,
  TerminateServerInput,
} from '../types/servers/instance-inputs';
import { Payload, payloadType } from '../types/payload';

const payload = (name: string) => payloadType(name, 'server', Server, 'The server.');

const LaunchServerPayload = payload('LaunchServer');
const RelaunchServerPayload = payload('RelaunchServer');
const TerminateServerPayload = payload('TerminateServer');
const TerminateServerArrayPayload = payloadType(
  'TerminateServerArray',
  'serverArray',
  ServerArray,
  'The server array.',
);

@ObjectType({ simpleResolvers: true, description: 'What `launchServerArray` answers.' })
class LaunchServerArrayPayload extends Payload {
  @Field(() => ServerArray, { nullable: true, description: 'The server array.' })
  serverArray: ServerArray | null;

  @Field(() => [Instance], { nullable: true, description: 'What was launched, by number.' })
  instances: Instance[] | null;
}

const serverPayload = (context: RequestContext) => async (key: string) => ({
  server: await context.loaders.server.load(key),
});

@Resolver()
export class LaunchServerMutations {
  @Authorized('ACTOR')
  @Mutation(() => LaunchServerPayload, {
    description:
      'Launches a server: resolves its next configuration, freezes it into an instance, and orders the machine (R-8.2). ALREADY_RUNNING while one runs.',
  })
  launchServer(
    @Arg('input', () => LaunchServerInput, { description: 'The server.' }) { id }: LaunchServerInput,
    @Ctx() context: RequestContext,
  ) {
    const act = async () => launchServer(context, { id: keyOf('Server', id, 'input', 'id') });
    return mutate(context, act, serverPayload(context));
  }

  @Authorized('ACTOR')
  @Mutation(() => RelaunchServerPayload, {
    description:
      'Replaces the running instance of a server by one of its next configuration (R-8.3). If that is blocked, nothing happens.',
  })
  relaunchServer(
    @Arg('input', () => RelaunchServerInput, { description: 'The server.' })
    { id, immediately }: RelaunchServerInput,
    @Ctx() context: RequestContext,
  ) {
    const act = async () =>
      relaunchServer(context, { id: keyOf('Server', id, 'input', 'id'), immediately: immediately ?? false });
    return mutate(context, act, serverPayload(context));
  }

  @Authorized('ACTOR')
  @Mutation(() => TerminateServerPayload, {
    description:
      'Ends what runs of a server: a PENDING instance at once, any other one by an order, which is not handed out while a launcher makes an image of the machine. Asked again, it orders anew what failed.',
  })
  terminateServer(
    @Arg('input', () => TerminateServerInput, { description: 'The server.' }) { id }: TerminateServerInput,
    @Ctx() context: RequestContext,
  ) {
    const act = async () => terminateServer(context, { id: keyOf('Server', id, 'input', 'id') });
    return mutate(context, act, serverPayload(context));
  }

  @Authorized('ACTOR')
  @Mutation(() => LaunchServerArrayPayload, {
    description: 'Launches more instances of an array, within its maximum (R-8.5).',
  })
  launchServerArray(
    @Arg('input', () => LaunchServerArrayInput, { description: 'The array, and how many.' })
    { id, count }: LaunchServerArrayInput,
    @Ctx() context: RequestContext,
  ) {
    const act = async () =>
      launchServerArray(context, { id: keyOf('ServerArray', id, 'input', 'id'), count });
    return mutate(context, act, async ({ id: key, instanceIds }) => ({
      serverArray: await context.loaders.serverArray.load(key),
      instances: await context.loaders.instance.loadMany(instanceIds),
    }));
  }

  @Authorized('ACTOR')
  @Mutation(() => TerminateServerArrayPayload, {
    description: 'Ends some instances of an array, or all that run (R-8.5).',
  })
  terminateServerArray(
    @Arg('input', () => TerminateServerArrayInput, { description: 'The array, and which instances.' })
    { id, instanceIds }: TerminateServerArrayInput,
    @Ctx() context: RequestContext,
  ) {
    const act = async () =>
      terminateServerArray(context, {
        id: keyOf('ServerArray', id, 'input', 'id'),
        instanceIds: instanceIds?.map((named) => keyOf('Instance', named, 'input', 'instanceIds')) ?? null,
      });
    return mutate(context, act, async (key) => ({
      serverArray: await context.loaders.serverArray.load(key),
    }));
  }
}
