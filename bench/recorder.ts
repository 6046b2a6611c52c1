import type { Logger } from 'typeorm';

export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Keeps the statements that TypeORM sends while something runs. */
export class Recorder implements Logger {
  private statements: Statement[] | null = null;

  async during(act: () => Promise<unknown>): Promise<readonly Statement[]> {
    const statements: Statement[] = [];
    this.statements = statements;
    try {
      await act();
    } finally {
      this.statements = null;
    }
    return statements;
  }

  logQuery(sql: string, parameters?: unknown[]): void {
    this.statements?.push({ sql, parameters: parameters ?? [] });
  }

  // A failing or slow statement shows in what it was recorded for.
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}
