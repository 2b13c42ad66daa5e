/** No DTO may differ from the type that the contract generates for it: a wrong, a missing or an extra field fails here. */
import { describe, expectTypeOf, it } from 'vitest';
import type { AnomalyDetectionDto, TransactionDto } from '../dto/anomaly-detection.dto.js';
import type { CreditRiskDto } from '../dto/credit-risk.dto.js';
import type { IntentPredictionDto } from '../dto/intent-prediction.dto.js';
import type { NerExtractionDto } from '../dto/ner-extraction.dto.js';
import type { MonthAmountDto, SpendingForecastDto } from '../dto/spending-forecast.dto.js';
import type {
  AnomalyRequest,
  CreditRiskRequest,
  IntentRequest,
  MonthAmount,
  NerRequest,
  SpendingRequest,
  Transaction,
} from '../interfaces/generated/ml-api.js';
import type { MLPath, RequestOf } from '../interfaces/ml-response.interface.js';

interface DtoOf {
  '/v1/predict/intent': IntentPredictionDto;
  '/v1/predict/ner': NerExtractionDto;
  '/v1/predict/spending': SpendingForecastDto;
  '/v1/predict/anomaly': AnomalyDetectionDto;
  '/v1/predict/credit_risk': CreditRiskDto;
}

describe('DTOs', () => {
  it('exist for every prediction', () => {
    expectTypeOf<keyof DtoOf>().toEqualTypeOf<MLPath>();
    expectTypeOf<DtoOf['/v1/predict/intent']>().toEqualTypeOf<RequestOf<'/v1/predict/intent'>>();
  });

  it('are the types of the contract, field for field', () => {
    expectTypeOf<IntentPredictionDto>().toEqualTypeOf<IntentRequest>();
    expectTypeOf<NerExtractionDto>().toEqualTypeOf<NerRequest>();
    expectTypeOf<SpendingForecastDto>().toEqualTypeOf<SpendingRequest>();
    expectTypeOf<MonthAmountDto>().toEqualTypeOf<MonthAmount>();
    expectTypeOf<AnomalyDetectionDto>().toEqualTypeOf<AnomalyRequest>();
    expectTypeOf<TransactionDto>().toEqualTypeOf<Transaction>();
    expectTypeOf<CreditRiskDto>().toEqualTypeOf<CreditRiskRequest>();
  });

  it('would be seen to differ', () => {
    expectTypeOf<{ query: string }>().not.toEqualTypeOf<IntentRequest>();
    expectTypeOf<Omit<IntentPredictionDto, 'user_id'>>().not.toEqualTypeOf<IntentRequest>();
    expectTypeOf<IntentPredictionDto & { extra?: string }>().not.toEqualTypeOf<IntentRequest>();
    expectTypeOf<Omit<IntentPredictionDto, 'top_k'> & { top_k?: string }>().not.toEqualTypeOf<IntentRequest>();
    expectTypeOf<Required<IntentPredictionDto>>().not.toEqualTypeOf<IntentRequest>();
  });
});
