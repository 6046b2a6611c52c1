import type { Transaction } from '../persistence/unit-of-work';
import { SCRIPT_PHASES, type ScriptPhase } from '../domain/versioning/component-content';
import { addMultiCloudImageMatcher } from '../services/components/add-multi-cloud-image-matcher';
import { attachScript } from '../services/components/attach-script';
import { createMultiCloudImage } from '../services/components/create-multi-cloud-image';
import { createServerTemplate } from '../services/components/create-server-template';
import { rematchMultiCloudImage } from '../services/components/rematch-multi-cloud-image';
import type { DemoScripts } from './demo-scripts';

interface DemoMatcher {
  readonly cloudType: string;
  readonly namePattern: string;
  readonly cpuArchitecture: string;
  readonly instanceTypes: string[];
}

const X86_64: DemoMatcher[] = [
  {
    cloudType: 'amazon',
    namePattern: 'fedora-coreos-*',
    cpuArchitecture: 'x86_64',
    instanceTypes: ['m5.large', 't3.medium'],
  },
  {
    cloudType: 'google',
    namePattern: 'fedora-coreos-*',
    cpuArchitecture: 'x86_64',
    instanceTypes: ['e2-standard-2'],
  },
  {
    cloudType: 'kubevirt',
    namePattern: 'fedora-coreos-*',
    cpuArchitecture: 'x86_64',
    instanceTypes: ['u1.medium'],
  },
];

const ARM64: DemoMatcher[] = [
  {
    cloudType: 'amazon',
    namePattern: 'fedora-coreos-*',
    cpuArchitecture: 'arm64',
    instanceTypes: ['m6g.large', 't4g.medium'],
  },
  {
    cloudType: 'google',
    namePattern: 'fedora-coreos-*',
    cpuArchitecture: 'arm64',
    instanceTypes: ['t2a-standard-1'],
  },
];

const DATED = X86_64.map((matcher) => ({ ...matcher, namePattern: 'fedora-coreos-42.*' }));

const FEDORA_CLOUD: DemoMatcher[] = [
  {
    cloudType: 'amazon',
    namePattern: 'Fedora-Cloud-Base-37-*',
    cpuArchitecture: 'x86_64',
    instanceTypes: ['t3.medium'],
  },
];

/** An MCI on the release of 2025-09-04, to be made before later listings come in. */
export const createDatedImage = (tx: Transaction): Promise<string> =>
  createMatchedImage(tx, 'Fedora CoreOS 42', 'The release of September 2025, pinned by its name.', DATED);

/** An MCI on whatever release of Fedora CoreOS is the newest now, on x86_64. */
export const createNewestImage = (
  tx: Transaction,
  { name, description }: { readonly name: string; readonly description: string },
): Promise<string> => createMatchedImage(tx, name, description, X86_64);

/** MCIs filled by matchers, and templates on them that run scripts. @returns the key of the MCI on the newest release */
export async function createDemoComponents(
  tx: Transaction,
  dated: string,
  scripts: DemoScripts,
): Promise<string> {
  const coreos = await createNewestImage(tx, {
    name: 'Fedora CoreOS',
    description: 'The newest stable Fedora CoreOS on x86_64, wherever it is.',
  });
  const arm = await createMatchedImage(
    tx,
    'Fedora CoreOS ARM',
    'The newest stable Fedora CoreOS on arm64.',
    ARM64,
  );
  const cloud = await createMatchedImage(
    tx,
    'Fedora Cloud 37',
    'Fedora Cloud Base 37 in three regions of AWS.',
    FEDORA_CLOUD,
  );
  const base = await createServerTemplate(tx, {
    name: 'Base Server',
    description: 'Boots Fedora CoreOS: x86_64 unless arm64 or an earlier release is chosen.',
    tags: ['team:owner=platform'],
    multiCloudImageIds: [coreos, arm, dated],
  });
  const edge = await createServerTemplate(tx, {
    name: 'Edge Gateway ARM',
    description: 'A small gateway on arm64.',
    tags: ['team:owner=edge'],
    multiCloudImageIds: [arm],
  });
  const web = await createServerTemplate(tx, {
    name: 'Legacy Web',
    description: 'Still on the release of September 2025; its advisories say what to do.',
    tags: ['team:owner=web'],
    multiCloudImageIds: [dated, cloud],
  });
  await attachScripts(tx, base, { BOOT: [scripts.updateWindow, scripts.nodeExporter] });
  await attachScripts(tx, edge, {
    BOOT: [scripts.nodeExporter],
    OPERATIONAL: [scripts.updateWindow],
    DECOMMISSION: [scripts.drain],
  });
  await attachScripts(tx, web, { BOOT: [scripts.nodeExporter], DECOMMISSION: [scripts.drain] });
  return coreos;
}

/** @param phases keys of script versions, in the order in which they run */
async function attachScripts(
  tx: Transaction,
  serverTemplateId: string,
  phases: Partial<Record<ScriptPhase, readonly string[]>>,
): Promise<void> {
  let expectedVersion = 1;
  for (const phase of SCRIPT_PHASES)
    for (const rightScriptId of phases[phase] ?? []) {
      await attachScript(tx, { serverTemplateId, expectedVersion, phase, rightScriptId, position: null });
      expectedVersion += 1;
    }
}

async function createMatchedImage(
  tx: Transaction,
  name: string,
  description: string,
  matchers: readonly DemoMatcher[],
): Promise<string> {
  const multiCloudImageId = await createMultiCloudImage(tx, { name, description, tags: [], settings: [] });
  let expectedVersion = 1;
  for (const matcher of matchers) {
    await addMultiCloudImageMatcher(tx, {
      ...matcher,
      multiCloudImageId,
      expectedVersion,
      fingerprint: null,
      operatingSystem: null,
      pick: 'NEWEST',
      userData: null,
    });
    expectedVersion += 1;
  }
  await rematchMultiCloudImage(tx, { multiCloudImageId, expectedVersion, dryRun: false });
  return multiCloudImageId;
}
