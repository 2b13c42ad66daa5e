import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Interruption, pause, withTimeLimit } from '../services/time-limit.js';

function interrupted(signal: AbortSignal, why: () => Interruption | undefined): Promise<Interruption | undefined> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve(why());
    });
  });
}

describe('withTimeLimit', () => {
  it('returns what the work returns', async () => {
    await expect(withTimeLimit(1000, undefined, () => Promise.resolve('done'))).resolves.toBe('done');
  });

  it('says that the time was up', async () => {
    await expect(withTimeLimit(10, undefined, interrupted)).resolves.toBe('timeout');
  });

  it('says that the caller left', async () => {
    const caller = new AbortController();
    setTimeout(() => {
      caller.abort();
    }, 10);
    await expect(withTimeLimit(1000, caller.signal, interrupted)).resolves.toBe('aborted');
  });

  it('says so when the caller had left before', async () => {
    const seen = await withTimeLimit(1000, AbortSignal.abort(), (signal, why) =>
      Promise.resolve([signal.aborted, why()]),
    );
    expect(seen).toEqual([true, 'aborted']);
  });

  it('leaves nothing attached to the caller', async () => {
    const caller = new AbortController();
    for (let call = 0; call < 100; call += 1) {
      await withTimeLimit(1000, caller.signal, () => Promise.resolve());
      await withTimeLimit(1000, caller.signal, () => Promise.reject(new Error('failed'))).catch(() => undefined);
    }
    expect(getEventListeners(caller.signal, 'abort')).toEqual([]);
  });
});

describe('pause', () => {
  it('ends with its time, or with the caller', async () => {
    const caller = new AbortController();
    const long = pause(60_000, caller.signal);
    await pause(5, undefined);
    caller.abort();
    await long;
    await pause(60_000, caller.signal);
  });
});
