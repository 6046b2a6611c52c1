// Compares `schema.graphql` with the newest release (`releases/*.graphql`) in the current folder, and fails on a change
// that breaks clients or other subgraphs, unless the version in package.json has moved on far enough to allow it:
// to the next major version, or while that is 0 to the next minor one (https://semver.org).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diff } from '@graphql-inspector/core';
import { buildSchema, print } from 'graphql';

const parseVersion = (text) => {
  const version = /^(\d+)\.(\d+)\.(\d+)/.exec(text)?.slice(1).map(Number);
  if (version === undefined) throw new Error(`"${text}" is not a version such as 1.2.3.`);
  return version;
};
const compare = (one, other) => one.map((part, index) => part - other[index]).find((part) => part !== 0) ?? 0;

const allowsBreaking = ([major, minor], [lastMajor, lastMinor]) =>
  major > lastMajor || (major === 0 && lastMajor === 0 && minor > lastMinor);

/** Federation's directives are not defined in a subgraph's text. */
const read = (file) => buildSchema(readFileSync(file, 'utf8'), { assumeValid: true, assumeValidSDL: true });

/** By which other subgraphs refer to our entities: `Cloud @key(fields: "id")` and so on. */
const keysOf = (schema) =>
  Object.values(schema.getTypeMap()).flatMap(({ name, astNode }) =>
    (astNode?.directives ?? [])
      .filter((directive) => directive.name.value === 'key')
      .map((directive) => `${name} ${print(directive)}`),
  );

/** Without @shareable another subgraph's copy of a field no longer composes; what is @inaccessible is gone from there. */
const breaksComposition = ({ removedDirectiveName, addedDirectiveName, addedToNewType } = {}) =>
  removedDirectiveName === 'shareable' || (addedDirectiveName === 'inaccessible' && !addedToNewType);

const releases = readdirSync('releases')
  .filter((name) => name.endsWith('.graphql'))
  .map((name) => ({ name, version: parseVersion(name) }))
  .sort((one, other) => compare(other.version, one.version));
const newest = releases[0];
if (newest === undefined)
  throw new Error('There is no release to compare with: write one by `npm run release:schema`.');

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const before = read(join('releases', newest.name));
const now = read('schema.graphql');
const changes = await diff(before, now);
const kept = new Set(keysOf(now));
const breaking = [
  ...changes
    .filter(({ criticality, meta }) => criticality.level === 'BREAKING' || breaksComposition(meta))
    .map(({ path, message }) => `  ${path ?? 'schema'}: ${message}`),
  ...keysOf(before)
    .filter((key) => !kept.has(key))
    .map((key) => `  ${key} is gone`),
];

if (breaking.length === 0) {
  console.log(`Nothing breaks since releases/${newest.name} (${changes.length} changes).`);
} else if (allowsBreaking(parseVersion(version), newest.version)) {
  console.log(
    `Version ${version} may break what releases/${newest.name} promised; tell it in CHANGELOG.md:\n${breaking.join('\n')}`,
  );
} else {
  console.error(
    `schema.graphql breaks clients of releases/${newest.name}, which version ${version} must not:\n${breaking.join('\n')}\n` +
      'Keep what was promised (mark it @deprecated), or raise the version in package.json to the next major one (while it is 0: the next minor one).',
  );
  process.exitCode = 1;
}
