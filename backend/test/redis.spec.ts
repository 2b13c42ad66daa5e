/** The cache in a Redis that is really there, and then is not. */
import { ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Backend, until } from './backend.js';
import { SAMPLES } from './samples.js';
import { Upstream } from './upstream.js';

const present = spawnSync('redis-server', ['--version']).status === 0;
if (!present) process.stderr.write('no redis-server: the tests of the shared cache are skipped\n');

const { route, request } = SAMPLES['/v1/predict/intent'];
/** What a busy machine may add. */
const SLACK_MS = 1000;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe.skipIf(!present)('Redis', () => {
  let folder: string;
  let port: number;
  let redis: ChildProcess;
  let upstream: Upstream;
  let backend: Backend;

  const url = () => `redis://127.0.0.1:${port}`;
  const state = async () => {
    const { cache } = (await backend.get('/api/v1/ml/health')).body as { cache: { stores: object[] } };
    return cache.stores.at(-1);
  };
  const stored = () => backend.metric('ml_cache_events_total', { endpoint: 'intent', event: 'stored' });

  async function startRedis(): Promise<void> {
    redis = spawn('redis-server', ['--port', String(port), '--save', '', '--dir', folder], { stdio: 'ignore' });
    await until(() => spawnSync('redis-cli', ['-p', String(port), 'ping']).status === 0, 10_000);
  }

  async function killRedis(): Promise<void> {
    if (redis.exitCode !== null || redis.signalCode !== null) return;
    const gone = new Promise((resolve) => redis.once('exit', resolve));
    redis.kill('SIGKILL');
    await gone;
  }

  async function look() {
    const client = createClient({ url: url() });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  async function ask(query: string): Promise<number> {
    const told = await backend.post(route, { query });
    expect(told).toMatchObject({ status: 200, body: { intent: 'check_balance', degraded: false } });
    return told.ms;
  }

  /** Ask until the answer is in Redis: on a busy machine it may be left alone at first. Forgets the calls it took. */
  async function keep(query: string): Promise<void> {
    const before = await stored();
    await until(async () => {
      await ask(query);
      await new Promise((resolve) => setTimeout(resolve, 100));
      return (await stored()) > before;
    }, 30_000);
    upstream.calls.length = 0;
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'redis-'));
    port = await freePort();
    upstream = await Upstream.start();
  });

  beforeEach(async () => {
    await startRedis();
    backend = await Backend.start({ ML_SERVICE_URL: upstream.url, REDIS_URL: url() });
    await until(async () => ((await state()) as { state: string }).state === 'ok', 10_000);
    upstream.calls.length = 0;
  });

  afterEach(async () => {
    await backend.stop();
    await killRedis();
  });

  afterAll(async () => {
    await upstream.stop();
    rmSync(folder, { recursive: true });
  });

  it('is shared by the processes of the backend', async () => {
    await keep('hello');
    await backend.stop();
    backend = await Backend.start({ ML_SERVICE_URL: upstream.url, REDIS_URL: url() });
    await until(async () => ((await state()) as { state: string }).state === 'ok');
    await ask('hello');
    expect(upstream.calls).toHaveLength(0);
    expect(await backend.metric('ml_cache_events_total', { endpoint: 'intent', event: 'hit' })).toBe(1);
  });

  it('is given digests for keys, with the version of the model, and nothing that repeats a text', async () => {
    await keep((request as { query: string }).query);
    await backend.post(SAMPLES['/v1/predict/ner'].route, SAMPLES['/v1/predict/ner'].request);
    const client = await look();
    const keys = await client.keys('*');
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatch(/^ml:[\d.]+:intent:v1:[0-9a-f]{64}$/);
    const value = await client.get(keys[0] ?? '');
    const lifetime = await client.pTTL(keys[0] ?? '');
    client.destroy();
    expect(`${keys.join()} ${value}`).not.toMatch(/zebrafish|zebulon|quagga/i);
    expect(lifetime).toBeGreaterThan(23 * 3_600_000);
  });

  it('that holds something else costs an answer of the service and no more', async () => {
    await keep('hello');
    const client = await look();
    for (const value of ['nonsense', '{}', '{"answer":{"intent":"pay_bill"},"freshUntil":9e15}', '7', 'null']) {
      const [key = ''] = await client.keys('*');
      await client.set(key, value);
      upstream.calls.length = 0;
      await ask('hello');
      expect(upstream.calls, value).toHaveLength(1);
      // Put right by the new answer.
      await until(async () => (await client.get(key)) !== value);
    }
    client.destroy();
  });

  it('when frozen costs 200 ms once, and is then left alone until it answers again', async () => {
    await keep('hello');
    redis.kill('SIGSTOP');
    const together = await Promise.all(Array.from({ length: 20 }, (_, number) => ask(`frozen ${number}`)));
    for (const ms of together) expect(ms).toBeLessThan(200 + SLACK_MS);
    const failures = () => backend.metric('ml_cache_events_total', { event: 'error' });
    const before = await failures();
    expect(before).toBeGreaterThan(0);
    for (let number = 0; number < 10; number += 1) await ask('hello');
    expect(await failures()).toBe(before);
    expect(await state()).toMatchObject({ kind: 'redis', state: 'away' });
    expect(backend.logged('redis does not answer and is left alone for a while')).toHaveLength(1);
    redis.kill('SIGCONT');
    await until(async () => ((await state()) as { state: string }).state === 'ok', 10_000);
    const calls = upstream.calls.length;
    await ask('hello');
    expect(upstream.calls).toHaveLength(calls);
    expect(backend.logged('redis answers again')).toHaveLength(1);
  });

  it('when killed costs nothing, and is used again once it is back', async () => {
    await ask('hello');
    await killRedis();
    expect(await ask('killed')).toBeLessThan(200 + SLACK_MS);
    expect(await ask('killed again')).toBeLessThan(SLACK_MS);
    await startRedis();
    await until(async () => ((await state()) as { state: string }).state === 'ok', 10_000);
    await keep('back');
    await ask('back');
    expect(upstream.calls).toEqual([]);
  });

  it('that is down at the start keeps nothing from starting', async () => {
    await backend.stop();
    await killRedis();
    backend = await Backend.start({ ML_SERVICE_URL: upstream.url, REDIS_URL: url() });
    expect(await ask('hello')).toBeLessThan(200 + SLACK_MS);
    expect(await state()).toMatchObject({ kind: 'redis', state: 'away' });
  });
});
