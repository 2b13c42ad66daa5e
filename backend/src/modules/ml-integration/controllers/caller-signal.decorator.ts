import { createParamDecorator, ExecutionContext } from '@nestjs/common';
import type { Response } from 'express';

/** A signal that fires when the caller leaves before its answer is written. */
export const CallerSignal = createParamDecorator((_: unknown, context: ExecutionContext): AbortSignal => {
  const response = context.switchToHttp().getResponse<Response>();
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
});
