import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { ContactsService } from '../contacts/contacts.service.js';
import type { Purpose } from '../contacts/contacts.types.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Message } from '../conversations/conversations.types.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import type { Sender, SenderChannel, TenantSettings } from '../tenancy/tenancy.types.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import type { Delivery } from './delivery.types.js';
import { waitsForEarlier } from './precedence.policy.js';
import { type Choices, chooseRoute, filledTemplate, type Route } from './route.policy.js';

export interface Way {
  message: Message;
  sender: Sender | null;
  settings: TenantSettings;
  /** By which a WhatsApp message may leave as a text. Null on other channels, which fall back on nothing. */
  smsSenders: Sender[] | null;
}

/** Not before the person's quiet hours are over. */
export interface Held {
  until: Date;
  cause: string;
}

/** A tenant with more senders than that chooses among the oldest ones. */
const MOST_SENDERS = 200;

/** What the gate of consent is asked about. */
const saidFor = ({ id, purpose }: Message): { id: string; purpose: Purpose } => ({ id, purpose: purpose ?? 'service' });

/** Why a text may not go out any more. */
export interface Withheld {
  event: 'opted_out' | 'withheld';
  cause: string;
}

/** Who wrote so shortly ago is awake and waits for an answer. */
const ANSWER_MS = 30 * 60_000;

/** The message, the sender it leaves by, and what stands in its way. */
@Injectable()
export class WayService {
  private readonly deliveries = new DeliveriesRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly conversations: ConversationsService,
    private readonly contacts: ContactsService,
    private readonly tenancy: TenancyService,
  ) {}

  async of(tenantId: string, messageId: string): Promise<Way | null> {
    const message = await this.database.transaction(tenantId, (tx) => this.conversations.messageIn(tx, messageId));
    if (!message || message.direction !== 'outbound' || message.channel === 'internal') return null;
    const [sender, { settings }, smsSenders] = await Promise.all([
      message.sender ? this.tenancy.sender(tenantId, message.channel as SenderChannel, message.sender) : null, this.tenancy.tenant(tenantId),
      message.channel === 'whatsapp' ? this.smsSendersOf(tenantId, message.sender) : null,
    ]);
    return { message, sender, settings, smsSenders };
  }

  /**
   * The person does not want it where it was addressed to, or people have spoken since the assistant said it. Nothing goes
   * out past this: of the house's own words only those that confirm a STOP, once. Where it leaves by another way, that one is
   * asked about, too, when it is chosen.
   */
  async withheld(tx: Tx, message: Message): Promise<Withheld | null> {
    const { channel, address, sender } = message;
    if (address === null) return { event: 'withheld', cause: 'The contact was erased' };
    if (!sender) return null;
    const [unwanted, late] = await Promise.all([
      this.contacts.whyNotWrite(tx, { channel, address, sender }, saidFor(message)),
      message.authorKind === 'assistant' ? this.conversations.peopleSpokeSince(tx, message) : null,
    ]);
    if (unwanted !== null) return { event: 'opted_out', cause: unwanted };
    return late === null ? null : { event: 'withheld', cause: late };
  }

  /** Asked before the claim, because a transaction must not wait for a second connection. The number that they know comes first. */
  private async smsSendersOf(tenantId: string, ownAddress: string | null): Promise<Sender[]> {
    const senders = (await this.tenancy.listSenders(tenantId, null, MOST_SENDERS)).filter(({ channel }) => channel === 'sms');
    return [...senders.filter(({ address }) => address === ownAddress), ...senders];
  }

  /**
   * How these words of a WhatsApp message leave now, by the state of things in this transaction; null on other channels.
   * Asked at every attempt: the window may have closed, or opened, since the last one.
   */
  async route(tx: Tx, { message, settings, smsSenders }: Way, words: string, ruledOut: Delivery['ruledOut']): Promise<Route | null> {
    const { address, sender } = message;
    if (!smsSenders || !address || !sender) return null;
    const [[window], contactName, sms] = await Promise.all([
      this.contacts.whatsappWindows(tx, [{ sender, address }]),
      this.conversations.contactNameOf(tx, message.conversationSid),
      this.smsInstead(tx, message, address, smsSenders),
    ]);
    const { businessName, whatsapp: { reopenTemplate } } = settings;
    return chooseRoute({ window: window!, template: filledTemplate(reopenTemplate, { reply: words, contactName, businessName }), sms, ruledOut });
  }

  /** The thread says by which way it really goes. */
  showVia(tx: Tx, { messageId, channel, sender, address, contentSid, detour }: Delivery): void {
    this.conversations.setVia(tx, messageId, detour === null ? null : { channel: channel as SenderChannel, sender, address, contentSid, why: detour });
  }

  /** Somebody who said STOP to any of our numbers gets no text from another one, and consent to WhatsApp is none to texts. */
  private async smsInstead(tx: Tx, message: Message, whatsappAddress: string, [sender]: Sender[]): Promise<Choices['sms']> {
    if (!sender) return { missing: 'there is no sender for text messages' };
    const address = await this.contacts.phoneOf(tx, 'whatsapp', whatsappAddress);
    if (!address) return { missing: 'their phone number is not known' };
    const [saidStop, unwanted] = await Promise.all([
      this.contacts.saidStop(tx, ['sms', 'rcs'], address),
      this.contacts.whyNotWrite(tx, { channel: 'sms', address, sender: sender.address }, saidFor(message)),
    ]);
    const missing = saidStop ? `${address} has opted out of text messages` : unwanted;
    return missing === null ? { sender, address } : { missing };
  }

  /**
   * Quiet hours hold back what is neither urgent, nor a colleague's own words, nor an answer to what was written just now. They
   * are those of the address that it would really reach.
   */
  async held(tx: Tx, { message, settings }: Way, route: Route | null): Promise<Held | null> {
    const { channel, address } = route?.by === 'sms' ? { channel: 'sms', address: route.address } : message;
    if (!settings.quietHours || !address || message.authorKind === 'staff' || message.purpose === 'alerts') return null;
    const now = this.clock.now();
    const quiet = this.contacts.quietUntil({ channel, address }, settings.quietHours, settings.timeZone, now);
    if (!quiet) return null;
    const asked = await this.conversations.lastInboundAt(tx, message.conversationSid);
    if (asked && now.getTime() - asked.getTime() <= ANSWER_MS) return null;
    const { from, to } = settings.quietHours;
    return { until: quiet.until, cause: `Quiet hours from ${from} to ${to} (${quiet.zone}): waits until ${quiet.until.toISOString()}` };
  }

  /** When to look again, because an earlier message to the same address is still on its way; null when it is this one's turn. */
  async waitsUntil(tx: Tx, message: Message): Promise<Date | null> {
    const earlier = await this.conversations.underWayBefore(tx, message);
    if (earlier.length === 0) return null;
    const parts = await this.deliveries.underWay(tx, earlier.map(({ id }) => id));
    return waitsForEarlier(message, earlier, parts, this.clock.now());
  }
}
