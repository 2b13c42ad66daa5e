import { Body, Controller, Get, HttpCode, HttpStatus, Post, Res, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { AnomalyDetection, AnomalyDetectionDto } from '../dto/anomaly-detection.dto.js';
import { CreditRiskDto, CreditRiskScore } from '../dto/credit-risk.dto.js';
import { IntentPrediction, IntentPredictionDto, UNKNOWN_INTENT } from '../dto/intent-prediction.dto.js';
import { NerExtraction, NerExtractionDto, NO_ENTITIES } from '../dto/ner-extraction.dto.js';
import { SpendingForecast, SpendingForecastDto } from '../dto/spending-forecast.dto.js';
import { MLHealthReport } from '../interfaces/ml-health.interface.js';
import { MLCacheService } from '../services/ml-cache.service.js';
import { MLClientService } from '../services/ml-client.service.js';
import { ModelHealthService } from '../services/model-health.service.js';
import { PredictionService } from '../services/prediction.service.js';
import { BodyValidationPipe } from './body-validation.pipe.js';
import { CallerSignal } from './caller-signal.decorator.js';
import { ErrorShapeFilter } from './error-shape.filter.js';
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

  @Post('ner')
  @HttpCode(HttpStatus.OK)
  @DescribesPrediction('Find entities in a text.', 'NerRequest', 'NerAnswer', NO_ENTITIES)
  ner(@Body(VALID) body: NerExtractionDto, @CallerSignal() signal: AbortSignal): Promise<NerExtraction> {
    const { text, ...rest } = body;
    return this.predictions.extractEntities(text, { ...rest, signal });
  }

  @Post('spending/forecast')
  @HttpCode(HttpStatus.OK)
  @DescribesPrediction("Forecast a user's monthly spending.", 'SpendingRequest', 'SpendingAnswer')
  spending(@Body(VALID) body: SpendingForecastDto, @CallerSignal() signal: AbortSignal): Promise<SpendingForecast> {
    const { user_id, months, ...rest } = body;
    return this.predictions.predictSpending(user_id, months, { ...rest, signal });
  }

  @Post('anomaly/detect')
  @HttpCode(HttpStatus.OK)
  @DescribesPrediction("Score one transaction against the user's own history.", 'AnomalyRequest', 'AnomalyAnswer')
  anomaly(@Body(VALID) body: AnomalyDetectionDto, @CallerSignal() signal: AbortSignal): Promise<AnomalyDetection> {
    const { user_id, transaction, ...rest } = body;
    return this.predictions.detectAnomaly(user_id, transaction, { ...rest, signal });
  }

  @Post('credit/score')
  @HttpCode(HttpStatus.OK)
  @DescribesPrediction(
    'Probability of default of one application, with reasons.',
    'CreditRiskRequest',
    'CreditRiskAnswer',
  )
  credit(@Body(VALID) body: CreditRiskDto, @CallerSignal() signal: AbortSignal): Promise<CreditRiskScore> {
    return this.predictions.scoreCreditRisk(body, { signal });
  }

  @Get('health')
  @ApiOperation({ summary: 'State of each model, each circuit and the cache; 503 when the ML service is away.' })
  state(@Res({ passthrough: true }) response: Response): MLHealthReport {
    const report = this.health.report();
    response.status(report.status === 'down' ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.OK);
    return { ...report, circuits: this.client.circuits(), cache: this.cache.report() };
  }
}
