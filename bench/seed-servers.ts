import type { EntityManager } from 'typeorm';
import { namedLineage, pinnedRevision } from './seed-components';
import { load, type Row } from './seed-load';
import type { SeedSizes } from './seed-options';
import { settingsOf, type SettingRow } from './seed-settings';
import { keyOf, later, owner, quotient, range, tags, TIME } from './seed-values';

const SERVERS_PER_ARRAY = 100;
const INSTANCES_PER_ARRAY = 50;
/** Of each server, before the one that runs. */
const ENDED_PER_SERVER = 20;
/** Every so many running instances were launched with other user data. */
const DRIFTED_EVERY = 20;
/** Every so many running instances are to be terminated. */
const TERMINATE_EVERY = 200;
/** In seconds. */
const MINUTE = 60;
const DAY = 86_400;

/** What launches instances, and how many. */
interface Definitions {
  readonly table: 'servers' | 'server_arrays';
  /** The column of an instance that names it. */
  readonly reference: 'server_id' | 'server_array_id';
  readonly count: number;
  readonly ended: number;
  readonly running: number;
}

/** An instance, as far as its orders need it. */
interface Launched {
  readonly id: string;
  readonly accountId: string;
  /** Seconds. */
  readonly launchedAfter: number;
  readonly running: boolean;
  readonly row: Row;
}

/** Servers and arrays share the templates out evenly, each in a cloud that its template's default MCI has a setting for. */
export async function loadServers(manager: EntityManager, sizes: SeedSizes): Promise<void> {
  const kinds: Definitions[] = [
    { table: 'servers', reference: 'server_id', count: sizes.servers, ended: ENDED_PER_SERVER, running: 1 },
    {
      table: 'server_arrays',
      reference: 'server_array_id',
      count: Math.ceil(sizes.servers / SERVERS_PER_ARRAY),
      ended: 0,
      running: INSTANCES_PER_ARRAY,
    },
  ];
  await load(manager, 'deployments', deployments(sizes));
  for (const kind of kinds) await load(manager, kind.table, definitions(kind, sizes));
  for (const kind of kinds) await load(manager, 'instances', rowsOf(instances(kind, sizes)));
  for (const kind of kinds) await load(manager, 'launch_orders', launches(instances(kind, sizes)));
  await load(manager, 'launch_orders', terminations(kinds, sizes));
}

function* deployments({ accounts }: SeedSizes): Generator<Row> {
  for (const n of range(0, accounts))
    yield {
      id: keyOf('deployment', n),
      account_id: keyOf('account', n),
      name: `Deployment ${n}`,
      created_at: TIME,
      updated_at: TIME,
    };
}

/** What server or array `n` launches: HEAD of a template or its revision 1, in one of three clouds. */
function launchable(n: number, sizes: SeedSizes) {
  const lineage = n % quotient(sizes.templates, 2);
  const revision = quotient(n, 2) % 2;
  const mciLineage = namedLineage(lineage, 0, sizes);
  const mciRevision = pinnedRevision(revision, 0);
  return {
    ownerNumber: owner(lineage, sizes),
    serverTemplateId: keyOf('template', lineage, revision),
    multiCloudImageId: keyOf('mci', mciLineage, mciRevision),
    setting: settingInOrder([...settingsOf(mciLineage, mciRevision, sizes)], n % 3),
  };
}

/** In the order of their clouds' keys. */
function settingInOrder(settings: readonly SettingRow[], position: number): SettingRow {
  const setting = settings.toSorted((a, b) => (a.cloud_id < b.cloud_id ? -1 : 1))[position];
  if (setting === undefined) throw new Error('An MCI has too few settings to launch servers in.');
  return setting;
}

/** Of server or array `n`, and of its instances. */
const tagsOf = (n: number): string[] => {
  const half = quotient(n, 2);
  return tags(half % 7 === 0 ? 'web' : 'database', half % 1000 === 0);
};

