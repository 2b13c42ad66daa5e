import { Module } from '@nestjs/common';
import { MLIntegrationModule } from '../ml-integration/ml-integration.module.js';
import { ClassifyIntentTool } from './tools/classify-intent.tool.js';

/** Tools that a reasoning agent may use. */
@Module({
  imports: [MLIntegrationModule],
  providers: [ClassifyIntentTool],
  exports: [ClassifyIntentTool],
})
export class AIReasoningModule {}
