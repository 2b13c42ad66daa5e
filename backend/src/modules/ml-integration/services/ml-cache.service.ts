import { createHash } from 'node:crypto';
import { Inject, Injectable, OnApplicationShutdown } from '@nestjs/common';
import { contractVersion } from '../interfaces/generated/ml-api.schemas.js';
import { CacheReport } from '../interfaces/ml-health.interface.js';
import { ML_CONFIG, MLConfig } from '../interfaces/ml-config.interface.js';
import { AnswerStore, MemoryStore } from './answer-store.js';
import { isSound, SchemaName } from './answer-schemas.js';
import { MLMetrics } from './ml-metrics.js';
import { ModelHealthService } from './model-health.service.js';
import { RedisStore } from './redis-store.js';

/** How long an answer may stand in for one of a service that is away. */
const STALE_MS = 24 * 3_600_000;

/** What the cache must know of an endpoint. */
export interface CachePlace {
  readonly model: string;
  readonly answer: SchemaName;
  /** Answers that repeat what a person wrote do not leave this process. */
  readonly personal: boolean;
}

interface Versioned {
  readonly model: { readonly version: string };
}

/**
 * Keeps answers. Keys hold a digest of the request, never its text, and the version of the model, so that a new
 * model starts with an empty cache.
 */
@Injectable()
export class MLCacheService implements OnApplicationShutdown {
  private readonly memory = new MemoryStore();
  private readonly shared: AnswerStore;

  constructor(
    @Inject(ML_CONFIG) private readonly config: MLConfig,
    private readonly health: ModelHealthService,
    private readonly metrics: MLMetrics,
  ) {
    const onFailure = () => {
      this.metrics.cached('all', 'error');
    };
    const url = config.cachingEnabled ? config.redisUrl : undefined;
    this.shared = url === undefined ? this.memory : new RedisStore(url, onFailure);
  }

  get enabled(): boolean {
    return this.config.cachingEnabled;
  }

  /** Return the key of `request`, undefined while nobody knows which version of the model would answer. */
  key(place: CachePlace, request: object): string | undefined {
    const version = this.health.version(place.model);
    return version === undefined ? undefined : keyOf(place, version, request);
  }

  /** Return what is kept under `key`, and whether it is still fresh. */
  async find<Answer extends object>(
    place: CachePlace,
    key: string,
  ): Promise<{ answer: Answer; fresh: boolean } | undefined> {
    const kept = await this.store(place).get(key);
    // Redis is shared: another release, or somebody else, may have written there.
    if (kept === undefined || !isSound(place.answer, kept.answer)) return undefined;
    return { answer: kept.answer as Answer, fresh: Date.now() < kept.freshUntil };
  }

  /** Keep `answer`, under the version of the model that gave it. */
  async keep(place: CachePlace, request: object, answer: Versioned): Promise<void> {
    this.health.saw(place.model, answer.model.version);
    const ttlMs = this.config.cacheTtlS * 1000;
    const kept = { answer, freshUntil: Date.now() + ttlMs };
    const key = keyOf(place, answer.model.version, request);
    const done = await this.store(place).set(key, kept, Math.max(ttlMs, STALE_MS));
    if (done) this.metrics.cached(place.model, 'stored');
  }

  report(): CacheReport {
    const stores = this.shared === this.memory ? [this.memory] : [this.memory, this.shared];
    return {
      enabled: this.config.cachingEnabled,
      ttl_s: this.config.cacheTtlS,
      stores: stores.map((store) => store.report()),
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.memory.close(), this.shared.close()]);
  }

  private store(place: CachePlace): AnswerStore {
    return place.personal ? this.memory : this.shared;
  }
}

function keyOf(place: CachePlace, version: string, request: object): string {
  const digest = createHash('sha256').update(canonical(request)).digest('hex');
  return `ml:${contractVersion}:${place.model}:${version}:${digest}`;
}

/** Return one text for all requests that mean the same: fields in order, those left out and null alike. */
function canonical(request: object): string {
  const fields = Object.entries(request).filter(([, value]) => value !== undefined && value !== null);
  return JSON.stringify(fields.sort(([one], [other]) => (one < other ? -1 : 1)));
}
