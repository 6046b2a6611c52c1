import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { Instance } from '../../entities/servers/instance';
import { ServerArray } from '../../entities/servers/server-array';
import type { RequestContext } from '../../loaders/request-context';
import type { Row } from '../../persistence/select';
import { DriftItem } from '../types/servers/drift-item';

@Resolver(() => Instance)
export class InstanceDriftResolver {
  @FieldResolver(() => [DriftItem], {
    description:
      'How it differs from what its server or array would launch now, in the order of a resolution; empty when it does not, and once it is TERMINATED (R-8.6).',
  })
  drift(@Root() { id }: Row<Instance>, @Ctx() { loaders }: RequestContext) {
    return loaders.drift.load(id);
  }
}

@Resolver(() => ServerArray)
export class ServerArrayDriftResolver {
  @FieldResolver(() => Int, {
    description: 'How many of its running instances differ from what it would launch now (R-8.6).',
  })
  driftedCount(@Root() { id }: Row<ServerArray>, @Ctx() { loaders }: RequestContext) {
    return loaders.driftedCount.load(id);
  }
}
