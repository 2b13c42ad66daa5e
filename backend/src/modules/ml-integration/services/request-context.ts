import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

/** What is known about the request in hand; on its log lines and on every call made for it. */
export interface RequestContext {
  readonly requestId: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: string;
  readonly traceState?: string | undefined;
}

interface Incoming {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

interface Outgoing {
  setHeader(name: string, value: string): unknown;
}

const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?$/;

const storage = new AsyncLocalStorage<RequestContext>();

export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}

/**
 * Express middleware: the caller's request id and W3C trace where they are sound, new ones where not.
 *
 * Register it with `app.use` before anything else: module middleware runs after the body is parsed, so that a body
 * which is no JSON would be answered without an id.
 */
export function requestContext(request: Incoming, response: Outgoing, next: () => void): void {
  const context = contextOf(request.headers);
  response.setHeader('x-request-id', context.requestId);
  storage.run(context, next);
}

/** Return the headers that carry the request in hand on to the next service. */
export function correlationHeaders(): Record<string, string> {
  const context = currentRequest();
  if (context === undefined) return {};
  return {
    'x-request-id': context.requestId,
    traceparent: `00-${context.traceId}-${context.spanId}-${context.traceFlags}`,
    ...(context.traceState === undefined ? {} : { tracestate: context.traceState }),
  };
}

function contextOf(headers: Incoming['headers']): RequestContext {
  const requestId = headers['x-request-id'];
  const traceparent = headers['traceparent'];
  const parent = typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent) : null;
  const traceState = headers['tracestate'];
  return {
    requestId: typeof requestId === 'string' && REQUEST_ID.test(requestId) ? requestId : uuidv7(),
    traceId: parent?.[1] ?? randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    traceFlags: parent?.[2] ?? '01',
    traceState: parent && typeof traceState === 'string' ? traceState : undefined,
  };
}
