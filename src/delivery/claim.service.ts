import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Message } from '../conversations/conversations.types.js';
import { RoutesService, SendersWanted } from '../routes/routes.service.js';
import type { NoRoute, Route, Way, Withheld } from '../routes/routes.types.js';
import { offeredOn, wholeBody } from './buttons.policy.js';
import { DeliveriesRepository, type DeliveryChange } from './deliveries.repository.js';
import { DeliveryLog, settledBy } from './delivery.log.js';
import type { BodyRules, Delivery, DeliveryState, FileRules, Retired } from './delivery.types.js';
import { waitsForEarlier } from './precedence.policy.js';
import { RatesRepository } from './rates.repository.js';
import { LEASE_MS } from './retry.policy.js';
import { SenderRegistry } from './sender.registry.js';
import { splitBody, withFiles } from './splitting.policy.js';

export interface Claimed {
  outcome: 'claimed';
  delivery: Delivery;
  way: Way;
  /** An earlier attempt may have gone out: look before sending. */
  lookFirst: boolean;
  /** Why it may not go out any more: only look, never send. */
  withheld: Withheld | null;
  /** It leaves before then or not at all: what was decided does not hold any longer. Null: it holds. */
  until: Date | null;
}

export type Claim = Claimed | { outcome: 'wait'; until: Date } | { outcome: 'nothing' };

/** A sender may save up this many seconds of its rate and send them at once. */
const BURST_S = 3;

/** States of a part that the person does not have and will not get. */
const LOST: ReadonlySet<DeliveryState> = new Set(['failed', 'suppressed', 'unknown']);

const BEHIND_A_LOST_PART = 'A part before it did not go out';

/** The history says, too, when it goes another way. */
const inWords = ({ to, detour }: Route): string => (detour === null ? '' : ` by ${to.channel}: ${detour}`);

/** A message goes elsewhere when its own channel takes no files. */
const ALL_WITH_THE_WORDS: FileRules = { atOnce: Infinity, besideWords: () => true };

const NOTHING = { outcome: 'nothing' } as const;

/** Rolls the claim back: the sender may not send before `until`. */
class RateReached extends Error {
  constructor(readonly until: Date) {
    super(`the sender's rate is used up until ${until.toISOString()}`);
  }
}

