import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { CircuitState } from './circuit-breaker.js';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30];
const BREAKER: Readonly<Record<CircuitState, number>> = { closed: 0, half_open: 1, open: 2 };

export type CacheEvent = 'hit' | 'miss' | 'stale' | 'coalesced' | 'stored' | 'error';

/**
 * Metrics of the module, in a registry of its own: two applications in one process do not share counts. Every label
 * is from a closed set.
 */
@Injectable()
export class MLMetrics {
  readonly registry = new Registry();

  private readonly duration = new Histogram({
    name: 'ml_client_request_duration_seconds',
    help: 'Time of a call to the ML service, retries included.',
    labelNames: ['endpoint', 'outcome'],
    buckets: SECONDS,
    registers: [this.registry],
  });
  private readonly retries = new Counter({
    name: 'ml_client_retries_total',
    help: 'Attempts after the first.',
    labelNames: ['endpoint', 'reason'],
    registers: [this.registry],
  });
  private readonly breaker = new Gauge({
    name: 'ml_client_breaker_state',
    help: '0 closed, 1 half open, 2 open.',
    labelNames: ['endpoint'],
    registers: [this.registry],
  });
  private readonly inFlight = new Gauge({
    name: 'ml_client_in_flight',
    help: 'Calls under way.',
    labelNames: ['endpoint'],
    registers: [this.registry],
  });
  private readonly cache = new Counter({
    name: 'ml_cache_events_total',
    help: 'What the cache did.',
    labelNames: ['endpoint', 'event'],
    registers: [this.registry],
  });
  private readonly fallbacks = new Counter({
    name: 'ml_fallback_total',
    help: 'Answers that stood in for one of the ML service.',
    labelNames: ['endpoint', 'reason'],
    registers: [this.registry],
  });

  began(endpoint: string): void {
    this.inFlight.inc({ endpoint });
  }

  ended(endpoint: string, outcome: string, seconds: number): void {
    this.inFlight.dec({ endpoint });
    this.duration.observe({ endpoint, outcome }, seconds);
  }

  retried(endpoint: string, reason: string): void {
    this.retries.inc({ endpoint, reason });
  }

  circuit(endpoint: string, state: CircuitState): void {
    this.breaker.set({ endpoint }, BREAKER[state]);
  }

  cached(endpoint: string, event: CacheEvent): void {
    this.cache.inc({ endpoint, event });
  }

  fellBack(endpoint: string, reason: string): void {
    this.fallbacks.inc({ endpoint, reason });
  }
}
