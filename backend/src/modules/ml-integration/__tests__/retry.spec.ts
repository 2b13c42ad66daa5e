import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MLError, MLErrorCode } from '../services/ml-error.js';
import { withRetry } from '../services/retry.js';
import { RetryBudget } from '../services/retry-budget.js';

const again = (code: MLErrorCode, afterMs = 0) => new MLError(code, { retry: { afterMs } });

describe('withRetry', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  function run(outcomes: (Error | string)[], options: Partial<Parameters<typeof withRetry>[0]> = {}) {
    const left = [...outcomes];
    const attempt = vi.fn(() => {
      const outcome = left.shift();
      return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
    });
    const onRetry = vi.fn();
    const policy = { retries: 1, budget: new RetryBudget(), deadline: performance.now() + 30_000, onRetry } as const;
    const result = withRetry({ ...policy, ...options }, attempt);
    result.catch(() => undefined);
    return { attempt, onRetry, result };
  }

  it('tries once more, after a wait that differs from call to call', async () => {
    const waits = new Set<number>();
    for (let number = 0; number < 20; number += 1) {
      const began = performance.now();
      const { attempt, result } = run([again('ml_unavailable'), 'done']);
      await vi.runAllTimersAsync();
      await expect(result).resolves.toBe('done');
      expect(attempt).toHaveBeenCalledTimes(2);
      waits.add(performance.now() - began);
    }
    for (const wait of waits) expect(wait).toSatisfy((ms: number) => ms >= 50 && ms <= 251);
    expect(waits.size).toBeGreaterThan(5);
  });

  it('tries once more only', async () => {
    const { attempt, result } = run([again('ml_unavailable'), again('ml_unavailable'), 'never']);
    await vi.runAllTimersAsync();
    await expect(result).rejects.toMatchObject({ code: 'ml_unavailable' });
    expect(attempt).toHaveBeenCalledTimes(2);
  });

  it.each([new MLError('ml_timeout'), new MLError('ml_upstream_error'), new Error('bug')])(
    'does not try again after %s',
    async (error) => {
      const { attempt, result } = run([error, 'never']);
      await vi.runAllTimersAsync();
      await expect(result).rejects.toBe(error);
      expect(attempt).toHaveBeenCalledTimes(1);
    },
  );

  it('does not try again where the endpoint has no retries', async () => {
    const { attempt, result } = run([again('ml_unavailable'), 'never'], { retries: 0 });
    await vi.runAllTimersAsync();
    await expect(result).rejects.toMatchObject({ code: 'ml_unavailable' });
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  it('waits at least as long as it was told', async () => {
    const began = performance.now();
    const { result } = run([again('ml_overloaded', 1000), 'done']);
    await vi.runAllTimersAsync();
    await result;
    expect(performance.now() - began).toBeGreaterThanOrEqual(1050);
  });

  it('does not begin to wait for what would come too late', async () => {
    const { attempt, result } = run([again('ml_overloaded', 1000), 'never'], { deadline: performance.now() + 1000 });
    await expect(result).rejects.toMatchObject({ code: 'ml_overloaded' });
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  it('does not try again once the budget is spent', async () => {
    const budget = new RetryBudget();
    const attempts: number[] = [];
    for (let number = 0; number < 5; number += 1) {
      const { attempt, result } = run([again('ml_unavailable'), 'done'], { budget });
      await vi.runAllTimersAsync();
      await result.catch(() => undefined);
      attempts.push(attempt.mock.calls.length);
    }
    expect(attempts).toEqual([2, 2, 2, 1, 1]);
  });

  it('tells the first failure when the circuit opened meanwhile', async () => {
    const { result } = run([again('ml_unavailable'), new MLError('ml_circuit_open')]);
    await vi.runAllTimersAsync();
    await expect(result).rejects.toMatchObject({ code: 'ml_unavailable' });
  });

  it('ends the wait when the caller leaves', async () => {
    const caller = new AbortController();
    const { attempt, result } = run([again('ml_overloaded', 1000), 'never'], { signal: caller.signal });
    await vi.advanceTimersByTimeAsync(10);
    caller.abort();
    await expect(result).rejects.toMatchObject({ code: 'ml_aborted' });
    expect(attempt).toHaveBeenCalledTimes(1);
  });
});
