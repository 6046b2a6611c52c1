/** Once more on the server that DATABASE_URL names: the tests that it could make differ (.ci/run, test/own-server). */
module.exports = {
  ...require('./jest.config.cjs'),
  testMatch: ['<rootDir>/test/own-server/*.test.ts'],
};
