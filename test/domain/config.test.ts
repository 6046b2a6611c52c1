import { ConfigError, readConfig } from '../../src/config';

describe('configuration', () => {
  test('defaults: embedded database, demo data, any port if 4000 is taken', () => {
    expect(readConfig({})).toEqual({
      databaseUrl: null,
      databasePoolSize: 10,
      dataFolder: undefined,
      demo: true,
      host: '127.0.0.1',
      port: null,
      corsOrigins: [],
      introspection: true,
      suggestions: false,
      explorer: true,
      routerSecret: null,
      inlineTrace: false,
      federationVersion: 'v2.14',
      logLevel: 'info',
      maximumBodyBytes: 4_194_304,
      maximumUploadBytes: 1_073_741_824,
      queryLimits: {
        tokens: 10_000,
        depth: 25,
        aliases: 200,
        rootFields: 100,
        directives: 100,
        listItems: 10_000,
        cost: 1_000_000,
      },
      maximumBatch: null,
      persistedQueries: { bytes: 8_388_608, seconds: 86_400 },
      operationsFile: null,
      eventDays: 7,
      subscriptions: { perAccount: 1000, socketsPerAccount: 200, perSocket: 100, recheckSeconds: 15 },
      selectionPlanner: true,
      sendWebhooks: true,
      preparedStatements: true,
      privateWebhooks: false,
      shutdownSeconds: 10,
      openId: null,
      runByNpm: false,
    });
  });

  test('with a server of one’s own there is no demo unless asked for', () => {
    expect(readConfig({ DATABASE_URL: 'postgres://a/b' }).demo).toBe(false);
    expect(readConfig({ DATABASE_URL: 'postgres://a/b', MCI_GRAPH_DEMO: 'true' }).demo).toBe(true);
  });

  test('an empty variable counts as none', () => {
    expect(readConfig({ MCI_GRAPH_PORT: '', MCI_GRAPH_CORS_ORIGINS: '' })).toEqual(readConfig({}));
  });

  test('origins are a comma-separated list', () => {
    const { corsOrigins } = readConfig({
      MCI_GRAPH_CORS_ORIGINS: 'https://a.example, http://localhost:3000',
    });
    expect(corsOrigins).toEqual(['https://a.example', 'http://localhost:3000']);
  });

  test.each([
    ['MCI_GRAPH_PORT', '65536'],
    ['MCI_GRAPH_RECHECK_SECONDS', '31'],
    ['MCI_GRAPH_MAX_SUBSCRIPTIONS', '0'],
    ['MCI_GRAPH_PORT', 'http'],
    ['DATABASE_URL', 'mysql://a/b'],
    ['DATABASE_URL', 'postgres://a'],
    ['DATABASE_URL', 'postgres://u:p%zz@a/b'],
    ['DATABASE_POOL_SIZE', '0'],
    ['MCI_GRAPH_DEMO', 'yes'],
    ['MCI_GRAPH_CORS_ORIGINS', '*'],
    ['MCI_GRAPH_LOG_LEVEL', 'loud'],
    ['MCI_GRAPH_MAX_DEPTH', '-1'],
    ['MCI_GRAPH_MAX_COST', 'high'],
    ['MCI_GRAPH_BATCHING', '10'],
    ['MCI_GRAPH_MAX_BATCH', '0'],
    ['MCI_GRAPH_PERSISTED_QUERY_BYTES', '1 MB'],
    ['MCI_GRAPH_PERSISTED_QUERY_SECONDS', '0'],
    ['MCI_GRAPH_OPENID_ISSUER', 'not a url'],
  ])('%s=%s is refused by name', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(ConfigError);
    expect(() => readConfig({ [name]: value })).toThrow(`${name}`);
  });

  test('batches have a bound only where they are accepted', () => {
    expect(readConfig({ MCI_GRAPH_MAX_BATCH: '5' }).maximumBatch).toBeNull();
    expect(readConfig({ MCI_GRAPH_BATCHING: 'true' }).maximumBatch).toBe(10);
    expect(readConfig({ MCI_GRAPH_BATCHING: 'true', MCI_GRAPH_MAX_BATCH: '5' }).maximumBatch).toBe(5);
  });

  test('names of the schema are suggested only where introspection tells them', () => {
    expect(readConfig({ MCI_GRAPH_SUGGESTIONS: 'true' }).suggestions).toBe(true);
    expect(readConfig({ MCI_GRAPH_INTROSPECTION: 'false' }).suggestions).toBe(false);
    expect(() => readConfig({ MCI_GRAPH_SUGGESTIONS: 'true', MCI_GRAPH_INTROSPECTION: 'false' })).toThrow(
      'MCI_GRAPH_SUGGESTIONS is true, but MCI_GRAPH_INTROSPECTION is false',
    );
  });

  test('what is refused of DATABASE_URL is not shown: it holds a password', () => {
    expect(() => readConfig({ DATABASE_URL: 'mysql://u:secret@a/b' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });

  test('the OpenID issuer and audience belong together', () => {
    expect(() => readConfig({ MCI_GRAPH_OPENID_ISSUER: 'https://id.example' })).toThrow(
      'MCI_GRAPH_OPENID_AUDIENCE',
    );
    expect(() => readConfig({ MCI_GRAPH_OPENID_JWKS_URL: 'https://id.example/keys' })).toThrow(
      'MCI_GRAPH_OPENID_ISSUER is not',
    );
    expect(
      readConfig({ MCI_GRAPH_OPENID_ISSUER: 'https://id.example', MCI_GRAPH_OPENID_AUDIENCE: 'mci' }).openId,
    ).toEqual({
      issuer: 'https://id.example',
      audience: 'mci',
      jwksUrl: undefined,
    });
  });
});
