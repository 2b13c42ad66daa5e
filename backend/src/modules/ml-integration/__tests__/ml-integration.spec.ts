/** The module in a running application, against a real HTTP server in the place of the Python service. */
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Backend, type Told, until } from '../../../../test/backend.js';
import { SAMPLES } from '../../../../test/samples.js';
import { after, json, silence, Upstream } from '../../../../test/upstream.js';
import { ClassifyIntentTool } from '../../ai-reasoning/tools/classify-intent.tool.js';
import type { MLPath } from '../interfaces/ml-response.interface.js';
import { ML_ENDPOINTS } from '../services/ml-endpoints.js';

const PATHS = Object.keys(SAMPLES) as MLPath[];
const INTENT = '/api/v1/ml/intent';
const CREDIT = SAMPLES['/v1/predict/credit_risk'];
const ANOMALY = SAMPLES['/v1/predict/anomaly'];
const failing = json(500, { error: { code: 'internal_error', message: 'm', details: [], request_id: 'r' } });

let upstream: Upstream;
let backend: Backend;

async function restart(environment: Record<string, string> = {}): Promise<void> {
  await backend.stop();
  backend = await Backend.start({ ML_SERVICE_URL: upstream.url, ...environment });
}

beforeAll(async () => {
  upstream = await Upstream.start();
});

beforeEach(async () => {
  backend = await Backend.start({ ML_SERVICE_URL: upstream.url });
  upstream.calls.length = 0;
  upstream.cancelled = 0;
});

afterEach(async () => {
  upstream.always();
  upstream.version = 'v1';
  await backend.stop();
});

afterAll(async () => {
  await upstream.stop();
});

describe('a prediction', () => {
  it.each(PATHS)('of %s is what the service answers', async (path) => {
    const { route, request, answer } = SAMPLES[path];
    const told = await backend.post(route, request);
    expect(told.status).toBe(200);
    expect(told.body).toEqual({ ...answer, prediction_id: 'upstream-1', degraded: false });
    const [call] = upstream.calls;
    expect(call?.path).toBe(path);
    expect(JSON.parse(call?.body ?? '')).toMatchObject(request);
    expect(await backend.metric('ml_client_request_duration_seconds_count', { outcome: 'ok' })).toBe(1);
  });

  it("carries the caller's id and trace to the service, and the key", async () => {
    await restart({ ML_API_KEY: 'key-of-the-backend' });
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { 'x-request-id': 'browser-1', traceparent: `00-${trace}-00f067aa0ba902b7-01` };
    const told = await backend.post(INTENT, { query: 'hello' }, { headers });
    expect(told.headers.get('x-request-id')).toBe('browser-1');
    const sent = upstream.calls[0]?.headers;
    expect(sent?.['x-request-id']).toBe('browser-1');
    expect(sent?.['traceparent']).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
    expect(sent?.authorization).toBe('Bearer key-of-the-backend');
    const [line] = backend.logged('request');
    expect(line).toMatchObject({ request_id: 'browser-1', trace_id: trace, status: 200, path: INTENT, method: 'POST' });
    expect(line?.['span_id']).toBe(sent?.['traceparent']?.toString().split('-')[2]);
  });

  it('asks for offsets that slice understands, and for dates as of today', async () => {
    await backend.post('/api/v1/ml/ner', { text: 'yesterday' });
    const today = new Date().toISOString().slice(0, 10);
    const sent: unknown = JSON.parse(upstream.calls[0]?.body ?? '');
    expect(sent).toEqual({ text: 'yesterday', offset_unit: 'utf16', reference_date: today });
  });

  it('forecasts twelve months when not told', async () => {
    await backend.predictions.predictSpending('user-1');
    expect(JSON.parse(upstream.calls[0]?.body ?? '')).toEqual({ user_id: 'user-1', months: 12 });
  });

  it('follows a base path of the service', async () => {
    await restart({ ML_SERVICE_URL: `${upstream.url}/base/` });
    await backend.post(CREDIT.route, CREDIT.request);
    expect(upstream.calls.at(-1)?.path).toBe('/base/v1/predict/credit_risk');
  });
});

