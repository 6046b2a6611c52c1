import type { DataSource } from 'typeorm';
import { AccessError } from '../domain/access/access-error';
import type { AccountPrincipal } from '../domain/access/principal';
import type { Viewer } from '../domain/access/viewer';
import type { ActionContext } from '../persistence/unit-of-work';
import { createLoaders, type Loaders } from './loaders';

export type { AccountPrincipal };

/** What resolvers are given: one per request. */
export class RequestContext implements ActionContext {
  readonly dataSource: DataSource;
  readonly principal: AccountPrincipal;
  readonly now: Date;
  /** Under which the log knows the request. */
  readonly requestId: string;
  /** Whether webhooks may go over plain HTTP and to private addresses. */
  readonly privateWebhooks: boolean;
  readonly viewer: Viewer;
  /** `null`: nothing was read yet. */
  private current: Loaders | null = null;

  constructor(facts: {
    dataSource: DataSource;
    principal: AccountPrincipal;
    now: Date;
    requestId: string;
    privateWebhooks: boolean;
  }) {
    this.dataSource = facts.dataSource;
    this.principal = facts.principal;
    this.now = facts.now;
    this.requestId = facts.requestId;
    this.privateWebhooks = facts.privateWebhooks;
    this.viewer = { accountId: facts.principal.accountId, now: facts.now };
  }

  /** All that is read for GraphQL is read through them. @throws AccessError for the credential of an instance */
  get loaders(): Loaders {
    if (this.principal.instanceId !== undefined)
      throw new AccessError(
        'FORBIDDEN',
        'The credential of an instance reads nothing but the plain fields of that instance.',
      );
    return (this.current ??= createLoaders(this.dataSource.manager, this.viewer));
  }

  /** After a write: what was read before may have changed. */
  forget(): void {
    this.current = null;
  }
}

/** A request without credentials: it may read the schema, and enrol a machine; nothing else. */
export class AnonymousContext {
  readonly principal = null;
  readonly dataSource: DataSource;
  readonly now: Date;
  readonly requestId: string;

  constructor(facts: { dataSource: DataSource; now: Date; requestId: string }) {
    this.dataSource = facts.dataSource;
    this.now = facts.now;
    this.requestId = facts.requestId;
  }

  /** @throws AccessError always */
  get loaders(): never {
    throw new AccessError(
      'UNAUTHENTICATED',
      'Without a token nothing is read but the plain fields of the instance that enrols.',
    );
  }

  /** Nothing was read. */
  forget(): void {}
}
