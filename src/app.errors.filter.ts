import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import { describe, type ErrorKind, HubError } from '@throughline/kernel/errors.js';
import type { Request, Response } from 'express';

const STATUS: Record<ErrorKind, number> = {
  invalid: 400, unauthenticated: 401, forbidden: 403, not_found: 404, conflict: 409, too_large: 413, too_many: 429, internal: 500, unavailable: 503,
};

const TITLE: Record<number, string> = {
  400: 'Bad request', 401: 'Not authenticated', 403: 'Forbidden', 404: 'Not found', 405: 'Method not allowed', 409: 'Conflict',
  413: 'Body too large', 415: 'Unsupported media type', 429: 'Too many requests', 500: 'Internal error', 503: 'Unavailable',
};

/** Problem details (RFC 9457). The only place of the house that knows HTTP status codes. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  code: string;
  errors?: { path: string; message: string }[];
}

@Catch()
export class ErrorsFilter implements ExceptionFilter {
  private readonly log = new Logger('Errors');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    const problem = problemOf(error);
    if (problem.status >= 500) {
      this.log.error(`${http.getRequest<Request>().method} ${shownPath(http.getRequest<Request>().path)}: ${describe(error)}`, error instanceof Error ? error.stack : undefined);
    }
    if (response.headersSent) return;
    if (error instanceof HubError && error.retryAfterMs !== undefined) response.setHeader('Retry-After', Math.ceil(error.retryAfterMs / 1_000));
    if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}

/** Who knows the address of a file or of a calendar may read it, and who knows the link of an alert may take it, so they are not for the log. */
const shownPath = (path: string): string => path.replace(/^\/(media|calendars|a)\/.*/, '/$1/…');

export function problemOf(error: unknown): Problem {
  if (error instanceof HubError) {
    // What failed inside is for the log; the caller learns that it was our fault and whether to come back.
    const ours = error.kind === 'internal' || error.kind === 'unavailable';
    return problem(STATUS[error.kind], error.code, ours ? undefined : error.message, error.fields);
  }
  if (error instanceof HttpException) return problem(error.getStatus(), codeOf(error.getStatus()), error.message);
  const status = (error as { status?: unknown; expose?: unknown } | null)?.status;
  const exposed = (error as { expose?: unknown } | null)?.expose === true && typeof status === 'number';
  return exposed ? problem(status, codeOf(status)) : problem(500, 'internal');
}

function problem(status: number, code: string, detail?: string, errors?: Problem['errors']): Problem {
  return {
    type: 'about:blank', title: TITLE[status] ?? 'Error', status, code,
    ...(detail && status !== 403 ? { detail } : {}),
    ...(errors ? { errors } : {}),
  };
}

const codeOf = (status: number): string => (TITLE[status] ?? 'error').toLowerCase().replaceAll(' ', '_');