describe('a request that is not valid', () => {
  const shape = (code: string, status: number, details: unknown) => ({
    error: { code, message: expect.any(String) as string, status, details, request_id: expect.any(String) as string },
  });

  it('names each field, and does not reach the service', async () => {
    const told = await backend.post(INTENT, { query: 7, top_k: 11, tpo_k: 1 });
    expect(told.status).toBe(400);
    expect(told.body).toEqual(shape('validation_error', 400, expect.any(Array)));
    const { details } = told.body['error'] as { details: { field: string }[] };
    expect(new Set(details.map(({ field }) => field))).toEqual(new Set(['query', 'top_k', 'tpo_k']));
    expect(upstream.calls).toEqual([]);
  });

  it.each(['{"query": ', '"text"', 'null', '7'])('as JSON (%s) has the one shape and an id', async (body) => {
    const told = await backend.post(INTENT, body, { headers: { 'x-request-id': 'browser-1' } });
    expect(told.status).toBe(400);
    expect(told.body).toMatchObject(shape('validation_error', 400, expect.any(Array)));
    expect(told.headers.get('x-request-id')).toBe('browser-1');
    await until(() => backend.logged('request').length > 0);
    expect(backend.logged('request')).toMatchObject([{ path: INTENT, status: 400, request_id: 'browser-1' }]);
  });

  it('for its size is 413', async () => {
    const told = await backend.post(INTENT, { query: 'x'.repeat(300_000) });
    expect(told).toMatchObject({ status: 413, body: shape('body_too_large', 413, []) });
  });

  it('for its path is 404', async () => {
    const told = await backend.get('/api/v1/ml/nowhere');
    expect(told).toMatchObject({ status: 404, body: shape('not_found', 404, []) });
  });
});

describe('the cache', () => {
  const ask = (query = 'What is my balance?') => backend.post(INTENT, { query });

  it.each([
    ['/v1/predict/intent', 1],
    ['/v1/predict/ner', 1],
    ['/v1/predict/spending', 3],
    ['/v1/predict/anomaly', 3],
    ['/v1/predict/credit_risk', 3],
  ] as const)('of three equal requests to %s lets %i through', async (path, calls) => {
    const { route, request } = SAMPLES[path];
    const ids = [];
    for (let number = 0; number < 3; number += 1) ids.push((await backend.post(route, request)).body['prediction_id']);
    expect(upstream.calls).toHaveLength(calls);
    expect(new Set(ids).size).toBe(3);
  });

  it('takes users for no part of an intent, and everything else for one', async () => {
    await backend.post(INTENT, { query: 'hello' });
    await backend.post(INTENT, { query: 'hello', user_id: 'user-1' });
    expect(upstream.calls).toHaveLength(1);
    await backend.post(INTENT, { query: 'hello!' });
    await backend.post(INTENT, { query: 'hello', top_k: 5 });
    await backend.post(INTENT, { query: 'hello', language: 'fr' });
    expect(upstream.calls).toHaveLength(4);
  });

  it('lets one of twenty simultaneous misses through, each with an id of its own', async () => {
    upstream.always(after(100, json(200, SAMPLES['/v1/predict/intent'].answer)));
    const told = await Promise.all(Array.from({ length: 20 }, () => ask()));
    expect(upstream.calls).toHaveLength(1);
    expect(new Set(told.map(({ body }) => body['prediction_id'])).size).toBe(20);
    expect(await backend.metric('ml_cache_events_total', { endpoint: 'intent', event: 'coalesced' })).toBe(19);
  });

  it('keeps an answer for its time', async () => {
    await restart({ ML_CACHE_TTL: '1' });
    await ask();
    await ask();
    expect(upstream.calls).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await ask();
    expect(upstream.calls).toHaveLength(2);
  });

  it('is empty once a new model answers', async () => {
    await ask();
    upstream.version = 'v2';
    await ask('something else, which tells that there is a new model');
    const told = await ask();
    expect(told.body['model']).toEqual({ name: 'intent', version: 'v2' });
    expect(upstream.calls).toHaveLength(3);
  });

  it('gives a stale answer while the service is away, and says so', async () => {
    await restart({ ML_CACHE_TTL: '1' });
    const first = await ask();
    await new Promise((resolve) => setTimeout(resolve, 1100));
    upstream.always(failing);
    const told = await ask();
    expect(told.body).toEqual({ ...first.body, prediction_id: expect.any(String) as string, degraded: true });
    expect(told.body['prediction_id']).not.toBe(first.body['prediction_id']);
    expect(await backend.metric('ml_cache_events_total', { endpoint: 'intent', event: 'stale' })).toBe(1);
    expect(await backend.metric('ml_fallback_total', { endpoint: 'intent', reason: 'upstream_error' })).toBe(1);
  });

  it('keeps nothing that stood in for an answer', async () => {
    upstream.next(failing);
    expect((await ask()).body['degraded']).toBe(true);
    expect((await ask()).body).toMatchObject({ intent: 'check_balance', degraded: false });
  });

  it('can be switched off', async () => {
    await restart({ ML_ENABLE_CACHING: 'false' });
    await ask();
    await ask();
    expect(upstream.calls).toHaveLength(2);
    expect((await backend.get('/api/v1/ml/health')).body['cache']).toMatchObject({ enabled: false });
  });
});

