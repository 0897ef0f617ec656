import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { uuidOf } from '@throughline/kernel/ids.js';
import { CallsService } from '../calls/calls.service.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import { type Sight, verdictOf } from './outbound.policy.js';
import { OutboundRepository } from './outbound.repository.js';
import type { OutboundCall } from './outbound.types.js';
import { ProgressService } from './progress.service.js';

const DAY_MS = 86_400_000;
/** Who asked so shortly ago is awake and waits for the call. */
const AWAKE_MS = 30 * 60_000;

/** Decides, in one transaction, whether a call is begun now: consent, the hour, who has the word, whether they are on the phone, how much is under way. */
@Injectable()
export class GateService {
  private readonly rows = new OutboundRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly contacts: ContactsService,
    private readonly conversations: ConversationsService,
    private readonly calls: CallsService,
    private readonly progress: ProgressService,
  ) {}

  /** @returns the call that is to be placed now; null where it waits, or has ended */
  begin(tenant: Tenant, id: string): Promise<OutboundCall | null> {
    return this.database.transaction(tenant.id, async (tx) => {
      await this.rows.holdTurn(tx);
      const waiting = await this.rows.lock(tx, id);
      if (waiting?.state !== 'waiting' || waiting.nextAt > this.clock.now()) return null;
      const call = await this.followed(tx, waiting);
      const verdict = verdictOf(await this.sightOf(tx, tenant, call));
      switch (verdict.verdict) {
        case 'go': {
          const tries = call.tries + 1;
          return this.progress.step(tx, call, 'due', `try ${tries}`, { tries, tryId: uuidOf(`${id}/${tries}`) });
        }
        case 'refuse':
          await this.progress.step(tx, call, 'refused', verdict.cause);
          return null;
        case 'hold':
          await this.rows.save(tx, 'waiting', { ...call, cause: verdict.cause, nextAt: verdict.until, waitsForOthers: verdict.forOthers ?? false, updatedAt: this.clock.now() });
          this.progress.drive(tx, id, verdict.until);
          return null;
      }
    });
  }

  /** The person may have been merged with another one meanwhile. */
  private async followed(tx: Tx, call: OutboundCall): Promise<OutboundCall> {
    const { id: contactId } = await this.contacts.hold(tx, call.contactId);
    return { ...call, contactId, conversationSid: (await this.conversations.sidOf(tx, contactId)) ?? call.conversationSid };
  }

  private async sightOf(tx: Tx, { settings }: Tenant, call: OutboundCall): Promise<Sight> {
    const { contactId, conversationSid, address, sender, kind, askedAt, latest } = call;
    const now = this.clock.now();
    const { atOnce, perNumberADay } = settings.outbound;
    const [unwanted, theirs, owner, active, underWay, calledAt] = await Promise.all([
      this.contacts.whyNotCall(tx, { address, sender }, kind, askedAt), this.contacts.callableAt(tx, contactId, address), this.conversations.ownerOf(tx, conversationSid),
      this.calls.activeIn(tx, conversationSid), this.rows.underWay(tx, address), this.calls.madeSince(tx, address, new Date(now.getTime() - DAY_MS)),
    ]);
    return {
      now, latest, unwanted, isTheirs: theirs !== null, isEnabled: settings.assistant.enabled, withPeople: owner !== null && owner !== 'assistant' && owner !== 'closed',
      quiet: this.quiet(settings, call, now), isOnPhone: active !== null || underWay.isCalled, underWay: underWay.count, atOnce, calledAt, perDay: perNumberADay,
    };
  }

  /** The quiet hours in which it would be at `now`. */
  quiet({ quietHours, timeZone }: Tenant['settings'], { address, kind, askedAt }: OutboundCall, now: Date): Sight['quiet'] {
    if (!quietHours || kind === 'alerts' || (askedAt && now.getTime() - askedAt.getTime() <= AWAKE_MS)) return null;
    const quiet = this.contacts.quietUntil({ channel: 'voice', address }, quietHours, timeZone, now);
    return quiet && { until: quiet.until, cause: `quiet hours from ${quietHours.from} to ${quietHours.to} (${quiet.zone})` };
  }
}
