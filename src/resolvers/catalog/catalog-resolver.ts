import { Arg, Authorized, Ctx, Directive, Mutation, Resolver } from 'type-graphql';
import { hasRole } from '../../domain/access/principal';
import { keyOf, optionalKeyOf } from '../../domain/global-id';
import { Cloud } from '../../entities/catalog/cloud';
import { CloudImage } from '../../entities/catalog/cloud-image';
import { readListing } from '../../import/read-listing';
import { visibleImage } from '../../loaders/node';
import type { RequestContext } from '../../loaders/request-context';
import { createCloud } from '../../services/catalog/create-cloud';
import { importCatalog } from '../../services/catalog/import-catalog';
import { setImageLifecycle } from '../../services/catalog/set-image-lifecycle';
import { shareCloudImage } from '../../services/catalog/share-cloud-image';
import { forbidden } from '../authorization';
import { mutate } from '../mutate';
import {
  CreateCloudInput,
  ImportCatalogInput,
  SetImageLifecycleInput,
  ShareCloudImageInput,
} from '../types/catalog/catalog-inputs';
import { CatalogImportReport } from '../types/catalog/catalog-report';
import { payloadType } from '../types/payload';

const ImportCatalogPayload = payloadType(
  'ImportCatalog',
  'report',
  CatalogImportReport,
  'What was done; null when the listing as a whole was refused.',
);
const CreateCloudPayload = payloadType('CreateCloud', 'cloud', Cloud, 'The cloud.');
const SetImageLifecyclePayload = payloadType('SetImageLifecycle', 'cloudImage', CloudImage, 'The image.');
const ShareCloudImagePayload = payloadType('ShareCloudImage', 'cloudImage', CloudImage, 'The image.');

/** What feeds and keeps the catalog of clouds, images and instance types. */
@Resolver()
export class CatalogResolver {
  @Authorized('INFRASTRUCTURE')
  @Directive('@tag(name: "infrastructure")')
  @Mutation(() => ImportCatalogPayload, {
    description:
      'Imports a listing: into the public catalog for the operator, else as private images and types of this account (R-2.3, R-3.3).',
  })
  importCatalog(
    @Arg('input', () => ImportCatalogInput, { description: 'The listing.' })
    { format, cloudType, region, content, ...input }: ImportCatalogInput,
    @Ctx() context: RequestContext,
  ) {
    const read = { format, cloudType: cloudType ?? undefined, region: region ?? undefined };
    return mutate(
      context,
      () => importCatalog(context, { ...input, read, listing: readListing(chunksOf(content), read) }),
      (report) => ({ report }),
    );
  }

  @Authorized('ADMIN', 'INFRASTRUCTURE')
  @Mutation(() => CreateCloudPayload, {
    description:
      'Creates a private cloud of this account (ADMIN), or a public one (INFRASTRUCTURE of the operator, R-2.3).',
  })
  createCloud(
    @Arg('input', () => CreateCloudInput, { description: 'The cloud.' }) input: CreateCloudInput,
    @Ctx() context: RequestContext,
  ) {
    const needed = input.public ? 'INFRASTRUCTURE' : 'ADMIN';
    if (!hasRole(context.principal, needed))
      throw forbidden('createCloud', [needed], context.principal.roles);
    return mutate(
      context,
      () => createCloud(context, input),
      async (key) => ({ cloud: await context.loaders.cloud.load(key) }),
    );
  }

  @Authorized('ACTOR', 'INFRASTRUCTURE')
  @Mutation(() => SetImageLifecyclePayload, {
    description:
      'Sets the lifecycle of a private image of this account (ACTOR), or of a public one (INFRASTRUCTURE of the operator).',
  })
  setImageLifecycle(
    @Arg('input', () => SetImageLifecycleInput, { description: 'The image and its lifecycle.' })
    { imageId, lifecycle, replacementId }: SetImageLifecycleInput,
    @Ctx() context: RequestContext,
  ) {
    const act = () =>
      setImageLifecycle(context, {
        imageId: keyOf('CloudImage', imageId, 'input', 'imageId'),
        lifecycle,
        replacementId: optionalKeyOf('CloudImage', replacementId, 'input', 'replacementId'),
      });
    return mutate(context, act, async (key) => ({ cloudImage: await visibleImage(context, key) }));
  }

  @Authorized('ACTOR')
  @Mutation(() => ShareCloudImagePayload, {
    description: 'Shares a private image of this account with other accounts, or ends that (R-3.2).',
  })
  shareCloudImage(
    @Arg('input', () => ShareCloudImageInput, { description: 'The image and the accounts.' })
    input: ShareCloudImageInput,
    @Ctx() context: RequestContext,
  ) {
    const keys = (field: 'addAccountIds' | 'removeAccountIds') =>
      (input[field] ?? []).map((id) => keyOf('Account', id, 'input', field));
    const act = () =>
      shareCloudImage(context, {
        imageId: keyOf('CloudImage', input.imageId, 'input', 'imageId'),
        addAccountIds: keys('addAccountIds'),
        removeAccountIds: keys('removeAccountIds'),
      });
    return mutate(context, act, async (key) => ({ cloudImage: await visibleImage(context, key) }));
  }
}

async function* chunksOf(content: string): AsyncGenerator<string> {
  yield content;
}
