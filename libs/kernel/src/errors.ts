/**
 * What kind of thing went wrong, in words of the domain. Only `app.errors.filter` knows HTTP:
 * invalid 400, unauthenticated 401, forbidden 403, not_found 404, conflict 409, too_large 413,
 * too_many 429, internal 500, unavailable 503.
 */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'too_many'
  | 'internal'
  | 'unavailable';

export interface HubErrorOptions {
  /** Whether trying the same thing again may succeed. The thrower knows; nobody else guesses. */
  retryable?: boolean;
  /** Milliseconds to wait before the next try, where the other side said so (`Retry-After`). */
  retryAfterMs?: number;
  cause?: unknown;
  /** Fields that were refused, for kind `invalid`. */
  fields?: { path: string; message: string }[];
}

/** The only error class of the house: a code for machines, a sentence for people, and whether to retry. */
export class HubError extends Error {
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly fields: { path: string; message: string }[] | undefined;

  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    message: string,
    options: HubErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HubError';
    this.retryable = options.retryable ?? kind === 'unavailable';
    this.retryAfterMs = options.retryAfterMs;
    this.fields = options.fields;
  }
}

export const notFound = (what: string, id: string): HubError =>
  new HubError('not_found', 'not_found', `There is no ${what} ${id} here.`);

export const invalid = (message: string, fields?: { path: string; message: string }[]): HubError =>
  new HubError('invalid', 'invalid', message, fields ? { fields } : {});

export const conflict = (code: string, message: string): HubError => new HubError('conflict', code, message);

/** An error's text for a log line or an error column: message and code, never a stack, never a body. */
export function describe(error: unknown): string {
  if (error instanceof HubError) return `${error.code}: ${error.message}`;
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  return String(error);
}
