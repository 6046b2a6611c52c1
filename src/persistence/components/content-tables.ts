import type { EntityTarget, ObjectLiteral } from 'typeorm';
import type { ComponentType } from '../../domain/versioning/component-type';
import { MultiCloudImageMatcher } from '../../entities/components/multi-cloud-image-matcher';
import { MultiCloudImageSetting } from '../../entities/components/multi-cloud-image-setting';
import { ServerTemplateMultiCloudImage } from '../../entities/components/server-template';
import { ServerTemplateScript } from '../../entities/components/server-template-script';

/** A table that holds content of versions, and its column that says of which one. */
interface ContentTable {
  readonly entity: EntityTarget<ObjectLiteral>;
  readonly parent: string;
}

/** Where the content of each kind lives beside the version's own row. */
export const CONTENT_TABLES: Readonly<Record<ComponentType, readonly ContentTable[]>> = {
  MultiCloudImage: [
    { entity: MultiCloudImageSetting, parent: 'multi_cloud_image_id' },
    { entity: MultiCloudImageMatcher, parent: 'multi_cloud_image_id' },
  ],
  ServerTemplate: [
    { entity: ServerTemplateMultiCloudImage, parent: 'server_template_id' },
    { entity: ServerTemplateScript, parent: 'server_template_id' },
  ],
  RightScript: [],
};
