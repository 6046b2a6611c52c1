import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import { keyOf, optionalKeyOf } from '../../domain/global-id';
import type { SettingContent } from '../../domain/versioning/check-setting';
import { MultiCloudImage } from '../../entities/components/multi-cloud-image';
import type { RequestContext } from '../../loaders/request-context';
import { addMultiCloudImageMatcher } from '../../services/components/add-multi-cloud-image-matcher';
import { createMultiCloudImage } from '../../services/components/create-multi-cloud-image';
import { deleteComponent } from '../../services/components/delete-component';
import { removeMultiCloudImageMatcher } from '../../services/components/remove-multi-cloud-image-matcher';
import { removeMultiCloudImageSetting } from '../../services/components/remove-multi-cloud-image-setting';
import { setMultiCloudImageSetting } from '../../services/components/set-multi-cloud-image-setting';
import { updateComponent } from '../../services/components/update-component';
import { mutate } from '../mutate';
import { DeleteComponentInput, UpdateComponentInput } from '../types/components/component-inputs';
import {
  AddMultiCloudImageMatcherInput,
  CreateMultiCloudImageInput,
  RemoveMultiCloudImageMatcherInput,
  RemoveMultiCloudImageSettingInput,
  SetMultiCloudImageSettingInput,
  type SettingInput,
} from '../types/components/multi-cloud-image-inputs';
import { DeleteComponentPayload, payloadType } from '../types/payload';

const payload = (name: string) =>
  payloadType(name, 'multiCloudImage', MultiCloudImage, 'The MultiCloud Image.');

const CreateMultiCloudImagePayload = payload('CreateMultiCloudImage');
const UpdateMultiCloudImagePayload = payload('UpdateMultiCloudImage');
const SetMultiCloudImageSettingPayload = payload('SetMultiCloudImageSetting');
const RemoveMultiCloudImageSettingPayload = payload('RemoveMultiCloudImageSetting');
const AddMultiCloudImageMatcherPayload = payload('AddMultiCloudImageMatcher');
const RemoveMultiCloudImageMatcherPayload = payload('RemoveMultiCloudImageMatcher');

@Resolver()
export class MultiCloudImageMutations {
  @Authorized('DESIGNER')
  @Mutation(() => CreateMultiCloudImagePayload, {
    description: 'Creates a MultiCloud Image, with its settings or not at all.',
  })
  createMultiCloudImage(
    @Arg('input', () => CreateMultiCloudImageInput, { description: 'The new MultiCloud Image.' })
    { settings, ...input }: CreateMultiCloudImageInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () =>
      createMultiCloudImage(context, {
        ...input,
        settings: (settings ?? []).map((setting, index) =>
          settingKeys(setting, 'input', 'settings', String(index)),
        ),
      }),
    );
  }

  @Authorized('DESIGNER')
  @Mutation(() => UpdateMultiCloudImagePayload, { description: 'Renames a HEAD, or describes it anew.' })
  updateMultiCloudImage(
    @Arg('input', () => UpdateComponentInput, { description: 'What changes.' }) input: UpdateComponentInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () =>
      updateComponent(context, 'MultiCloudImage', {
        ...input,
        id: keyOf('MultiCloudImage', input.id, 'input', 'id'),
      }),
    );
  }

  @Authorized('DESIGNER')
  @Mutation(() => SetMultiCloudImageSettingPayload, {
    description: 'Makes or replaces the setting for one cloud (R-4.1). It then counts as made by hand.',
  })
  setMultiCloudImageSetting(
    @Arg('input', () => SetMultiCloudImageSettingInput, { description: 'The setting.' })
    input: SetMultiCloudImageSettingInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () =>
      setMultiCloudImageSetting(context, { ...headKey(input), ...settingKeys(input, 'input') }),
    );
  }

  @Authorized('DESIGNER')
  @Mutation(() => RemoveMultiCloudImageSettingPayload, { description: 'Removes the setting for one cloud.' })
  removeMultiCloudImageSetting(
    @Arg('input', () => RemoveMultiCloudImageSettingInput, { description: 'The setting.' })
    input: RemoveMultiCloudImageSettingInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () =>
      removeMultiCloudImageSetting(context, {
        ...headKey(input),
        cloudId: keyOf('Cloud', input.cloudId, 'input', 'cloudId'),
      }),
    );
  }

  @Authorized('DESIGNER')
  @Mutation(() => AddMultiCloudImageMatcherPayload, {
    description: 'Adds a matcher behind the others (R-4.6). Settings change at the next rematch.',
  })
  addMultiCloudImageMatcher(
    @Arg('input', () => AddMultiCloudImageMatcherInput, { description: 'The matcher.' })
    input: AddMultiCloudImageMatcherInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () => addMultiCloudImageMatcher(context, { ...input, ...headKey(input) }));
  }

  @Authorized('DESIGNER')
  @Mutation(() => RemoveMultiCloudImageMatcherPayload, {
    description: 'Removes a matcher. Settings that it made stay until the next rematch.',
  })
  removeMultiCloudImageMatcher(
    @Arg('input', () => RemoveMultiCloudImageMatcherInput, { description: 'The matcher.' })
    input: RemoveMultiCloudImageMatcherInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () =>
      removeMultiCloudImageMatcher(context, {
        ...headKey(input),
        matcherId: keyOf('MultiCloudImageMatcher', input.matcherId, 'input', 'matcherId'),
      }),
    );
  }

  @Authorized('DESIGNER')
  @Mutation(() => DeleteComponentPayload, {
    description: 'Deletes HEAD and all revisions. Refused while a ServerTemplate names any of them (R-4.5).',
  })
  deleteMultiCloudImage(
    @Arg('input', () => DeleteComponentInput, { description: 'The MultiCloud Image.' })
    { id }: DeleteComponentInput,
    @Ctx() context: RequestContext,
  ) {
    const act = () =>
      deleteComponent(context, 'MultiCloudImage', keyOf('MultiCloudImage', id, 'input', 'id'));
    return mutate(context, act, () => ({ deletedId: id }));
  }
}

const change = (context: RequestContext, act: () => Promise<string>) =>
  mutate(context, act, async (key) => ({
    multiCloudImage: await context.loaders.multiCloudImages.byId.load(key),
  }));

function headKey({
  multiCloudImageId,
  expectedVersion,
}: {
  multiCloudImageId: string;
  expectedVersion: number;
}) {
  return {
    multiCloudImageId: keyOf('MultiCloudImage', multiCloudImageId, 'input', 'multiCloudImageId'),
    expectedVersion,
  };
}

function settingKeys(input: SettingInput, ...path: string[]): SettingContent {
  const { kernelImageId = null, ramdiskImageId = null, userData = null } = input;
  return {
    cloudId: keyOf('Cloud', input.cloudId, ...path, 'cloudId'),
    imageId: keyOf('CloudImage', input.imageId, ...path, 'imageId'),
    instanceTypeId: keyOf('InstanceType', input.instanceTypeId, ...path, 'instanceTypeId'),
    kernelImageId: optionalKeyOf('CloudImage', kernelImageId, ...path, 'kernelImageId'),
    ramdiskImageId: optionalKeyOf('CloudImage', ramdiskImageId, ...path, 'ramdiskImageId'),
    userData,
  };
}