describe('a caller that leaves', () => {
  it.each([INTENT, CREDIT.route])('%s cancels the call to the service, and nothing is counted', async (route) => {
    upstream.always(silence);
    const request = route === INTENT ? { query: 'hello' } : CREDIT.request;
    const caller = new AbortController();
    const left = backend.post(route, request, { signal: caller.signal });
    await until(() => upstream.calls.length === 1);
    caller.abort();
    await expect(left).rejects.toThrow();
    await until(() => upstream.cancelled === 1);
    await until(() => backend.logged('request').some(({ status }) => status === 499));
    expect(await backend.metric('ml_client_request_duration_seconds_count', { outcome: 'aborted' })).toBe(1);
    const { circuits } = (await backend.get('/api/v1/ml/health')).body as { circuits: Record<string, object> };
    for (const circuit of Object.values(circuits)) expect(circuit).toMatchObject({ state: 'closed', failures: 0 });
  });

  it('does not take the answer from others who asked the same', async () => {
    upstream.always(after(200, json(200, SAMPLES['/v1/predict/intent'].answer)));
    const caller = new AbortController();
    const left = backend.post(INTENT, { query: 'hello' }, { signal: caller.signal });
    await until(() => upstream.calls.length === 1);
    const stayed = backend.post(INTENT, { query: 'hello' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    caller.abort();
    await expect(left).rejects.toThrow();
    expect((await stayed).body).toMatchObject({ intent: 'check_balance', degraded: false });
    expect(upstream.calls).toHaveLength(1);
  });
});

describe('the circuit', () => {
  const score = () => backend.post(CREDIT.route, CREDIT.request);
  const circuits = async () => (await backend.get('/api/v1/ml/health')).body['circuits'] as Record<string, unknown>;

  it('opens after five failures, refuses at once, and tells when to come back', async () => {
    upstream.always(failing);
    for (let number = 0; number < 5; number += 1) expect((await score()).status).toBe(502);
    const told = await score();
    expect(told).toMatchObject({ status: 503, body: { error: { code: 'ml_circuit_open' } } });
    expect(Number(told.headers.get('retry-after'))).toBeGreaterThan(28);
    expect(upstream.calls).toHaveLength(5);
    expect(await backend.metric('ml_client_breaker_state', { endpoint: 'credit_risk' })).toBe(2);
    expect(backend.logged('circuit changed')).toMatchObject([{ endpoint: 'credit_risk', state: 'open' }]);
  });

  it('of one endpoint leaves the others alone', async () => {
    upstream.always(failing);
    for (let number = 0; number < 5; number += 1) await score();
    upstream.always();
    expect((await backend.post(ANOMALY.route, ANOMALY.request)).status).toBe(200);
    expect(await circuits()).toMatchObject({ credit_risk: { state: 'open' }, anomaly: { state: 'closed' } });
  });

  it.each([400, 401, 404, 429])('stays closed at any number of %i', async (status) => {
    upstream.always(json(status, {}, { 'retry-after': '9' }));
    for (let number = 0; number < 10; number += 1) await score();
    expect(upstream.calls).toHaveLength(10);
    expect(await circuits()).toMatchObject({ credit_risk: { state: 'closed', failures: 0 } });
  });

  it('sends one of fifty calls when its time is over, and closes by itself', async () => {
    await restart({ ML_CIRCUIT_BREAKER_THRESHOLD: '2', ML_CIRCUIT_BREAKER_TIMEOUT: '300' });
    upstream.always(failing);
    await score();
    await score();
    let answer = () => {};
    upstream.always((asked, response) => {
      answer = () => {
        json(200, CREDIT.answer)(asked, response);
      };
    });
    upstream.calls.length = 0;
    await new Promise((resolve) => setTimeout(resolve, 310));
    const told: Told[] = [];
    const all = Promise.all(Array.from({ length: 50 }, async () => told.push(await score())));
    await until(() => told.length === 49, 30_000);
    for (const { status, body } of told) {
      expect({ status, body }).toMatchObject({ status: 503, body: { error: { code: 'ml_circuit_open' } } });
    }
    answer();
    await all;
    expect(told.at(-1)?.status).toBe(200);
    expect(upstream.calls).toHaveLength(1);
    upstream.always();
    expect((await score()).status).toBe(200);
    expect(backend.logged('circuit changed').map(({ state }) => state)).toEqual(['open', 'half_open', 'closed']);
  });
});

describe('time', () => {
  it('of one attempt is three seconds, and there is no other after it', async () => {
    upstream.always(silence);
    const told = await backend.post(ANOMALY.route, ANOMALY.request);
    expect(told).toMatchObject({ status: 504, body: { error: { code: 'ml_timeout' } } });
    expect(told.ms).toBeGreaterThanOrEqual(2990);
    expect(told.ms).toBeLessThan(5000);
    expect(upstream.calls).toHaveLength(1);
  });

  it('of a forecast is longer', async () => {
    const { route, request, answer } = SAMPLES['/v1/predict/spending'];
    upstream.always(after(3500, json(200, answer)));
    expect((await backend.post(route, request)).status).toBe(200);
    expect(ML_ENDPOINTS['/v1/predict/spending'].attemptMs).toBe(20_000);
  });

  it('ends idle connections before the service does, which it does after five seconds', async () => {
    await backend.post(CREDIT.route, CREDIT.request);
    expect(await upstream.connections()).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 4900));
    expect(await upstream.connections()).toBe(0);
    expect((await backend.post(CREDIT.route, CREDIT.request)).status).toBe(200);
  });
});

