import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Transaction } from '../persistence/unit-of-work';
import { createRightScript } from '../services/components/create-right-script';

/** Keys of the demo's RightScripts. */
export interface DemoScripts {
  readonly updateWindow: string;
  readonly nodeExporter: string;
  readonly drain: string;
}

/** @param folder where their sources are */
export async function createDemoScripts(tx: Transaction, folder: string): Promise<DemoScripts> {
  const create = async (file: string, name: string, description: string): Promise<string> =>
    createRightScript(tx, {
      name,
      description,
      tags: ['team:owner=platform'],
      source: await readFile(join(folder, file), 'utf8'),
    });
  return {
    updateWindow: await create(
      'set-update-window.sh',
      'Set Update Window',
      'Fedora CoreOS restarts into updates only at night on weekends.',
    ),
    nodeExporter: await create(
      'install-node-exporter.sh',
      'Install Node Exporter',
      'Metrics of the machine for Prometheus.',
    ),
    drain: await create(
      'drain-connections.sh',
      'Drain Connections',
      'Refuses new connections and waits for those that are open.',
    ),
  };
}
