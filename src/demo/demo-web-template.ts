import type { Transaction } from '../persistence/unit-of-work';
import { attachScript } from '../services/components/attach-script';
import { commitComponent, commitWithHeadDependencies } from '../services/components/commit-component';
import { createServerTemplate } from '../services/components/create-server-template';
import { setDefaultMultiCloudImage } from '../services/components/set-default-multi-cloud-image';
import { head } from './demo-head';
import type { DemoScripts } from './demo-scripts';

/** Keys of MCIs at HEAD. */
export interface DemoImages {
  /** On the release of September 2025. */
  readonly dated: string;
  /** On the newest release, whichever that is. */
  readonly newest: string;
}

/** A ServerTemplate of the demo with its revisions, by key. */
export interface WebTemplate {
  readonly id: string;
  readonly newestMultiCloudImageId: string;
  readonly firstRevisionId: string;
}

/** A template that boots the release of September 2025, committed with the MCIs and scripts that it names. */
export async function createWebTemplate(
  tx: Transaction,
  { dated, newest }: DemoImages,
  scripts: DemoScripts,
): Promise<WebTemplate> {
  const datedRevision = await commitImage(tx, dated, 'Updates its packages at boot');
  const newestRevision = await commitImage(tx, newest, 'The newest stable release');
  const id = await createServerTemplate(tx, {
    name: 'Web Server',
    description: 'Servers of the deployment Web.',
    tags: ['team:owner=web'],
    multiCloudImageIds: [datedRevision, newestRevision],
  });
  const attached = { phase: 'BOOT', rightScriptId: scripts.nodeExporter, position: null } as const;
  await attachScript(tx, { serverTemplateId: id, expectedVersion: 1, ...attached });
  const message = 'On Fedora CoreOS 42';
  const { revisionId } = await commitWithHeadDependencies(tx, {
    ...(await head(tx, 'ServerTemplate', id)),
    message,
  });
  return { id, newestMultiCloudImageId: newestRevision, firstRevisionId: revisionId };
}

/** Moves it to the newest release. @returns the key of the revision */
export async function renewWebTemplate(
  tx: Transaction,
  { id, newestMultiCloudImageId }: WebTemplate,
): Promise<string> {
  const { expectedVersion } = await head(tx, 'ServerTemplate', id);
  await setDefaultMultiCloudImage(tx, {
    serverTemplateId: id,
    expectedVersion,
    multiCloudImageId: newestMultiCloudImageId,
  });
  const message = 'On the newest Fedora CoreOS';
  const { revisionId } = await commitComponent(tx, 'ServerTemplate', {
    ...(await head(tx, 'ServerTemplate', id)),
    message,
  });
  return revisionId;
}

async function commitImage(tx: Transaction, id: string, message: string): Promise<string> {
  const target = await head(tx, 'MultiCloudImage', id);
  return (await commitComponent(tx, 'MultiCloudImage', { ...target, message })).revisionId;
}
