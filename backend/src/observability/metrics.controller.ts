import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { MLMetrics } from '../modules/ml-integration/services/ml-metrics.js';

/** Prometheus metrics of the process and of the ML integration. */
@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  private readonly registry: Registry;

  constructor(ml: MLMetrics) {
    const ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
    this.registry = Registry.merge([ofProcess, ml.registry]);
  }

  @Get()
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  metrics(): Promise<string> {
    return this.registry.metrics();
  }
}
