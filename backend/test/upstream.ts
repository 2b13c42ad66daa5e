import { createServer, IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { MLPath } from '../src/modules/ml-integration/interfaces/ml-response.interface.js';
import { SAMPLES } from './samples.js';

export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A real HTTP server in the place of the Python service. It answers as the contract says until told otherwise. */
export class Upstream {
  readonly calls: Received[] = [];
  /** Calls whose connection was closed by the other side before they were answered. */
  cancelled = 0;
  version = 'v1';
  private behaviours: Behaviour[] = [];
  private rest: Behaviour | undefined;

  private constructor(private readonly server: Server) {}

  static async start(port = 0): Promise<Upstream> {
    const server = createServer();
    server.keepAliveTimeout = 0; // tells nobody when it ends idle connections, as the Python service does not
    const upstream = new Upstream(server);
    server.on('request', (request, response) => void upstream.receive(request, response));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return upstream;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Return how many connections are open. */
  connections(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.getConnections((error, count) => {
        if (error) reject(error);
        else resolve(count);
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Behave so at the next predictions, one each; then as before. */
  next(...behaviours: Behaviour[]): void {
    this.behaviours.push(...behaviours);
  }

  /** Behave so at every prediction from now on; without one, as the contract says. */
  always(behaviour?: Behaviour): void {
    this.behaviours = [];
    this.rest = behaviour;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const path = request.url ?? '';
    if (path === '/health') {
      json(200, {
        status: 'ok',
        uptime_s: 1,
        models: Object.values(SAMPLES).map(({ answer: { model } }) => ({
          name: model.name,
          version: this.version,
          device: 'cpu',
          state: 'ready',
        })),
      })(request, response);
      return;
    }
    this.calls.push({ path, headers: request.headers, body });
    response.once('close', () => {
      if (!response.writableFinished) this.cancelled += 1;
    });
    (this.behaviours.shift() ?? this.rest ?? this.sound(path))(request, response);
  }

  private sound(path: string): Behaviour {
    if (!(path in SAMPLES)) return json(404, { error: 'no such path' });
    const { answer } = SAMPLES[path as MLPath];
    const id = `upstream-${this.calls.length}`;
    return json(200, { ...answer, prediction_id: id, model: { ...answer.model, version: this.version } });
  }
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Behaviour {
  return text(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
}

export function text(status: number, body: string, headers: Record<string, string> = {}): Behaviour {
  return (_, response) => {
    response.writeHead(status, headers).end(body);
  };
}

/** Close the connection without an answer. */
export const reset: Behaviour = (request) => {
  request.socket.resetAndDestroy();
};

/** Promise a body and break off in the middle of it. */
export const halfBody: Behaviour = (request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
  response.write('{"prediction_id": "1", ', () => {
    request.socket.destroy();
  });
};

/** Never answer. */
export const silence: Behaviour = () => undefined;

/** Answer the head at once and the body a byte at a time. */
export const trickle: Behaviour = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 20);
  response.once('close', () => {
    clearInterval(timer);
  });
};

/** Answer with what `behaviour` says, but only after `ms`. */
export function after(ms: number, behaviour: Behaviour): Behaviour {
  return (request, response) => {
    setTimeout(() => {
      if (!response.destroyed) behaviour(request, response);
    }, ms);
  };
}
