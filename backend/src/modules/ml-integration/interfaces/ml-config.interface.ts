/** Settings of the module; `readMLConfig` makes them of the environment. */
export interface MLConfig {
  /** Where the Python service answers. */
  readonly serviceUrl: string;
  /** The longest a call may take in all: attempts and the waits between them. */
  readonly timeoutMs: number;
  readonly cachingEnabled: boolean;
  readonly cacheTtlS: number;
  /** Counted failures in a row that open an endpoint's circuit. */
  readonly breakerThreshold: number;
  /** How long an open circuit stays open. */
  readonly breakerTimeoutMs: number;
  readonly apiKey?: string | undefined;
  readonly redisUrl?: string | undefined;
}

/** Injection token of `MLConfig`. */
export const ML_CONFIG = Symbol('ML_CONFIG');
