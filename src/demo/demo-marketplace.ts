import type { ComponentType } from '../domain/versioning/component-type';
import type { Transaction } from '../persistence/unit-of-work';
import { commentPublication } from '../services/marketplace/comment-publication';
import { commitComponent } from '../services/components/commit-component';
import { createServerTemplate } from '../services/components/create-server-template';
import { importPublication } from '../services/marketplace/import-publication';
import { publishComponent } from '../services/marketplace/publish-component';
import { ratePublication } from '../services/marketplace/rate-publication';
import { rematchMultiCloudImage } from '../services/components/rematch-multi-cloud-image';
import { setOrganization } from '../services/marketplace/set-organization';
import { updateServerTemplatePins } from '../services/components/update-server-template-pins';
import { createNewestImage } from './demo-components';
import { head } from './demo-head';

/** What the publisher of the demo offers, by key: HEADs, and the first publication. */
export interface DemoOffer {
  readonly multiCloudImageId: string;
  readonly serverTemplateId: string;
  readonly publicationId: string;
}

/**
 * A publisher with a ServerTemplate on an MCI of its own, offered to everyone.
 *
 * @param tx as the publisher, while the images of its first revision are the newest
 */
export async function publishFirstRevision(tx: Transaction): Promise<DemoOffer> {
  await setOrganization(tx, {
    name: 'Image Works',
    email: 'images@example.com',
    welcomeMessage: 'Import a revision, and `myImports` tells when there is a newer one.',
  });
  const multiCloudImageId = await createNewestImage(tx, {
    name: 'Container Base',
    description: 'Fedora CoreOS of one release in every region, tested together.',
  });
  const notes = 'Fedora CoreOS 42';
  const multiCloudImageRevision = await commit(tx, 'MultiCloudImage', multiCloudImageId, notes);
  const serverTemplateId = await createServerTemplate(tx, {
    name: 'Container Host',
    description: 'A host for containers that needs no configuration.',
    tags: ['container:runtime=podman'],
    multiCloudImageIds: [multiCloudImageRevision],
  });
  const publicationId = await publish(tx, await commit(tx, 'ServerTemplate', serverTemplateId, notes), {
    shortDescription: 'A ready host for containers, on AWS, Google and KubeVirt.',
    longDescription: 'Boots Fedora CoreOS with Podman. Each revision is one release of it in every cloud.',
    categories: ['Containers', 'Linux'],
  });
  return { multiCloudImageId, serverTemplateId, publicationId };
}

/** An account imports the first revision, and says what it thinks of it. @param tx as that account's user */
export async function importFirstRevision(tx: Transaction, { publicationId }: DemoOffer): Promise<void> {
  await importPublication(tx, { publicationId, acceptEulaRevisionIds: [] });
  await ratePublication(tx, { publicationId, rating: 4 });
  const text = 'Boots within a minute in all our regions.';
  await commentPublication(tx, { publicationId, text });
}

/**
 * The next revision, on images that came in meanwhile: an update for those who imported the first.
 *
 * @param tx as the publisher
 */
export async function publishNextRevision(
  tx: Transaction,
  { multiCloudImageId, serverTemplateId }: DemoOffer,
): Promise<void> {
  const { expectedVersion } = await head(tx, 'MultiCloudImage', multiCloudImageId);
  await rematchMultiCloudImage(tx, { multiCloudImageId, expectedVersion, dryRun: false });
  const notes = 'The newest Fedora CoreOS';
  await commit(tx, 'MultiCloudImage', multiCloudImageId, notes);
  const template = await head(tx, 'ServerTemplate', serverTemplateId);
  await updateServerTemplatePins(tx, { serverTemplateId, expectedVersion: template.expectedVersion });
  await publish(tx, await commit(tx, 'ServerTemplate', serverTemplateId, notes));
}

async function commit(tx: Transaction, type: ComponentType, id: string, message: string): Promise<string> {
  return (await commitComponent(tx, type, { ...(await head(tx, type, id)), message })).revisionId;
}

interface Words {
  readonly shortDescription: string;
  readonly longDescription: string;
  readonly categories: string[];
}

/** @returns the publication's key */
async function publish(tx: Transaction, id: string, words?: Words): Promise<string> {
  const { publicationId } = await publishComponent(tx, 'ServerTemplate', {
    id,
    visibility: 'PUBLIC',
    allowComments: true,
    ...words,
  });
  if (publicationId === null) throw new Error(`The demo did not publish ${id}`);
  return publicationId;
}
