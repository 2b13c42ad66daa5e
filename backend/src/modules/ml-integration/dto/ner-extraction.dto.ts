import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import type { NerAnswer, NerRequest } from '../interfaces/generated/ml-api.js';
import type { Served } from '../interfaces/ml-response.interface.js';
import { IsCalendarDate, MayBeLeftOut } from './field.decorators.js';

/** Body of `POST /api/v1/ml/ner`. */
export class NerExtractionDto implements NerRequest {
  @IsString()
  @Length(1, 5000)
  text!: string;

  @IsOptional()
  @IsCalendarDate()
  reference_date?: string | null;

  @IsOptional()
  @IsIn(['en', 'fr'])
  language?: 'en' | 'fr' | null;

  /** Offsets count UTF-16 units here unless told otherwise: what JavaScript's `slice` counts. */
  @MayBeLeftOut()
  @IsIn(['codepoint', 'utf16'])
  offset_unit?: 'codepoint' | 'utf16';
}

/** Stands in when there is neither the service nor an answer that was kept. */
export const NO_ENTITIES = { entities: [], degraded: true } as const;

export type NerExtraction = Served<NerAnswer> | typeof NO_ENTITIES;
