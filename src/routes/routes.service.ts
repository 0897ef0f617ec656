import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { ONE_STOP, type Purpose, type Trust } from '../contacts/contacts.types.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Message } from '../conversations/conversations.types.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import type { Sender, SenderChannel } from '../tenancy/tenancy.types.js';
import { otherPlaces } from './others.policy.js';
import { chooseRoute, fallsByItself, isSameRoute, type Missing, nameOf, type Option, ruledOutBy } from './route.policy.js';
import type { Attempt, Held, NoRoute, Place, Route, RuledOut, Way, Withheld } from './routes.types.js';
import { filledTemplate, templateRules } from './template.policy.js';

/** A tenant with more senders than that chooses among the oldest ones. */
const MOST_SENDERS = 200;

/** Channels of phones beside texts: what cannot go there may go to the same phone as a text. */
const PHONES: ReadonlySet<string> = new Set(['whatsapp', 'rcs', 'voice']);

/** Who wrote so shortly ago is awake and waits for an answer. */
const ANSWER_MS = 30 * 60_000;

/** The transaction needs our senders, and must not wait for a second connection: it is to be begun again with them. */
export class SendersWanted extends Error {}

/** What the gate of consent is asked about. */
const saidFor = ({ id, purpose }: Message): { id: string; purpose: Purpose } => ({ id, purpose: purpose ?? 'service' });

/** The same, asked about another address: there it confirms nothing. */
const saidElsewhere = (message: Message): { id: null; purpose: Purpose } => ({ ...saidFor(message), id: null });

