// What the backend adds to the Python service: both under the same load, in turns, side by side.
// npm run bench -- [--seconds 60] [--connections 64] [--rounds 1] [--distinct] [--rate 100] [--no-cache]
// Python must run at ML_SERVICE_URL. --rate: requests a second of all connections together, which shows what the
// backend adds while nothing is saturated. --no-cache: the backend asks Python every time.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    connections: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '1' },
    distinct: { type: 'boolean', default: false },
    rate: { type: 'string' },
    'no-cache': { type: 'boolean', default: false },
  },
});
const PYTHON = process.env.ML_SERVICE_URL ?? 'http://localhost:8000';
let queries = 0;

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

async function startBackend() {
  const port = await freePort();
  const caching = values['no-cache'] ? 'false' : 'true';
  const environment = { ...process.env, PORT: String(port), ML_SERVICE_URL: PYTHON, ML_ENABLE_CACHING: caching };
  const child = spawn('node', ['dist/main.js'], { env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    const up = await fetch(`${url}/api/v1/ml/health`).catch(() => undefined);
    if (up?.status === 200) return { url, child };
    if (child.exitCode !== null) throw new Error('the backend did not start');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function metric(url, name) {
  const exposition = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)`, 'm').exec(exposition)?.[1]);
}

function load(url, seconds) {
  const body = (query) => JSON.stringify({ query });
  const headers = { 'content-type': 'application/json' };
  const setupRequest = (request) => ({ ...request, body: body(`what did I spend in shop ${(queries += 1)}`) });
  return autocannon({
    url,
    method: 'POST',
    headers,
    connections: Number(values.connections),
    duration: seconds,
    ...(values.rate ? { overallRate: Number(values.rate) } : {}),
    ...(values.distinct
      ? { requests: [{ method: 'POST', headers, setupRequest }] }
      : { body: body('What is my balance?') }),
  });
}

function row(name, result) {
  const { latency, requests, errors, timeouts, non2xx } = result;
  const cells = [name, requests.average.toFixed(0), latency.p50, latency.p99, errors + timeouts, non2xx];
  console.log(`| ${cells.join(' | ')} |`);
}

const backend = await startBackend();
const python = `${PYTHON}/v1/predict/intent`;
const nest = `${backend.url}/api/v1/ml/intent`;
try {
  await load(python, 5);
  await load(nest, 5);
  console.log(
    `${values.connections} connections, ${values.seconds} s each, ${values.distinct ? 'distinct queries' : 'one query'}${values.rate ? `, ${values.rate}/s` : ''}\n`,
  );
  console.log('| | requests/s | median ms | p99 ms | errors | not 2xx |\n|---|---|---|---|---|---|');
  for (let round = 0; round < Number(values.rounds); round += 1) {
    row('Python', await load(python, Number(values.seconds)));
    const before = await metric(backend.url, 'process_resident_memory_bytes');
    row('backend', await load(nest, Number(values.seconds)));
    const after = await metric(backend.url, 'process_resident_memory_bytes');
    const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(0);
    console.log(`| backend's memory | ${megabytes(before)} MiB before | ${megabytes(after)} MiB after | | | |`);
  }
} finally {
  backend.child.kill();
}
