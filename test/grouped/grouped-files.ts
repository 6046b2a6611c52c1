import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runGroup, SERVICE_TESTS } from '../kit/run-group';

/** What takes longest, or hardly needs the service: jest.grouped.config.cjs has each run by itself. */
const ALONE = JSON.parse(readFileSync(join(__dirname, 'alone.json'), 'utf8')) as readonly string[];

export const runGroupOfAll = (): void =>
  runGroup(SERVICE_TESTS.filter((name) => !ALONE.includes(name.replace('.test.ts', ''))));
