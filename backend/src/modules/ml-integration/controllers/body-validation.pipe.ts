import { ValidationError, ValidationPipe } from '@nestjs/common';
import { MLErrorDetail } from '../interfaces/ml-response.interface.js';
import { MLError } from '../services/ml-error.js';

const MOST_DETAILS = 20;

/** Holds bodies to their DTO: fields that it lacks are refused, and every wrong field is named. */
export class BodyValidationPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      validationError: { target: false, value: false },
      exceptionFactory: (errors) =>
        new MLError('validation_error', {
          details: errors.flatMap((error) => detailsOf(error)).slice(0, MOST_DETAILS),
        }),
    });
  }
}

function detailsOf(error: ValidationError, path = ''): MLErrorDetail[] {
  const field = path === '' ? error.property : `${path}.${error.property}`;
  const own = Object.entries(error.constraints ?? {}).map(([type, message]) => ({ field, message, type }));
  return [...own, ...(error.children ?? []).flatMap((child) => detailsOf(child, field))];
}
