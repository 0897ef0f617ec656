import { Injectable } from '@nestjs/common';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { twilioFailure } from '@throughline/twilio/errors.js';
import type { MessageInstance } from 'twilio/lib/rest/api/v2010/account/message.js';
import { ContactsService } from '../contacts/contacts.service.js';
import type { InboundMessage } from '../conversations/conversations.types.js';

/** The most that Twilio gives in one answer. */
const PAGE = 1_000;

export interface TextsAsked {
  /** One of our senders. */
  to: { channel: string; address: string };
  /** One person on the same channel; everybody where not given. */
  from?: string;
  since: Date;
}

export type ListedText = MessageInstance;

/** Texts to our senders as Twilio's list of messages has them. */
@Injectable()
export class TwilioInbox {
  constructor(
    private readonly account: TwilioAccount,
    private readonly contacts: ContactsService,
  ) {}

  /**
   * All of them, oldest first. Twilio lists the newest first, so only the last page has the oldest ones; and what it was
   * asked for by time need not be believed, because it may count in whole days.
   */
  async listed({ to, from, since }: TextsAsked): Promise<ListedText[]> {
    const wire = (address: string): string => this.contacts.wireAddress(to.channel, address);
    const list = await this.account.client.messages
      .list({ to: wire(to.address), ...(from ? { from: wire(from) } : {}), dateSentAfter: since, pageSize: PAGE })
      .catch(rethrow);
    return list.filter((message) => message.direction === 'inbound' && receivedAt(message) >= since).reverse();
  }

  /** One of them as the record takes it in. Its media are another question to Twilio. */
  async read(message: ListedText): Promise<InboundMessage> {
    const from = this.contacts.parseAddress(message.from);
    const to = this.contacts.parseAddress(message.to);
    return {
      providerSid: message.sid, channel: from.channel, address: from.address, sender: to.address,
      body: (message.body ?? '').replaceAll('\u0000', ''), media: await this.mediaOf(message), receivedAt: receivedAt(message),
    };
  }

  private async mediaOf(message: ListedText): Promise<InboundMessage['media']> {
    if (Number(message.numMedia) === 0) return [];
    const media = await this.account.client.messages(message.sid).media.list({ limit: 10 }).catch(rethrow);
    return media.map((item) => ({ url: `https://api.twilio.com${item.uri.replace(/\.json$/, '')}`, contentType: item.contentType }));
  }
}

export const receivedAt = (message: ListedText): Date => message.dateSent ?? message.dateCreated;

function rethrow(error: unknown): never {
  throw twilioFailure(error);
}
