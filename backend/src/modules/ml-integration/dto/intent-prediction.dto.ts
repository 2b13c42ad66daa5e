import { IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import type { IntentAnswer, IntentRequest } from '../interfaces/generated/ml-api.js';
import type { Served } from '../interfaces/ml-response.interface.js';
import { MayBeLeftOut } from './field.decorators.js';

/** Body of `POST /api/v1/ml/intent`. */
export class IntentPredictionDto implements IntentRequest {
  @IsString()
  @Length(1, 2000)
  query!: string;

  @IsOptional()
  @IsString()
  @Length(1, 256)
  user_id?: string | null;

  @MayBeLeftOut()
  @IsInt()
  @Min(1)
  @Max(10)
  top_k?: number;

  @IsOptional()
  @IsIn(['en', 'fr'])
  language?: 'en' | 'fr' | null;
}

/** Stands in when there is neither the service nor an answer that was kept. */
export const UNKNOWN_INTENT = { intent: 'unknown', confidence: 0, alternatives: [], degraded: true } as const;

export type IntentPrediction = Served<IntentAnswer> | typeof UNKNOWN_INTENT;
