import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsISO8601,
  IsNotEmptyObject,
  IsOptional,
  IsString,
  Length,
  IsISO4217CurrencyCode,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import type { AnomalyAnswer, AnomalyRequest, Transaction } from '../interfaces/generated/ml-api.js';
import type { Served } from '../interfaces/ml-response.interface.js';
import { IsAmount } from './field.decorators.js';

/** One movement of money: spending is negative, income positive. */
export class TransactionDto implements Transaction {
  @IsOptional()
  @IsString()
  @Length(1, 256)
  id?: string | null;

  @IsAmount(1e12)
  amount!: number | string;

  @IsISO4217CurrencyCode({ message: '$property must be a currency code of ISO 4217, such as EUR' })
  currency!: string;

  @IsISO8601({ strict: true })
  timestamp!: string;

  @IsOptional()
  @IsString()
  @MaxLength(256)
  merchant?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(256)
  category?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(256)
  channel?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(256)
  country?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(2000)
  description?: string | null;
}

/** Body of `POST /api/v1/ml/anomaly/detect`. */
export class AnomalyDetectionDto implements AnomalyRequest {
  @IsString()
  @Length(1, 256)
  user_id!: string;

  @IsNotEmptyObject()
  @ValidateNested()
  @Type(() => TransactionDto)
  transaction!: TransactionDto;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10_000)
  @ValidateNested({ each: true })
  @Type(() => TransactionDto)
  history?: TransactionDto[] | null;
}

export type AnomalyDetection = Served<AnomalyAnswer>;
