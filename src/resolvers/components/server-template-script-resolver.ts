import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { RightScript } from '../../entities/components/right-script';
import { ServerTemplateScript } from '../../entities/components/server-template-script';
import type { RequestContext } from '../../loaders/request-context';
import type { Row } from '../../persistence/select';
import { pinUpdatesResolver } from './pin-updates-resolver';

@Resolver(() => ServerTemplateScript)
export class ServerTemplateScriptResolver extends pinUpdatesResolver(
  ServerTemplateScript,
  ({ serverTemplateId, scriptLineageId, rightScriptId }) => ({
    serverTemplateId,
    type: 'RightScript',
    lineageId: scriptLineageId,
    componentId: rightScriptId,
  }),
) {
  @FieldResolver(() => RightScript, { description: 'The pinned version: HEAD or a revision.' })
  rightScript(@Root() script: Row<ServerTemplateScript>, @Ctx() { loaders }: RequestContext) {
    return loaders.rightScripts.byId.load(script.rightScriptId);
  }
}
