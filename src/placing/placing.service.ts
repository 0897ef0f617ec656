import { Injectable, Logger } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { describe } from '@throughline/kernel/errors.js';
import { isUuid } from '@throughline/kernel/ids.js';
import { reach } from '@throughline/kernel/points.js';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { twilioFailure } from '@throughline/twilio/errors.js';
import { PlacementsRepository } from './placements.repository.js';
import type { Placed, Placement, Wanted } from './placing.types.js';

/** After that our client gives up a request to Twilio. */
const REQUEST_MS = 15_000;
/** Time for one, and some to spare: nobody looks while a call may still be on its way. */
const LEASE_MS = REQUEST_MS + 5_000;
/** For somebody else's call to be noted. */
const LOOK_AGAIN_MS = 1_000;
/** Calls in which one is looked for that may have been placed. */
const RECENT = 50;
/** Between Twilio's clock and ours, in milliseconds. */
const SLACK_MS = 10_000;
/** The call is not in a state for that, or not there any more. */
const GONE = new Set([21220, 20404]);

/**
 * Calls that we place: each of them once, whatever dies. Twilio takes no key of ours with a call, and its list of calls does not say which
 * webhooks a call has. So a call is placed under a lease; whoever died in it leaves it to the next one, who looks among Twilio's calls to that number
 * since then for one that is nobody's, and places the call only where there is none. Meanwhile the first webhook of a lost call says which it is.
 *
 * To use it: `place`, then `attach` in the transaction in which you note the call yourself; `attach` again with what any webhook says.
 */
