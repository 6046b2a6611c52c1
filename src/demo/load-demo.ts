import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { commandLine, type Principal } from '../domain/access/principal';
import { ROLES } from '../domain/access/roles';
import type { ReadOptions } from '../domain/catalog/catalog-row';
import { readListing } from '../import/read-listing';
import { lockIfEmpty } from '../persistence/empty-installation';
import { unitOfWork, type ActionContext, type Transaction } from '../persistence/unit-of-work';
import { createAccount } from '../services/access/create-account';
import { importCatalog } from '../services/catalog/import-catalog';
import { setRoles } from '../services/access/set-roles';
import {
  DEMO_ACCOUNT,
  DEMO_EMAIL,
  OPERATOR_ACCOUNT,
  OTHER_ACCOUNT,
  PUBLISHER_ACCOUNT,
} from './demo-accounts';
import { createDatedImage, createDemoComponents } from './demo-components';
import { importFirstRevision, publishFirstRevision, publishNextRevision } from './demo-marketplace';
import { growApart } from './demo-versions';
import { createDemoServers } from './demo-servers';
import { createDemoScripts } from './demo-scripts';

const AWS_REGIONS = ['us-east-1', 'eu-west-1', 'ap-northeast-1'];
const EARLIER_STREAMS = ['fcos/stable-2023-08-08.json', 'fcos/stable-2025-09-04.json'];
const LATER_STREAMS = ['fcos/stable-2026-03-04.json', 'fcos/stable-2026-04-01.json', 'fcos/stable.json'];

/** What the demo tells began an hour ago, in milliseconds: its servers have run since. */
const DEMO_LASTS = 60 * 60 * 1000;

/**
 * Fills an empty installation from the real listings in `folder`: all of it in one transaction, so that a start that is
 * broken off leaves nothing half done, and of several starts at once one loads.
 */
export async function loadDemoIfEmpty(
  dataSource: DataSource,
  folder: string,
  log: (line: string) => void,
): Promise<void> {
  const context: ActionContext = { dataSource, now: new Date(), principal: commandLine(null) };
  await unitOfWork(context, async (tx) => {
    if (!(await lockIfEmpty(tx.manager))) return;
    log('demo data: reading the image listings of the demo (first start only)');
    await loadDemo({ ...tx, now: new Date(tx.now.getTime() - DEMO_LASTS) }, folder, tx.now);
  });
}

async function loadDemo(tx: Transaction, folder: string, now: Date): Promise<void> {
  const operator = await createDemoAccount(tx, OPERATOR_ACCOUNT, 'operator@example.com', true);
  const demo = await createDemoAccount(tx, DEMO_ACCOUNT, DEMO_EMAIL, false);
  await createDemoAccount(tx, OTHER_ACCOUNT, 'other@example.com', false);
  const publisher = await createDemoAccount(tx, PUBLISHER_ACCOUNT, 'images@example.com', false);

  const load = (file: string, read: ReadOptions) =>
    importFile({ ...tx, principal: operator }, join(folder, file), read);
  for (const region of AWS_REGIONS)
    await load(`aws/instance-type-offerings-${region}.json`, { format: 'AWS_INSTANCE_TYPE_OFFERINGS' });
  await load('csv/google-machine-types.csv', { format: 'CSV' });
  await load('csv/kubevirt-instance-types.csv', { format: 'CSV' });
  for (const file of EARLIER_STREAMS) await load(file, { format: 'COREOS_STREAM' });
  // Made while that release was the newest: later streams deprecate its images, with their replacements.
  const dated = await createDatedImage({ ...tx, principal: demo });
  const offer = await publishFirstRevision({ ...tx, principal: publisher });
  for (const file of LATER_STREAMS) await load(file, { format: 'COREOS_STREAM' });
  for (const region of AWS_REGIONS)
    await load(`aws/describe-images-${region}.json`, { format: 'AWS_DESCRIBE_IMAGES', region });
  await load('ubuntu/released-aws-sample.json', { format: 'UBUNTU_SIMPLESTREAMS' });
  const asDemo = { ...tx, principal: demo };
  await growApart(asDemo, dated);
  const scripts = await createDemoScripts(asDemo, join(folder, 'scripts'));
  const newest = await createDemoComponents(asDemo, dated, scripts);
  await createDemoServers(asDemo, { dated, newest }, scripts, now);
  await importFirstRevision(asDemo, offer);
  await publishNextRevision({ ...tx, principal: publisher, now }, offer);
}

/** An account with its first admin, who may do everything, so that the demo's token can try all. */
async function createDemoAccount(
  tx: Transaction,
  name: string,
  adminEmail: string,
  operator: boolean,
): Promise<Principal> {
  const adminName = `${name} admin`;
  const { accountId, adminId } = await createAccount(tx, { name, operator, adminEmail, adminName });
  const principal: Principal = { ...commandLine(accountId), userId: adminId, actor: adminEmail, operator };
  await setRoles({ ...tx, principal }, { userId: adminId, roles: ROLES });
  return principal;
}

async function importFile(tx: Transaction, file: string, read: ReadOptions): Promise<void> {
  const listing = readListing(createReadStream(file), read);
  await importCatalog(tx, { listing, read, complete: true });
}
