import { LRUCache } from 'lru-cache';
import { StoreReport } from '../interfaces/ml-health.interface.js';

/** An answer as it is kept. */
export interface KeptAnswer {
  readonly answer: object;
  /** Milliseconds of the epoch; after that it may only stand in while the service is away. */
  readonly freshUntil: number;
}

/** Where answers are kept. Neither `get` nor `set` throws: what is not to be had is a miss. */
export interface AnswerStore {
  get(key: string): Promise<KeptAnswer | undefined>;
  /** Return whether it is kept. */
  set(key: string, kept: KeptAnswer, lifetimeMs: number): Promise<boolean>;
  report(): StoreReport;
  close(): Promise<void>;
}

const MOST_ENTRIES = 5000;

/** Keeps the answers used last in this process. */
export class MemoryStore implements AnswerStore {
  private readonly answers: LRUCache<string, KeptAnswer>;

  constructor(max = MOST_ENTRIES) {
    this.answers = new LRUCache({ max });
  }

  get(key: string): Promise<KeptAnswer | undefined> {
    return Promise.resolve(this.answers.get(key));
  }

  set(key: string, kept: KeptAnswer, lifetimeMs: number): Promise<boolean> {
    this.answers.set(key, kept, { ttl: lifetimeMs });
    return Promise.resolve(true);
  }

  report(): StoreReport {
    return { kind: 'memory', state: 'ok', entries: this.answers.size };
  }

  close(): Promise<void> {
    this.answers.clear();
    return Promise.resolve();
  }
}
