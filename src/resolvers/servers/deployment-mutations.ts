import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import { keyOf } from '../../domain/global-id';
import { Deployment } from '../../entities/servers/deployment';
import type { RequestContext } from '../../loaders/request-context';
import { cloneDeployment } from '../../services/servers/clone-deployment';
import { createDeployment } from '../../services/servers/create-deployment';
import { deleteDeployment } from '../../services/servers/delete-deployment';
import { updateDeployment } from '../../services/servers/update-deployment';
import { mutate } from '../mutate';
import {
  CloneDeploymentInput,
  CreateDeploymentInput,
  DeleteDeploymentInput,
  UpdateDeploymentInput,
} from '../types/servers/deployment-inputs';
import { deletePayloadType, payloadType } from '../types/payload';

const payload = (name: string) => payloadType(name, 'deployment', Deployment, 'The deployment.');

const CreateDeploymentPayload = payload('CreateDeployment');
const UpdateDeploymentPayload = payload('UpdateDeployment');
const CloneDeploymentPayload = payload('CloneDeployment');
const DeleteDeploymentPayload = deletePayloadType('DeleteDeployment');

@Resolver()
export class DeploymentMutations {
  @Authorized('ACTOR')
  @Mutation(() => CreateDeploymentPayload, { description: 'Creates a deployment without servers.' })
  createDeployment(
    @Arg('input', () => CreateDeploymentInput, { description: 'The new deployment.' })
    input: CreateDeploymentInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () => createDeployment(context, input));
  }

  @Authorized('ACTOR')
  @Mutation(() => UpdateDeploymentPayload, { description: 'Renames a deployment, or describes it anew.' })
  updateDeployment(
    @Arg('input', () => UpdateDeploymentInput, { description: 'What changes.' })
    input: UpdateDeploymentInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () => updateDeployment(context, { ...input, id: deploymentKey(input) }));
  }

  @Authorized('ACTOR')
  @Mutation(() => DeleteDeploymentPayload, {
    description: 'Deletes a deployment; refused as IN_USE while it holds servers or server arrays.',
  })
  deleteDeployment(
    @Arg('input', () => DeleteDeploymentInput, { description: 'The deployment.' })
    input: DeleteDeploymentInput,
    @Ctx() context: RequestContext,
  ) {
    const act = () => deleteDeployment(context, deploymentKey(input));
    return mutate(context, act, () => ({ deletedId: input.id }));
  }

  @Authorized('ACTOR')
  @Mutation(() => CloneDeploymentPayload, {
    description:
      "Copies a deployment with all its servers as they are defined; none of the copies runs. Server arrays can't be cloned: they are not copied (R-8.5).",
  })
  cloneDeployment(
    @Arg('input', () => CloneDeploymentInput, { description: 'The deployment.' })
    input: CloneDeploymentInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () => cloneDeployment(context, { ...input, id: deploymentKey(input) }));
  }
}

const change = (context: RequestContext, act: () => Promise<string>) =>
  mutate(context, act, async (key) => ({ deployment: await context.loaders.deployment.load(key) }));

const deploymentKey = ({ id }: { id: string }): string => keyOf('Deployment', id, 'input', 'id');
