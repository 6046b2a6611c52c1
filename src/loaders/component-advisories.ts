import type { Advisory } from '../domain/advisories/advisory';
import {
  deletedAdvisories,
  subscriptionAdvisories,
  type ComponentFacts,
  type PinnedFacts,
  type UpdateFacts,
} from '../domain/advisories/component-advisories';
import {
  multiCloudImageAdvisories,
  settingAdvisories,
} from '../domain/advisories/multi-cloud-image-advisories';
import { orderAdvisories } from '../domain/advisories/order-advisories';
import { serverTemplateAdvisories } from '../domain/advisories/server-template-advisories';
import type { PinnedType } from '../domain/versioning/pin-updates';
import { isSubscribedHead, originOf } from '../domain/versioning/version-origin';
import type { Component } from '../entities/components/component';
import type { MultiCloudImage } from '../entities/components/multi-cloud-image';
import type { MultiCloudImageSetting } from '../entities/components/multi-cloud-image-setting';
import type { RightScript } from '../entities/components/right-script';
import type { ServerTemplate } from '../entities/components/server-template';
import { attachedRightScripts, cloudSettingFacts, pinnedMultiCloudImages } from './component-facts';
import { updateAvailable, type ShownUpdate } from './pin-updates';
import type { RequestContext } from './request-context';

/** Section 11 for components as they are shown. */

export async function advisoriesOfMultiCloudImage(
  context: RequestContext,
  mci: MultiCloudImage,
): Promise<Advisory[]> {
  const settings = await context.loaders.settings.load(mci.id);
  return multiCloudImageAdvisories({
    ...(await overview(context, mci)),
    settings: await Promise.all(settings.map((setting) => cloudSettingFacts(context, setting))),
  });
}

export async function advisoriesOfSetting(
  context: RequestContext,
  setting: MultiCloudImageSetting,
): Promise<Advisory[]> {
  const [facts, mci] = await Promise.all([
    cloudSettingFacts(context, setting),
    context.loaders.multiCloudImages.byId.load(setting.multiCloudImageId),
  ]);
  return mci === null ? [] : settingAdvisories(facts, await overview(context, mci));
}

export async function advisoriesOfServerTemplate(
  context: RequestContext,
  template: ServerTemplate,
): Promise<Advisory[]> {
  const [mcis, scripts] = await Promise.all([
    pinnedMultiCloudImages(context, template.id),
    attachedRightScripts(context, template.id),
  ]);
  // All at once, so that both kinds are looked up together.
  const [facts, multiCloudImages, rightScripts] = await Promise.all([
    overview(context, template),
    Promise.all(mcis.map((mci) => pinnedOverview(context, template, 'MultiCloudImage', mci))),
    Promise.all(scripts.map((script) => pinnedOverview(context, template, 'RightScript', script))),
  ]);
  return serverTemplateAdvisories({ ...facts, multiCloudImages, rightScripts });
}

export async function advisoriesOfRightScript(
  context: RequestContext,
  script: RightScript,
): Promise<Advisory[]> {
  const facts = await overview(context, script);
  return orderAdvisories([
    ...deletedAdvisories('RightScript', facts),
    ...subscriptionAdvisories('RightScript', facts),
  ]);
}

async function pinnedOverview(
  context: RequestContext,
  template: ServerTemplate,
  type: PinnedType,
  component: Component,
): Promise<PinnedFacts & OverviewFacts> {
  const pin = {
    serverTemplateId: template.id,
    type,
    lineageId: component.lineageId,
    componentId: component.id,
  };
  const [facts, update] = await Promise.all([overview(context, component), updateAvailable(context, pin)]);
  return { ...facts, update: update && updateFacts(update) };
}

function updateFacts({ component, publication, inMarketplace }: ShownUpdate): UpdateFacts | null {
  const newest = inMarketplace ? publication : component;
  return newest && { id: newest.id, name: newest.name, revision: newest.revision, inMarketplace };
}

interface OverviewFacts extends ComponentFacts {
  readonly tags: readonly string[];
}

/** What any component tells about itself. */
export async function overview({ loaders }: RequestContext, component: Component): Promise<OverviewFacts> {
  const { id, name, revision, tags } = component;
  const ended = isSubscribedHead(component) && (await loaders.endedSubscription.load(id)) !== null;
  return {
    id,
    name,
    revision,
    tags,
    deleted: component.deletedAt !== null,
    origin: originOf(component, ended),
  };
}
