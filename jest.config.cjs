/** One real PostgreSQL for the whole run (test/kit/global-setup.ts), one cloned database per test file. */
module.exports = {
  roots: ['<rootDir>/test'],
  // test/browser has a configuration of its own: it needs a browser.
  testMatch: ['<rootDir>/test/{api,contract,domain,e2e}/**/*.test.ts'],
  testEnvironment: 'node',
  transform: {
    '^.+\\.[tj]s$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  // ESM-only packages, compiled for Jest's CommonJS registry.
  transformIgnorePatterns: ['/node_modules/(?!(jose|auto-bind)/)'],
  globalSetup: '<rootDir>/test/kit/global-setup.ts',
  globalTeardown: '<rootDir>/test/kit/global-teardown.ts',
  // Milliseconds: only what hangs takes so long, on a machine that others keep busy, too.
  testTimeout: 600_000,
  maxWorkers: 2,
  // What test files leave in memory makes those after them slower.
  workerIdleMemoryLimit: '700MB',
};
