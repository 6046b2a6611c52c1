/**
 * Takes from an iterator, but waits only so long for each: `null` when that is over, and the next call goes on waiting
 * for the same. (`Promise.race` would leave something behind with each turn that was in vain.)
 */
export class NextWithin<T> {
  private asked = false;
  private outcome: (() => IteratorResult<T, undefined>) | null = null;
  private wake: () => void = () => undefined;

  constructor(private readonly source: AsyncIterator<T, undefined>) {}

  async next(milliseconds: number): Promise<IteratorResult<T, undefined> | null> {
    if (!this.asked) this.ask();
    if (this.outcome === null)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    const { outcome } = this;
    if (outcome === null) return null;
    this.asked = false;
    this.outcome = null;
    return outcome();
  }

  private ask(): void {
    this.asked = true;
    const settle = (outcome: () => IteratorResult<T, undefined>): void => {
      this.outcome = outcome;
      this.wake();
    };
    this.source.next().then(
      (next) => settle(() => next),
      (error: unknown) =>
        settle(() => {
          throw error;
        }),
    );
  }
}
