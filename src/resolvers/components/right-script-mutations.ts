import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import { keyOf } from '../../domain/global-id';
import { RightScript } from '../../entities/components/right-script';
import type { RequestContext } from '../../loaders/request-context';
import { createRightScript } from '../../services/components/create-right-script';
import { deleteComponent } from '../../services/components/delete-component';
import { updateRightScript } from '../../services/components/update-right-script';
import { mutate } from '../mutate';
import { DeleteComponentInput } from '../types/components/component-inputs';
import { DeleteComponentPayload, payloadType } from '../types/payload';
import { CreateRightScriptInput, UpdateRightScriptInput } from '../types/components/right-script-inputs';

const payload = (name: string) => payloadType(name, 'rightScript', RightScript, 'The RightScript.');

const CreateRightScriptPayload = payload('CreateRightScript');
const UpdateRightScriptPayload = payload('UpdateRightScript');

@Resolver()
export class RightScriptMutations {
  @Authorized('DESIGNER')
  @Mutation(() => CreateRightScriptPayload, { description: 'Creates a RightScript.' })
  createRightScript(
    @Arg('input', () => CreateRightScriptInput, { description: 'The new RightScript.' })
    input: CreateRightScriptInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () => createRightScript(context, input));
  }

  @Authorized('DESIGNER')
  @Mutation(() => UpdateRightScriptPayload, {
    description: 'Renames a HEAD, describes it anew, or gives it another source.',
  })
  updateRightScript(
    @Arg('input', () => UpdateRightScriptInput, { description: 'What changes.' })
    input: UpdateRightScriptInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () =>
      updateRightScript(context, { ...input, id: keyOf('RightScript', input.id, 'input', 'id') }),
    );
  }

  @Authorized('DESIGNER')
  @Mutation(() => DeleteComponentPayload, {
    description: 'Deletes HEAD and all revisions, unless a ServerTemplate still attaches one (R-4.5).',
  })
  deleteRightScript(
    @Arg('input', () => DeleteComponentInput, { description: 'The RightScript.' })
    { id }: DeleteComponentInput,
    @Ctx() context: RequestContext,
  ) {
    const act = () => deleteComponent(context, 'RightScript', keyOf('RightScript', id, 'input', 'id'));
    return mutate(context, act, () => ({ deletedId: id }));
  }
}

const change = (context: RequestContext, act: () => Promise<string>) =>
  mutate(context, act, async (key) => ({
    rightScript: await context.loaders.rightScripts.byId.load(key),
  }));
