import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import { keyOf, optionalKeyOf } from '../../domain/global-id';
import { ServerTemplate } from '../../entities/components/server-template';
import type { RequestContext } from '../../loaders/request-context';
import { addServerTemplateMultiCloudImage } from '../../services/components/add-server-template-multi-cloud-image';
import { createServerTemplate } from '../../services/components/create-server-template';
import { deleteComponent } from '../../services/components/delete-component';
import { removeServerTemplateMultiCloudImage } from '../../services/components/remove-server-template-multi-cloud-image';
import { repinServerTemplateMultiCloudImage } from '../../services/components/repin-server-template-multi-cloud-image';
import { setDefaultMultiCloudImage } from '../../services/components/set-default-multi-cloud-image';
import { updateComponent } from '../../services/components/update-component';
import { mutate } from '../mutate';
import { DeleteComponentInput, UpdateComponentInput } from '../types/components/component-inputs';
import { DeleteComponentPayload, payloadType } from '../types/payload';
import {
  AddServerTemplateMultiCloudImageInput,
  CreateServerTemplateInput,
  RemoveServerTemplateMultiCloudImageInput,
  RepinServerTemplateMultiCloudImageInput,
  SetDefaultMultiCloudImageInput,
} from '../types/components/server-template-inputs';

const payload = (name: string) => payloadType(name, 'serverTemplate', ServerTemplate, 'The ServerTemplate.');

const CreateServerTemplatePayload = payload('CreateServerTemplate');
const UpdateServerTemplatePayload = payload('UpdateServerTemplate');
const AddServerTemplateMultiCloudImagePayload = payload('AddServerTemplateMultiCloudImage');
const RemoveServerTemplateMultiCloudImagePayload = payload('RemoveServerTemplateMultiCloudImage');
const RepinServerTemplateMultiCloudImagePayload = payload('RepinServerTemplateMultiCloudImage');
const SetDefaultMultiCloudImagePayload = payload('SetDefaultMultiCloudImage');

@Resolver()
export class ServerTemplateMutations {
  @Authorized('DESIGNER')
  @Mutation(() => CreateServerTemplatePayload, {
    description: 'Creates a ServerTemplate that names these MultiCloud Images (R-5.1).',
  })
  createServerTemplate(
    @Arg('input', () => CreateServerTemplateInput, { description: 'The new ServerTemplate.' })
    { multiCloudImageIds, ...input }: CreateServerTemplateInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () =>
      createServerTemplate(context, {
        ...input,
        multiCloudImageIds: (multiCloudImageIds ?? []).map((id, index) =>
          keyOf('MultiCloudImage', id, 'input', 'multiCloudImageIds', String(index)),
        ),
      }),
    );
  }

  @Authorized('DESIGNER')
  @Mutation(() => UpdateServerTemplatePayload, { description: 'Renames a HEAD, or describes it anew.' })
  updateServerTemplate(
    @Arg('input', () => UpdateComponentInput, { description: 'What changes.' }) input: UpdateComponentInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () =>
      updateComponent(context, 'ServerTemplate', {
        ...input,
        id: keyOf('ServerTemplate', input.id, 'input', 'id'),
      }),
    );
  }

  @Authorized('DESIGNER')
  @Mutation(() => AddServerTemplateMultiCloudImagePayload, {
    description: 'Names another MultiCloud Image; the first one becomes the default (R-5.1).',
  })
  addServerTemplateMultiCloudImage(
    @Arg('input', () => AddServerTemplateMultiCloudImageInput, { description: 'The MultiCloud Image.' })
    input: AddServerTemplateMultiCloudImageInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () =>
      addServerTemplateMultiCloudImage(context, {
        ...headKey(input),
        multiCloudImageId: pinKey(input, 'multiCloudImageId'),
        makeDefault: input.makeDefault ?? false,
      }),
    );
  }

  @Authorized('DESIGNER')
  @Mutation(() => RemoveServerTemplateMultiCloudImagePayload, {
    description: 'Stops naming a MultiCloud Image; removing the default needs a new one (R-5.1).',
  })
  removeServerTemplateMultiCloudImage(
    @Arg('input', () => RemoveServerTemplateMultiCloudImageInput, { description: 'The MultiCloud Image.' })
    input: RemoveServerTemplateMultiCloudImageInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () =>
      removeServerTemplateMultiCloudImage(context, {
        ...headKey(input),
        multiCloudImageId: pinKey(input, 'multiCloudImageId'),
        newDefaultId: optionalKeyOf('MultiCloudImage', input.newDefaultId ?? null, 'input', 'newDefaultId'),
      }),
    );
  }

  @Authorized('DESIGNER')
  @Mutation(() => RepinServerTemplateMultiCloudImagePayload, {
    description: 'Moves a pin to another version of the same MultiCloud Image (R-5.1).',
  })
  repinServerTemplateMultiCloudImage(
    @Arg('input', () => RepinServerTemplateMultiCloudImageInput, { description: 'The pin.' })
    input: RepinServerTemplateMultiCloudImageInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () =>
      repinServerTemplateMultiCloudImage(context, {
        ...headKey(input),
        fromId: pinKey(input, 'fromId'),
        toId: pinKey(input, 'toId'),
      }),
    );
  }

  @Authorized('DESIGNER')
  @Mutation(() => SetDefaultMultiCloudImagePayload, {
    description: 'Makes one of the MultiCloud Images that a ServerTemplate names its default (R-5.1).',
  })
  setDefaultMultiCloudImage(
    @Arg('input', () => SetDefaultMultiCloudImageInput, { description: 'The MultiCloud Image.' })
    input: SetDefaultMultiCloudImageInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () =>
      setDefaultMultiCloudImage(context, {
        ...headKey(input),
        multiCloudImageId: pinKey(input, 'multiCloudImageId'),
      }),
    );
  }

  @Authorized('DESIGNER')
  @Mutation(() => DeleteComponentPayload, {
    description: 'Deletes HEAD and all revisions; servers keep what they have (R-5.5).',
  })
  deleteServerTemplate(
    @Arg('input', () => DeleteComponentInput, { description: 'The ServerTemplate.' })
    { id }: DeleteComponentInput,
    @Ctx() context: RequestContext,
  ) {
    const act = () => deleteComponent(context, 'ServerTemplate', keyOf('ServerTemplate', id, 'input', 'id'));
    return mutate(context, act, () => ({ deletedId: id }));
  }
}

const change = (context: RequestContext, act: () => Promise<string>) =>
  mutate(context, act, async (key) => ({
    serverTemplate: await context.loaders.serverTemplates.byId.load(key),
  }));

function headKey({
  serverTemplateId,
  expectedVersion,
}: {
  serverTemplateId: string;
  expectedVersion: number;
}) {
  return {
    serverTemplateId: keyOf('ServerTemplate', serverTemplateId, 'input', 'serverTemplateId'),
    expectedVersion,
  };
}

const pinKey = <F extends string>(input: Record<F, string>, field: F): string =>
  keyOf('MultiCloudImage', input[field], 'input', field);
