/** Does some work one time after the other, and once more when it is asked for meanwhile. */
export class OneAtATime {
  private running: Promise<void> | null = null;
  private askedAgain = false;
  private hasStopped = false;

  /** @param work must not fail */
  constructor(private readonly work: () => Promise<void>) {}

  get stopped(): boolean {
    return this.hasStopped;
  }

  ask(): void {
    this.askedAgain = true;
    this.running ??= this.run();
  }

  /** Begins no more work; resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.hasStopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.askedAgain && !this.hasStopped) {
      // What this turn has yet to do comes first, such as an answer; and all who ask in it are content with the same work.
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (this.hasStopped) break;
      this.askedAgain = false;
      await this.work();
    }
    // At once: whoever asks from here on is not content with what was done before.
    this.running = null;
  }
}
