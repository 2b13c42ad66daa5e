import { Logger } from '@nestjs/common';
import { createClient } from '@redis/client';
import { StoreReport } from '../interfaces/ml-health.interface.js';
import { AnswerStore, KeptAnswer } from './answer-store.js';

const PATIENCE_MS = 200;
const LEFT_ALONE_MS = 5000;
const RECONNECT_MS = 1000;

/** Keeps answers in Redis. One that is dead or frozen costs 200 ms, and is then left alone for 5 s. */
export class RedisStore implements AnswerStore {
  private readonly log = new Logger(RedisStore.name);
  private readonly client;
  private awayUntil = 0;
  private away = false;

  constructor(
    url: string,
    private readonly onFailure: () => void = () => undefined,
  ) {
    this.client = createClient({
      url,
      disableOfflineQueue: true,
      socket: { connectTimeout: LEFT_ALONE_MS, reconnectStrategy: RECONNECT_MS },
    });
    this.client.on('error', () => {
      this.leaveAlone();
    });
    void this.client.connect().catch(() => {
      this.leaveAlone();
    });
  }

  async get(key: string): Promise<KeptAnswer | undefined> {
    const text = await this.inTime(() => this.client.get(key));
    return typeof text === 'string' ? parsed(text) : undefined;
  }

  async set(key: string, kept: KeptAnswer, lifetimeMs: number): Promise<boolean> {
    const expiration = { type: 'PX' as const, value: lifetimeMs };
    const done = await this.inTime(() => this.client.set(key, JSON.stringify(kept), { expiration }));
    return done !== undefined;
  }

  report(): StoreReport {
    return { kind: 'redis', state: this.usable ? 'ok' : 'away', entries: null };
  }

  close(): Promise<void> {
    if (this.client.isOpen) this.client.destroy();
    return Promise.resolve();
  }

  private get usable(): boolean {
    return this.client.isReady && performance.now() >= this.awayUntil;
  }

  private async inTime<T>(command: () => Promise<T>): Promise<T | undefined> {
    if (!this.usable) return undefined;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      // Timers come before sockets: a reply that is there already must count although this process was busy.
      timer = setTimeout(() => setImmediate(reject, new Error('late')), PATIENCE_MS);
    });
    try {
      const result = await Promise.race([command(), late]);
      if (this.away) this.log.log({ msg: 'redis answers again' });
      this.away = false;
      return result;
    } catch {
      this.leaveAlone();
      this.onFailure();
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  private leaveAlone(): void {
    this.awayUntil = performance.now() + LEFT_ALONE_MS;
    if (!this.away) this.log.warn({ msg: 'redis does not answer and is left alone for a while' });
    this.away = true;
  }
}

function parsed(text: string): KeptAnswer | undefined {
  try {
    const kept = JSON.parse(text) as Partial<KeptAnswer> | null;
    if (typeof kept?.answer !== 'object' || typeof kept.freshUntil !== 'number') return undefined;
    return { answer: kept.answer, freshUntil: kept.freshUntil };
  } catch {
    return undefined;
  }
}
