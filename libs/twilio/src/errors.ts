import { HubError } from '@throughline/kernel/errors.js';

/**
 * What to do about a Twilio error number.
 * - `retry`: the same request may succeed later, and Twilio did not act on this one
 * - `ask`: nobody knows whether Twilio acted; look before sending again
 * - `opt_out`: the person does not want it; never again until START
 * - `window`: outside WhatsApp's 24 hours; a template is needed
 * - `template`: the template cannot carry it; another way may
 * - `fallback`: this channel cannot reach the person; another may
 * - `service`: the Messaging Service is not set up to fall back by itself; without that it may go
 * - `config`: our account or sender is not set up for it; people must act
 * - `permanent`: this message will never go to this address
 */
export type ErrorClass = 'retry' | 'ask' | 'opt_out' | 'window' | 'template' | 'fallback' | 'service' | 'config' | 'permanent';

export interface ErrorMeaning {
  class: ErrorClass;
  meaning: string;
}

const table: Record<ErrorClass, Record<number, string>> = {
  retry: {
    10004: 'Too many calls of the account at once; Twilio did not process this one',
    20429: 'Too many requests at once; Twilio did not process this one',
    21611: 'The sender has too many messages queued',
    30001: 'The queue of this sender is full',
    30017: 'The carrier is congested',
    30022: 'The rate of this 10DLC campaign is exceeded',
    63009: 'The channel provider had an internal error',
    63010: 'Twilio had an internal error',
    63012: 'The channel provider had an internal error',
    63017: 'The account sends faster than the channel allows',
    63018: 'The channel rate limit is exceeded',
  },
  ask: {
    20500: 'Twilio had an internal error; the outcome is unknown',
    20503: 'Twilio was unavailable; the outcome is unknown',
    30008: 'Delivery failed for an unknown reason',
  },
  opt_out: {
    21610: 'The recipient has opted out (STOP)',
    63014: 'The recipient blocked this sender',
    63033: 'The recipient blocked this sender',
  },
  window: { 63016: 'Outside the 24-hour window: only an approved template may be sent' },
  template: {
    21655: 'Twilio does not know the template',
    21656: 'The template variables are not valid',
    63027: 'The template has no such language',
    63028: 'The number of template variables is wrong',
    63040: 'The template was rejected',
    63041: 'The template is paused',
  },
  service: {
    21664: 'Twilio takes no number to fall back on beside a sender',
    21666: 'Twilio takes a number to fall back on only with a Messaging Service',
    21667: 'The Messaging Service has no RCS sender',
  },
  fallback: {
    21211: 'The recipient is not a valid number',
    21612: 'There is no route from this sender to this recipient',
    21614: 'The recipient is not a mobile number',
    30003: 'The handset is off or out of reach',
    30004: 'The recipient or the carrier blocks this message',
    30005: 'The handset is unknown or no longer exists',
    30006: 'A landline or an unreachable carrier',
    63003: 'The recipient is not on this channel',
    63015: 'The recipient has not joined the sandbox',
    63024: 'Not a valid recipient on this channel',
    63032: 'The channel may not send to this person',
    63035: 'RCS is not available for this recipient',
    63036: 'The recipient cannot be reached on RCS',
    63049: 'The channel chose not to deliver this message',
  },
  config: {
    20003: 'The Twilio credentials are wrong or lack permission',
    20005: 'The Twilio account is not active',
    21212: 'The sender is not a valid number',
    21203: 'International calls are switched off for the account',
    21210: 'The calling number is not one of this account, nor verified',
    21215: 'Calls to this country are switched off for the account',
    21219: 'A trial account may only call verified numbers',
    21408: 'Sending to this country is switched off for the account',
    21601: 'The sender cannot send SMS',
    21606: 'The sender is not a number of this account',
    21608: 'A trial account may only text verified numbers',
    21704: 'The Messaging Service has no senders',
    30002: 'The account is suspended',
    30023: 'The daily cap of this sender is reached',
    30024: 'The sender is not provisioned',
    30027: 'The daily cap of this sender with the carrier is reached',
    30032: 'The toll-free number is not verified',
    30033: 'The 10DLC campaign is suspended',
    30034: 'The number is not registered for US A2P 10DLC',
    30035: 'The number is still being registered',
    63001: 'The channel could not authenticate us',
    63002: 'The channel does not know this sender',
    63007: 'Twilio does not find this channel sender',
    63008: 'The channel sender is not set up',
    63020: 'The channel sender is not set up',
    63038: 'The daily message cap of the account is reached',
    63051: 'The WhatsApp business account is restricted',
  },
  permanent: {
    11200: 'Twilio could not fetch an attached file',
    11751: 'The attached files are too large for MMS',
    12300: 'Twilio does not take a file of this kind',
    13223: 'The number to be called is not written as Twilio takes it',
    13224: 'The number to be called is not valid, or its carrier does not answer',
    13225: 'Twilio blocks calls to this number',
    13226: 'The country of the number to be called is not valid',
    13227: 'Calls to this country are switched off for the account',
    20404: 'Twilio does not know this resource',
    20422: 'Twilio refused a parameter',
    21205: 'The address that answers calls is not valid',
    21214: 'The number to be called cannot be reached',
    21216: 'Twilio blocks calls to this number',
    21217: 'The number to be called does not look like one',
    21220: 'The call is not in a state for that',
    21234: 'Machine detection was asked for in a way that Twilio does not take',
    21602: 'The message has no content',
    21603: 'The message has no sender',
    21604: 'The message has no recipient',
    21609: 'The status callback address is not valid',
    21617: 'The message is too long',
    21619: 'The message has no content',
    21620: 'The media address is not valid',
    21623: 'The message has too many media',
    30007: 'The carrier filtered the message as spam',
    30036: 'The message was not sent within its validity period',
    30450: 'Blocked as suspected SMS pumping',
    60205: 'This is a landline: it takes no codes by text',
    60223: 'The Verify service does not send codes this way',
    63005: 'The channel refused the content',
    63006: 'The channel refused the format',
    63013: 'The message breaks the policy of the channel',
    63019: 'The channel could not fetch the media',
    63021: 'The channel refused the content',
    63030: 'The channel does not take this kind of message',
    63034: 'The media is too large for the channel',
    63037: 'The media could not be uploaded to the channel',
  },
};

