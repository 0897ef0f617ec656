import twilio from 'twilio';
import type RequestClient from 'twilio/lib/base/RequestClient.js';
import type Response from 'twilio/lib/http/response.js';

/** The ordinary `twilio` package against another origin: the path stays, the real host goes into a header. */
class RedirectingClient extends twilio.RequestClient {
  constructor(private readonly origin: string) {
    super({ timeout: 10_000 });
  }

  override request<T>(options: RequestClient.RequestOptions<T>): Promise<Response.default<T>> {
    const url = new URL(options.uri);
    const headers = { ...options.headers, 'X-Twilio-Host': url.host };
    return super.request<T>({ ...options, uri: this.origin + url.pathname + url.search, headers });
  }
}

export type TwilioClient = ReturnType<typeof twilio>;

export function clientAt(origin: string, user: string, password: string, accountSid = user): TwilioClient {
  return twilio(user, password, { accountSid, httpClient: new RedirectingClient(origin) });
}
