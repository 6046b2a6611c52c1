import type { DataSource } from 'typeorm';
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
  readonly viewer: Viewer;
  private current: Loaders;

  constructor(facts: { dataSource: DataSource; principal: AccountPrincipal; now: Date; requestId: string }) {
    this.dataSource = facts.dataSource;
    this.principal = facts.principal;
    this.now = facts.now;
    this.requestId = facts.requestId;
    this.viewer = { accountId: facts.principal.accountId, now: facts.now };
    this.current = createLoaders(this.dataSource.manager, this.viewer);
  }

  get loaders(): Loaders {
    return this.current;
  }

  /** After a write: what was read before may have changed. */
  forget(): void {
    this.current = createLoaders(this.dataSource.manager, this.viewer);
  }
}

/** A request without credentials: it may read the schema, nothing else. */
export interface AnonymousContext {
  readonly principal: null;
  readonly requestId: string;
}