/** Which way a message takes, what stands in its way, and where it goes when it cannot go where it was said to. */
@Injectable()
export class RoutesService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly conversations: ConversationsService,
    private readonly contacts: ContactsService,
    private readonly tenancy: TenancyService,
  ) {}

  readonly isSameRoute = isSameRoute;
  readonly ruledOutBy = ruledOutBy;
  readonly nameOf = nameOf;
  readonly templateRules = templateRules;

  /** Null for what is not sent to anybody. */
  async of(tenantId: string, messageId: string): Promise<Way | null> {
    const message = await this.database.transaction(tenantId, (tx) => this.conversations.messageIn(tx, messageId));
    if (!message || message.direction !== 'outbound' || message.channel === 'internal') return null;
    const [sender, { settings }] = await Promise.all([
      message.sender ? this.tenancy.sender(tenantId, message.channel as SenderChannel, message.sender) : null, this.tenancy.tenant(tenantId),
    ]);
    return { message, sender, settings, senders: null };
  }

  async withSenders(way: Way): Promise<Way> {
    return { ...way, senders: await this.tenancy.listSenders(way.message.tenantId, null, MOST_SENDERS) };
  }

  /** The contact was erased, or people have spoken since the assistant said it. */
  async withheld(tx: Tx, message: Message): Promise<Withheld | null> {
    if (message.address === null) return { event: 'withheld', cause: 'The contact was erased' };
    const late = message.sender && message.authorKind === 'assistant' ? await this.conversations.peopleSpokeSince(tx, message) : null;
    return late === null ? null : { event: 'withheld', cause: late };
  }

  /** Why the person does not want it where it was said to. Of the house's own words only those that confirm a STOP go past this, once. */
  async unwanted(tx: Tx, message: Message): Promise<string | null> {
    const { channel, address, sender } = message;
    return address && sender ? this.contacts.whyNotWrite(tx, { channel, address, sender }, saidFor(message)) : null;
  }

  /**
   * How these words of the message leave now, by the state of things in this transaction; null where they have nowhere to go from.
   * Asked at every attempt: a window may have closed, or opened, since the last one, and somebody may have said STOP.
   *
   * @param sendable channels that something sends on
   * @throws SendersWanted
   */
  async route(tx: Tx, way: Way, words: string, ruledOut: readonly RuledOut[], sendable: (channel: string) => boolean): Promise<Route | NoRoute | null> {
    const { message, sender } = way;
    if (!message.address || !message.sender) return null;
    const own: Place = {
      channel: message.channel, sender: message.sender, address: message.address,
      messagingServiceSid: sender?.messagingServiceSid ?? null, messagesPerSecond: sender?.messagesPerSecond ?? null,
    };
    const [shut, window] = await Promise.all([this.unwanted(tx, message), this.windowOf(tx, own)]);
    // Nothing is sent to a call that is over: it is said there, or goes as a text.
    const isOpen = shut === null && sendable(own.channel) && !ruledOut.includes(nameOf(own)) && (!window || (window.state !== 'closed' && !ruledOut.includes('text')));
    if (isOpen && !fallsByItself(own, ruledOut)) return { to: own, template: null, until: window?.closesAt ?? null, detour: null, fallbackSender: null };
    const [others, contactName] = await Promise.all([
      this.others(tx, way, own, { unwanted: shut !== null, sendable }), this.conversations.contactNameOf(tx, message.conversationSid),
    ]);
    const { businessName, whatsapp: { reopenTemplate } } = way.settings;
    const template = message.media.length > 0 ? { missing: 'a template takes no files' } : filledTemplate(reopenTemplate, { reply: words, contactName, businessName });
    return chooseRoute({ own: { place: own, window, shut }, others, ruledOut: sendable(own.channel) ? ruledOut : [...ruledOut, nameOf(own)], template });
  }

  private async windowOf(tx: Tx, { channel, sender, address }: Place): Promise<Option['window']> {
    if (channel !== 'whatsapp') return null;
    const [window] = await this.contacts.whatsappWindows(tx, [{ sender, address }]);
    return window!;
  }

  /** What the house itself says, and what confirms a word about consent, is said where that was asked, or nowhere. */
  private async others(
    tx: Tx, { message, settings, senders }: Way, own: Place, { unwanted, sendable }: { unwanted: boolean; sendable: (channel: string) => boolean },
  ): Promise<(Option | Missing)[]> {
    if (message.authorKind === 'system' || await this.contacts.confirms(tx, message.id)) return [];
    if (!senders) throw new SendersWanted();
    const [person, behind] = await Promise.all([this.conversations.whereReached(tx, message.conversationSid), this.phoneOf(tx, own)]);
    const ours = senders.filter(({ channel }) => sendable(channel));
    const channels = settings.fallback.channels ?? null;
    const said = person.addresses.find(({ channel, address }) => channel === own.channel && address === own.address)?.trust ?? 'carrier_verified';
    // A number that a caller has only shown may be anybody's.
    const phone = own.channel === 'voice' && !this.contacts.isKnown(said) ? null : behind;
    const isSure = (trust: Trust): boolean => this.contacts.isKnown(trust) && this.contacts.isAtLeast(trust, said);
    const places = otherPlaces(own, { ...person, senders: ours, phone, channels, unwanted, isSure });
    const options = await Promise.all(places.map((place) => this.option(tx, message, place)));
    return options.length > 0 || !PHONES.has(own.channel) || unwanted ? options : [{ missing: missingWords(ours, phone) }];
  }

  private phoneOf(tx: Tx, { channel, address }: Place): Promise<string | null> {
    return PHONES.has(channel) ? this.contacts.phoneOf(tx, channel, address) : Promise.resolve(null);
  }

  /** Somebody who said STOP to any of our numbers gets no text from another one, and consent to one channel is none to the next. */
  private async option(tx: Tx, message: Message, place: Place): Promise<Option> {
    const { channel, address, sender } = place;
    const [window, saidStop, unwanted] = await Promise.all([
      this.windowOf(tx, place), this.contacts.saidStop(tx, ONE_STOP.includes(channel) ? ONE_STOP : [channel], address),
      this.contacts.whyNotWrite(tx, { channel, address, sender }, saidElsewhere(message)),
    ]);
    return { place, window, shut: saidStop ? `${address} has opted out of ${ONE_STOP.includes(channel) ? 'text messages' : channel}` : unwanted };
  }

  /** The thread says by which way it really goes. */
  showVia(tx: Tx, { messageId, channel, sender, address, contentSid, detour }: Attempt & { messageId: string; detour: string | null }): void {
    this.conversations.setVia(tx, messageId, detour === null ? null : { channel: channel as SenderChannel, sender, address, contentSid, why: detour });
  }

  /**
   * Quiet hours hold back what is neither urgent, nor a colleague's own words, nor what the house itself says because somebody waits for it, nor an answer to what was written just now. They
   * are those of the address that it would really reach.
   */
  async held(tx: Tx, { message, settings }: Way, { channel, address }: Pick<Place, 'channel' | 'address'>): Promise<Held | null> {
    if (!settings.quietHours || message.authorKind === 'staff' || message.authorKind === 'system' || message.purpose === 'alerts') return null;
    const now = this.clock.now();
    const quiet = this.contacts.quietUntil({ channel, address }, settings.quietHours, settings.timeZone, now);
    if (!quiet) return null;
    const asked = await this.conversations.lastInboundAt(tx, message.conversationSid);
    if (asked && now.getTime() - asked.getTime() <= ANSWER_MS) return null;
    const { from, to } = settings.quietHours;
    return { until: quiet.until, cause: `Quiet hours from ${from} to ${to} (${quiet.zone}): waits until ${quiet.until.toISOString()}` };
  }
}

const missingWords = (senders: readonly Sender[], phone: string | null): string => {
  if (!senders.some(({ channel }) => channel === 'sms')) return 'there is no sender for text messages';
  return phone ? 'there is no other address of theirs to write to' : 'their phone number is not known';
};
