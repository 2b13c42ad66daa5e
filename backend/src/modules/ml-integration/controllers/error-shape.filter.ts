import { ArgumentsHost, Catch, ExceptionFilter, HttpException, HttpStatus, Logger } from '@nestjs/common';
import type { Response } from 'express';
import { MLErrorResponse } from '../interfaces/ml-response.interface.js';
import { MLError } from '../services/ml-error.js';
import { currentRequest } from '../services/request-context.js';

type Body = MLErrorResponse['error'];

const CODES: Readonly<Record<number, [code: string, message: string]>> = {
  400: ['validation_error', 'The request is not valid.'],
  404: ['not_found', 'There is nothing at this path.'],
  413: ['body_too_large', 'The request body is too large.'],
  415: ['unsupported_media_type', 'The request body is of a kind that is not read here.'],
};

/** Answers every error in the one shape, and logs those that are a bug: by type and place, never by message. */
@Catch()
export class ErrorShapeFilter implements ExceptionFilter {
  private readonly log = new Logger(ErrorShapeFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent || response.destroyed) return;
    const body = this.bodyOf(error);
    if (error instanceof MLError && error.context.retryAfterS !== undefined) {
      response.setHeader('retry-after', String(Math.ceil(error.context.retryAfterS)));
    }
    response.status(body.status).json({ error: body } satisfies MLErrorResponse);
  }

  private bodyOf(error: unknown): Body {
    const request_id = currentRequest()?.requestId ?? '';
    if (error instanceof MLError) {
      const { code, case: kind, context } = error;
      return { code, message: kind.message, status: kind.status, details: context.details ?? [], request_id };
    }
    const status = statusOf(error);
    if (status >= 500) this.log.error({ msg: 'unhandled', exception: outline(error) });
    const [code, message] = CODES[status] ?? (status < 500 ? ['request_error', 'The request was refused.'] : BUG);
    return { code, message, status, details: [], request_id };
  }
}

const BUG: [string, string] = ['internal_error', 'Something went wrong on our side.'];

/** Errors of the body parser are no `HttpException` but carry a status all the same. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  const refused = typeof status === 'number' && status >= 400 && status < 500;
  return refused ? status : HttpStatus.INTERNAL_SERVER_ERROR;
}

function outline(error: unknown): { type: string; at: string[] } {
  if (!(error instanceof Error)) return { type: typeof error, at: [] };
  const lines = error.stack?.split('\n').filter((line) => line.startsWith('    at ')) ?? [];
  return { type: error.name, at: lines.slice(0, 8).map((line) => line.slice('    at '.length)) };
}
