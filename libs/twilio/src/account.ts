import type { Twilio } from 'twilio';
import { createTwilioClient, type TwilioClientOptions } from './client.js';

/** The Twilio account this hub works for: its REST client and the services it was told to use. */
export class TwilioAccount {
  readonly client: Twilio;
  readonly accountSid: string;

  constructor(
    options: TwilioClientOptions,
    /** Conversations service; the account's default one where not given. */
    readonly conversationsServiceSid: string | undefined,
    readonly messagingServiceSid: string | undefined,
  ) {
    this.client = createTwilioClient(options);
    this.accountSid = options.credentials.accountSid;
  }

  /** `/v1/Services/{IS}/Conversations` or, without a service, `/v1/Conversations`: the SDK has one list class for each. */
  get conversations(): Twilio['conversations']['v1']['conversations'] {
    const { v1 } = this.client.conversations;
    const sid = this.conversationsServiceSid;
    return sid ? (v1.services(sid).conversations as unknown as typeof v1.conversations) : v1.conversations;
  }
}
