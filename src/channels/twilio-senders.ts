import { Injectable, type OnModuleInit } from '@nestjs/common';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { AppConfig } from '../app.config.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import type { Delivery } from '../delivery/delivery.types.js';
import { MediaService } from '../media/media.service.js';
import { ContentsService } from './contents.service.js';
import { fileRules, messageRules, smsRules } from './sms.rules.js';
import { TwilioMessagingSender } from './twilio-messaging.sender.js';

/**
 * Per sender and second. SMS: a US long code moves one segment a second and Twilio queues the rest for up to ten
 * hours, so this only keeps a runaway from filling that queue. WhatsApp: 80 a second by default (Twilio docs).
 */
const MESSAGES_PER_SECOND = { sms: 10, whatsapp: 80, rcs: 20 } as const;

/** One sender for each channel that Twilio's Messages API carries. */
@Injectable()
export class TwilioSenders implements OnModuleInit {
  constructor(
    private readonly account: TwilioAccount,
    private readonly config: AppConfig,
    private readonly contacts: ContactsService,
    private readonly delivery: DeliveryService,
    private readonly media: MediaService,
    private readonly contents: ContentsService,
  ) {}

  onModuleInit(): void {
    const linksOf = async ({ tenantId, messageId, files }: Delivery): Promise<string[]> => (await this.media.outgoing.filesOf(tenantId, messageId, files)).map(({ url }) => url);
    const shared = {
      linksOf, account: this.account, publicBaseUrl: this.config.publicBaseUrl, wireAddress: this.contacts.wireAddress, contents: this.contents,
    };
    for (const channel of ['sms', 'whatsapp', 'rcs'] as const) {
      this.delivery.registerSender(new TwilioMessagingSender({
        ...shared, channel, rules: { ...(channel === 'sms' ? smsRules : messageRules), files: fileRules[channel] }, messagesPerSecond: MESSAGES_PER_SECOND[channel],
      }));
    }
  }
}
