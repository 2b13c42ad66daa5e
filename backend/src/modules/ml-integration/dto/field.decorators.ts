import { applyDecorators } from '@nestjs/common';
import { buildMessage, IsISO8601, Matches, ValidateBy, ValidateIf } from 'class-validator';

/** The field may be left out but not be null; class-validator's `IsOptional` lets null through too. */
export function MayBeLeftOut(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** A calendar date as YYYY-MM-DD. */
export function IsCalendarDate(): PropertyDecorator {
  return applyDecorators(
    Matches(/^\d{4}-\d{2}-\d{2}$/, { message: '$property must be a date like 2026-03-14' }),
    IsISO8601({ strict: true }, { message: '$property must be a date that exists' }),
  );
}

/** An amount of money: a number, or a decimal in a string, of at most `largest` either way. */
export function IsAmount(largest: number): PropertyDecorator {
  return ValidateBy({
    name: 'isAmount',
    validator: {
      validate: (value) => {
        const written = typeof value === 'string' && /^[+-]?\d{1,20}(\.\d{1,20})?$/.test(value);
        return (written || typeof value === 'number') && Math.abs(Number(value)) <= largest;
      },
      defaultMessage: buildMessage((each) => `${each}$property must be a number, or a decimal number in a string`),
    },
  });
}
