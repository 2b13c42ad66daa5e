import { ValidateIf } from 'class-validator';

/** The field may be left out but not be null; class-validator's `IsOptional` lets null through too. */
export function MayBeLeftOut(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}
