import { HubError } from '@throughline/kernel/errors.js';
import { APIConnectionError, APIError, APIUserAbortError } from 'openai';

/**
 * Failures of a model in the words of the house. Messages are fixed sentences: what a provider writes in its
 * error may quote the customer's text or a part of the key, so it stays in `cause` and out of log lines.
 */
export const modelTimeout = (what: string, ms: number): HubError =>
  new HubError('unavailable', 'model_timeout', `The model took longer than ${ms} ms ${what}.`);

export const modelCancelled = (): HubError =>
  new HubError('conflict', 'model_cancelled', 'The answer was called off before the model had finished.', {
    retryable: false,
  });

export const modelStoppedHalfway = (cause?: unknown): HubError =>
  new HubError('unavailable', 'model_stopped_halfway', 'The answer of the model broke off before its end.', { cause });

const modelUnavailable = (detail: string, cause: unknown, retryAfterMs?: number): HubError =>
  new HubError('unavailable', 'model_unavailable', `The model cannot be reached or fails: ${detail}.`, {
    cause,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });

const modelRefused = (detail: string, cause: unknown): HubError =>
  new HubError('internal', 'model_refused', `The model refused the request: ${detail}.`, { retryable: false, cause });

/** Any failure before the first token. (After it, whatever happened, the answer stopped half-way.) */
export function modelFailure(error: unknown): HubError {
  if (error instanceof HubError) return error;
  if (error instanceof APIUserAbortError) return modelCancelled();
  if (error instanceof APIConnectionError) return modelUnavailable('no connection', error);
  if (error instanceof APIError) return error.status === undefined ? streamedFailure(error) : httpFailure(error);
  return modelUnavailable('its answer is not a stream of chat completion chunks', error);
}

function httpFailure(error: APIError): HubError {
  const status = error.status ?? 0;
  const retryAfterMs = retryAfter(error.headers);
  if (status === 429) return rateLimited(error, retryAfterMs);
  // 408 and 409 pass by themselves; the openai package retries them too (client.js, shouldRetry).
  if (status >= 500 || status === 408 || status === 409) {
    return modelUnavailable(`HTTP ${status}`, error, retryAfterMs);
  }
  return modelRefused(`HTTP ${status}${named(error)}${nextStep(status)}`, error);
}

/** Providers that answer 200 first and then find out write the error into the stream. */
function streamedFailure(error: APIError): HubError {
  const said = `${error.type ?? ''} ${error.code ?? ''}`;
  if (/rate_limit|insufficient_quota|\b429\b/.test(said)) return rateLimited(error, undefined);
  if (/invalid_request|authentication|permission/.test(said)) return modelRefused(`error in the stream${named(error)}`, error);
  return modelUnavailable(`error in the stream${named(error)}`, error);
}

function rateLimited(error: APIError, retryAfterMs: number | undefined): HubError {
  // A used-up balance is a 429 as well, and no waiting mends it
  // (https://platform.openai.com/docs/guides/error-codes).
  const spent = error.code === 'insufficient_quota' || error.type === 'insufficient_quota';
  const message = spent
    ? 'The balance of the model account is used up: top it up with the provider.'
    : 'The model account is over its rate limit.';
  return new HubError('too_many', 'model_rate_limited', message, {
    retryable: !spent,
    cause: error,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** Only codes, which are words of the provider's catalogue; never its prose. */
function named(error: APIError): string {
  const code = [error.code, error.type].find((word) => typeof word === 'string' && /^[\w.-]{1,64}$/.test(word));
  return code ? ` (${code})` : '';
}

function nextStep(status: number): string {
  if (status === 401 || status === 403) return ', check OPENAI_API_KEY';
  if (status === 404) return ', check OPENAI_MODEL and OPENAI_BASE_URL';
  return '';
}

/** `retry-after-ms` (Azure), or `retry-after` as seconds or as a date (RFC 9110 §10.2.3). */
function retryAfter(headers: Headers | undefined): number | undefined {
  const ms = Number(headers?.get('retry-after-ms') || Number.NaN);
  if (ms >= 0) return ms;
  const text = headers?.get('retry-after');
  if (!text) return undefined;
  const seconds = Number(text);
  if (seconds >= 0) return Math.ceil(seconds * 1_000);
  // Both dates are the server's own, so that our clock does not matter.
  const wait = Date.parse(text) - Date.parse(headers?.get('date') ?? '');
  return wait >= 0 ? wait : undefined;
}
