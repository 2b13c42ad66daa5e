/** Both sides as they run: this application and the Python service, with its trained models. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MLPath } from '../src/modules/ml-integration/interfaces/ml-response.interface.js';
import { ML_ENDPOINTS } from '../src/modules/ml-integration/services/ml-endpoints.js';
import { Backend, until } from './backend.js';
import { freePort, missing, PythonService } from './python.js';
import { SAMPLES } from './samples.js';

interface Contract {
  paths: Record<string, unknown>;
  components: { schemas: Record<string, object> };
}

const contract = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../contracts/openapi.json'), 'utf8'),
) as Contract;
const PATHS = (Object.keys(ML_ENDPOINTS) as MLPath[]).filter((path) => path in contract.paths);
const reason = missing(PATHS.map((path) => ML_ENDPOINTS[path].model));
if (reason !== undefined) {
  // `make test` sets this: it has built what is needed.
  if (process.env['REQUIRE_PYTHON']) throw new Error(reason);
  process.stderr.write(`${reason}; the tests against the real service are skipped\n`);
}

const INTENT = SAMPLES['/v1/predict/intent'].route;
const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
ajv.addSchema({ $id: 'contract', components: contract.components });

let queries = 0;
const query = () => `how much did I spend in shop number ${(queries += 1)}`;

describe.skipIf(reason !== undefined)('with the real service', () => {
  let python: PythonService;
  let backend: Backend;

  beforeAll(async () => {
    python = new PythonService(await freePort());
    await python.start();
  });

  beforeEach(async () => {
    backend = await Backend.start({ ML_SERVICE_URL: python.url });
  });

  afterEach(async () => {
    await backend.stop();
  });

  afterAll(async () => {
    await python.stop();
  });

  it('the committed contract is the one that is served', async () => {
    const served: unknown = await (await fetch(`${python.url}/openapi.json`)).json();
    expect(served).toEqual(contract);
  });

  it.each(PATHS)('%s answers, and the answer is what the contract says to the letter', async (path) => {
    const { route, request } = SAMPLES[path];
    const told = await backend.post(route, request);
    expect(told.status, JSON.stringify(told.body)).toBe(200);
    const { degraded, ...answer } = told.body;
    expect(degraded).toBe(false);
    ajv.validate(`contract#/components/schemas/${ML_ENDPOINTS[path].answer}`, answer);
    expect(ajv.errors).toBeNull();
    expect((answer['model'] as { name: string }).name).toBe(ML_ENDPOINTS[path].model);
  });

  it('health shows the models that run', async () => {
    const told = await backend.get('/api/v1/ml/health');
    expect(told.status).toBe(200);
    const { models } = told.body as { models: { name: string; version: string; state: string }[] };
    expect(models.map(({ name }) => name).sort()).toEqual(PATHS.map((path) => ML_ENDPOINTS[path].model).sort());
    for (const model of models) expect(model).toMatchObject({ state: 'ready', version: expect.any(String) as string });
  });

  describe("one id and one trace go from the browser's call", () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const shared = ['time', 'level', 'logger', 'msg', 'request_id', 'trace_id', 'span_id', 'duration_ms'];

    /** Send a request as a browser does; return its answer, this application's line and those of the service. */
    async function traced(path: MLPath, request: object, wanted: string[]) {
      const id = `browser-${crypto.randomUUID()}`;
      const headers = { 'x-request-id': id, traceparent: `00-${trace}-00f067aa0ba902b7-01` };
      const told = await backend.post(SAMPLES[path].route, request, { headers });
      expect(told.status, JSON.stringify(told.body)).toBe(200);
      expect(told.headers.get('x-request-id')).toBe(id);
      // Each side writes its line when its answer is already on the way.
      const lines = () => wanted.map((msg) => python.lines(id).find((line) => line.msg === msg));
      await until(() => backend.logged('request').length > 0 && lines().every(Boolean), 60_000);
      const [nest] = backend.logged('request');
      for (const line of [nest, ...lines()]) {
        expect(line).toMatchObject({ request_id: id, trace_id: trace });
        expect(Object.keys(line ?? {})).toEqual(expect.arrayContaining(shared));
      }
      expect(nest).toMatchObject({ path: SAMPLES[path].route, status: 200 });
      return { told, nest, lines: lines() };
    }

    it("to the line of the runner's process, through the gateway's", async () => {
      const { request } = SAMPLES['/v1/predict/spending'];
      // Never asked before: what the service has kept reaches no runner.
      const asked = { ...request, user_id: crypto.randomUUID(), history: [{ month: '2026-01', amount: 1234.56 }] };
      const { told, nest, lines } = await traced('/v1/predict/spending', asked, ['request', 'answered']);
      const [gateway, runner] = lines;
      const { model } = told.body as { model: { version: string } };
      expect(gateway).toMatchObject({ logger: 'access', path: '/v1/predict/spending', status: 200 });
      expect(gateway).toMatchObject({ model: `spending:${model.version}` });
      expect(runner).toMatchObject({ logger: 'runner', model: 'spending', items: 1, span_id: gateway?.['span_id'] });
      expect(gateway?.['span_id']).not.toBe(nest?.['span_id']);
    });

    it('to the line of the gateway that has the model in its own process', async () => {
      const { told, lines } = await traced('/v1/predict/intent', { query: query() }, ['request']);
      const { model } = told.body as { model: { version: string } };
      expect(lines).toMatchObject([{ logger: 'access', path: '/v1/predict/intent', model: `intent:${model.version}` }]);
    });
  });

  it('a frozen service costs the time of one attempt, and then nothing while the circuit is open', async () => {
    python.freeze();
    try {
      const told = await Promise.all(Array.from({ length: 5 }, () => backend.post(INTENT, { query: query() })));
      for (const { status, body, ms } of told) {
        expect({ status, body }).toEqual({
          status: 200,
          body: { intent: 'unknown', confidence: 0, alternatives: [], degraded: true },
        });
        expect(ms).toBeGreaterThanOrEqual(2990);
        expect(ms).toBeLessThan(6000);
      }
      expect((await backend.post(INTENT, { query: query() })).ms).toBeLessThan(1000);
      expect(await backend.metric('ml_client_request_duration_seconds_count', { outcome: 'timeout' })).toBe(5);
      expect(await backend.metric('ml_client_request_duration_seconds_count', { outcome: 'circuit_open' })).toBe(1);
      expect(await backend.metric('ml_client_retries_total')).toBe(0);
      expect(backend.logged('ml call failed').filter(({ outcome }) => outcome === 'timeout')).toHaveLength(5);
    } finally {
      python.thaw();
    }
  });

  it('a killed service is answered for, and used again within 40 s of its return', async () => {
    const kept = query();
    const before = await backend.post(INTENT, { query: kept });
    await python.kill();
    for (let number = 0; number < 6; number += 1) {
      const told = await backend.post(INTENT, { query: query() });
      expect(told).toMatchObject({ status: 200, body: { intent: 'unknown', degraded: true } });
    }
    expect(await backend.metric('ml_client_breaker_state', { endpoint: 'intent' })).toBe(2);
    const hit = await backend.post(INTENT, { query: kept });
    expect(hit.body).toMatchObject({ intent: before.body['intent'], degraded: false });
    await until(async () => (await backend.get('/api/v1/ml/health')).status === 503, 15_000);
    expect(backend.logged('ml service is down')).toHaveLength(1);

    await python.start();
    const returned = performance.now();
    await until(async () => (await backend.post(INTENT, { query: query() })).body['degraded'] === false, 40_000);
    // 200 also while the gateway that was asked waits for one of its models.
    await until(async () => (await backend.get('/api/v1/ml/health')).body['status'] === 'ok', 40_000);
    expect(performance.now() - returned).toBeLessThan(40_000);
    const told = ['ok', 'degraded', 'down'].flatMap((status) => backend.logged(`ml service is ${status}`));
    const states = told.sort((one, other) => String(one['time']).localeCompare(String(other['time'])));
    expect(states.at(-1)).toMatchObject({ status: 'ok' });
    states.slice(1).forEach(({ status }, index) => {
      expect(status).not.toBe(states[index]?.['status']);
    });
  }, 240_000);
});