describe('places', () => {
  it('are bounded for each endpoint: one call more is refused at once', async () => {
    const { route, request } = SAMPLES['/v1/predict/spending'];
    const { inFlight } = ML_ENDPOINTS['/v1/predict/spending'];
    upstream.always(after(500, json(200, SAMPLES['/v1/predict/spending'].answer)));
    const under = Array.from({ length: inFlight }, () => backend.post(route, request));
    await until(() => upstream.calls.length === inFlight);
    expect(await backend.metric('ml_client_in_flight', { endpoint: 'spending' })).toBe(inFlight);
    const told = await backend.post(route, request);
    expect(told).toMatchObject({ status: 503, body: { error: { code: 'ml_overloaded' } } });
    expect(told.headers.get('retry-after')).toBe('1');
    for (const { status } of await Promise.all(under)) expect(status).toBe(200);
  });

  it('make room for 64 callers at once', async () => {
    upstream.always(after(100, json(200, ANOMALY.answer)));
    const told = await Promise.all(Array.from({ length: 64 }, () => backend.post(ANOMALY.route, ANOMALY.request)));
    expect(told.map(({ status }) => status)).toEqual(Array<number>(64).fill(200));
  });
});

describe('health', () => {
  it('shows models, versions, circuits and the cache', async () => {
    const told = await backend.get('/api/v1/ml/health');
    expect(told.status).toBe(200);
    expect(told.body).toMatchObject({
      status: 'ok',
      cache: { enabled: true, ttl_s: 3600, stores: [{ kind: 'memory', state: 'ok', entries: 0 }] },
    });
    const names = PATHS.map((path) => ML_ENDPOINTS[path].model).sort();
    const { models, circuits } = told.body as { models: { name: string }[]; circuits: object };
    expect(models.map(({ name }) => name).sort()).toEqual(names);
    expect(models[0]).toMatchObject({ version: 'v1', device: 'cpu', state: 'ready' });
    expect(Object.keys(circuits).sort()).toEqual(names);
  });

  it('is 503 while the service is away, but the backend itself is ready', async () => {
    await restart({ ML_SERVICE_URL: 'http://127.0.0.1:9' });
    const told = await backend.get('/api/v1/ml/health');
    expect(told).toMatchObject({ status: 503, body: { status: 'down' } });
    expect((await fetch(`${backend.url}/readyz`)).status).toBe(200);
    expect((await fetch(`${backend.url}/livez`)).status).toBe(200);
  });
});

