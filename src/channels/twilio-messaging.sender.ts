import { HubError } from '@throughline/kernel/errors.js';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { TwilioFailure, twilioFailure } from '@throughline/twilio/errors.js';
import type { MessageInstance, MessageListInstanceCreateOptions } from 'twilio/lib/rest/api/v2010/account/message.js';
import type { Button } from '../conversations/conversations.types.js';
import type { BodyRules, ChannelSender, Delivery, Look, Receipt, ReceiptStatus } from '../delivery/delivery.types.js';
import { tapContent } from './content.policy.js';
import { senderIn } from './inbound.parser.js';
import type { ContentsService } from './contents.service.js';
import { beginsWithWords, sameWords } from './sms.rules.js';

export interface TwilioSenderOptions {
  account: TwilioAccount;
  channel: 'sms' | 'whatsapp' | 'rcs';
  rules: BodyRules;
  messagesPerSecond: number;
  publicBaseUrl: string;
  wireAddress: (channel: string, address: string) => string;
  /** Where Twilio fetches the files that go with a delivery. */
  linksOf: (delivery: Delivery) => Promise<string[]>;
  /** Where replies to tap are made at Twilio. */
  contents: Pick<ContentsService, 'sidOf' | 'forget'>;
}

/** How far Twilio's clock may be behind ours when we look for a message that we may have sent: what is known is left out anyway. */
const CLOCK_SKEW_MS = 3_600_000;
const LOOK_BACK = 50;
/** Twilio has no such content any more. */
const UNKNOWN_CONTENT = 21_655;
/** More than any channel attaches to one message. */
const MOST_MEDIA = 50;

/** SMS, WhatsApp and RCS through Twilio's Messages API. */
export class TwilioMessagingSender implements ChannelSender {
  readonly channels: readonly string[];
  readonly rules: BodyRules;
  readonly messagesPerSecond: number;

  constructor(private readonly options: TwilioSenderOptions) {
    this.channels = [options.channel];
    this.rules = options.rules;
    this.messagesPerSecond = options.messagesPerSecond;
  }

  readonly showsButtons = (body: string, buttons: readonly Button[]): boolean => tapContent(this.options.channel, body, buttons) !== null;

  async send(delivery: Delivery): Promise<{ providerSid: string }> {
    const { account, contents, linksOf } = this.options;
    const mediaUrl = delivery.files.length > 0 ? await linksOf(delivery).catch(notHere) : [];
    const content = await this.contentOf(delivery);
    const message = await account.client.messages
      .create({ ...this.wayOf(delivery), ...content, ...(mediaUrl.length > 0 ? { mediaUrl } : {}), statusCallback: this.callbackUrl(delivery) })
      .catch(async (error: unknown) => {
        const failure = twilioFailure(error);
        if (failure.twilioCode === UNKNOWN_CONTENT && content.contentSid && !delivery.contentSid) await contents.forget(delivery.tenantId, content.contentSid);
        throw failure;
      });
    return { providerSid: message.sid };
  }

  /** A template, or replies to tap, take the place of the words, which are among their variables. */
  private async contentOf({ tenantId, channel, body, contentSid, contentVariables, buttons, files }: Delivery): Promise<{ body?: string; contentSid?: string; contentVariables?: string }> {
    if (contentSid) return { contentSid, contentVariables: JSON.stringify(contentVariables ?? {}) };
    const content = buttons?.as === 'taps' ? tapContent(channel, body, buttons.items) : null;
    if (!content) return body === '' && files.length > 0 ? {} : { body };
    return { contentSid: await this.options.contents.sidOf(tenantId, content), contentVariables: JSON.stringify(content.values) };
  }

  /**
   * To a plain number and without a sender, a Messaging Service tries RCS first and sends an SMS where the phone has none; with a
   * sender, or to `rcs:`, it does what it is told and nothing else (twilio.com/docs/rcs/send-an-rcs-message, error 21664).
   */
  private wayOf({ channel, address, sender, messagingServiceSid, fallbackSender }: Delivery): Pick<MessageListInstanceCreateOptions, 'to' | 'from' | 'fallbackFrom' | 'messagingServiceSid'> {
    const { account, wireAddress } = this.options;
    if (channel === 'rcs' && messagingServiceSid && fallbackSender) return { to: address, fallbackFrom: fallbackSender, messagingServiceSid };
    const service = messagingServiceSid ?? account.messagingServiceSid;
    return { to: wireAddress(channel, address), from: wireAddress(channel, sender), ...(service ? { messagingServiceSid: service } : {}) };
  }

