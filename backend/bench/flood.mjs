import { once } from 'node:events';
import autocannon from 'autocannon';
import { Latencies } from './latencies.mjs';

/** As many requests as `connections` can have answered one after the other: the machine is full. */
export async function flooded(url, { connections, seconds, next }) {
  const told = new Latencies();
  const headers = { 'content-type': 'application/json' };
  const requests = [{ method: 'POST', headers, setupRequest: (request) => ({ ...request, body: next() }) }];
  const load = autocannon({ url, connections, duration: seconds, requests });
  load.on('response', (_, status, __, time) => {
    if (status === 200) told.times.push(time);
  });
  const [{ errors, timeouts, non2xx, mismatches }] = await once(load, 'done');
  told.failed = errors + timeouts + non2xx + mismatches;
  return told;
}
