import type { ServiceHealth } from './ml-response.interface.js';

export interface ModelReport {
  name: string;
  version: string | null;
  device: string | null;
  /** `unknown` when the service does not answer: what it last said may no longer hold. */
  state: ServiceHealth['models'][number]['state'] | 'unknown';
}

export interface ServiceReport {
  status: ServiceHealth['status'];
  /** When the service was last asked; null before it first was. */
  checked_at: string | null;
  models: ModelReport[];
}

export interface CircuitReport {
  state: 'closed' | 'open' | 'half_open';
  /** Counted failures in a row. */
  failures: number;
  retry_after_s: number;
}

export interface StoreReport {
  kind: 'memory' | 'redis';
  state: 'ok' | 'away';
  /** Answers kept; null where that is not known. */
  entries: number | null;
}

export interface CacheReport {
  enabled: boolean;
  ttl_s: number;
  stores: StoreReport[];
}

/** Body of `GET /api/v1/ml/health`. */
export interface MLHealthReport extends ServiceReport {
  /** By the name of the model behind the endpoint. */
  circuits: Record<string, CircuitReport>;
  cache: CacheReport;
}
