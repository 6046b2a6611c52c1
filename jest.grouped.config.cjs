/** `npm test`: all tests, those of the service in groups that share loaded modules (test/kit/run-group.ts). */
module.exports = {
  ...require('./jest.config.cjs'),
  testMatch: [
    '<rootDir>/test/{domain,e2e,grouped}/**/*.test.ts',
    `<rootDir>/test/{${require('./test/grouped/alone.json').join(',')}}.test.ts`,
  ],
};
