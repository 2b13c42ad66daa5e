import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import type { MonthAmount, SpendingAnswer, SpendingRequest } from '../interfaces/generated/ml-api.js';
import type { Served } from '../interfaces/ml-response.interface.js';
import { IsCalendarDate, MayBeLeftOut } from './field.decorators.js';

/** What was spent in one month. */
export class MonthAmountDto implements MonthAmount {
  @Matches(/^(19|20|21)\d\d-(0[1-9]|1[0-2])$/, { message: '$property must be a month like 2026-03' })
  month!: string;

  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(0)
  @Max(1e15)
  amount!: number;
}

/** Body of `POST /api/v1/ml/spending/forecast`. */
export class SpendingForecastDto implements SpendingRequest {
  @IsString()
  @Length(1, 256)
  user_id!: string;

  @MayBeLeftOut()
  @IsInt()
  @Min(1)
  @Max(36)
  months?: number;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  category?: string | null;

  @IsOptional()
  @IsCalendarDate()
  as_of?: string | null;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(600)
  @ValidateNested({ each: true })
  @Type(() => MonthAmountDto)
  history?: MonthAmountDto[] | null;
}

export type SpendingForecast = Served<SpendingAnswer>;
