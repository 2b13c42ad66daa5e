export type CircuitState = 'closed' | 'open' | 'half_open';

/**
 * What an error says about the other side: that it fails, that it lives (it refused this one request), or nothing
 * (the caller left before there was an answer).
 */
export type Verdict = 'failing' | 'alive' | 'unknown';

export interface CircuitBreakerOptions {
  /** Counted failures in a row that open the circuit. */
  failureThreshold: number;
  /** Milliseconds that it stays open. */
  recoveryTimeout: number;
  /** Without it every error counts. */
  judge?: (error: unknown) => Verdict;
  onChange?: (state: CircuitState) => void;
}

/** Thrown instead of calling while the circuit is open, or while its one probe is under way. */
export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError';

  constructor(readonly retryAfterMs: number) {
    super('the circuit is open');
  }
}

/**
 * Stops calling what fails, and after a while lets exactly one call through to see whether it works again.
 *
 * A result counts only if the state has not changed since its call began: a failure that was under way when the
 * circuit opened says nothing about what has recovered since.
 */
export class CircuitBreaker {
  private current: CircuitState = 'closed';
  private failures = 0;
  private openedAt = 0;
  private changes = 0;

  constructor(private readonly options: CircuitBreakerOptions) {}

  get state(): CircuitState {
    return this.current;
  }

  /** Counted failures in a row. */
  get failureCount(): number {
    return this.failures;
  }

  /** Milliseconds until a probe may go; 0 unless open. */
  get retryAfterMs(): number {
    if (this.current !== 'open') return 0;
    return Math.max(0, this.openedAt + this.options.recoveryTimeout - performance.now());
  }

  /**
   * Return what `call` returns.
   *
   * @throws CircuitOpenError without having called; else whatever `call` throws.
   */
  async execute<T>(call: () => Promise<T>): Promise<T> {
    this.admit();
    const began = this.changes;
    try {
      const result = await call();
      this.settle(began, 'alive', true);
      return result;
    } catch (error) {
      this.settle(began, this.options.judge?.(error) ?? 'failing', false);
      throw error;
    }
  }

  private admit(): void {
    if (this.current === 'closed') return;
    // While half open the one probe is under way.
    if (this.current === 'half_open' || this.retryAfterMs > 0) throw new CircuitOpenError(this.retryAfterMs);
    this.change('half_open');
  }

  private settle(began: number, verdict: Verdict, succeeded: boolean): void {
    if (began !== this.changes) return;
    if (this.current === 'half_open') {
      if (verdict === 'unknown') this.reopen();
      else if (verdict === 'alive') this.close();
      else this.open();
    } else if (verdict === 'failing') {
      this.failures += 1;
      if (this.failures >= this.options.failureThreshold) this.open();
    } else if (succeeded) {
      this.failures = 0;
    }
  }

  private close(): void {
    this.failures = 0;
    this.change('closed');
  }

  private open(): void {
    this.openedAt = performance.now();
    this.change('open');
  }

  /** The probe's caller left: the next call may be the probe, at once. */
  private reopen(): void {
    this.change('open');
  }

  private change(state: CircuitState): void {
    this.current = state;
    this.changes += 1;
    this.options.onChange?.(state);
  }
}
