/** What each fault of the Python service means for the caller, the metrics and the log; README.md has the table. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ML_ENDPOINTS } from '../src/modules/ml-integration/services/ml-endpoints.js';
import type { MLPath } from '../src/modules/ml-integration/interfaces/ml-response.interface.js';
import { Backend } from './backend.js';
import { SAMPLES } from './samples.js';
import { after, Behaviour, halfBody, json, reset, silence, text, trickle, Upstream } from './upstream.js';

/** The total for faults that only time ends. */
const TIMEOUT_MS = 600;
/** What a busy machine may add. */
const SLACK_MS = 5000;

const soundBut = (change: object): Behaviour => {
  const { answer } = SAMPLES['/v1/predict/anomaly'];
  return json(200, { ...answer, ...change });
};
const error = { error: { code: 'x', message: 'secret-of-python', details: [], request_id: 'r' } };

interface Fault {
  name: string;
  behaviour: Behaviour;
  outcome: string;
  status: number;
  /** Whether the endpoints that may try again do so. */
  retried?: string;
  /** Whether it brings the circuit nearer to opening. */
  counted: boolean;
  timely?: boolean;
  fallback?: false;
}

const FAULTS: Fault[] = [
  { name: 'reset', behaviour: reset, outcome: 'unavailable', status: 503, retried: 'reset', counted: true },
  { name: 'half body', behaviour: halfBody, outcome: 'bad_response', status: 502, counted: true },
  { name: 'bad JSON', behaviour: text(200, '{"score": '), outcome: 'bad_response', status: 502, counted: true },
  { name: 'HTML with 200', behaviour: text(200, '<html>'), outcome: 'bad_response', status: 502, counted: true },
  { name: 'NaN', behaviour: text(200, '{"score": NaN}'), outcome: 'bad_response', status: 502, counted: true },
  { name: 'empty body', behaviour: text(200, ''), outcome: 'bad_response', status: 502, counted: true },
  { name: 'wrong shape', behaviour: json(200, { ok: true }), outcome: 'bad_response', status: 502, counted: true },
  { name: 'null', behaviour: json(200, null), outcome: 'bad_response', status: 502, counted: true },
  {
    name: 'field missing',
    behaviour: soundBut({ model: undefined }),
    outcome: 'bad_response',
    status: 502,
    counted: true,
  },
  {
    name: 'too large',
    behaviour: text(200, ' '.repeat(2_000_000)),
    outcome: 'bad_response',
    status: 502,
    counted: true,
  },
  {
    name: 'no HTTP',
    behaviour: ({ socket }) => socket.end('ERR no\r\n'),
    outcome: 'bad_response',
    status: 502,
    counted: true,
  },
  { name: 'slow headers', behaviour: silence, outcome: 'timeout', status: 504, counted: true, timely: false },
  { name: 'slow body', behaviour: trickle, outcome: 'timeout', status: 504, counted: true, timely: false },
  {
    name: 'redirect',
    behaviour: text(302, '', { location: '/v1/predict/anomaly' }),
    outcome: 'bad_response',
    status: 502,
    counted: true,
  },
  { name: '204', behaviour: text(204, ''), outcome: 'bad_response', status: 502, counted: true },
  {
    name: '429',
    behaviour: json(429, error, { 'retry-after': '0' }),
    outcome: 'overloaded',
    status: 503,
    retried: 'status_429',
    counted: false,
    fallback: false,
  },
  {
    name: '429 for long',
    behaviour: json(429, error, { 'retry-after': '2' }),
    outcome: 'overloaded',
    status: 503,
    counted: false,
    fallback: false,
  },
  { name: '500', behaviour: json(500, error), outcome: 'upstream_error', status: 502, counted: true },
  { name: '502', behaviour: text(502, 'bad gateway'), outcome: 'upstream_error', status: 502, counted: true },
  {
    name: '503',
    behaviour: json(503, error),
    outcome: 'unavailable',
    status: 503,
    retried: 'status_503',
    counted: true,
  },
  { name: '504', behaviour: json(504, error), outcome: 'timeout', status: 504, counted: true },
  {
    name: '400',
    behaviour: json(400, { error: { ...error.error, details: [{ field: 'a.b', message: 'is odd', type: 'odd' }] } }),
    outcome: 'invalid_input',
    status: 400,
    counted: false,
    fallback: false,
  },
  { name: '401', behaviour: json(401, error), outcome: 'contract_error', status: 502, counted: false, fallback: false },
  {
    name: '404 of a path',
    behaviour: text(404, 'no'),
    outcome: 'contract_error',
    status: 502,
    counted: false,
    fallback: false,
  },
  { name: '405', behaviour: json(405, error), outcome: 'contract_error', status: 502, counted: false, fallback: false },
];

const PATHS = Object.keys(ML_ENDPOINTS) as MLPath[];
const FALLBACKS: Partial<Record<MLPath, object>> = {
  '/v1/predict/intent': { intent: 'unknown', confidence: 0, alternatives: [], degraded: true },
  '/v1/predict/ner': { entities: [], degraded: true },
};

let upstream: Upstream;
let backend: Backend;

beforeAll(async () => {
  upstream = await Upstream.start();
});

async function start(environment: Record<string, string> = {}): Promise<void> {
  const shared = { ML_SERVICE_URL: upstream.url, ML_ENABLE_CACHING: 'false', ML_API_KEY: 'key-of-the-backend' };
  backend = await Backend.start({ ...shared, ...environment });
  upstream.calls.length = 0;
}

afterEach(async () => {
  upstream.always();
  await backend.stop();
});

afterAll(async () => {
  await upstream.stop();
});

