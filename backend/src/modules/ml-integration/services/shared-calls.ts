import { MLError } from './ml-error.js';

interface Call {
  readonly result: Promise<unknown>;
  readonly controller: AbortController;
  waiting: number;
}

/** Makes one call of those that ask for the same at the same time; it is cancelled only when all of them have left. */
export class SharedCalls {
  private readonly calls = new Map<string, Call>();

  /**
   * Return what `start` returns, and whether somebody else had started it.
   *
   * @throws MLError `ml_aborted` when this caller leaves first; else whatever `start` throws.
   */
  async join<T>(
    key: string,
    signal: AbortSignal | undefined,
    start: (signal: AbortSignal) => Promise<T>,
  ): Promise<{ value: T; shared: boolean }> {
    if (signal?.aborted) throw new MLError('ml_aborted');
    const under = this.calls.get(key);
    const call = under ?? this.begin(key, start);
    call.waiting += 1;
    const value = (await this.unlessLeft(key, call, signal)) as T;
    return { value, shared: under !== undefined };
  }

  private begin(key: string, start: (signal: AbortSignal) => Promise<unknown>): Call {
    const controller = new AbortController();
    const call: Call = { result: start(controller.signal), controller, waiting: 0 };
    this.calls.set(key, call);
    const end = () => {
      this.forget(key, call);
    };
    call.result.then(end, end);
    return call;
  }

  private unlessLeft(key: string, call: Call, signal: AbortSignal | undefined): Promise<unknown> {
    if (signal === undefined) return call.result;
    return new Promise((resolve, reject) => {
      const leave = () => {
        call.waiting -= 1;
        if (call.waiting === 0) {
          this.forget(key, call);
          call.controller.abort();
        }
        reject(new MLError('ml_aborted'));
      };
      signal.addEventListener('abort', leave, { once: true });
      const stay = () => {
        signal.removeEventListener('abort', leave);
      };
      call.result.finally(stay).then(resolve, reject);
    });
  }

  private forget(key: string, call: Call): void {
    if (this.calls.get(key) === call) this.calls.delete(key);
  }
}
