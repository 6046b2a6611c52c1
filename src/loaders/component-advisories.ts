import type { Advisory } from '../domain/advisories/advisory';
import {
  multiCloudImageAdvisories,
  settingAdvisories,
} from '../domain/advisories/multi-cloud-image-advisories';
import { serverTemplateAdvisories } from '../domain/advisories/server-template-advisories';
import type { MultiCloudImage } from '../entities/multi-cloud-image';
import type { MultiCloudImageSetting } from '../entities/multi-cloud-image-setting';
import type { ServerTemplate } from '../entities/server-template';
import { cloudSettingFacts, pinnedMultiCloudImages } from './launch-facts';
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
  const mcis = await pinnedMultiCloudImages(context, template.id);
  return serverTemplateAdvisories({
    ...overview(template),
    multiCloudImages: mcis.map(overview),
    rightScripts: [],
  });
}

function overview(component: MultiCloudImage | ServerTemplate) {
  const { id, name, revision, tags } = component;
  return { id, name, revision, tags, deleted: component.deletedAt !== null };
}
