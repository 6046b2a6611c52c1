import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { createApp } from '../app';
import type { Config } from '../config';
import { demoTokenSource, type DemoTokenSource } from '../demo/demo-token';
import { loadDemoIfEmpty } from '../demo/load-demo';
import { explorerPlaceholders } from '../demo/explorer-placeholders';
import type { ExplorerOptions } from '../http/explorer';
import { loadExamples } from '../http/explorer-examples';
import { createSchema } from '../schema';
import { openServiceDatabase, PACKAGE_FOLDER, toStandardError, type OpenedDatabase } from './database-access';
import { stopOnSignals } from './stop-on-signals';

const DEFAULT_PORT = 4000;

/** Runs the service until it is told to stop. */
export async function start(config: Config): Promise<void> {
  let building: Promise<GraphQLSchema> | undefined;
  // Building the schema keeps this process busy while PostgreSQL starts.
  const buildSchema = () => {
    building ??= createSchema(config.federationVersion);
    // It is awaited below, where its error is thrown; until then nobody else looks.
    building.catch(() => undefined);
    return building;
  };
  const database = await openServiceDatabase(config, () => void buildSchema());
  try {
    const demoToken = config.demo ? await prepareDemo(database) : noToken;
    const explorer = config.explorer ? await explorerOptions(database, demoToken) : null;
    const schema = await buildSchema();
    const app = await createApp({ config, dataSource: database.dataSource, schema, explorer });
    stopOnSignals(app, database, config);
    announce(await listen(app, config), config, database, await demoToken());
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function prepareDemo({ dataSource }: OpenedDatabase): Promise<DemoTokenSource> {
  await loadDemoIfEmpty(dataSource, join(PACKAGE_FOLDER, 'demo', 'data'), toStandardError);
  return demoTokenSource(dataSource);
}

const noToken: DemoTokenSource = async () => null;

async function explorerOptions(
  { dataSource }: OpenedDatabase,
  demoToken: DemoTokenSource,
): Promise<ExplorerOptions> {
  const folder = join(PACKAGE_FOLDER, 'dist', 'explorer');
  return {
    folder,
    endpoint: '/graphql',
    examples: await loadExamples(join(folder, 'examples')),
    // The page is served to everybody: ids only of what is for everybody, the demo data.
    resolvePlaceholder: demoToken === noToken ? async () => null : explorerPlaceholders(dataSource),
    demoToken,
  };
}

/** Listens on the configured port; without one on 4000, or on any free port when that is taken. */
async function listen(app: FastifyInstance, { host, port }: Config): Promise<string> {
  try {
    return await app.listen({ host, port: port ?? DEFAULT_PORT });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE')
      throw new Error(`MCI_GRAPH_HOST: cannot listen on ${host}: ${message}`, { cause: error });
    if (port !== null)
      throw new Error(
        `Port ${port} of ${host} is taken: set MCI_GRAPH_PORT to another one (0: any free one).`,
        {
          cause: error,
        },
      );
    const url = await app.listen({ host, port: 0 });
    toStandardError(`Port ${DEFAULT_PORT} is taken, so a free one is used (MCI_GRAPH_PORT chooses one).`);
    return url;
  }
}

function announce(
  url: string,
  config: Config,
  { dataFolder }: OpenedDatabase,
  demoToken: string | null,
): void {
  const lines = [
    'mci-graph is ready',
    ...(config.explorer ? [`  explorer  ${url}/`] : []),
    `  graphql   ${url}/graphql`,
    ...(demoToken === null
      ? []
      : [`  token     ${demoToken}   (demo data, account "Demo", valid for 7 days)`]),
    ...(dataFolder === null ? [] : [`  data      ${dataFolder}`]),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
