import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** The built backend in a process of its own, as it is deployed but for its log, which is thrown away. */
export class RunningBackend {
  constructor(url, child) {
    this.url = url;
    this.child = child;
  }

  static async start(service) {
    const port = await freePort();
    const env = { ...process.env, PORT: String(port), HOST: '127.0.0.1', ML_SERVICE_URL: service };
    const child = spawn('node', ['dist/main.js'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    const url = `http://127.0.0.1:${port}`;
    for (let tries = 0; tries < 150; tries += 1) {
      const up = await fetch(`${url}/api/v1/ml/health`).catch(() => undefined);
      if (up?.status === 200) return new RunningBackend(url, child);
      if (child.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    child.kill();
    throw new Error(`the backend does not reach the ML service at ${service}`);
  }

  async cpuSeconds() {
    return this.metric('process_cpu_seconds_total');
  }

  /** Return its memory in MiB, now and every `step` seconds until `seconds` are over. */
  async memory(seconds, step) {
    const samples = [];
    const began = performance.now();
    for (let at = 0; at <= seconds; at += step) {
      await new Promise((resolve) => setTimeout(resolve, began + at * 1000 - performance.now()));
      samples.push(Math.round((await this.metric('process_resident_memory_bytes')) / 2 ** 20));
    }
    return samples;
  }

  async stop() {
    const gone = once(this.child, 'exit');
    this.child.kill();
    await gone;
  }

  /** Return how many of its answers stood in for one of the ML service; they are 200 too. */
  async standIns() {
    return this.metric('ml_fallback_total');
  }

  /** Return the sum of a metric's series. */
  async metric(name) {
    const exposition = await (await fetch(`${this.url}/metrics`)).text();
    const series = [...exposition.matchAll(new RegExp(`^${name}(?:{.*})? (\\S+)`, 'gm'))];
    return series.reduce((sum, [, value]) => sum + Number(value), 0);
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
