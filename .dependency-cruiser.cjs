/** The rings (docs/adr/0001): an arrow may only point inwards. */
const rings = ['domain', 'entities', 'persistence', 'loaders', 'services', 'resolvers'];
const outside = {
  domain: rings.filter((ring) => ring !== 'domain'),
  entities: ['persistence', 'loaders', 'services', 'resolvers'],
  persistence: ['loaders', 'services', 'resolvers'],
  loaders: ['services', 'resolvers'],
  services: ['loaders', 'resolvers'],
  resolvers: [],
};
const app =
  '^src/(app|index|config|database|schema)\\.ts$|^src/(cli|http|federation|demo|embedded-database|webhooks)/';

const ringRules = rings.map((ring) => ({
  name: `ring-${ring}`,
  comment: `src/${ring} may import only rings further in`,
  severity: 'error',
  from: { path: `^src/${ring}/` },
  to: {
    path: [
      ...outside[ring].map((other) => `^src/${other}/`),
      // Only resolvers, which may name everything but the app, hand listings on.
      ...(ring === 'resolvers' ? [] : ['^src/import/']),
      app,
    ].join('|'),
  },
}));

const packages = {
  domain: ['node-diff3', 'node:crypto'],
  entities: ['typeorm', 'type-graphql', 'graphql'],
  persistence: ['typeorm', 'pg', 'pg-copy-streams', 'node:crypto', 'node:stream'],
  loaders: ['dataloader', 'typeorm'],
  services: ['node:crypto'],
  resolvers: ['type-graphql', 'graphql'],
  import: ['@streamparser/json', 'csv-parse', 'zod', 'node:string_decoder', 'node:util', 'node:stream'],
};

const packageRules = Object.entries(packages).map(([ring, allowed]) => ({
  name: `packages-of-${ring}`,
  comment: `src/${ring} may name only: ${allowed.join(', ') || 'no package'}`,
  severity: 'error',
  from: { path: `^src/${ring}/` },
  to: {
    dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'core'],
    pathNot: allowed.map((name) => `(^|node_modules/)${name.replace('node:', '')}(/|$)`).concat('^$'),
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...ringRules,
    ...packageRules,
    {
      name: 'import-only-domain',
      comment: 'readers of foreign formats know no database',
      severity: 'error',
      from: { path: '^src/import/' },
      to: { path: '^src/', pathNot: '^src/(import|domain)/' },
    },
    {
      name: 'no-cycles',
      comment: 'entities may name each other across a relation',
      severity: 'error',
      from: { pathNot: '^src/entities/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/' },
      to: {},
    },
    {
      name: 'src-knows-no-tests',
      severity: 'error',
      from: { path: '^(src|migrations)/' },
      to: { path: '^(test|bench|scripts|examples)/' },
    },
    {
      name: 'examples-know-only-the-api',
      comment: 'an example is a program of somebody else',
      severity: 'error',
      from: { path: '^examples/' },
      to: { path: '^(src|migrations|test|bench|scripts)/' },
    },
    {
      name: 'only-config-reads-the-environment-of-tools',
      comment: 'ormconfig is for tools and the database module',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/database\\.ts$' },
      to: { path: '^ormconfig\\.ts$' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
  },
};