  /**
   * Twilio has no idempotency key. Its list is asked for a message of ours that no delivery knows: through the API, since
   * replies to a webhook are Twilio's own answers to STOP and HELP. One in other words may still be this one, so with such
   * a message there it is not "absent".
   */
  async find(delivery: Delivery, known: (sids: string[]) => Promise<Set<string>>): Promise<Look> {
    const sent = await this.listed(delivery).catch(rethrow);
    const since = (delivery.claimedAt ?? delivery.createdAt).getTime() - CLOCK_SKEW_MS;
    const recent = sent.filter((message) => message.direction === 'outbound-api' && message.dateCreated.getTime() >= since);
    const taken = await known(recent.map((message) => message.sid));
    const strange = recent.filter((message) => !taken.has(message.sid));
    const oldest = strange.filter((message) => isOurs(message.body, delivery)).at(-1);
    if (oldest) return { outcome: 'found', providerSid: oldest.sid };
    return { outcome: strange.length > 0 ? 'unclear' : 'absent' };
  }

  /** What went to them by that way. Where Twilio chooses the sender, it has written down the channel that it chose, or none yet. */
  private async listed({ channel, address, sender, fallbackSender, messagingServiceSid }: Delivery): Promise<MessageInstance[]> {
    const { account: { client }, wireAddress } = this.options;
    const page = { limit: LOOK_BACK, pageSize: LOOK_BACK };
    const [to, from] = [wireAddress(channel, address), wireAddress(channel, sender)];
    if (!fallbackSender) return client.messages.list({ to, from, ...page });
    const lists = await Promise.all([to, address].map((each) => client.messages.list({ to: each, ...page })));
    const mayBe = (message: MessageInstance): boolean => (message.from ? [from, fallbackSender].includes(message.from) : message.messagingServiceSid === messagingServiceSid);
    return lists.flat().filter(mayBe).toSorted((one, other) => other.dateCreated.getTime() - one.dateCreated.getTime());
  }

  async ask(providerSid: string): Promise<Receipt | null> {
    const message = await this.options.account.client.messages(providerSid).fetch().catch(rethrow);
    const status = receiptStatus(message.status);
    return status && { providerSid: message.sid, status, errorCode: message.errorCode || null, carriedBy: senderIn(message.from) };
  }

  /** What is attached first: without its message it could not be named any more. */
  async remove(providerSid: string): Promise<void> {
    const message = this.options.account.client.messages(providerSid);
    try {
      for (const { sid } of await message.media.list({ limit: MOST_MEDIA })) await message.media(sid).remove();
      await message.remove();
    } catch (error) {
      const failure = twilioFailure(error);
      if (failure.httpStatus !== 404) throw failure;
    }
  }

  /** Twilio tells this address what became of the message; the delivery's id in it outlives a lost answer. */
  private callbackUrl(delivery: Delivery): string {
    const query = new URLSearchParams({ tenant: delivery.tenantId, delivery: delivery.id, attempt: String(delivery.attempt) });
    return `${this.options.publicBaseUrl}/webhooks/twilio/messaging/status?${query.toString()}`;
  }
}

/** Twilio has been told nothing yet. Without its files a message is not what was said. */
function notHere(error: unknown): never {
  const missing = error instanceof HubError && !error.retryable;
  throw new TwilioFailure(undefined, undefined, missing ? 'permanent' : 'retry', missing ? error.message : 'Its files are not at hand', { cause: error });
}

/** Of a template Twilio lists the text with its places filled; of replies to tap that went as SMS, with lines behind it. */
function isOurs(listed: string, { body, contentSid, contentVariables, buttons }: Delivery): boolean {
  if (buttons?.as === 'taps') return beginsWithWords(listed, body);
  return contentSid ? Object.values(contentVariables ?? {}).every((value) => listed.includes(value)) : sameWords(listed, body);
}

/** Twilio's statuses -> ours. Those of inbound messages are no receipts. */
export function receiptStatus(status: string): ReceiptStatus | null {
  if (status === 'sent' || status === 'delivered' || status === 'read' || status === 'failed' || status === 'undelivered') return status;
  if (status === 'canceled') return 'failed';
  if (status === 'partially_delivered') return 'delivered';
  return status === 'accepted' || status === 'scheduled' || status === 'queued' || status === 'sending' ? 'queued' : null;
}

function rethrow(error: unknown): never {
  throw twilioFailure(error);
}
