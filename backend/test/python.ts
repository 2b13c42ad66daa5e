import { ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { LogLine } from './backend.js';
import { until } from './backend.js';

const PROJECT = resolve(import.meta.dirname, '../..');
const BENTOML = join(PROJECT, '.venv/bin/bentoml');
/** The model store of the Python tests, which train what it lacks. */
const STORE = join(PROJECT, '.cache/tests/bentoml');

/** Say what keeps a Python service with these models from being started, if anything does. */
export function missing(models: string[]): string | undefined {
  if (!existsSync(BENTOML)) return 'no .venv: run `make setup`';
  const untrained = models.filter((model) => !existsSync(join(STORE, 'models', model, 'latest')));
  return untrained.length > 0 ? `no trained model ${untrained.join(', ')}: run \`make test\`` : undefined;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

/** `bentoml serve` as an operator starts it, with its log in a file. */
export class PythonService {
  readonly url: string;
  private readonly file: string;
  private process: ChildProcess | undefined;

  constructor(
    private readonly port: number,
    private readonly environment: Record<string, string> = {},
  ) {
    this.url = `http://127.0.0.1:${port}`;
    this.file = join(mkdtempSync(join(tmpdir(), 'python-')), 'log.jsonl');
  }

  async start(): Promise<void> {
    const inherited = Object.entries(process.env).filter(([name]) => !/^(ML_|BENTOML_)/.test(name));
    const log = openSync(this.file, 'a');
    this.process = spawn(BENTOML, ['serve', '--host', '127.0.0.1', '--port', String(this.port)], {
      cwd: PROJECT,
      stdio: ['ignore', log, log],
      env: {
        ...Object.fromEntries(inherited),
        ...this.environment,
        BENTOML_HOME: STORE,
        BENTOML_DO_NOT_TRACK: 'True',
        ML_DATABASE_PATH: `${this.file}.sqlite`,
      },
    });
    closeSync(log);
    await until(() => this.ready(), 300_000);
  }

  /** Return the lines of its log that are of this request. */
  lines(requestId: string): LogLine[] {
    const lines = readFileSync(this.file, 'utf8').split('\n').slice(0, -1); // the last one may be half written
    return lines.filter((line) => line.includes(requestId)).map((line) => JSON.parse(line) as LogLine);
  }

  freeze(): void {
    this.signal('SIGSTOP');
  }

  thaw(): void {
    this.signal('SIGCONT');
  }

  async kill(): Promise<void> {
    const pids = family(this.process?.pid);
    this.signal('SIGKILL');
    await until(() => !pids.some(alive), 30_000);
  }

  /** As an orchestrator does it: the arbiter is asked, and ends the others. */
  async stop(): Promise<void> {
    const pids = family(this.process?.pid);
    this.process?.kill('SIGTERM');
    await until(() => !pids.some(alive), 30_000).catch(() => this.kill());
  }

  /** To the whole family: the arbiter, the gateway and its runners, which are no group. */
  private signal(signal: NodeJS.Signals): void {
    for (const pid of family(this.process?.pid)) process.kill(pid, signal);
  }

  private async ready(): Promise<boolean> {
    await new Promise((done) => setTimeout(done, 200));
    if (this.process?.exitCode !== null) throw new Error(`exited: ${readFileSync(this.file, 'utf8').slice(-4000)}`);
    try {
      return (await fetch(`${this.url}/readyz`)).status === 200;
    } catch {
      return false;
    }
  }
}

/** A zombie is not: who should reap it may be gone. */
function alive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout !== '' && !stdout.startsWith('Z');
}

/** Return a process and all that descend from it. */
function family(pid: number | undefined): number[] {
  if (pid === undefined || !alive(pid)) return [];
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  const children = stdout.split('\n').map(Number).filter(Boolean);
  return [pid, ...children.flatMap(family)];
}