function* definitions({ table, count }: Definitions, sizes: SeedSizes): Generator<Row> {
  for (const n of range(0, count)) {
    const { ownerNumber, serverTemplateId, setting } = launchable(n, sizes);
    yield {
      id: keyOf(table, n),
      account_id: keyOf('account', ownerNumber),
      deployment_id: keyOf('deployment', ownerNumber),
      cloud_id: setting.cloud_id,
      server_template_id: serverTemplateId,
      name: `Number ${n}`,
      tags: tagsOf(n),
      created_at: TIME,
      updated_at: TIME,
      ...(table === 'server_arrays' ? { min_count: 0, max_count: 1000 } : {}),
    };
  }
}

/** As next would launch them, but for the user data of some. In the order of their definitions' keys, which looks random. */
function* instances(kind: Definitions, sizes: SeedSizes): Generator<Launched> {
  const { table, reference, count, ended, running } = kind;
  const inOrder = [...range(0, count)]
    .map((n) => ({ n, id: keyOf(table, n) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  let position = 0;
  for (const { n, id } of inOrder) {
    const { ownerNumber, serverTemplateId, multiCloudImageId, setting } = launchable(n, sizes);
    const accountId = keyOf('account', ownerNumber);
    for (const number of range(1, ended + running + 1)) {
      position++;
      const instanceId = keyOf(`instance of ${table}`, id, number);
      const hasEnded = number <= ended;
      const launchedAfter = number * 100_000 + position;
      const row = {
        id: instanceId,
        account_id: accountId,
        cloud_id: setting.cloud_id,
        server_template_id: serverTemplateId,
        multi_cloud_image_id: multiCloudImageId,
        image_id: setting.image_id,
        instance_type_id: setting.instance_type_id,
        kernel_image_id: setting.kernel_image_id,
        ramdisk_image_id: setting.ramdisk_image_id,
        user_data: position % DRIFTED_EVERY === 0 ? 'other' : setting.user_data,
        name: `Number ${n} #${number}`,
        tags: tagsOf(n),
        [reference]: id,
        launched_from_id: serverTemplateId,
        launched_from_version: 1,
        multi_cloud_image_version: 1,
        state: hasEnded ? 'TERMINATED' : 'OPERATIONAL',
        resource_uid: `i-${table}-${position}`,
        launched_at: later(launchedAfter),
        claimable_at: later(launchedAfter),
        terminated_at: hasEnded ? later(launchedAfter + MINUTE) : null,
      };
      yield { id: instanceId, accountId, launchedAfter, running: !hasEnded, row };
    }
  }
}

function* rowsOf(launched: Iterable<Launched>): Generator<Row> {
  for (const { row } of launched) yield row;
}

/** Each instance's LAUNCH, done long ago. */
function* launches(launched: Iterable<Launched>): Generator<Row> {
  for (const { id, accountId, launchedAfter } of launched)
    yield {
      id: keyOf('launch of', id),
      account_id: accountId,
      kind: 'LAUNCH',
      state: 'COMPLETED',
      instance_id: id,
      attempts: 1,
      created_at: later(launchedAfter),
      claimable_at: later(launchedAfter),
      completed_at: later(launchedAfter + 20),
    };
}

/** What launchers have still to do, for some of those that run, in the order of their keys. */
function* terminations(kinds: readonly Definitions[], sizes: SeedSizes): Generator<Row> {
  const left: Omit<Launched, 'row' | 'running'>[] = [];
  for (const kind of kinds)
    for (const { id, accountId, launchedAfter, running } of instances(kind, sizes))
      if (running) left.push({ id, accountId, launchedAfter });
  left.sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const [index, { id, accountId, launchedAfter }] of left.entries()) {
    if ((index + 1) % TERMINATE_EVERY !== 0) continue;
    yield {
      id: keyOf('end of', id),
      account_id: accountId,
      kind: 'TERMINATE',
      state: 'OPEN',
      instance_id: id,
      created_at: later(launchedAfter + DAY),
      claimable_at: later(launchedAfter + DAY),
    };
  }
}
