import { Logger } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';

const log = new Logger('access');
const QUIET = new Set(['/livez', '/readyz', '/metrics']);

/** Express middleware: one line for each request, as the Python service writes it. 499: the caller left. */
export function accessLog(request: Request, response: Response, next: NextFunction): void {
  const began = performance.now();
  response.once('close', () => {
    const status = response.writableFinished ? response.statusCode : 499;
    const path = routeOf(request);
    const duration_ms = Math.round((performance.now() - began) * 1000) / 1000;
    const line = { msg: 'request', method: request.method, path, status, duration_ms };
    if (QUIET.has(path) && status < 400) log.debug(line);
    else log.log(line);
  });
  next();
}

/** A path that is no route may hold somebody's data. A body that is no JSON is refused before its route is looked for. */
function routeOf(request: Request): string {
  const taken = request.route as { path: string } | undefined;
  if (taken !== undefined) return taken.path;
  return request.app.router.stack.find(({ route }) => route?.path === request.path)?.route?.path ?? 'unknown';
}
