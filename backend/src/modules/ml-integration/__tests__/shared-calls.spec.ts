import { describe, expect, it, vi } from 'vitest';
import { SharedCalls } from '../services/shared-calls.js';

/** A call that ends when told, and rejects when it is cancelled. */
function controlled() {
  let finish!: (value: string) => void;
  const seen: AbortSignal[] = [];
  const start = vi.fn(
    (signal: AbortSignal) =>
      new Promise<string>((resolve, reject) => {
        finish = resolve;
        seen.push(signal);
        signal.addEventListener('abort', () => {
          reject(new Error('cancelled'));
        });
      }),
  );
  return {
    start,
    finish: (value: string) => {
      finish(value);
    },
    cancelled: () => seen.at(-1)?.aborted,
  };
}

describe('SharedCalls', () => {
  it('makes one call of twenty at the same time', async () => {
    const calls = new SharedCalls();
    const { start, finish } = controlled();
    const joined = Array.from({ length: 20 }, () => calls.join('key', undefined, start));
    finish('done');
    const results = await Promise.all(joined);
    expect(start).toHaveBeenCalledTimes(1);
    expect(results.map(({ value }) => value)).toEqual(Array<string>(20).fill('done'));
    expect(results.map(({ shared }) => shared)).toEqual([false, ...Array<boolean>(19).fill(true)]);
  });

  it('makes a call of its own for another key, and for a later one', async () => {
    const calls = new SharedCalls();
    const start = vi.fn(() => Promise.resolve('done'));
    await Promise.all([calls.join('one', undefined, start), calls.join('other', undefined, start)]);
    await calls.join('one', undefined, start);
    expect(start).toHaveBeenCalledTimes(3);
  });

  it('tells a failure to everyone and does not keep it', async () => {
    const calls = new SharedCalls();
    const start = vi.fn(() => Promise.reject(new Error('failed')));
    const joined = [calls.join('key', undefined, start), calls.join('key', undefined, start)];
    for (const one of joined) await expect(one).rejects.toThrow('failed');
    await expect(calls.join('key', undefined, start)).rejects.toThrow('failed');
    expect(start).toHaveBeenCalledTimes(2);
  });

  it('goes on for the others when one leaves', async () => {
    const calls = new SharedCalls();
    const { start, finish, cancelled } = controlled();
    const leaver = new AbortController();
    const left = calls.join('key', leaver.signal, start);
    const staying = calls.join('key', new AbortController().signal, start);
    leaver.abort();
    await expect(left).rejects.toMatchObject({ code: 'ml_aborted' });
    expect(cancelled()).toBe(false);
    finish('done');
    await expect(staying).resolves.toMatchObject({ value: 'done' });
  });

  it('is cancelled when all have left, and whoever comes then makes a new call', async () => {
    const calls = new SharedCalls();
    const { start, finish, cancelled } = controlled();
    const leavers = [new AbortController(), new AbortController()];
    const left = leavers.map(({ signal }) => calls.join('key', signal, start));
    for (const leaver of leavers) leaver.abort();
    for (const one of left) await expect(one).rejects.toMatchObject({ code: 'ml_aborted' });
    expect(cancelled()).toBe(true);
    const next = calls.join('key', undefined, start);
    finish('done');
    await expect(next).resolves.toEqual({ value: 'done', shared: false });
    expect(start).toHaveBeenCalledTimes(2);
  });
});
