import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { AnomalyDetection, AnomalyDetectionDto, TransactionDto } from '../dto/anomaly-detection.dto.js';
import { CreditRiskDto, CreditRiskScore } from '../dto/credit-risk.dto.js';
import { IntentPrediction, IntentPredictionDto, UNKNOWN_INTENT } from '../dto/intent-prediction.dto.js';
import { NerExtraction, NerExtractionDto, NO_ENTITIES } from '../dto/ner-extraction.dto.js';
import { SpendingForecast, SpendingForecastDto } from '../dto/spending-forecast.dto.js';
import { AnswerOf, MLPath, RequestOf, Served } from '../interfaces/ml-response.interface.js';
import { CachePlace, MLCacheService } from './ml-cache.service.js';
import { CallOptions, MLClientService } from './ml-client.service.js';
import { ML_ENDPOINTS } from './ml-endpoints.js';
import { MLError } from './ml-error.js';
import { MLMetrics } from './ml-metrics.js';
import { SharedCalls } from './shared-calls.js';

/** What every kept answer holds. */
interface Answered {
  prediction_id: string;
  model: { name: string; version: string };
}

type CachedPath = '/v1/predict/intent' | '/v1/predict/ner';
type CachedAnswer<Path extends CachedPath> = AnswerOf<Path> & Answered;

type Optional<Request, Known extends keyof Request> = Partial<Omit<Request, Known>> & CallOptions;

/** An endpoint whose answers are kept, and what stands in when there is none. */
interface Kept<Path extends CachedPath, Fallback> {
  readonly path: Path;
  readonly place: CachePlace;
  readonly fallback: Fallback;
}

const INTENTS = {
  path: '/v1/predict/intent',
  place: { ...ML_ENDPOINTS['/v1/predict/intent'], personal: false },
  fallback: UNKNOWN_INTENT,
} as const;
const ENTITIES = {
  path: '/v1/predict/ner',
  place: { ...ML_ENDPOINTS['/v1/predict/ner'], personal: true },
  fallback: NO_ENTITIES,
} as const;

/**
 * The predictions. Decides which answers are kept and what stands in when the service is away: a stale or empty
 * intent or entity list harms nobody, an invented forecast, alarm or credit score would.
 */
@Injectable()
export class PredictionService {
  private readonly calls = new SharedCalls();

  constructor(
    private readonly client: MLClientService,
    private readonly cache: MLCacheService,
    private readonly metrics: MLMetrics,
  ) {}

  /** Return what a user asks for with `query`, `degraded` when the service was not there to tell. */
  classifyIntent(
    query: string,
    userId?: string,
    { signal, ...rest }: Optional<IntentPredictionDto, 'query' | 'user_id'> = {},
  ): Promise<IntentPrediction> {
    const asked = { ...rest, query };
    const request = userId === undefined ? asked : { ...asked, user_id: userId };
    return this.kept(INTENTS, request, asked, signal);
  }

  /** Return the entities of `text`; their offsets count UTF-16 units, and dates are read as of today (UTC). */
  extractEntities(text: string, { signal, ...rest }: Optional<NerExtractionDto, 'text'> = {}): Promise<NerExtraction> {
    const { offset_unit = 'utf16', reference_date } = rest;
    const request = { ...rest, text, offset_unit, reference_date: reference_date ?? today() };
    return this.kept(ENTITIES, request, request, signal);
  }

  /** Return what the user will spend in each of the coming `months`. */
  predictSpending(
    userId: string,
    months = 12,
    { signal, ...rest }: Optional<SpendingForecastDto, 'user_id' | 'months'> = {},
  ): Promise<SpendingForecast> {
    return this.fresh('/v1/predict/spending', { ...rest, user_id: userId, months }, signal);
  }

  /** Return whether `transaction` stands out from what the user does. */
  detectAnomaly(
    userId: string,
    transaction: TransactionDto,
    { signal, ...rest }: Optional<AnomalyDetectionDto, 'user_id' | 'transaction'> = {},
  ): Promise<AnomalyDetection> {
    return this.fresh('/v1/predict/anomaly', { ...rest, user_id: userId, transaction }, signal);
  }

  /** Return how probable it is that the loan will not be paid back, and why. */
  scoreCreditRisk(application: CreditRiskDto, { signal }: CallOptions = {}): Promise<CreditRiskScore> {
    return this.fresh('/v1/predict/credit_risk', application, signal);
  }

  /**
   * Return a fresh answer that was kept, else the service's, else one that is stale, else the fallback.
   *
   * @param asked the part of `request` that the answer depends on
   */
  private async kept<Path extends CachedPath, Fallback>(
    { path, place, fallback }: Kept<Path, Fallback>,
    request: RequestOf<Path>,
    asked: object,
    signal: AbortSignal | undefined,
  ): Promise<Served<CachedAnswer<Path>> | Fallback> {
    const { model } = place;
    const ask = (caller: AbortSignal | undefined) => this.ask(path, place, request, asked, caller);
    const key = this.cache.enabled ? this.cache.key(place, asked) : undefined;
    const found = key === undefined ? undefined : await this.cache.find<CachedAnswer<Path>>(place, key);
    if (found?.fresh) {
      this.metrics.cached(model, 'hit');
      return again(found.answer, false);
    }
    if (key !== undefined) this.metrics.cached(model, 'miss');
    try {
      if (key === undefined) return { ...(await ask(signal)), degraded: false };
      const { value, shared } = await this.calls.join(key, signal, ask);
      if (!shared) return { ...value, degraded: false };
      this.metrics.cached(model, 'coalesced');
      return again(value, false);
    } catch (error) {
      if (!(error instanceof MLError) || !error.case.fallback) throw error;
      this.metrics.fellBack(model, error.code.replace(/^ml_/, ''));
      if (found === undefined) return fallback;
      this.metrics.cached(model, 'stale');
      return again(found.answer, true);
    }
  }

  private async ask<Path extends CachedPath>(
    path: Path,
    place: CachePlace,
    request: RequestOf<Path>,
    asked: object,
    signal: AbortSignal | undefined,
  ): Promise<CachedAnswer<Path>> {
    const answer = (await this.client.post(path, request, { signal })) as CachedAnswer<Path>;
    // Not waited for: a slow cache must not delay an answer that is there.
    if (this.cache.enabled) void this.cache.keep(place, asked, answer);
    return answer;
  }

  private async fresh<Path extends MLPath>(
    path: Path,
    request: RequestOf<Path>,
    signal: AbortSignal | undefined,
  ): Promise<Served<AnswerOf<Path>>> {
    const answer = (await this.client.post(path, request, { signal })) as object;
    return { ...answer, degraded: false } as Served<AnswerOf<Path>>;
  }
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** Every answer has an id of its own, a kept one too. */
function again<Answer extends Answered>(answer: Answer, degraded: boolean): Served<Answer> {
  return { ...answer, prediction_id: uuidv7(), degraded };
}
