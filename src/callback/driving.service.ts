import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { reach } from '@throughline/kernel/points.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { TransferService } from '../transfer/transfer.service.js';
import { type Duty, duties, isFinal, limitOf, LOOK_MS, missed } from './callback.policy.js';
import type { Callback } from './callback.types.js';
import { LegsService, type Side } from './legs.service.js';
import { ProgressService } from './progress.service.js';

const LAST_WORD_MS = 10_000;
/** Who was moved is not moved again before: it would part them from whom they were brought to. */
const MOVE_AGAIN_MS = 5_000;

/** Makes it so at Twilio as the rows say: whoever dies in between leaves it to the next one, who looks before anything is done a second time. */
@Injectable()
export class DrivingService {
  private readonly log = new Logger('Callback');

  constructor(
    private readonly clock: Clock,
    private readonly legs: LegsService,
    private readonly transfers: TransferService,
    private readonly progress: ProgressService,
  ) {}

  /** Each duty by itself: what fails holds nothing else up, and is tried again. */
  async drive(tenantId: string, id: string): Promise<JobOutcome> {
    const row = await this.progress.find(tenantId, id);
    if (!row) return;
    const results = await Promise.allSettled(duties(row).map((duty) => this.carryOut(row, duty)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    const again = results.flatMap((result) => (result.status === 'fulfilled' && result.value ? [result.value.getTime()] : []));
    if (again.length > 0) return { again: new Date(Math.min(...again)) };
  }

  /** @returns when to look again, where somebody else is at it */
  private async carryOut(row: Callback, duty: Duty): Promise<Date | void> {
    switch (duty) {
      case 'call_taker':
        return this.place(row, 'taker');
      case 'call_person':
        return this.place(row, 'person');
      case 'fetch_person':
        return this.fetch(row);
      case 'tell_machine':
        return this.tellMachine(row);
      case 'tell_taker':
        return this.move(row, 'taker', 'told');
      case 'dismiss_person':
        return (row.state === 'over' && this.later(row)) || this.move(row, 'person', 'gone');
      case 'dismiss_taker':
        return this.later(row) ?? this.end(row);
      case 'seek_taker':
        return this.seek(row, 'taker');
      case 'seek_person':
        return this.seek(row, 'person');
    }
  }

  /** Who hears a last word is not cut off in it. @returns null when there was time enough for that */
  private later({ changedAt }: Callback): Date | null {
    const until = new Date(changedAt.getTime() + LAST_WORD_MS);
    return until > this.clock.now() ? until : null;
  }

  private async place(row: Callback, side: Side): Promise<Date | void> {
    const { tenantId, id } = row;
    const placed = await this.legs.place(row, side);
    if (placed.outcome === 'wait') return placed.until;
    if (placed.outcome === 'placed') return void (await this.progress.attach(tenantId, id, side, placed.callSid));
    this.log.warn(`callback ${id}: the ${side} cannot be called: ${placed.failure.message}`);
    await this.progress.happen(tenantId, id, side === 'taker' ? 'taker_left' : 'person_unreached', `Twilio refuses the call: ${placed.failure.message}`);
  }

  /** Out of wherever they are in their call with us. Nobody else puts them through from here on. */
  private async fetch(row: Callback): Promise<Date | void> {
    const until = this.clock.in(MOVE_AGAIN_MS);
    if (!(await this.progress.claimMove(row, until))) return until;
    if (await this.progress.isElsewhere(row)) return void (await this.progress.happen(row.tenantId, row.id, 'person_unreached', 'they speak with a colleague'));
    await this.transfers.callerLeft(row.tenantId, row.personCallSid!, 'whoever has the incident speaks with the caller');
    await reach('callback.moving');
    if (!(await this.legs.redirect(row, 'person', 'join'))) await this.progress.callsBack(row.tenantId, row.id);
  }

  private async tellMachine(row: Callback): Promise<void> {
    await this.legs.tellMachine(row);
    await this.progress.note(row.tenantId, row.id, { isMachineTold: true });
  }

  /** A phone that rings falls silent; who listens is told. */
  private async move(row: Callback, side: Side, to: 'told' | 'gone'): Promise<void> {
    if (!(await this.legs.redirect(row, side, to))) await this.legs.end((side === 'taker' ? row.takerCallSid : row.personCallSid)!);
    await this.progress.note(row.tenantId, row.id, side === 'taker' ? { isTakerOver: true } : { isPersonOver: true });
  }

  private async end({ tenantId, id, takerCallSid }: Callback): Promise<void> {
    await this.legs.end(takerCallSid!);
    await this.progress.note(tenantId, id, { isTakerOver: true });
  }

  /** The call of somebody who is not wanted any more, if whoever was about to place it has placed it. What is found is ended by what its row says. */
  private async seek(row: Callback, side: Side): Promise<Date | void> {
    const placed = await this.legs.placed(row, side);
    if (placed?.outcome === 'wait') return placed.until;
    if (placed?.outcome === 'placed') return void (await this.progress.attach(row.tenantId, row.id, side, placed.callSid));
    await this.progress.note(row.tenantId, row.id, side === 'taker' ? { isTakerOver: true } : { isPersonOver: true });
  }

  /** Nothing was heard for the time of a state: Twilio is asked. An alarm of an older state means nothing. */
  async clockStruck(tenantId: string, id: string, epoch: number): Promise<JobOutcome> {
    const row = await this.progress.find(tenantId, id);
    if (!row || row.epoch !== epoch || isFinal(row.state)) return;
    const [taker, person, room] = await Promise.all([this.legs.statusOf(row.takerCallSid), this.legs.statusOf(row.personCallSid), this.legs.inRoom(row)]);
    const event = missed(row, { taker, person, room }, row.changedAt.getTime() + limitOf(row.state) <= this.clock.ms());
    if (event) return void (await this.progress.happen(tenantId, id, event, 'Twilio says how it stands'));
    const isStray = row.state === 'joining' && person === 'in-progress' && !room.includes(row.personCallSid!) && row.changedAt.getTime() + LOOK_MS <= this.clock.ms();
    if (isStray && (await this.progress.claimMove(row, this.clock.in(MOVE_AGAIN_MS)))) await this.legs.redirect(row, 'person', 'join');
    await this.drive(tenantId, id);
    return { again: this.clock.in(row.state === 'connected' ? limitOf('connected') : LOOK_MS) };
  }
}
