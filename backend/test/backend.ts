import { AddressInfo } from 'node:net';
import { NestExpressApplication } from '@nestjs/platform-express';
import { vi } from 'vitest';
import { createApp } from '../src/bootstrap.js';
import { JsonLogger } from '../src/observability/json-logger.js';
import { PredictionService } from '../src/modules/ml-integration/services/prediction.service.js';
import { ModelHealthService } from '../src/modules/ml-integration/services/model-health.service.js';

export type LogLine = Record<string, unknown> & { msg: string; level: string };

export interface Told {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
  ms: number;
}

/** The whole application, listening on a free port, with what it logs at hand. */
export class Backend {
  readonly written: string[] = [];

  private constructor(
    readonly app: NestExpressApplication,
    private readonly lines: string[],
  ) {
    this.written = lines;
  }

  static async start(environment: Record<string, string>, level: 'debug' | 'info' = 'debug'): Promise<Backend> {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const lines: string[] = [];
    try {
      const app = await createApp(new JsonLogger(level, { write: (line: string) => void lines.push(line) }));
      await app.listen(0, '127.0.0.1');
      const backend = new Backend(app, lines);
      // The first look at the service's health is under way; answers are kept once the models' versions are known.
      await app.get(ModelHealthService).check();
      return backend;
    } finally {
      vi.unstubAllEnvs();
    }
  }

  get url(): string {
    return `http://127.0.0.1:${(this.app.getHttpServer().address() as AddressInfo).port}`;
  }

  get predictions(): PredictionService {
    return this.app.get(PredictionService);
  }

  async post(path: string, body: unknown, init: RequestInit = {}): Promise<Told> {
    const began = performance.now();
    const response = await fetch(this.url + path, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...init,
      headers: { 'content-type': 'application/json', ...(init.headers as Record<string, string>) },
    });
    const told = (await response.json()) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, body: told, ms: performance.now() - began };
  }

  async get(path: string): Promise<Told> {
    const began = performance.now();
    const response = await fetch(this.url + path);
    const told = (await response.json()) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, body: told, ms: performance.now() - began };
  }

  logged(msg: string): LogLine[] {
    return this.lines.map((line) => JSON.parse(line) as LogLine).filter((line) => line.msg === msg);
  }

  /** Return the value of a metric, the sum of its series that have these labels. */
  async metric(name: string, labels: Record<string, string> = {}): Promise<number> {
    const exposition = await (await fetch(`${this.url}/metrics`)).text();
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    return exposition
      .split('\n')
      .filter((line) => new RegExp(`^${name}[{ ]`).test(line) && wanted.every((label) => line.includes(label)))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  async stop(): Promise<void> {
    await this.app.close();
  }
}

/** Wait until `done` says so. */
export async function until(done: () => boolean | Promise<boolean>, ms = 5000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await done())) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${done.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
