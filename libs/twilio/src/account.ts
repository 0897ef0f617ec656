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

  /** The Conversations of the service that the hub was told to use. */
  get conversations(): ConversationList {
    return this.conversationsIn(this.conversationsServiceSid);
  }

  /** `/v1/Services/{IS}/Conversations` or, for the account's default service, `/v1/Conversations`: the SDK has one list class for each. */
  conversationsIn(serviceSid: string | undefined): ConversationList {
    const { v1 } = this.client.conversations;
    return serviceSid ? (v1.services(serviceSid).conversations as unknown as ConversationList) : v1.conversations;
  }
}

type ConversationList = Twilio['conversations']['v1']['conversations'];
