import { errors, Pool } from 'undici';
import { MLError } from './ml-error.js';
import { withTimeLimit } from './time-limit.js';
import { MLConfig } from '../interfaces/ml-config.interface.js';

const CONNECTIONS = 256;
/** The Python server closes idle connections after 5 s; one that it is just closing must not be used. */
const IDLE_MS = 4000;
const CONNECT_MS = 2000;
const LARGEST_ANSWER = 1_048_576;
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
};

export interface Exchange {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface RawAnswer {
  readonly status: number;
  readonly retryAfterS: number | undefined;
  readonly body: unknown;
}

/** One HTTP exchange with the Python service: no redirects, strict JSON, an end in time, and no error but `MLError`. */
export class MLTransport {
  private readonly pool: Pool;
  private readonly prefix: string;
  private readonly authorization: Record<string, string>;

  constructor(config: Pick<MLConfig, 'serviceUrl' | 'apiKey'>) {
    const { origin, pathname } = new URL(config.serviceUrl);
    this.prefix = pathname.replace(/\/+$/, '');
    this.authorization = config.apiKey ? { authorization: `Bearer ${config.apiKey}` } : {};
    this.pool = new Pool(origin, {
      connections: CONNECTIONS,
      connect: { timeout: CONNECT_MS },
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS,
      maxResponseSize: LARGEST_ANSWER,
      // Time is kept below, to the millisecond and over the whole exchange.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /**
   * Return the answer, whatever its status; its body parsed, undefined when it is not JSON.
   *
   * @throws MLError `ml_unavailable` when refused or reset before an answer, `ml_bad_response` when the answer breaks
   * off, `ml_timeout`, `ml_aborted`.
   */
  exchange(asked: Exchange): Promise<RawAnswer> {
    return withTimeLimit(asked.timeoutMs, asked.signal, async (signal, interruption) => {
      let answering = false;
      try {
        const response = await this.pool.request({
          method: asked.method,
          path: this.prefix + asked.path,
          headers: { ...this.authorization, ...asked.headers, accept: 'application/json' },
          body: asked.body ?? null,
          signal,
        });
        answering = true;
        const text = await response.body.text();
        return {
          status: response.statusCode,
          retryAfterS: seconds(response.headers['retry-after']),
          body: parsed(text),
        };
      } catch (error) {
        const why = interruption();
        if (why === 'aborted') throw new MLError('ml_aborted');
        if (why === 'timeout') throw new MLError('ml_timeout', { reason: answering ? 'slow_body' : 'no_answer' });
        throw failure(error, answering);
      }
    });
  }

  /** Let go of every connection. */
  async close(): Promise<void> {
    await this.pool.destroy();
  }
}

function failure(error: unknown, answering: boolean): MLError {
  const reason = reasonOf(error);
  if (answering || error instanceof errors.HTTPParserError || error instanceof errors.HeadersOverflowError) {
    return new MLError('ml_bad_response', { reason });
  }
  return new MLError('ml_unavailable', { reason, retryAfterS: 1, retry: { afterMs: 0 } });
}

/** Return one word of a closed set for the log and the metrics: an error's message may hold an address. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return REASONS[code] ?? code;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function seconds(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string') return undefined;
  const wait = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}