/** Decides, in one transaction, what may be sent now: the part, the consent, whose turn it is to speak, the hour, the order, the rate. */
@Injectable()
export class ClaimService {
  private readonly deliveries = new DeliveriesRepository();
  private readonly rates = new RatesRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly conversations: ConversationsService,
    private readonly routes: RoutesService,
    private readonly deliveryLog: DeliveryLog,
    private readonly registry: SenderRegistry,
  ) {}

  async claim(tenantId: string, messageId: string): Promise<Claim> {
    const way = await this.routes.of(tenantId, messageId);
    return way ? this.claimOn(tenantId, way) : NOTHING;
  }

  private async claimOn(tenantId: string, way: Way): Promise<Claim> {
    try {
      return await this.database.transaction(tenantId, (tx) => this.claimFirst(tx, way));
    } catch (error) {
      if (error instanceof RateReached) return { outcome: 'wait', until: error.until };
      if (error instanceof SendersWanted && !way.senders) return this.claimOn(tenantId, await this.routes.withSenders(way));
      throw error;
    }
  }

  private async claimFirst(tx: Tx, way: Way): Promise<Claim> {
    const parts = await this.partsOf(tx, way);
    // What does not carry one part does not carry the next one either.
    const ruledOut = [...new Set(parts.flatMap((part) => part.ruledOut))];
    for (const delivery of parts) {
      const claim = await this.claimPart(tx, { ...delivery, ruledOut }, way);
      if (claim === 'lost') return this.withhold(tx, parts.slice(delivery.part));
      if (claim !== 'next') return claim;
    }
    return NOTHING;
  }

  /** Made at the first run; every later run finds them. */
  private async partsOf(tx: Tx, way: Way): Promise<Delivery[]> {
    const { message, sender } = way;
    const known = await this.deliveries.lockOf(tx, message.id);
    if (known.length > 0 || !message.address || !message.sender) return known;
    const rules = this.registry.rulesOf(message.channel);
    const contents = withFiles(splitBody(message.body, await this.cutFor(tx, way)), message.media, rules.files ?? ALL_WITH_THE_WORDS);
    const createdAt = this.clock.now();
    for (const [index, { body, files }] of contents.entries()) {
      this.deliveries.insert(tx, {
        id: uuidv7(createdAt.getTime() + index), tenantId: tx.tenantId, conversationSid: message.conversationSid, messageId: message.id,
        part: index + 1, parts: contents.length, channel: message.channel, sender: message.sender, address: message.address, body, files,
        messagingServiceSid: sender?.messagingServiceSid ?? null, segments: rules.cost(body), state: 'pending', attempt: 0, leaseUntil: null,
        claimedAt: null, retryAt: null, heldUntil: null, uncertain: false, contentSid: null, contentVariables: null, detour: null, buttons: null, ruledOut: [],
        fallbackSender: null, retired: [], providerSid: null, retiredSids: [], errorCode: null, errorMeaning: null, sentAt: null,
        createdAt, updatedAt: createdAt,
      });
    }
    return this.deliveries.lockOf(tx, message.id);
  }

  /** A long message is cut for the way that it will probably take. */
  private async cutFor(tx: Tx, way: Way): Promise<BodyRules> {
    const route = await this.routeOf(tx, way, '', []);
    if (!route?.to) return this.registry.rulesOf(way.message.channel);
    return route.template ? this.routes.templateRules : this.registry.of(route.fallbackSender ? 'sms' : route.to.channel).rules;
  }

  private routeOf(tx: Tx, way: Way, words: string, ruledOut: Delivery['ruledOut']): Promise<Route | NoRoute | null> {
    return this.routes.route(tx, way, words, ruledOut, this.registry.carriersOf(way.message));
  }

  private async claimPart(tx: Tx, delivery: Delivery, way: Way): Promise<Claim | 'next' | 'lost'> {
    const now = this.clock.now();
    if (delivery.state === 'sending') {
      if (delivery.leaseUntil && delivery.leaseUntil > now) return { outcome: 'wait', until: delivery.leaseUntil };
      const expired = await this.deliveryLog.move(tx, delivery, 'lease_expired', 'the process that sent it died', { uncertain: true, retryAt: now });
      return expired ? this.claimPart(tx, expired, way) : NOTHING;
    }
    if (delivery.state === 'retry_wait' && delivery.retryAt && delivery.retryAt > now) return { outcome: 'wait', until: delivery.retryAt };
    if (delivery.state !== 'pending' && delivery.state !== 'retry_wait') return LOST.has(delivery.state) ? 'lost' : 'next';
    return this.claimDue(tx, delivery, way, now);
  }

  private async claimDue(tx: Tx, delivery: Delivery, way: Way, now: Date): Promise<Claim | 'next' | 'lost'> {
    const { uncertain } = delivery;
    const past = delivery.retired.find((each) => each.arrived);
    if (past && !uncertain) return this.settle(tx, delivery, past);
    const [withheld, until, route] = await Promise.all([
      this.routes.withheld(tx, way.message), this.waitsUntil(tx, way.message), this.routeOf(tx, way, delivery.body, delivery.ruledOut),
    ]);
    if (!uncertain && withheld) return this.lose(tx, delivery, withheld.event, withheld.cause);
    if (!uncertain && route && !route.to) return this.lose(tx, delivery, route.unwanted ? 'opted_out' : 'unreachable', route.why);
    const held = await this.routes.held(tx, way, route?.to ?? delivery);
    if (held && !uncertain) {
      await this.deliveryLog.move(tx, delivery, 'held', held.cause, { retryAt: held.until, heldUntil: held.until, errorCode: null, errorMeaning: held.cause });
      return { outcome: 'wait', until: held.until };
    }
    if (until) return { outcome: 'wait', until };
    const attempt = delivery.attempt + 1;
    const claimed = await this.deliveryLog.move(tx, delivery, 'claimed', `attempt ${attempt}${!uncertain && route?.to ? inWords(route) : ''}`, {
      attempt, leaseUntil: this.clock.in(LEASE_MS), claimedAt: uncertain ? delivery.claimedAt : now,
      ...(route?.to && !uncertain ? this.onRoute(delivery, route, way.message) : {}),
    });
    if (!claimed) return NOTHING;
    await this.takeRate(tx, claimed, route?.to ? route.to.messagesPerSecond : null, now);
    // What may have gone out is looked for where it went. Another way, or in the morning, it goes only after that, by another claim.
    const stale = uncertain && (held !== null || past !== undefined || (route !== null && !(route.to && this.routes.isSameRoute(delivery, route))));
    return { outcome: 'claimed', delivery: claimed, way, lookFirst: claimed.uncertain, withheld, until: stale ? now : route?.to ? route.until : null };
  }

  /** When to look again, because an earlier message to the same address is still on its way; null when it is this one's turn. */
  private async waitsUntil(tx: Tx, message: Message): Promise<Date | null> {
    const earlier = await this.conversations.underWayBefore(tx, message);
    if (earlier.length === 0) return null;
    const parts = await this.deliveries.underWay(tx, earlier.map(({ id }) => id));
    return waitsForEarlier(message, earlier, parts, this.clock.now());
  }

  /** An earlier attempt has arrived after all, so there is nothing left to send. */
  private async settle(tx: Tx, delivery: Delivery, past: Retired): Promise<'next'> {
    await this.deliveryLog.move(tx, delivery, 'arrived_before', 'an earlier attempt has arrived', settledBy(past));
    return 'next';
  }

  /** The delivery as this route takes it: back to how the message was addressed, or away from there. */
  private onRoute({ body, files, ruledOut, part, parts }: Delivery, { to, template, detour, fallbackSender }: Route, { details }: Message): DeliveryChange {
    const { channel, sender, address, messagingServiceSid } = to;
    const { rules, showsButtons } = this.registry.of(channel);
    // Content at Twilio holds words and buttons, but none of our files.
    const taps = showsButtons && files.length === 0 && !ruledOut.includes('buttons') ? { showsButtons } : {};
    const buttons = template || part < parts ? null : offeredOn({ rules, ...taps }, body, details?.buttons ?? []);
    const content = { contentSid: template?.contentSid ?? null, contentVariables: template?.variables ?? null };
    return { channel, sender, address, messagingServiceSid, ...content, detour, ruledOut, fallbackSender, buttons, segments: rules.cost(wholeBody({ body, buttons })) };
  }

  /** It will not go out: neither will the parts behind it. */
  private async lose(tx: Tx, delivery: Delivery, event: Withheld['event'] | 'unreachable', cause: string): Promise<'lost'> {
    await this.deliveryLog.move(tx, delivery, event, cause, { errorCode: null, errorMeaning: cause, detour: null });
    return 'lost';
  }

  /** Half a message is worse than none: after a part that did not go out, the others stay too. */
  private async withhold(tx: Tx, rest: Delivery[]): Promise<Claim> {
    for (const delivery of rest) await this.deliveryLog.move(tx, delivery, 'withheld', BEHIND_A_LOST_PART, { errorMeaning: BEHIND_A_LOST_PART });
    return NOTHING;
  }

  /** Last of all: the sender's bucket is one row for everybody, so it is held for the commit only. Too little in it undoes the claim. */
  private async takeRate(tx: Tx, delivery: Delivery, ofSender: number | null, now: Date): Promise<void> {
    const rate = ofSender ?? this.registry.of(delivery.channel).messagesPerSecond;
    const wait = await this.rates.take(tx, delivery.sender, { cost: delivery.segments ?? 1, rate, burst: Math.max(1, rate * BURST_S), now });
    if (wait > 0) throw new RateReached(this.clock.in(wait));
  }
}
