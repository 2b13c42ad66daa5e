import { MLError } from './ml-error.js';
import { RetryBudget } from './retry-budget.js';
import { pause } from './time-limit.js';

const JITTER_MS: readonly [number, number] = [50, 250];

export interface RetryPolicy {
  readonly retries: 0 | 1;
  readonly budget: RetryBudget;
  /** `performance.now()` at which the whole call must have ended. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
  readonly onRetry: (reason: MLError) => void;
}

/**
 * Return what an attempt returns, after a second one where the error says that it makes sense.
 *
 * There is none once the time is up or the budget is spent, and an open circuit does not hide why the first attempt
 * failed.
 */
export async function withRetry<T>(policy: RetryPolicy, attempt: () => Promise<T>): Promise<T> {
  policy.budget.deposit();
  try {
    return await attempt();
  } catch (first) {
    if (policy.retries === 0 || !(first instanceof MLError) || first.context.retry === undefined) throw first;
    const wait = first.context.retry.afterMs + jitter();
    if (performance.now() + wait >= policy.deadline || !policy.budget.withdraw()) throw first;
    policy.onRetry(first);
    await pause(wait, policy.signal);
    if (policy.signal?.aborted) throw new MLError('ml_aborted');
    try {
      return await attempt();
    } catch (second) {
      throw second instanceof MLError && second.code === 'ml_circuit_open' ? first : second;
    }
  }
}

function jitter(): number {
  const [least, most] = JITTER_MS;
  return least + Math.random() * (most - least);
}
