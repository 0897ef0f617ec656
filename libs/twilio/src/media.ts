import { HubError } from '@throughline/kernel/errors.js';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { RequestFilteringHttpsAgent } from 'request-filtering-agent';
import type { TwilioCredentials } from './client.js';

export interface FetchedMedia {
  bytes: Buffer;
  /** As the server that had it says; null when it says nothing. */
  contentType: string | null;
}

export interface TwilioMediaOptions {
  credentials: TwilioCredentials;
  /** As for REST calls: Twilio's media are fetched from this origin instead, the real host in `X-Twilio-Host`. */
  apiOrigin?: string | undefined;
  /** Milliseconds for one medium, redirects and all. */
  timeoutMs?: number;
}

interface Step {
  url: URL;
  headers: Record<string, string>;
}

const TWILIO_API = /^api(\.[a-z0-9-]+){0,2}\.twilio\.com$/;
/** Twilio leads to the file's store with one; a second would be the store's own. */
const MOST_REDIRECTS = 3;
const TIMEOUT_MS = 30_000;

/**
 * Fetches what customers attached. The address comes in a webhook and leads on to others, so it is followed with care: our
 * credentials go to Twilio only, and whatever it leads to must be on the public Internet, by HTTPS.
 */
export class TwilioMedia {
  private readonly outside = new RequestFilteringHttpsAgent();
  private readonly origin: string | undefined;

  constructor(private readonly options: TwilioMediaOptions) {
    this.origin = options.apiOrigin && new URL(options.apiOrigin).origin;
  }

  /**
   * @param mostBytes a file that is larger is not read to its end
   * @throws HubError `media_gone`, `media_refused` (an address that we do not go to), `media_too_large`; `media_unavailable`
   *   where another try may succeed
   */
  async fetch(address: string, mostBytes: number): Promise<FetchedMedia> {
    const signal = AbortSignal.timeout(this.options.timeoutMs ?? TIMEOUT_MS);
    let step = this.first(address);
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const answer = await this.get(step, signal);
      if (isDenied(answer) && step.headers['Authorization']) throw credentialsRefused(answer);
      if (!isRedirect(answer)) return read(answer, mostBytes);
      answer.destroy();
      step = this.next(answer.headers.location ?? '', step.url);
    }
    throw refused('it leads from one address to another without end');
  }

  private first(address: string): Step {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    const ours = url && (url.origin === this.origin || (url.protocol === 'https:' && TWILIO_API.test(url.hostname)));
    if (!ours || !url.pathname.startsWith(`/2010-04-01/Accounts/${this.options.credentials.accountSid}/`)) {
      throw refused('its address is not one of our account at Twilio');
    }
    const { accountSid, authToken, apiKey, apiSecret } = this.options.credentials;
    const [user, password] = apiKey && apiSecret ? [apiKey, apiSecret] : [accountSid, authToken];
    return {
      url: this.origin ? new URL(url.pathname + url.search, this.origin) : url,
      headers: { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`, ...(this.origin ? { 'X-Twilio-Host': 'api.twilio.com' } : {}) },
    };
  }

  private next(location: string, from: URL): Step {
    if (!location || !URL.canParse(location, from.href)) throw refused('it leads to no address');
    const url = new URL(location, from);
    if (url.origin !== this.origin && url.protocol !== 'https:') throw refused(`it leads to ${url.protocol}//${url.host}`);
    return { url, headers: {} };
  }

  private get({ url, headers }: Step, signal: AbortSignal): Promise<IncomingMessage> {
    const inside = url.origin === this.origin || TWILIO_API.test(url.hostname);
    const client = url.protocol === 'https:' ? https : http;
    return new Promise<IncomingMessage>((resolve, reject) => {
      client.get(url, { headers, signal, ...(inside ? {} : { agent: this.outside }) }, resolve).on('error', (error) => reject(unreached(error)));
    });
  }
}

const isRedirect = ({ statusCode = 0 }: IncomingMessage): boolean => [301, 302, 303, 307, 308].includes(statusCode);

const isDenied = ({ statusCode = 0 }: IncomingMessage): boolean => statusCode === 401 || statusCode === 403;

/** Somebody can put that right, and then the file is still there. */
function credentialsRefused(answer: IncomingMessage): HubError {
  answer.destroy();
  return unavailable(`Twilio answered ${answer.statusCode}; check the credentials`);
}

async function read(answer: IncomingMessage, mostBytes: number): Promise<FetchedMedia> {
  const status = answer.statusCode ?? 0;
  if (status !== 200) {
    answer.destroy();
    if (status === 404 || status === 410) throw new HubError('not_found', 'media_gone', 'Twilio does not have it any more.');
    if (isDenied(answer)) throw refused(`the answer was ${status}`);
    throw unavailable(`the answer was ${status}`);
  }
  const parts: Buffer[] = [];
  let size = Number(answer.headers['content-length'] ?? 0);
  if (size > mostBytes) throw tooLarge(answer, mostBytes);
  size = 0;
  try {
    for await (const part of answer as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > mostBytes) throw tooLarge(answer, mostBytes);
      parts.push(part);
    }
  } catch (error) {
    throw error instanceof HubError ? error : unavailable('the connection broke in the middle of it', error);
  }
  return { bytes: Buffer.concat(parts), contentType: answer.headers['content-type']?.split(';')[0]?.trim().toLowerCase() || null };
}

function tooLarge(answer: IncomingMessage, mostBytes: number): HubError {
  answer.destroy();
  return new HubError('too_large', 'media_too_large', `It is larger than ${Math.floor(mostBytes / 1_000_000)} MB.`);
}

const refused = (why: string): HubError => new HubError('forbidden', 'media_refused', `It was not fetched: ${why}.`);

const unavailable = (why: string, cause?: unknown): HubError => new HubError('unavailable', 'media_unavailable', `It cannot be fetched now: ${why}.`, { cause });

/** The filter of private addresses says so in words only. */
function unreached(error: Error): HubError {
  return /is not allowed/.test(error.message) ? refused('it leads to a private address') : unavailable('no answer came', error);
}
