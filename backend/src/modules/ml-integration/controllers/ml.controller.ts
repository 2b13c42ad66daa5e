import { Body, Controller, Get, HttpCode, HttpStatus, Post, Res, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { IntentPrediction, IntentPredictionDto, UNKNOWN_INTENT } from '../dto/intent-prediction.dto.js';
import { MLCacheService } from '../services/ml-cache.service.js';
import { MLClientService } from '../services/ml-client.service.js';
import { ModelHealthService } from '../services/model-health.service.js';
import { PredictionService } from '../services/prediction.service.js';
import { BodyValidationPipe } from './body-validation.pipe.js';
import { CallerSignal } from './caller-signal.decorator.js';
import { ErrorShapeFilter } from './error-shape.filter.js';
import { MLHealthReport } from '../interfaces/ml-health.interface.js';
import { DescribesPrediction } from './openapi.decorators.js';

const VALID = new BodyValidationPipe();

/** The predictions over HTTP. Thin: what is decided is decided in `PredictionService`. */
@ApiTags('ml')
@Controller('api/v1/ml')
@UseFilters(ErrorShapeFilter)
export class MLController {
  constructor(
    private readonly predictions: PredictionService,
    private readonly health: ModelHealthService,
    private readonly client: MLClientService,
    private readonly cache: MLCacheService,
  ) {}

  @Post('intent')
  @HttpCode(HttpStatus.OK)
  @DescribesPrediction('Classify what a user asks for.', 'IntentRequest', 'IntentAnswer', UNKNOWN_INTENT)
  intent(@Body(VALID) body: IntentPredictionDto, @CallerSignal() signal: AbortSignal): Promise<IntentPrediction> {
    const { query, user_id, ...rest } = body;
    return this.predictions.classifyIntent(query, user_id ?? undefined, { ...rest, signal });
  }

  @Get('health')
  @ApiOperation({ summary: 'State of each model, each circuit and the cache; 503 when the ML service is away.' })
  state(@Res({ passthrough: true }) response: Response): MLHealthReport {
    const report = this.health.report();
    response.status(report.status === 'down' ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.OK);
    return { ...report, circuits: this.client.circuits(), cache: this.cache.report() };
  }
}
