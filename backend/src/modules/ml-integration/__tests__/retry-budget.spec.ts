import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RetryBudget } from '../services/retry-budget.js';

const allowed = (budget: RetryBudget, asked: number) =>
  Array.from({ length: asked }, () => budget.withdraw()).filter(Boolean).length;

describe('RetryBudget', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('allows a few retries however few calls there are', () => {
    const budget = new RetryBudget();
    budget.deposit();
    expect(allowed(budget, 10)).toBe(3);
  });

  it('allows a tenth of many calls', () => {
    const budget = new RetryBudget();
    for (let call = 0; call < 1000; call += 1) budget.deposit();
    expect(allowed(budget, 1000)).toBe(100);
  });

  it('forgets after ten seconds', () => {
    const budget = new RetryBudget();
    for (let call = 0; call < 1000; call += 1) budget.deposit();
    expect(allowed(budget, 1000)).toBe(100);
    vi.advanceTimersByTime(9000);
    expect(allowed(budget, 10)).toBe(0);
    vi.advanceTimersByTime(1000);
    expect(allowed(budget, 10)).toBe(3);
  });
});
