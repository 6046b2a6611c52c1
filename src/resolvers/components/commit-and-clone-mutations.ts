import { Arg, Authorized, Ctx, Mutation, Resolver, type ClassType } from 'type-graphql';
import { keyOf } from '../../domain/global-id';
import { COMPONENT_NAMES } from '../../domain/versioning/component-type';
import type { PinnedType } from '../../domain/versioning/pin-updates';
import { MultiCloudImage } from '../../entities/components/multi-cloud-image';
import { RightScript } from '../../entities/components/right-script';
import type { RequestContext } from '../../loaders/request-context';
import { cloneComponent } from '../../services/components/clone-component';
import { commitComponent } from '../../services/components/commit-component';
import { CloneComponentInput, CommitComponentInput } from '../types/components/version-control-inputs';
import { versionControlMutations } from './version-control-mutations';
import { componentPayload, versionPayload } from './version-payload';

/** All of version control for a kind that pins nothing itself. */
function commitAndCloneMutations(type: PinnedType, Entity: ClassType) {
  const name = COMPONENT_NAMES[type];
  const CommitPayload = versionPayload(`Commit${type}`, type, Entity, 'The new revision.');
  const ClonePayload = versionPayload(`Clone${type}`, type, Entity, 'HEAD of the clone.');

  @Resolver()
  abstract class CommitAndCloneMutations extends versionControlMutations(type, Entity) {
    @Authorized('DESIGNER')
    @Mutation(() => CommitPayload, {
      name: `commit${type}`,
      description: `Makes a revision of a ${name} as its HEAD is now (R-6.2).`,
    })
    commit(
      @Arg('input', () => CommitComponentInput, { description: 'HEAD and the message.' })
      { id, ...input }: CommitComponentInput,
      @Ctx() context: RequestContext,
    ): Promise<object> {
      return componentPayload(context, type, async () => {
        const key = keyOf(type, id, 'input', 'id');
        return (await commitComponent(context, type, { ...input, id: key })).revisionId;
      });
    }

    @Authorized('DESIGNER')
    @Mutation(() => ClonePayload, {
      name: `clone${type}`,
      description: `Starts a new ${name} with the content of a version; a deleted one comes back this way (R-6.4).`,
    })
    clone(
      @Arg('input', () => CloneComponentInput, { description: 'The version.' })
      { id, ...input }: CloneComponentInput,
      @Ctx() context: RequestContext,
    ): Promise<object> {
      return componentPayload(context, type, async () => {
        const key = keyOf(type, id, 'input', 'id');
        return (await cloneComponent(context, type, { ...input, id: key })).head;
      });
    }
  }
  return CommitAndCloneMutations;
}

@Resolver()
export class MultiCloudImageVersionMutations extends commitAndCloneMutations(
  'MultiCloudImage',
  MultiCloudImage,
) {}

@Resolver()
export class RightScriptVersionMutations extends commitAndCloneMutations('RightScript', RightScript) {}
