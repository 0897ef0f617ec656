import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { describe } from '@throughline/kernel/errors.js';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { twilioFailure } from '@throughline/twilio/errors.js';
import { AppConfig } from '../app.config.js';
import { belongsToOthers } from './conversations-webhook.policy.js';

/** What the hub wants to hear of Conversations: what people type there, and when somebody closes one. */
const FILTERS = ['onMessageAdded', 'onConversationStateUpdated'];
const PATH = '/webhooks/twilio/conversations';
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 300_000;

/**
 * Points the Conversations service's webhook here, so that a newcomer has nothing to click. A webhook of somebody
 * else (Flex, another program, another hub) is left alone, and the log says what to do.
 */
@Injectable()
export class TwilioSetupService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('TwilioSetup');
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly account: TwilioAccount,
    private readonly config: AppConfig,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.roles.web) void this.attempt(FIRST_WAIT_MS);
  }

  onApplicationShutdown(): void {
    clearTimeout(this.timer);
  }

  /** In the background: Twilio being away must not keep the hub from starting. Until then reconciliation finds staff messages. */
  private async attempt(waitMs: number): Promise<void> {
    try {
      await this.connectConversations();
    } catch (error) {
      this.log.warn(`The Conversations webhook is not set yet, again in ${waitMs / 1_000} s: ${describe(twilioFailure(error))}`);
      this.timer = setTimeout(() => void this.attempt(Math.min(LONGEST_WAIT_MS, waitMs * 2)), waitMs);
      this.timer.unref();
    }
  }

  private async connectConversations(): Promise<void> {
    const { v1 } = this.account.client.conversations;
    const serviceSid = this.account.conversationsServiceSid ?? (await v1.configuration().fetch()).defaultChatServiceSid;
    const webhooks = v1.services(serviceSid).configuration.webhooks();
    const present = await webhooks.fetch();
    const ours = this.config.publicBaseUrl + PATH;
    if (belongsToOthers(present.postWebhookUrl, ours)) {
      this.log.warn(
        `Conversations service ${serviceSid} already has a webhook, to ${shown(present.postWebhookUrl)}, which is not this hub. It is left alone; ` +
          'staff messages are found by reconciliation every five minutes. For an instant hand-over clear that webhook in the Twilio console and start ' +
          "again, or set TWILIO_CONVERSATIONS_SERVICE_SID to a service of the hub's own.",
      );
      return;
    }
    const complete = FILTERS.every((filter) => present.filters?.includes(filter));
    if (present.postWebhookUrl === ours && complete) return;
    await webhooks.update({ postWebhookUrl: ours, filters: FILTERS, method: 'POST' });
    this.log.log(`Conversations service ${serviceSid} sends its webhooks to ${ours}`);
  }
}

/** Without what may be secret in it. */
const shown = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'an address that is none');
