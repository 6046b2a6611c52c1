/** Once more on the server that DATABASE_URL names: every test that uses a database (.ci/run). */
module.exports = {
  ...require('./jest.config.cjs'),
  testMatch: ['<rootDir>/test/own-server/*.test.ts', '<rootDir>/test/e2e/service.test.ts'],
};
