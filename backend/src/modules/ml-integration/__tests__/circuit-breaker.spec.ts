import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CircuitBreaker, CircuitOpenError, CircuitState, Verdict } from '../services/circuit-breaker.js';

class Failure extends Error {
  constructor(readonly verdict: Verdict = 'failing') {
    super('failed');
  }
}

const judge = (error: unknown): Verdict => (error as Failure).verdict;
const fail = (verdict?: Verdict) => () => Promise.reject(new Failure(verdict));
const work = () => Promise.resolve('done');

/** A call that ends when told. */
function pending<T = string>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { call: () => promise, resolve, reject };
}

async function failing(breaker: CircuitBreaker, times: number, verdict?: Verdict): Promise<void> {
  for (let number = 0; number < times; number += 1) {
    await expect(breaker.execute(fail(verdict))).rejects.toThrow(Failure);
  }
}

describe('CircuitBreaker', () => {
  let changes: CircuitState[];
  let breaker: CircuitBreaker;

  beforeEach(() => {
    vi.useFakeTimers();
    changes = [];
    breaker = new CircuitBreaker({
      failureThreshold: 5,
      recoveryTimeout: 30_000,
      judge,
      onChange: (state) => changes.push(state),
    });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('returns what the call returns, and throws what it throws', async () => {
    await expect(breaker.execute(work)).resolves.toBe('done');
    await expect(breaker.execute(fail())).rejects.toThrow('failed');
  });

  it('opens after five failures in a row, and then calls no more', async () => {
    await failing(breaker, 4);
    expect(breaker.state).toBe('closed');
    await failing(breaker, 1);
    expect(breaker.state).toBe('open');
    const call = vi.fn(work);
    await expect(breaker.execute(call)).rejects.toThrow(CircuitOpenError);
    expect(call).not.toHaveBeenCalled();
  });

  it('needs them in a row: a success starts the count anew', async () => {
    await failing(breaker, 4);
    await breaker.execute(work);
    await failing(breaker, 4);
    expect(breaker.state).toBe('closed');
  });

  it.each(['alive', 'unknown'] as const)('an error that says %s neither counts nor starts it anew', async (verdict) => {
    await failing(breaker, 100, verdict);
    expect(breaker.state).toBe('closed');
    await failing(breaker, 4);
    await failing(breaker, 1, verdict);
    await failing(breaker, 1);
    expect(breaker.state).toBe('open');
  });

  it('stays open for its time, and tells how much of it is left', async () => {
    await failing(breaker, 5);
    expect(breaker.retryAfterMs).toBe(30_000);
    vi.advanceTimersByTime(29_999);
    await expect(breaker.execute(work)).rejects.toMatchObject({ name: 'CircuitOpenError', retryAfterMs: 1 });
    vi.advanceTimersByTime(1);
    await expect(breaker.execute(work)).resolves.toBe('done');
    expect(breaker.state).toBe('closed');
    expect(changes).toEqual(['open', 'half_open', 'closed']);
  });

  it('of fifty calls at the half-open moment sends exactly one, and refuses the others at once', async () => {
    await failing(breaker, 5);
    vi.advanceTimersByTime(30_000);
    const probe = pending();
    const call = vi.fn(probe.call);
    const outcomes: string[] = [];
    const calls = Array.from({ length: 50 }, () =>
      breaker.execute(call).then(
        () => outcomes.push('answered'),
        (error: unknown) => outcomes.push((error as Error).name),
      ),
    );
    await vi.advanceTimersByTimeAsync(300);
    expect(call).toHaveBeenCalledTimes(1);
    expect(outcomes).toEqual(Array<string>(49).fill('CircuitOpenError'));
    probe.resolve('done');
    await Promise.all(calls);
    expect(outcomes.at(-1)).toBe('answered');
    expect(breaker.state).toBe('closed');
  });

  it('opens for another full time when the probe fails', async () => {
    await failing(breaker, 5);
    vi.advanceTimersByTime(30_000);
    await failing(breaker, 1);
    expect(breaker.state).toBe('open');
    expect(breaker.retryAfterMs).toBe(30_000);
  });

  it('closes when the probe is refused for its own sake: the other side answers', async () => {
    await failing(breaker, 5);
    vi.advanceTimersByTime(30_000);
    await failing(breaker, 1, 'alive');
    expect(breaker.state).toBe('closed');
  });

  it('lets the next call be the probe when the caller of one has left', async () => {
    await failing(breaker, 5);
    vi.advanceTimersByTime(30_000);
    await failing(breaker, 1, 'unknown');
    expect(breaker.state).toBe('open');
    await expect(breaker.execute(work)).resolves.toBe('done');
    expect(breaker.state).toBe('closed');
  });

  it('ignores what calls from before the last change of state come to', async () => {
    const late = Array.from({ length: 10 }, () => pending());
    const running = late.map(({ call }) => breaker.execute(call).catch(() => undefined));
    const lateSuccess = pending();
    const succeeding = breaker.execute(lateSuccess.call);
    await failing(breaker, 5);
    lateSuccess.resolve('done');
    await succeeding;
    expect(breaker.state).toBe('open');
    vi.advanceTimersByTime(30_000);
    await breaker.execute(work);
    for (const { reject } of late) reject(new Failure());
    await Promise.all(running);
    expect(breaker.state).toBe('closed');
    expect(breaker.failureCount).toBe(0);
  });

  it('opens once when many fail at the same moment', async () => {
    const calls = Array.from({ length: 20 }, () => breaker.execute(fail()));
    await Promise.allSettled(calls);
    expect(changes).toEqual(['open']);
  });

  it('counts every error when nobody judges', async () => {
    const plain = new CircuitBreaker({ failureThreshold: 1, recoveryTimeout: 10 });
    await expect(plain.execute(() => Promise.reject(new Error('any')))).rejects.toThrow('any');
    expect(plain.state).toBe('open');
  });
});
