import { Injectable } from '@nestjs/common';
import type { Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import type { ErrorClass } from '@throughline/twilio/errors.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { RoutesService } from '../routes/routes.service.js';
import type { RuledOut, Way } from '../routes/routes.types.js';
import type { Delivery } from './delivery.types.js';
import { WORTH_SENDING_MS } from './retry.policy.js';
import { SenderRegistry } from './sender.registry.js';

/** Whether the next way is asked for before the present one is given up: there may be none, and then the failure stands as it is. */
const ENDS_THERE: ReadonlySet<ErrorClass> = new Set(['fallback', 'opt_out']);

/** What follows from a decided failure: the message falls to another way, or it has failed. */
@Injectable()
export class FallsService {
  constructor(
    private readonly clock: Clock,
    private readonly contacts: ContactsService,
    private readonly routes: RoutesService,
    private readonly registry: SenderRegistry,
  ) {}

  /** What `ruledOut` needs to know of the message, read before its transaction begins. Null where the failure says nothing about the way. */
  async wayOf(tenantId: string, messageId: string, failure: ErrorClass): Promise<Way | null> {
    if (!ENDS_THERE.has(failure)) return null;
    const way = await this.routes.of(tenantId, messageId);
    return way && (way.senders ? way : this.routes.withSenders(way));
  }

  /** What is ruled out from now on, where the message can go another way because of that; null when it has failed. */
  async ruledOut(tx: Tx, delivery: Delivery, failure: ErrorClass, way: Way | null): Promise<RuledOut[] | null> {
    const ruledOut = this.routes.ruledOutBy(delivery, failure);
    const age = this.clock.ms() - (delivery.heldUntil ?? delivery.createdAt).getTime();
    // Ruled out before, and tried and refused again all the same: it would go round and round.
    if (!ruledOut || delivery.ruledOut.includes(ruledOut) || age > WORTH_SENDING_MS) return null;
    const all = [...new Set([...delivery.ruledOut, ruledOut])];
    if (!ENDS_THERE.has(failure)) return all;
    // Who opted out where it was only diverted to is not to be taken for somebody who wants nothing: the next claim says so to people.
    if (failure === 'opt_out' && delivery.detour !== null) return all;
    const next = way && (await this.routes.route(tx, way, delivery.body, all, this.registry.carriersOf(way.message)));
    return next?.to ? all : null;
  }

  /** @param at when it was sent: what the person said after that is newer */
  noteOptOut(tx: Tx, delivery: Delivery, errorCode: number | null, at: Date): void {
    this.contacts.noteOptOut(tx, delivery, `twilio_${errorCode}`, at);
  }

  /** The delivery as the provider says that it really went: Twilio's Messaging Service may have sent an SMS where RCS was not possible. */
  asCarried(delivery: Delivery, carriedBy: { channel: string; sender: string } | null | undefined): Delivery {
    if (!carriedBy || carriedBy.channel === delivery.channel || !delivery.fallbackSender) return delivery;
    const ruledOut = [...new Set([...delivery.ruledOut, this.routes.nameOf(delivery)])];
    return { ...delivery, ...carriedBy, ruledOut, detour: CARRIED };
  }
}

const CARRIED = "The phone cannot do RCS, so Twilio's Messaging Service sent it as a text";
