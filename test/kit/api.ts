import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { DataSource } from 'typeorm';
import { createApp, type AppOptions } from '../../src/app';
import { readConfig } from '../../src/config';
import { ROLES, withObserver, type Role } from '../../src/domain/access/roles';
import { hashToken, mintToken } from '../../src/domain/access/token';
import { toGlobalId } from '../../src/domain/global-id';
import { AccessToken } from '../../src/entities/access/access-token';
import { Account } from '../../src/entities/access/account';
import { Membership, User } from '../../src/entities/access/user';
import { createSchema } from '../../src/schema';
import { createTestDatabase } from './database';

/** What a test asked for; it knows the shape. */
export type Data = any;

export interface Answer {
  readonly status: number;
  readonly data: Data;
  readonly errors?: {
    message: string;
    path?: (string | number)[];
    extensions: { code: string; [key: string]: unknown };
  }[];
}

/** A person with all roles but INFRASTRUCTURE, and machines, in an account of their own. */
export interface TestAccount {
  readonly key: string;
  /** Global id. */
  readonly id: string;
  readonly name: string;
  readonly userKey: string;
  /** A token of the account's user, who is everything but a machine. */
  readonly token: string;
  /** A token of the same account with just these roles (and OBSERVER). */
  tokenWith(...roles: Role[]): Promise<string>;
  /** Asks as the account's user; fails on any GraphQL error. */
  query(source: string, variables?: object): Promise<Data>;
}

export interface TestApi {
  readonly app: FastifyInstance;
  readonly dataSource: DataSource;
  readonly url: string;
  account(options?: { operator?: boolean; name?: string }): Promise<TestAccount>;
  /** One GraphQL request over HTTP, whatever comes back. */
  request(
    token: string | null,
    source: string,
    variables?: object,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  close(): Promise<void>;
}

/** Built once: services that follow each other differ in nothing of it. */
let schema: Promise<GraphQLSchema> | undefined;

/** The whole service on its own database, listening on a free port. */
export async function startApi(
  environment: Record<string, string> = {},
  poolSize?: number,
  logTo?: AppOptions['logTo'],
): Promise<TestApi> {
  const database = await createTestDatabase(poolSize);
  const { dataSource } = database;
  const config = readConfig({
    DATABASE_URL: database.url,
    MCI_GRAPH_LOG_LEVEL: 'silent',
    // Who sends them looks for what is due all the time: only tests of webhooks want that.
    MCI_GRAPH_WEBHOOKS: 'false',
    ...environment,
  });
  schema ??= createSchema();
  const app = await createApp({ config, dataSource, schema: await schema, explorer: null, logTo });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });

  const request: TestApi['request'] = async (token, query, variables = {}, headers = {}) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        // As clients that know GraphQL over HTTP do: refusals have a status of 4xx (src/http/request-error-status.ts).
        accept: 'application/graphql-response+json, application/json;q=0.9',
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) };
  };

  return {
    app,
    dataSource,
    url,
    request,
    account: (options = {}) => createTestAccount(dataSource, request, options),
    close: async () => {
      await app.close();
      await database.drop();
    },
  };
}

async function createTestAccount(
  dataSource: DataSource,
  request: TestApi['request'],
  { operator = false, name = `account ${randomUUID().slice(0, 8)}` }: { operator?: boolean; name?: string },
): Promise<TestAccount> {
  const now = new Date();
  const key = randomUUID();
  const userKey = randomUUID();
  const { manager } = dataSource;
  await manager.insert(Account, { id: key, name, operator, tags: [], createdAt: now });
  await manager.insert(User, {
    id: userKey,
    email: `${userKey}@example.com`,
    openidSubject: null,
    createdAt: now,
  });
  const roles = ROLES.filter((role) => role !== 'INFRASTRUCTURE');
  await manager.insert(Membership, {
    accountId: key,
    userId: userKey,
    name: `User of ${name}`,
    roles,
    createdAt: now,
  });
  const insertToken = async (userId: string | null, tokenRoles: Role[] | null) => {
    const token = mintToken();
    await manager.insert(AccessToken, {
      id: randomUUID(),
      accountId: key,
      userId,
      name: 'test',
      tokenHash: hashToken(token),
      roles: tokenRoles,
      expiresAt: null,
      revokedAt: null,
      createdAt: now,
    });
    return token;
  };
  const token = await insertToken(userKey, null);
  return {
    key,
    id: toGlobalId('Account', key),
    name,
    userKey,
    token,
    tokenWith: (...wanted) => insertToken(null, withObserver(wanted)),
    query: async (source, variables) => {
      const answer = await request(token, source, variables);
      if (answer.errors) throw new Error(`The query failed: ${JSON.stringify(answer.errors, null, 2)}`);
      return answer.data;
    },
  };
}
