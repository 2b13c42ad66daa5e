import { Injectable, Logger, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { ModelReport, ServiceReport } from '../interfaces/ml-health.interface.js';
import { MLClientService } from './ml-client.service.js';

const PERIOD_MS = 10_000;

/** Asks the Python service every ten seconds how it is, remembers, and logs what changes. */
@Injectable()
export class ModelHealthService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(ModelHealthService.name);
  private readonly versions = new Map<string, string>();
  private checking: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private last: ServiceReport = { status: 'down', checked_at: null, models: [] };

  constructor(private readonly client: MLClientService) {}

  onApplicationBootstrap(): void {
    void this.check();
    this.timer = setInterval(() => void this.check(), PERIOD_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Return what the service last said. */
  report(): ServiceReport {
    return this.last;
  }

  /** Return the version of `model` that answers, undefined while none is known. */
  version(model: string): string | undefined {
    return this.versions.get(model);
  }

  /** Take note of the version that an answer carries: it is newer than what the last check found. */
  saw(model: string, version: string): void {
    this.versions.set(model, version);
  }

  /** Ask now, or wait for the answer that is on its way. */
  check(): Promise<void> {
    this.checking ??= this.look().finally(() => {
      this.checking = undefined;
    });
    return this.checking;
  }

  private async look(): Promise<void> {
    const before = this.last;
    this.last = await this.ask();
    for (const { name, version } of this.last.models) if (version !== null) this.saw(name, version);
    if (this.last.status !== before.status || before.checked_at === null) {
      const line = { msg: `ml service is ${this.last.status}`, status: this.last.status };
      if (this.last.status === 'ok') this.log.log(line);
      else this.log.warn(line);
    }
    for (const model of this.last.models) {
      const known = before.models.find(({ name }) => name === model.name);
      if (known?.state === model.state && known.version === model.version) continue;
      this.log.log({ msg: `model is ${model.state}`, model: model.name, version: model.version, device: model.device });
    }
  }

  private async ask(): Promise<ServiceReport> {
    const checked = () => new Date().toISOString();
    try {
      const { status, models } = await this.client.healthCheck();
      return { status, checked_at: checked(), models };
    } catch {
      const models = this.last.models.map((model): ModelReport => ({ ...model, state: 'unknown' }));
      return { status: 'down', checked_at: checked(), models };
    }
  }
}
