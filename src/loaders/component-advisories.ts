import type { Advisory } from '../domain/advisories/advisory';
import { deletedAdvisories } from '../domain/advisories/component-advisories';
import {
  multiCloudImageAdvisories,
  settingAdvisories,
} from '../domain/advisories/multi-cloud-image-advisories';
import { serverTemplateAdvisories } from '../domain/advisories/server-template-advisories';
import type { PinnedType } from '../domain/versioning/pin-updates';
import type { Component } from '../entities/component';
import type { MultiCloudImage } from '../entities/multi-cloud-image';
import type { MultiCloudImageSetting } from '../entities/multi-cloud-image-setting';
import type { RightScript } from '../entities/right-script';
import type { ServerTemplate } from '../entities/server-template';
import { attachedRightScripts, cloudSettingFacts, pinnedMultiCloudImages } from './component-facts';
import { newerRevision } from './pin-updates';
import type { RequestContext } from './request-context';

/** Section 11 for components as they are shown. */

export async function advisoriesOfMultiCloudImage(
  context: RequestContext,
  mci: MultiCloudImage,
): Promise<Advisory[]> {
  const settings = await context.loaders.settings.load(mci.id);
  return multiCloudImageAdvisories({
    ...overview(mci),
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
  return mci === null ? [] : settingAdvisories(facts, overview(mci));
}

export async function advisoriesOfServerTemplate(
  context: RequestContext,
  template: ServerTemplate,
): Promise<Advisory[]> {
  const [mcis, scripts] = await Promise.all([
    pinnedMultiCloudImages(context, template.id),
    attachedRightScripts(context, template.id),
  ]);
  return serverTemplateAdvisories({
    ...overview(template),
    multiCloudImages: await Promise.all(
      mcis.map((mci) => pinnedOverview(context, template, 'MultiCloudImage', mci)),
    ),
    rightScripts: await Promise.all(
      scripts.map((script) => pinnedOverview(context, template, 'RightScript', script)),
    ),
  });
}

export async function advisoriesOfRightScript(
  _context: RequestContext,
  script: RightScript,
): Promise<Advisory[]> {
  return deletedAdvisories('RightScript', overview(script));
}

async function pinnedOverview(
  context: RequestContext,
  template: ServerTemplate,
  type: PinnedType,
  component: Component,
) {
  const pin = {
    serverTemplateId: template.id,
    type,
    lineageId: component.lineageId,
    componentId: component.id,
  };
  const update = await newerRevision(context, pin);
  return { ...overview(component), update: update && overview(update) };
}

export function overview(component: Component) {
  const { id, name, revision, tags } = component;
  return { id, name, revision, tags, deleted: component.deletedAt !== null };
}
