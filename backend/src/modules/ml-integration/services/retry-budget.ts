const SECONDS = 10;

interface Second {
  at: number;
  calls: number;
  retries: number;
}

/**
 * Allows retries for a share of the calls of the last ten seconds, so that retries cannot multiply the load of a
 * service that is already failing.
 */
export class RetryBudget {
  private readonly ring: Second[] = Array.from({ length: SECONDS }, () => ({ at: -1, calls: 0, retries: 0 }));

  /**
   * @param share retries allowed for each call
   * @param least retries allowed in ten seconds however few calls there are
   */
  constructor(
    private readonly share = 0.1,
    private readonly least = 3,
  ) {}

  /** Count a call that begins. */
  deposit(): void {
    this.now().calls += 1;
  }

  /** Say whether one more retry is allowed, and count it if so. */
  withdraw(): boolean {
    const now = this.now();
    const recent = this.ring.filter((second) => second.at > now.at - SECONDS);
    const calls = recent.reduce((sum, second) => sum + second.calls, 0);
    const retries = recent.reduce((sum, second) => sum + second.retries, 0);
    if (retries + 1 > Math.max(this.least, this.share * calls)) return false;
    now.retries += 1;
    return true;
  }

  private now(): Second {
    const at = Math.floor(performance.now() / 1000);
    const second = this.ring[at % SECONDS] as Second;
    if (second.at !== at) Object.assign(second, { at, calls: 0, retries: 0 });
    return second;
  }
}