const meanings = new Map<number, ErrorMeaning>(
  (Object.entries(table) as [ErrorClass, Record<number, string>][]).flatMap(([kind, rows]) =>
    Object.entries(rows).map(([code, meaning]) => [Number(code), { class: kind, meaning }] as const),
  ),
);

/** What a Twilio error number means for us. One that is not in the table counts as permanent: retrying blindly doubles texts. */
export function meaningOf(code: number | undefined): ErrorMeaning {
  return (code === undefined ? undefined : meanings.get(code)) ?? { class: 'permanent', meaning: 'Twilio refused the message' };
}

export const knownErrorCodes = (): number[] => [...meanings.keys()];

interface RestFailure {
  status?: number;
  code?: number | string;
  message?: string;
  headers?: Record<string, string>;
}

/**
 * Whatever the SDK throws -> HubError with Twilio's number as `twilio_<number>`, and with the outcome:
 * `retryable` only where Twilio surely did not act (429, or the connection was refused).
 */
export class TwilioFailure extends HubError {
  constructor(
    readonly twilioCode: number | undefined,
    readonly httpStatus: number | undefined,
    readonly errorClass: ErrorClass,
    message: string,
    options: { cause: unknown; retryAfterMs?: number | undefined },
  ) {
    super(errorClass === 'retry' || errorClass === 'ask' ? 'unavailable' : 'conflict', `twilio_${twilioCode ?? httpStatus ?? 'unreachable'}`, message, {
      retryable: errorClass === 'retry' || errorClass === 'ask',
      cause: options.cause,
      ...(options.retryAfterMs === undefined ? {} : { retryAfterMs: options.retryAfterMs }),
    });
  }
}

/** Codes of Node's sockets for which no byte of the request can have reached Twilio. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

export function twilioFailure(error: unknown): TwilioFailure {
  if (error instanceof TwilioFailure) return error;
  const failure = error as RestFailure;
  // A success that was thrown all the same broke off on its way here: Twilio acted, and we do not know with what.
  const status = typeof failure.status === 'number' && failure.status >= 300 ? failure.status : undefined;
  const code = typeof failure.code === 'number' ? failure.code : undefined;
  const cause = { cause: error, retryAfterMs: retryAfter(failure.headers) };
  if (status === 429) return new TwilioFailure(code ?? 20429, status, 'retry', meaningOf(code ?? 20429).meaning, cause);
  if (status !== undefined && status >= 500) return new TwilioFailure(code, status, 'ask', `Twilio answered ${status}; the outcome is unknown`, cause);
  if (status !== undefined) {
    const { class: kind, meaning } = meaningOf(code ?? (status === 401 ? 20003 : undefined));
    return new TwilioFailure(code, status, kind === 'ask' ? 'permanent' : kind, `${meaning} (${code ?? status})`, cause);
  }
  const kind = NEVER_SENT.has(String(failure.code)) ? 'retry' : 'ask';
  return new TwilioFailure(undefined, undefined, kind, `Twilio did not answer (${String(failure.code ?? failure.message ?? error)})`, cause);
}

function retryAfter(headers: Record<string, string> | undefined): number | undefined {
  const seconds = Number(headers?.['retry-after']);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}
