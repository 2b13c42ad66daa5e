import { Module } from '@nestjs/common';
import { LivenessController } from './http/liveness.controller.js';
import { AIReasoningModule } from './modules/ai-reasoning/ai-reasoning.module.js';
import { MLIntegrationModule } from './modules/ml-integration/ml-integration.module.js';
import { MetricsController } from './observability/metrics.controller.js';

@Module({
  imports: [MLIntegrationModule, AIReasoningModule],
  controllers: [LivenessController, MetricsController],
})
export class AppModule {}
