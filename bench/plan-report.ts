import type { DataSource, EntityManager } from 'typeorm';
import type { MainQuery } from './main-query';
import { measure, measureGeneric, type MeasuredPlan } from './plan';
import { allowanceOf } from './plan-allowances';
import type { PlanOperation } from './plan-operations';
import type { PlanService } from './plan-service';
import type { Allowance, Judge } from './plan-verdict';
import type { Recorder, Statement } from './recorder';

/** A table of the plans of statements, written as they are measured. */
export class PlanReport {
  failures = 0;
  private readonly manager: EntityManager;
  /** Those that resolvers sent before: most of what they look up is the same. */
  private readonly judged = new Set<string>();

  constructor(
    database: DataSource,
    private readonly judge: Judge,
    private readonly write: (line: string) => void,
  ) {
    this.manager = database.manager;
  }

  heading(title: string): void {
    this.write(
      `\n${title}\n| query | statements | ms | rows read | plan | verdict |\n|---|---:|---:|---:|---|---|`,
    );
  }

  /** What the service's own list and batch functions send. */
  async mainQuery(query: MainQuery, recorder: Recorder): Promise<void> {
    const statements = await recorder.during(() => query.run(this.manager));
    if (statements.length === 0) throw new Error(`${query.name} sent no statement`);
    await this.statements(query.name, statements, query);
  }

  /** What is sent for a query of the graph: by the planner, alone and by a plan that is kept, and by resolvers. */
  async operation(operation: PlanOperation, service: PlanService): Promise<void> {
    const { planned, resolved } = await service.statementsOf(operation);
    const allowance = allowanceOf(operation);
    if (planned !== null) {
      this.row(`${operation.name}: planned`, 1, await measure(this.manager, planned.alone), allowance);
      this.row(
        `${operation.name}: planned, kept`,
        1,
        await measureGeneric(this.manager, planned.withToken),
        allowance,
      );
    }
    const fresh = resolved.filter((statement) => !this.judged.has(keyOf(statement)));
    for (const statement of fresh) this.judged.add(keyOf(statement));
    if (fresh.length > 0) await this.statements(`${operation.name}: by resolvers`, fresh, allowance);
  }

  /** One row for all, by the worst of them. */
  private async statements(
    name: string,
    statements: readonly Statement[],
    allowance: Allowance,
  ): Promise<void> {
    const plans: MeasuredPlan[] = [];
    for (const statement of statements) plans.push(await measure(this.manager, statement));
    const failed = plans.find((plan) => this.judge.verdict(allowance, plan) !== 'ok');
    const slowest = plans.reduce((left, right) => (left.milliseconds < right.milliseconds ? right : left));
    this.row(name, statements.length, failed ?? slowest, allowance);
  }

  private row(name: string, statements: number, plan: MeasuredPlan, allowance: Allowance): void {
    const verdict = this.judge.verdict(allowance, plan);
    if (verdict !== 'ok') this.failures++;
    this.write(
      `| ${name.replaceAll('|', '\\|')} | ${statements} | ${plan.milliseconds.toFixed(1)} | ${plan.rowsRead} | ${plan.accesses.join(', ')} | ${verdict} |`,
    );
  }
}

const keyOf = ({ sql, parameters }: Statement): string => `${sql} ${JSON.stringify(parameters)}`;
