/** How many of something each account has; accounts that have none take no room. */
export class AccountCounts {
  private readonly counts = new Map<string, number>();

  of(accountId: string): number {
    return this.counts.get(accountId) ?? 0;
  }

  add(accountId: string): void {
    this.counts.set(accountId, this.of(accountId) + 1);
  }

  remove(accountId: string): void {
    const others = this.of(accountId) - 1;
    if (others > 0) this.counts.set(accountId, others);
    else this.counts.delete(accountId);
  }
}
