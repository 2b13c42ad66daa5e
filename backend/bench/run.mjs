// What the backend adds to calling the ML service directly: the same bodies over the same number of connections, to
// one and then to the other, and to both in turns at a rate that leaves the machine room. Prints tables.
// npm run bench -- [--seconds 60] [--connections 64] [--rate 200] [--only one|distinct]
// The ML service must run at ML_SERVICE_URL. Load, backend and ML service share this machine's cores.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { RunningBackend } from './backend.mjs';
import { flooded } from './flood.mjs';
import { inTurns } from './in-turns.mjs';
import { QUERIES } from './queries.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    connections: { type: 'string', default: '64' },
    rate: { type: 'string', default: '200' },
    only: { type: 'string' },
  },
});
const SAMPLE_S = 10;
const seconds = Number(values.seconds);
const connections = Number(values.connections);
const rate = Number(values.rate);
const service = process.env.ML_SERVICE_URL ?? 'http://localhost:8000';
const kinds = Object.entries(QUERIES).filter(([kind]) => values.only === undefined || kind === values.only);
const ms = (value) => value.toFixed(1);

function table(title, head, rows) {
  console.log(`\n${title}\n\n| ${head.join(' | ')} |\n|${'---|'.repeat(head.length)}`);
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
}

const backend = await RunningBackend.start(service);
try {
  const targets = { 'ML service': `${service}/v1/predict/intent`, backend: `${backend.url}/api/v1/ml/intent` };
  for (const url of Object.values(targets))
    await flooded(url, { connections, seconds: 5, next: QUERIES.distinct.next });

  const loads = [];
  const turns = [];
  const memory = [];
  for (const [, { title, next }] of kinds) {
    for (const [name, url] of Object.entries(targets)) {
      const samples = name === 'backend' ? backend.memory(seconds, SAMPLE_S) : undefined;
      const [cpu, standIns] = [await backend.cpuSeconds(), await backend.standIns()];
      const told = await flooded(url, { connections, seconds, next });
      told.failed += (await backend.standIns()) - standIns;
      const cost = name === 'backend' ? ms(((await backend.cpuSeconds()) - cpu) * (1000 / told.answers)) : '-';
      loads.push([title, name, Math.round(told.answers / seconds), ms(told.p50), ms(told.p99), told.failed, cost]);
      if (samples !== undefined) memory.push([title, ...(await samples)]);
    }
    const standIns = await backend.standIns();
    const told = await inTurns(Object.values(targets), { connections, seconds, rate, next });
    const [direct, through] = told;
    through.failed += (await backend.standIns()) - standIns;
    for (const [index, name] of Object.keys(targets).entries()) {
      turns.push([title, name, ms(told[index].p50), ms(told[index].p99), told[index].failed]);
    }
    turns.push([title, 'added', ms(through.p50 - direct.p50), ms(through.p99 - direct.p99), '']);
  }

  const shared = `${availableParallelism()} cores for load, backend and ML service`;
  table(
    `${connections} connections, each with its next request as soon as it has its answer, ${seconds} s; ${shared}`,
    ['queries', 'asked', 'answers/s', 'median ms', 'p99 ms', 'errors', "backend's CPU ms"],
    loads,
  );
  table(
    `${rate} requests/s, in turns to one and the other, ${seconds} s`,
    ['queries', 'asked', 'median ms', 'p99 ms', 'errors'],
    turns,
  );
  table(
    "The backend's memory in MiB during its first load",
    ['queries', ...memory[0].slice(1).map((_, index) => `${index * SAMPLE_S} s`)],
    memory,
  );
} finally {
  await backend.stop();
}