describe('beside the predictions', () => {
  it('there is a page and a document of the API, described by the contract', async () => {
    expect((await fetch(`${backend.url}/api/docs`)).status).toBe(200);
    const { body } = await backend.get('/api/docs-json');
    expect(body['openapi']).toBe('3.1.0');
    const { paths } = body as { paths: Record<string, { post?: { requestBody: unknown } }> };
    expect(Object.keys(paths).sort()).toEqual(
      [...Object.values(SAMPLES).map(({ route }) => route), '/api/v1/ml/health'].sort(),
    );
    expect(JSON.stringify(paths[INTENT]?.post?.requestBody)).toContain('"maxLength":2000');
  });

  it('metrics have no label of the caller', async () => {
    for (const path of PATHS) await backend.post(SAMPLES[path].route, SAMPLES[path].request);
    const exposition = await (await fetch(`${backend.url}/metrics`)).text();
    expect(exposition).toContain('ml_client_request_duration_seconds_bucket');
    expect(exposition).toContain('process_cpu_seconds_total');
    expect(exposition).not.toMatch(/zebrafish|zebulon|zoe-4711/i);
  });

  it('an agent has a tool', async () => {
    const tool = backend.app.get(ClassifyIntentTool);
    expect(tool.name).toBe('classify_intent');
    const { intent, confidence, alternatives } = SAMPLES['/v1/predict/intent'].answer;
    expect(await tool.execute({ query: 'hello', user_id: 'user-1' })).toEqual({ intent, confidence, alternatives });
    upstream.always(failing);
    expect(await tool.execute({ query: 'bye' })).toEqual({ intent: 'unknown', confidence: 0, alternatives: [] });
  });
});

describe('the application', () => {
  it('closes at once although callers keep their connections', async () => {
    const idle = connect(Number(new URL(backend.url).port), '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    const began = performance.now();
    await backend.stop();
    expect(performance.now() - began).toBeLessThan(2000);
    idle.destroy();
    await restart();
  });

  it('does not start with a setting that is wrong', async () => {
    await expect(Backend.start({ ML_CACHE_TTL: 'soon' })).rejects.toThrow('ML_CACHE_TTL must be a whole number');
  });
});
