import { Inject, Injectable, Logger, OnApplicationShutdown } from '@nestjs/common';
import { CircuitReport } from '../interfaces/ml-health.interface.js';
import { ML_CONFIG, MLConfig } from '../interfaces/ml-config.interface.js';
import { AnswerOf, MLPath, RequestOf, ServiceHealth } from '../interfaces/ml-response.interface.js';
import { believed } from './answer-cases.js';
import { Bulkhead } from './bulkhead.js';
import { CircuitBreaker, CircuitOpenError, CircuitState } from './circuit-breaker.js';
import { ML_ENDPOINTS, MLEndpoint } from './ml-endpoints.js';
import { MLError, verdictOf } from './ml-error.js';
import { MLMetrics } from './ml-metrics.js';
import { MLTransport } from './ml-transport.js';
import { correlationHeaders } from './request-context.js';
import { withRetry } from './retry.js';
import { RetryBudget } from './retry-budget.js';

const HEALTH: MLEndpoint = { model: 'health', answer: 'HealthAnswer', attemptMs: 2000, retries: 0, inFlight: 1 };

export interface CallOptions {
  /** Fires when the caller has left: the call to the service is then cancelled. */
  readonly signal?: AbortSignal | undefined;
}

interface Lane {
  readonly endpoint: MLEndpoint;
  readonly breaker: CircuitBreaker;
  readonly bulkhead: Bulkhead;
  readonly budget: RetryBudget;
}

/**
 * The one place that calls the Python service. A call goes through, outermost first: a place among those in flight,
 * the retry, the endpoint's circuit, the attempt's time limit.
 */
@Injectable()
export class MLClientService implements OnApplicationShutdown {
  private readonly log = new Logger(MLClientService.name);
  private readonly transport: MLTransport;
  private readonly lanes = new Map<MLPath, Lane>();

  constructor(
    @Inject(ML_CONFIG) private readonly config: MLConfig,
    private readonly metrics: MLMetrics,
  ) {
    this.transport = new MLTransport(config);
    for (const [path, endpoint] of Object.entries(ML_ENDPOINTS)) this.lanes.set(path as MLPath, this.lane(endpoint));
  }

  /**
   * Return the service's answer to `body`, held to the contract.
   *
   * @throws MLError for every way not to get one.
   */
  async post<Path extends MLPath>(
    path: Path,
    body: RequestOf<Path>,
    options: CallOptions = {},
  ): Promise<AnswerOf<Path>> {
    const lane = this.lanes.get(path);
    if (lane === undefined) throw new TypeError(`no endpoint at ${path}`);
    const { model } = lane.endpoint;
    const began = performance.now();
    this.metrics.began(model);
    let outcome = 'internal_error';
    try {
      const answer = await this.call(lane, path, JSON.stringify(body), options.signal);
      outcome = 'ok';
      return answer as AnswerOf<Path>;
    } catch (error) {
      if (error instanceof MLError) {
        outcome = error.code.replace(/^ml_/, '');
        this.report(model, error, outcome, performance.now() - began);
      }
      throw error;
    } finally {
      this.metrics.ended(model, outcome, (performance.now() - began) / 1000);
    }
  }

  /**
   * Return the state of the service and of each of its models.
   *
   * @throws MLError when it does not tell.
   */
  async healthCheck(): Promise<ServiceHealth> {
    const timeoutMs = Math.min(HEALTH.attemptMs, this.config.timeoutMs);
    const answer = await this.transport.exchange({ method: 'GET', path: '/health', headers: {}, timeoutMs });
    return believed(answer, HEALTH) as ServiceHealth;
  }

  /** Return the state of each endpoint's circuit, by the name of its model. */
  circuits(): Record<string, CircuitReport> {
    const reports = [...this.lanes.values()].map(({ endpoint, breaker }): [string, CircuitReport] => [
      endpoint.model,
      { state: breaker.state, failures: breaker.failureCount, retry_after_s: Math.ceil(breaker.retryAfterMs / 1000) },
    ]);
    return Object.fromEntries(reports);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.transport.close();
  }

  private async call(lane: Lane, path: MLPath, body: string, signal: AbortSignal | undefined): Promise<unknown> {
    if (signal?.aborted) throw new MLError('ml_aborted');
    if (!lane.bulkhead.enter()) throw new MLError('ml_overloaded', { reason: 'in_flight', retryAfterS: 1 });
    const { endpoint, budget } = lane;
    const deadline = performance.now() + this.config.timeoutMs;
    const headers = { ...correlationHeaders(), 'content-type': 'application/json' };
    const onRetry = (error: MLError) => {
      this.metrics.retried(endpoint.model, error.context.reason ?? error.code);
    };
    try {
      return await withRetry({ retries: endpoint.retries, budget, deadline, signal, onRetry }, () =>
        this.throughCircuit(lane, async () => {
          const timeoutMs = Math.max(1, Math.min(endpoint.attemptMs, deadline - performance.now()));
          const answer = await this.transport.exchange({ method: 'POST', path, headers, body, timeoutMs, signal });
          return believed(answer, endpoint);
        }),
      );
    } finally {
      lane.bulkhead.leave();
    }
  }

  private async throughCircuit<T>({ breaker }: Lane, attempt: () => Promise<T>): Promise<T> {
    try {
      return await breaker.execute(attempt);
    } catch (error) {
      if (!(error instanceof CircuitOpenError)) throw error;
      throw new MLError('ml_circuit_open', { retryAfterS: Math.max(1, Math.ceil(error.retryAfterMs / 1000)) });
    }
  }

  private lane(endpoint: MLEndpoint): Lane {
    const onChange = (state: CircuitState) => {
      this.metrics.circuit(endpoint.model, state);
      this.log.warn({ msg: 'circuit changed', endpoint: endpoint.model, state });
    };
    this.metrics.circuit(endpoint.model, 'closed');
    const breaker = new CircuitBreaker({
      failureThreshold: this.config.breakerThreshold,
      recoveryTimeout: this.config.breakerTimeoutMs,
      judge: verdictOf,
      onChange,
    });
    return { endpoint, breaker, bulkhead: new Bulkhead(endpoint.inFlight), budget: new RetryBudget() };
  }

  private report(endpoint: string, error: MLError, outcome: string, ms: number): void {
    const line = {
      msg: 'ml call failed',
      endpoint,
      outcome,
      duration_ms: Math.round(ms * 1000) / 1000,
      'error.code': error.code,
      reason: error.context.reason,
    };
    this.log[error.case.level](line);
  }
}
