import { Pool } from 'undici';
import { Latencies } from './latencies.mjs';

const STEP_MS = 1;

/**
 * `rate` requests a second, evenly spaced, each to the next of `urls`, so that all meet the same moments of the
 * machine. (autocannon's own rate sends all connections' requests at once at the start of each second.) A time begins
 * when its request was due.
 */
export async function inTurns(urls, { connections, seconds, rate, next }) {
  const targets = urls.map((url) => {
    const { origin, pathname } = new URL(url);
    return { pool: new Pool(origin, { connections }), path: pathname, told: new Latencies() };
  });
  const under = new Set();
  const began = performance.now();
  const total = rate * seconds;
  for (let sent = 0; sent < total; sent += 1) {
    const due = began + (sent * 1000) / rate;
    while (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    const call = ask(targets[sent % targets.length], next(), due).finally(() => under.delete(call));
    under.add(call);
  }
  await Promise.all(under);
  await Promise.all(targets.map(({ pool }) => pool.close()));
  return targets.map(({ told }) => told);
}

async function ask({ pool, path, told }, body, due) {
  try {
    const response = await pool.request({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json' },
      body,
    });
    await response.body.dump();
    if (response.statusCode === 200) told.times.push(performance.now() - due);
    else told.failed += 1;
  } catch {
    told.failed += 1;
  }
}
