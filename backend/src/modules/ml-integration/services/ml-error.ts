import { HttpException } from '@nestjs/common';
import { MLErrorDetail } from '../interfaces/ml-response.interface.js';
import { Verdict } from './circuit-breaker.js';

interface MLCase {
  readonly status: number;
  readonly message: string;
  readonly verdict: Verdict;
  /** Whether a stale or empty answer may stand in, where the endpoint has one. */
  readonly fallback: boolean;
  readonly level: 'debug' | 'warn' | 'error';
}

/** Every way that a call can end without an answer; README.md has the table. */
export const ML_CASES = {
  validation_error: {
    status: 400,
    message: 'The request is not valid.',
    verdict: 'alive',
    fallback: false,
    level: 'debug',
  },
  ml_invalid_input: {
    status: 400,
    message: 'The ML service refused the request.',
    verdict: 'alive',
    fallback: false,
    level: 'warn',
  },
  ml_not_found: {
    status: 404,
    message: 'The ML service knows nothing of this user.',
    verdict: 'alive',
    fallback: false,
    level: 'debug',
  },
  ml_contract_error: {
    status: 502,
    message: 'The ML service and this backend do not fit together.',
    verdict: 'alive',
    fallback: false,
    level: 'error',
  },
  ml_overloaded: {
    status: 503,
    message: 'Too many predictions are under way; try again shortly.',
    verdict: 'alive',
    fallback: false,
    level: 'warn',
  },
  ml_unavailable: {
    status: 503,
    message: 'The ML service is not available now.',
    verdict: 'failing',
    fallback: true,
    level: 'warn',
  },
  ml_timeout: {
    status: 504,
    message: 'The ML service did not answer in time.',
    verdict: 'failing',
    fallback: true,
    level: 'warn',
  },
  ml_upstream_error: {
    status: 502,
    message: 'The ML service failed.',
    verdict: 'failing',
    fallback: true,
    level: 'warn',
  },
  ml_bad_response: {
    status: 502,
    message: 'The ML service gave an answer that cannot be used.',
    verdict: 'failing',
    fallback: true,
    level: 'warn',
  },
  ml_circuit_open: {
    status: 503,
    message: 'The ML service is failing and is left alone for a while.',
    verdict: 'unknown',
    fallback: true,
    level: 'debug',
  },
  ml_aborted: {
    status: 499,
    message: 'The caller left.',
    verdict: 'unknown',
    fallback: false,
    level: 'debug',
  },
} as const satisfies Record<string, MLCase>;

export type MLErrorCode = keyof typeof ML_CASES;

export interface MLErrorContext {
  /** What happened in one word, for the log: an errno, a status; never a message, which may hold data. */
  readonly reason?: string;
  readonly details?: MLErrorDetail[];
  readonly retryAfterS?: number;
  /** Whether another attempt makes sense, and after how long at least. */
  readonly retry?: { readonly afterMs: number };
}

/** An end of a call without an answer. As an `HttpException` it is also answered rightly where no filter of ours is. */
export class MLError extends HttpException {
  override readonly name = 'MLError';

  constructor(
    readonly code: MLErrorCode,
    readonly context: MLErrorContext = {},
  ) {
    const { status, message } = ML_CASES[code];
    super({ error: { code, message, status, details: context.details ?? [] } }, status);
    this.message = message;
  }

  get case(): MLCase {
    return ML_CASES[this.code];
  }
}

/** The breaker's judge: an error that is not ours is a bug, and says nothing about the other side. */
export function verdictOf(error: unknown): Verdict {
  return error instanceof MLError ? error.case.verdict : 'unknown';
}
