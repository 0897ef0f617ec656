import twilio from 'twilio';
import type { Twilio } from 'twilio';
import type { RequestOptions } from 'twilio/lib/base/RequestClient.js';
import type ResponseModule from 'twilio/lib/http/response.js';
import { twilioFailure } from './errors.js';

const { RequestClient } = twilio;

export interface TwilioCredentials {
  accountSid: string;
  authToken: string;
  /** Preferred for REST calls where given; webhooks are always signed with the auth token. */
  apiKey?: string | undefined;
  apiSecret?: string | undefined;
}

export interface TwilioClientOptions {
  credentials: TwilioCredentials;
  /** All REST goes to this origin instead, path unchanged, the real host in `X-Twilio-Host`. */
  apiOrigin?: string | undefined;
  /** Milliseconds until a call counts as unanswered, its outcome unknown. */
  timeoutMs?: number;
}

const TWILIO_HOST = /(^|\.)twilio\.com$/;
const DEFAULT_TIMEOUT_MS = 15_000;

/** The SDK has no base-URL option, so the seam is its HTTP client. Hosts other than Twilio's are refused. */
class RedirectedClient extends RequestClient {
  constructor(
    private readonly origin: string | undefined,
    timeoutMs: number,
  ) {
    super({ timeout: timeoutMs, keepAlive: true, maxSockets: 50 });
  }

  override async request<TData>(options: RequestOptions<TData>): Promise<ResponseModule.default<TData>> {
    const response = await super.request(this.redirected(options));
    // The SDK's own error forgets the headers, and with them Retry-After.
    if (response.statusCode === 429) throw tooManyRequests(response);
    return response;
  }

  private redirected<TData>(options: RequestOptions<TData>): RequestOptions<TData> {
    const target = new URL(options.uri);
    if (!TWILIO_HOST.test(target.hostname)) {
      throw new Error(`${target.hostname} is not a Twilio host; the call to ${target.pathname} was not made.`);
    }
    if (!this.origin) return options;
    const uri = new URL(target.pathname + target.search, this.origin).toString();
    return { ...options, uri, headers: { ...options.headers, 'X-Twilio-Host': target.hostname } };
  }
}

function tooManyRequests(response: { statusCode: number; body: unknown; headers: unknown }): Error {
  const body = (typeof response.body === 'string' ? safeJson(response.body) : response.body) as { code?: number } | null;
  return twilioFailure({ status: 429, code: body?.code, headers: response.headers });
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The real `twilio` package, against Twilio or against any origin that speaks its API. */
export function createTwilioClient(options: TwilioClientOptions): Twilio {
  const { accountSid, authToken, apiKey, apiSecret } = options.credentials;
  const httpClient = new RedirectedClient(options.apiOrigin, options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const [user, password] = apiKey && apiSecret ? [apiKey, apiSecret] : [accountSid, authToken];
  return twilio(user, password, { accountSid, httpClient });
}
