// Keeps `schema.graphql` as what the version in package.json promises: `releases/VERSION.graphql`. Later versions are
// compared with it (`npm run check:breaking`). What was published is never changed; before, `--again` replaces it.
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const file = `releases/${version}.graphql`;
const differs = existsSync(file) && readFileSync(file, 'utf8') !== readFileSync('schema.graphql', 'utf8');

if (differs && !process.argv.includes('--again')) {
  console.error(
    `${file} exists and differs: raise the version in package.json, or pass --again if ${version} was not published yet.`,
  );
  process.exitCode = 1;
} else {
  mkdirSync('releases', { recursive: true });
  copyFileSync('schema.graphql', file);
  console.log(`${file} holds what ${version} promises.`);
}