@Injectable()
export class PlacingService {
  private readonly log = new Logger('Placing');
  private readonly placements = new PlacementsRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly account: TwilioAccount,
  ) {}

  /** @throws TwilioFailure that is `retryable`: asked again, it goes on, and looks first where it has to */
  async place(tenantId: string, wanted: Wanted): Promise<Placed> {
    const until = this.clock.in(LEASE_MS);
    const [claimed, present] = await this.database.transaction(tenantId, async (tx) => {
      const ours = await this.placements.claim(tx, wanted, this.clock.now(), until);
      return [ours, ours ?? (await this.placements.find(tx, wanted.id))];
    });
    if (!claimed) return present?.callSid ? { outcome: 'placed', callSid: present.callSid } : { outcome: 'wait', until: present?.leaseUntil ?? until };
    await reach('place.claimed');
    try {
      const isSecond = claimed.tries > 1;
      if (isSecond && (await this.othersBusy(tenantId, wanted))) return { outcome: 'wait', until };
      const found = isSecond ? await this.lost(tenantId, wanted, claimed) : undefined;
      // Whoever was so slow would still be calling when they are taken for dead.
      if (!found && this.clock.ms() + REQUEST_MS > until.getTime()) return { outcome: 'wait', until };
      const callSid = found ?? (await this.create(wanted));
      await reach('place.placed');
      return { outcome: 'placed', callSid };
    } catch (error) {
      return this.notPlaced(tenantId, wanted.id, error);
    }
  }

  /** The call of whoever is not wanted any more, where the one who placed it has died before they could say so. @returns null when there is none */
  async find(tenantId: string, wanted: Pick<Wanted, 'id' | 'to' | 'from'>): Promise<Exclude<Placed, { outcome: 'refused' }> | null> {
    const now = this.clock.now();
    const present = await this.database.transaction(tenantId, (tx) => this.placements.find(tx, wanted.id));
    if (!present || (!present.callSid && present.tries === 0)) return null;
    if (present.callSid) return { outcome: 'placed', callSid: present.callSid };
    if (present.leaseUntil && present.leaseUntil > now) return { outcome: 'wait', until: present.leaseUntil };
    if (await this.othersBusy(tenantId, wanted)) return { outcome: 'wait', until: this.clock.in(LOOK_AGAIN_MS) };
    const callSid = await this.lost(tenantId, wanted, present);
    if (callSid) return { outcome: 'placed', callSid };
    await this.database.transaction(tenantId, async (tx) => this.placements.forget(tx, wanted.id));
    return null;
  }

  /** Somebody else is about to place a call: what is nobody's yet may be theirs. Of two who search, one waits for the other. */
  private othersBusy(tenantId: string, wanted: Pick<Wanted, 'id' | 'to'>): Promise<boolean> {
    return this.database.transaction(tenantId, (tx) => this.placements.othersBusy(tx, wanted, this.clock.now()));
  }

  /** The call is this one at Twilio. The last word holds: it comes from a webhook, whose address names `id`. @param id what it was wanted as */
  attach(tx: Tx, id: string, callSid: string): void {
    this.placements.note(tx, id, callSid);
  }

  /** Whose call was wanted as `id`; null for one that nobody has begun to place. */
  tenantOf(id: string): Promise<string | null> {
    return isUuid(id) ? this.database.asSystem((tx) => this.placements.tenantOf(tx, id)) : Promise.resolve(null);
  }

  /** What they hear from now on. @returns false when the call is over, or has not been answered. @throws TwilioFailure */
  redirect(callSid: string, url: string): Promise<boolean> {
    return this.unlessGone(this.account.client.calls(callSid).update({ url, method: 'POST' }));
  }

  /** Hangs up, or stops the phone from ringing. @returns false when it was over already. @throws TwilioFailure */
  end(callSid: string): Promise<boolean> {
    return this.unlessGone(this.account.client.calls(callSid).update({ status: 'completed' }));
  }

  /** As Twilio calls it: `ringing`, `in-progress`, `no-answer` …; null when it knows no such call. @throws TwilioFailure */
  async statusOf(callSid: string): Promise<string | null> {
    try {
      return (await this.account.client.calls(callSid).fetch()).status;
    } catch (error) {
      const failure = twilioFailure(error);
      if (GONE.has(failure.twilioCode ?? 0)) return null;
      throw failure;
    }
  }

  private async create({ to, from, ringSeconds, answerUrl, statusUrl, detection }: Wanted): Promise<string> {
    const { sid } = await this.account.client.calls.create({
      to, from, url: answerUrl, method: 'POST', timeout: ringSeconds,
      statusCallback: statusUrl, statusCallbackMethod: 'POST', statusCallbackEvent: ['initiated', 'completed'],
      ...(detection ? {
        machineDetection: detection.until === 'answer' ? 'Enable' : 'DetectMessageEnd', asyncAmd: 'true', asyncAmdStatusCallback: detection.url, asyncAmdStatusCallbackMethod: 'POST',
      } : {}),
    });
    return sid;
  }

  /** The call that an earlier try has placed, unless it is noted as some other one: the oldest first. */
  private async lost(tenantId: string, { id, to, from }: Pick<Wanted, 'id' | 'to' | 'from'>, { placedAt }: Placement): Promise<string | undefined> {
    const since = placedAt.getTime() - SLACK_MS;
    const calls = await this.account.client.calls.list({ to, from, limit: RECENT });
    const placed = calls.filter(({ dateCreated }) => dateCreated.getTime() >= since).map(({ sid }) => sid).toReversed();
    const known = await this.database.transaction(tenantId, (tx) => this.placements.known(tx, id, placed));
    return placed.find((sid) => !known.has(sid));
  }

  /** What it certainly has not done is done again; where that is not known, it is looked for when the lease is over. */
  private async notPlaced(tenantId: string, id: string, error: unknown): Promise<Placed> {
    const failure = twilioFailure(error);
    this.log.warn(`call ${id} could not be placed: ${describe(failure)}`);
    if (!failure.retryable) await this.database.transaction(tenantId, async (tx) => this.placements.forget(tx, id));
    if (!failure.retryable) return { outcome: 'refused', failure };
    if (failure.errorClass === 'retry') await this.database.transaction(tenantId, async (tx) => this.placements.release(tx, id));
    throw failure;
  }

  private async unlessGone(work: Promise<unknown>): Promise<boolean> {
    try {
      await work;
      return true;
    } catch (error) {
      const failure = twilioFailure(error);
      if (GONE.has(failure.twilioCode ?? 0)) return false;
      throw failure;
    }
  }
}
