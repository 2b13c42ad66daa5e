import { Module } from '@nestjs/common';
import { MLController } from './controllers/ml.controller.js';
import { ML_CONFIG } from './interfaces/ml-config.interface.js';
import { MLCacheService } from './services/ml-cache.service.js';
import { MLClientService } from './services/ml-client.service.js';
import { readMLConfig } from './services/ml-config.js';
import { MLMetrics } from './services/ml-metrics.js';
import { ModelHealthService } from './services/model-health.service.js';
import { PredictionService } from './services/prediction.service.js';

/** The Python service's predictions, as a NestJS module. Settings are read from the environment when it starts. */
@Module({
  controllers: [MLController],
  providers: [
    { provide: ML_CONFIG, useFactory: () => readMLConfig(process.env) },
    MLMetrics,
    MLClientService,
    ModelHealthService,
    MLCacheService,
    PredictionService,
  ],
  exports: [PredictionService, MLMetrics],
})
export class MLIntegrationModule {}
