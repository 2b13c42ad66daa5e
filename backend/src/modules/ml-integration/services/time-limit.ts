/** Why a signal of `withTimeLimit` fired. */
export type Interruption = 'timeout' | 'aborted';

/**
 * Return what `work` returns; the signal it is given fires after `ms`, or when `caller` does.
 *
 * `interruption()` tells the two apart, which an aborted request's own error does not. Unlike `AbortSignal.any`,
 * nothing stays attached to a long-lived `caller`.
 */
export async function withTimeLimit<T>(
  ms: number,
  caller: AbortSignal | undefined,
  work: (signal: AbortSignal, interruption: () => Interruption | undefined) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let why: Interruption | undefined;
  const interrupt = (reason: Interruption) => {
    why ??= reason;
    controller.abort();
  };
  const onAbort = () => {
    interrupt('aborted');
  };
  const timer = setTimeout(interrupt, ms, 'timeout');
  if (caller?.aborted) onAbort();
  else caller?.addEventListener('abort', onAbort);
  try {
    return await work(controller.signal, () => why);
  } finally {
    clearTimeout(timer);
    caller?.removeEventListener('abort', onAbort);
  }
}

/** Wait `ms`, or until `caller` fires. */
export async function pause(ms: number, caller: AbortSignal | undefined): Promise<void> {
  await withTimeLimit(
    ms,
    caller,
    (signal) =>
      new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else
          signal.addEventListener(
            'abort',
            () => {
              resolve();
            },
            { once: true },
          );
      }),
  );
}
