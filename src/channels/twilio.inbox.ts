import { Injectable } from '@nestjs/common';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { twilioFailure } from '@throughline/twilio/errors.js';
import type { MessageInstance } from 'twilio/lib/rest/api/v2010/account/message.js';
import { ContactsService } from '../contacts/contacts.service.js';
import type { InboundMessage } from '../conversations/conversations.types.js';
import type { Sender } from '../tenancy/tenancy.types.js';

/** More texts to one number in one round than this wait for the next round. */
const MOST = 1_000;

/** Texts to our senders as Twilio's list of messages has them. */
@Injectable()
export class TwilioInbox {
  constructor(
    private readonly account: TwilioAccount,
    private readonly contacts: ContactsService,
  ) {}

  /** Oldest first. Twilio's list is asked from `since` on, and need not be believed: it may count in whole days. */
  async received(sender: Sender, since: Date): Promise<InboundMessage[]> {
    const to = this.contacts.wireAddress(sender.channel, sender.address);
    const list = await this.account.client.messages.list({ to, dateSentAfter: since, limit: MOST, pageSize: 200 }).catch((error: unknown) => {
      throw twilioFailure(error);
    });
    const inbound = list.filter((message) => message.direction === 'inbound').reverse();
    const received: InboundMessage[] = [];
    for (const message of inbound) {
      if (sentAt(message) >= since) received.push(await this.parsed(message));
    }
    return received;
  }

  private async parsed(message: MessageInstance): Promise<InboundMessage> {
    const from = this.contacts.parseAddress(message.from);
    const to = this.contacts.parseAddress(message.to);
    return {
      providerSid: message.sid, channel: from.channel, address: from.address, sender: to.address,
      body: (message.body ?? '').replaceAll('\u0000', ''), media: await this.mediaOf(message), receivedAt: sentAt(message),
    };
  }

  private async mediaOf(message: MessageInstance): Promise<InboundMessage['media']> {
    if (Number(message.numMedia) === 0) return [];
    const media = await message.media().list({ limit: 10 });
    return media.map((item) => ({ url: `https://api.twilio.com${item.uri.replace(/\.json$/, '')}`, contentType: item.contentType }));
  }
}

const sentAt = (message: MessageInstance): Date => message.dateSent ?? message.dateCreated;
