import { MLErrorDetail } from '../interfaces/ml-response.interface.js';
import { isSound } from './answer-schemas.js';
import { MLEndpoint } from './ml-endpoints.js';
import { MLError } from './ml-error.js';
import { RawAnswer } from './ml-transport.js';

const LONGEST_RETRY_AFTER_S = 1;

/**
 * Return the body of an answer that can be believed.
 *
 * @throws MLError for every other answer: what its status means for the caller.
 */
export function believed(answer: RawAnswer, endpoint: MLEndpoint): unknown {
  if (answer.status === 200) {
    if (answer.body === undefined || !isSound(endpoint.answer, answer.body)) {
      throw new MLError('ml_bad_response', { reason: answer.body === undefined ? 'not_json' : 'off_schema' });
    }
    return answer.body;
  }
  throw refused(answer, endpoint);
}

function refused({ status, body, retryAfterS = 1 }: RawAnswer, endpoint: MLEndpoint): MLError {
  const reason = `status_${status}`;
  switch (status) {
    case 400:
    case 413:
    case 422:
      return new MLError('ml_invalid_input', { reason, details: detailsOf(body) });
    case 404:
      // Only a service that answers in its own shape knows the path and not the user.
      return new MLError(endpoint.looksUpUsers && errorOf(body) ? 'ml_not_found' : 'ml_contract_error', { reason });
    case 429: {
      const retry = retryAfterS <= LONGEST_RETRY_AFTER_S ? { retry: { afterMs: retryAfterS * 1000 } } : {};
      return new MLError('ml_overloaded', { reason, retryAfterS: 1, ...retry });
    }
    case 503:
      return new MLError('ml_unavailable', { reason, retryAfterS, retry: { afterMs: 0 } });
    case 504:
      return new MLError('ml_timeout', { reason });
    default:
      if (status >= 500) return new MLError('ml_upstream_error', { reason });
      return new MLError(status >= 400 ? 'ml_contract_error' : 'ml_bad_response', { reason });
  }
}

/** Return the fields that the service refused, whichever of its shapes it used: its own, or BentoML's. */
function detailsOf(body: unknown): MLErrorDetail[] {
  const own = errorOf(body)?.['details'];
  const details = Array.isArray(own) ? own : isRecord(body) && Array.isArray(body['detail']) ? body['detail'] : [];
  return details.filter(isRecord).map((detail) => ({
    field: text(detail['field']) ?? (Array.isArray(detail['loc']) ? detail['loc'].join('.') : 'body'),
    message: text(detail['message']) ?? text(detail['msg']) ?? 'is not valid',
    type: text(detail['type']) ?? 'invalid',
  }));
}

function errorOf(body: unknown): Record<string, unknown> | undefined {
  const shaped: unknown = Array.isArray(body) ? body[0] : body;
  return isRecord(shaped) && isRecord(shaped['error']) ? shaped['error'] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
