import { ComparisonBudget, MAXIMUM_COMPARISONS } from '../../../src/domain/merge/comparison-budget';

test('grants what is left, and spends nothing on what it refuses', () => {
  const budget = new ComparisonBudget();
  expect(budget.spend(MAXIMUM_COMPARISONS - 2)).toBe(true);
  expect(budget.spend(3)).toBe(false);
  expect(budget.spent).toBe(MAXIMUM_COMPARISONS - 2);
  expect(budget.spend(2)).toBe(true);
  expect(budget.spend(1)).toBe(false);
  expect(budget.spend(0)).toBe(true);
  expect(budget.spent).toBe(MAXIMUM_COMPARISONS);
});
