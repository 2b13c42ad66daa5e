import { IsIn, IsInt, IsNumber, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import type { CreditRiskAnswer, CreditRiskRequest } from '../interfaces/generated/ml-api.js';
import type { Served } from '../interfaces/ml-response.interface.js';

/** Body of `POST /api/v1/ml/credit/score`: a loan application. */
export class CreditRiskDto implements CreditRiskRequest {
  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(0)
  @Max(10_000_000)
  income!: number;

  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(100)
  @Max(1_000_000)
  loan_amount!: number;

  @IsInt()
  @Min(1)
  @Max(480)
  term_months!: number;

  @IsOptional()
  @IsInt()
  @Min(18)
  @Max(120)
  age?: number | null;

  @IsOptional()
  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(0)
  @Max(100)
  credit_history_years?: number | null;

  @IsOptional()
  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(0)
  @Max(20)
  debt_to_income?: number | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(100)
  delinquencies_2y?: number | null;

  @IsOptional()
  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(0)
  @Max(80)
  employment_years?: number | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(100)
  existing_loans?: number | null;

  @IsOptional()
  @IsIn(['own', 'mortgage', 'rent', 'with_family', 'other'])
  housing?: 'own' | 'mortgage' | 'rent' | 'with_family' | 'other' | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(100)
  inquiries_6m?: number | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(200)
  open_credit_lines?: number | null;

  @IsOptional()
  @IsIn([
    'car',
    'home_improvement',
    'debt_consolidation',
    'education',
    'medical',
    'wedding',
    'holiday',
    'business',
    'other',
  ])
  purpose?:
    | 'car'
    | 'home_improvement'
    | 'debt_consolidation'
    | 'education'
    | 'medical'
    | 'wedding'
    | 'holiday'
    | 'business'
    | 'other'
    | null;

  @IsOptional()
  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(0)
  @Max(50)
  revolving_utilisation?: number | null;

  @IsOptional()
  @IsString()
  @Length(1, 256)
  user_id?: string | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(3650)
  worst_delinquency_days?: number | null;
}

export type CreditRiskScore = Served<CreditRiskAnswer>;
