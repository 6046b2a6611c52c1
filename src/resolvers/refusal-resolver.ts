import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { RefusalDetails } from '../domain/errors';
import { Cloud } from '../entities/catalog/cloud';
import { EulaRevision } from '../entities/marketplace/eula';
import { MultiCloudImage } from '../entities/components/multi-cloud-image';
import { Server } from '../entities/servers/server';
import { ServerArray } from '../entities/servers/server-array';
import type { RequestContext } from '../loaders/request-context';
import { CloudNotSupportedError, DeploymentInUseError, EulaNotAcceptedError } from './types/user-error';

type Unsupported = Required<Pick<RefusalDetails, 'unsupported'>>;
type Holding = Required<Pick<RefusalDetails, 'contents'>>;
type Unaccepted = Required<Pick<RefusalDetails, 'eulaRevisions'>>;

/** Loads what refusals carry as keys. */
@Resolver(() => CloudNotSupportedError)
export class CloudNotSupportedErrorResolver {
  @FieldResolver(() => [Cloud], { description: 'The clouds that the ServerTemplate supports (R-5.2).' })
  supportedClouds(@Root() { unsupported }: Unsupported, @Ctx() { loaders }: RequestContext) {
    return loaders.supportedClouds.load(unsupported.serverTemplateId);
  }

  @FieldResolver(() => [MultiCloudImage], {
    description: "The ServerTemplate's MultiCloud Images that have a setting for the cloud; at most 100.",
  })
  alternatives(@Root() { unsupported }: Unsupported, @Ctx() { loaders }: RequestContext) {
    return loaders.multiCloudImages.byId.loadMany(unsupported.alternatives);
  }
}

@Resolver(() => DeploymentInUseError)
export class DeploymentInUseErrorResolver {
  @FieldResolver(() => [Server], { description: 'Its servers, by name; at most 100.' })
  servers(@Root() { contents }: Holding, @Ctx() { loaders }: RequestContext) {
    return loaders.server.loadMany(contents.servers);
  }

  @FieldResolver(() => [ServerArray], { description: 'Its server arrays, by name; at most 100.' })
  serverArrays(@Root() { contents }: Holding, @Ctx() { loaders }: RequestContext) {
    return loaders.serverArray.loadMany(contents.serverArrays);
  }
}

@Resolver(() => EulaNotAcceptedError)
export class EulaNotAcceptedErrorResolver {
  @FieldResolver(() => [EulaRevision], { description: 'What has to be accepted, by name.' })
  eulas(@Root() { eulaRevisions }: Unaccepted, @Ctx() { loaders }: RequestContext) {
    return loaders.eulaRevision.loadMany(eulaRevisions);
  }
}
