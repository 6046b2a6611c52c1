/** For whom something is read: visibility depends on the account, lifecycles on the moment. */
export interface Viewer {
  readonly accountId: string;
  readonly now: Date;
}