describe.each(FAULTS)('$name', ({ behaviour, outcome, status, retried, counted, timely, fallback }) => {
  beforeEach(() => start(timely === false ? { ML_SERVICE_TIMEOUT: String(TIMEOUT_MS) } : {}));

  it.each(PATHS)('%s', async (path) => {
    const { model, retries } = ML_ENDPOINTS[path];
    const { route, request } = SAMPLES[path];
    const attempts = retried !== undefined && retries > 0 ? 2 : 1;
    const standsIn = fallback === false ? undefined : FALLBACKS[path];
    upstream.always(behaviour);

    const told = await backend.post(route, request, { headers: { 'x-request-id': 'browser-1' } });

    // Status and body.
    expect(told.headers.get('x-request-id')).toBe('browser-1');
    if (standsIn) {
      expect(told).toMatchObject({ status: 200, body: standsIn });
      expect(told.body).toEqual(standsIn);
    } else {
      expect(told.status).toBe(status);
      expect(told.body).toEqual({
        error: {
          code: `ml_${outcome}`,
          message: expect.any(String) as string,
          status,
          details: outcome === 'invalid_input' ? [{ field: 'a.b', message: 'is odd', type: 'odd' }] : [],
          request_id: 'browser-1',
        },
      });
    }
    // Time: a timeout when it is up, everything else at once but for the wait before another attempt.
    expect(told.ms).toBeLessThan(TIMEOUT_MS + SLACK_MS);
    if (timely === false) expect(told.ms).toBeGreaterThanOrEqual(TIMEOUT_MS - 5);
    // Calls and metrics.
    expect(upstream.calls).toHaveLength(attempts);
    expect(await backend.metric('ml_client_request_duration_seconds_count', { endpoint: model, outcome })).toBe(1);
    expect(await backend.metric('ml_client_request_duration_seconds_count')).toBe(1);
    expect(await backend.metric('ml_client_retries_total', { endpoint: model })).toBe(attempts - 1);
    if (attempts > 1) expect(await backend.metric('ml_client_retries_total', { reason: retried ?? '' })).toBe(1);
    expect(await backend.metric('ml_fallback_total', { endpoint: model, reason: outcome })).toBe(standsIn ? 1 : 0);
    expect(await backend.metric('ml_client_in_flight', { endpoint: model })).toBe(0);
    const health = await backend.get('/api/v1/ml/health');
    expect(health.body['circuits']).toMatchObject({ [model]: { failures: counted ? attempts : 0, state: 'closed' } });
    // Log.
    const [line, ...more] = backend.logged('ml call failed');
    expect(more).toEqual([]);
    expect(line).toMatchObject({ endpoint: model, outcome, 'error.code': `ml_${outcome}`, request_id: 'browser-1' });
    expect(line?.['duration_ms']).toBeTypeOf('number');
    expect(line?.['trace_id']).toMatch(/^[0-9a-f]{32}$/);
    expect(backend.written.join('')).not.toMatch(
      /zebrafish|zebulon|quagga|zoe-4711|4711\.13|\b(?:47111|13131)\b|key-of-the-backend|secret-of-python|undici|axios/i,
    );
  });
});

describe('connection refused', () => {
  it.each(PATHS)('%s', async (path) => {
    const gone = await Upstream.start();
    const { url } = gone;
    await gone.stop();
    await start({ ML_SERVICE_URL: url });
    const { model, retries } = ML_ENDPOINTS[path];
    const { route, request } = SAMPLES[path];
    const told = await backend.post(route, request);
    const standsIn = FALLBACKS[path];
    if (standsIn) expect(told).toMatchObject({ status: 200, body: standsIn });
    else {
      expect(told).toMatchObject({ status: 503, body: { error: { code: 'ml_unavailable' } } });
      expect(told.headers.get('retry-after')).toBe('1');
    }
    expect(told.ms).toBeLessThan(SLACK_MS);
    expect(await backend.metric('ml_client_retries_total', { endpoint: model, reason: 'refused' })).toBe(retries);
    expect(backend.logged('ml call failed')).toMatchObject([{ outcome: 'unavailable', reason: 'refused' }]);
    expect(backend.logged('ml service is down')).toHaveLength(1);
  });
});

describe('what is not the fault of the service', () => {
  beforeEach(() => start());

  const path = '/v1/predict/spending';

  it('an unknown user is 404, and neither counted nor tried again', async () => {
    upstream.always(json(404, error));
    const told = await backend.post(SAMPLES[path].route, SAMPLES[path].request);
    expect(told).toMatchObject({ status: 404, body: { error: { code: 'ml_not_found' } } });
    expect(upstream.calls).toHaveLength(1);
  });

  it.each([
    { detail: [{ loc: ['months', 0], msg: 'is odd', type: 'odd' }] },
    [{ error: { details: [{ field: 'months.0', message: 'is odd', type: 'odd' }] } }],
  ])("a refusal in BentoML's own shape is understood too: %j", async (body) => {
    upstream.always(json(422, body));
    const told = await backend.post(SAMPLES[path].route, SAMPLES[path].request);
    const details = [{ field: 'months.0', message: 'is odd', type: 'odd' }];
    expect(told).toMatchObject({ status: 400, body: { error: { code: 'ml_invalid_input', details } } });
  });

  it('a field that a newer service adds is let through', async () => {
    upstream.always(json(200, { ...SAMPLES[path].answer, newer: true }));
    const told = await backend.post(SAMPLES[path].route, SAMPLES[path].request);
    expect(told).toMatchObject({ status: 200, body: { newer: true, degraded: false } });
  });

  it('a slow answer within the time is an answer', async () => {
    upstream.always(after(300, json(200, SAMPLES[path].answer)));
    const told = await backend.post(SAMPLES[path].route, SAMPLES[path].request);
    expect(told.status).toBe(200);
  });
});
