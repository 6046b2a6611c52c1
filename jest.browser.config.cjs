/** The explorer page in a real browser (`npm run test:browser`): the service brings its own database. */
module.exports = {
  ...require('./jest.config.cjs'),
  testMatch: ['<rootDir>/test/browser/*.test.ts'],
  globalSetup: undefined,
  globalTeardown: undefined,
};
