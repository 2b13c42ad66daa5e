import { describe, expect, it } from 'vitest';
import { correlationHeaders, currentRequest, requestContext } from '../services/request-context.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

function inside<T>(headers: Record<string, string>, look: () => T): { seen: T; answered: Record<string, string> } {
  const answered: Record<string, string> = {};
  let seen: T | undefined;
  const response = { setHeader: (name: string, value: string) => (answered[name] = value) };
  requestContext({ headers }, response, () => (seen = look()));
  return { seen: seen as T, answered };
}

describe('requestContext', () => {
  it("keeps the caller's id and trace, with a span of its own", () => {
    const headers = {
      'x-request-id': 'browser-1',
      traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
      tracestate: 'vendor=1',
    };
    const { seen, answered } = inside(headers, correlationHeaders);
    expect(answered).toEqual({ 'x-request-id': 'browser-1' });
    expect(seen).toMatchObject({ 'x-request-id': 'browser-1', tracestate: 'vendor=1' });
    expect(seen['traceparent']).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
    expect(seen['traceparent']).not.toContain('00f067aa0ba902b7');
  });

  it.each(['', 'two words', 'a'.repeat(129), 'é', '<script>'])('draws a new id for %j', (id) => {
    const { answered } = inside({ 'x-request-id': id }, currentRequest);
    expect(answered['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    'nonsense',
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `ff-${TRACE}-00f067aa0ba902b7-01`,
  ])('begins a new trace for %s', (traceparent) => {
    const { seen } = inside({ traceparent, tracestate: 'vendor=1' }, currentRequest);
    expect(seen?.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(seen?.traceId).not.toBe(TRACE);
    expect(seen?.traceState).toBeUndefined();
  });

  it('has nothing to carry on outside a request', () => {
    expect(correlationHeaders()).toEqual({});
  });
});
