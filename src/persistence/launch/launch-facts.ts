import type { ChosenKeys } from '../../domain/launch/chosen-keys';
import type {
  CloudFacts,
  ImageFacts,
  InstanceTypeFacts,
  LaunchChoices,
  MultiCloudImageFacts,
  ServerTemplateFacts,
} from '../../domain/launch/configuration';
import { originOf, type VersionOrigin } from '../../domain/versioning/version-origin';
import type { Component } from '../../entities/components/component';
import { imageFacts, instanceTypeFacts, present, settingFacts } from '../catalog/catalog-facts';
import { settingKey, type LaunchRows } from './launch-rows';

/** The facts of section 7 behind the rows of some launches; what many of them share is made once. */
export class LaunchFacts {
  private readonly serverTemplates = new Map<string, ServerTemplateFacts>();
  private readonly multiCloudImages = new Map<string, MultiCloudImageFacts>();
  private readonly images = new Map<string, ImageFacts>();

  constructor(
    private readonly rows: LaunchRows,
    private readonly now: Date,
  ) {}

  cloud(id: string): CloudFacts {
    const { name } = present(this.rows.clouds.get(id), 'A cloud');
    return { id, name };
  }

  /** The template as it would launch in this cloud. */
  serverTemplate(id: string, cloudId: string): ServerTemplateFacts {
    return once(this.serverTemplates, `${id} ${cloudId}`, () => {
      const row = present(this.rows.serverTemplates.get(id), 'A ServerTemplate');
      const { name, revision, version, deletedAt, hasScripts, tags } = row;
      const pins = this.rows.pins.get(id) ?? [];
      return {
        id,
        name,
        revision,
        version,
        deleted: deletedAt !== null,
        origin: this.originOf(row),
        hasScripts,
        tags,
        multiCloudImages: pins.map((pin) => this.multiCloudImage(pin.multiCloudImageId, cloudId)),
        defaultMultiCloudImageId: pins.find((pin) => pin.isDefault)?.multiCloudImageId ?? null,
      };
    });
  }

  /** a choice that isn't made is inherited; one for `none` decides. */
  choices(chosen: ChosenKeys, cloudId: string): LaunchChoices {
    const { multiCloudImageId, imageId, instanceTypeId, kernelImageId, ramdiskImageId, userData } = chosen;
    const none = new Set(chosen.none);
    return {
      multiCloudImage:
        multiCloudImageId === null ? undefined : this.multiCloudImage(multiCloudImageId, cloudId),
      image: imageId === null ? undefined : this.image(imageId),
      instanceType: instanceTypeId === null ? undefined : this.instanceType(instanceTypeId),
      kernelImage: none.has('KERNEL_IMAGE')
        ? null
        : kernelImageId === null
          ? undefined
          : this.image(kernelImageId),
      ramdiskImage: none.has('RAMDISK_IMAGE')
        ? null
        : ramdiskImageId === null
          ? undefined
          : this.image(ramdiskImageId),
      userData: none.has('USER_DATA') ? null : (userData ?? undefined),
    };
  }

  private multiCloudImage(id: string, cloudId: string): MultiCloudImageFacts {
    return once(this.multiCloudImages, settingKey(id, cloudId), () => {
      const row = present(this.rows.multiCloudImages.get(id), 'A MultiCloud Image');
      const { lineageId, name, revision, version, deletedAt, tags } = row;
      const setting = this.rows.settings.get(settingKey(id, cloudId));
      return {
        id,
        lineageId,
        name,
        revision,
        version,
        deleted: deletedAt !== null,
        origin: this.originOf(row),
        tags,
        setting: setting
          ? settingFacts(setting, {
              image: (imageId) => this.image(imageId),
              instanceType: (typeId) => this.instanceType(typeId),
            })
          : null,
      };
    });
  }

  private originOf(version: Component): VersionOrigin {
    return originOf(version, this.rows.endedSubscriptions.has(version.id));
  }

  private image(id: string): ImageFacts {
    return once(this.images, id, () => {
      const row = present(this.rows.images.get(id), 'An image');
      const replacement = this.rows.images.get(row.replacementId ?? '') ?? null;
      return imageFacts(row, replacement, this.now);
    });
  }

  private instanceType(id: string): InstanceTypeFacts {
    return instanceTypeFacts(present(this.rows.instanceTypes.get(id), 'An instance type'));
  }
}

function once<T>(made: Map<string, T>, key: string, make: () => T): T {
  const known = made.get(key);
  if (known !== undefined) return known;
  const value = make();
  made.set(key, value);
  return value;
}
