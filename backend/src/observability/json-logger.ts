import { LoggerService } from '@nestjs/common';
import { DestinationStream, Logger, pino } from 'pino';
import { AppConfig } from '../app-config.js';
import { currentRequest } from '../modules/ml-integration/services/request-context.js';

const LEVELS: Readonly<Record<AppConfig['logLevel'], string>> = {
  debug: 'debug',
  info: 'info',
  warning: 'warn',
  error: 'error',
};

/**
 * Nest's logger as JSON lines, with the field names of the Python service: time, level, logger, msg, request_id,
 * trace_id, span_id. A message that is an object adds its fields.
 */
export class JsonLogger implements LoggerService {
  private readonly pino: Logger;

  constructor(level: AppConfig['logLevel'], destination?: DestinationStream) {
    const options = {
      level: LEVELS[level],
      base: { service: 'backend' },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label: string) => ({ level: label === 'warn' ? 'warning' : label }) },
      mixin: () => {
        const request = currentRequest();
        return request ? { request_id: request.requestId, trace_id: request.traceId, span_id: request.spanId } : {};
      },
    };
    this.pino = destination ? pino(options, destination) : pino(options);
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.pino.info(...line(message, rest));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.pino.error(...line(message, rest));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.pino.warn(...line(message, rest));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.pino.debug(...line(message, rest));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.debug(message, ...rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.pino.fatal(...line(message, rest));
  }
}

/** Nest passes the logger's name last. */
function line(message: unknown, rest: unknown[]): [object, string] {
  const logger = rest.at(-1);
  const fields = typeof logger === 'string' ? { logger } : {};
  if (message instanceof Error) return [{ ...fields, exception: { type: message.name } }, 'error'];
  if (typeof message !== 'object' || message === null) return [fields, String(message)];
  const { msg, ...own } = message as Record<string, unknown>;
  return [{ ...fields, ...own }, typeof msg === 'string' ? msg : ''];
}
