import { Injectable } from '@nestjs/common';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { twilioFailure } from '@throughline/twilio/errors.js';
import { patient } from '@throughline/twilio/webhooks.js';
import { AppConfig } from '../app.config.js';
import { PlacingService } from '../placing/placing.service.js';
import type { Placed } from '../placing/placing.types.js';
import { legOf, RING_SECONDS } from './callback.policy.js';
import { type Callback, roomOf } from './callback.types.js';

export type Side = 'taker' | 'person';

/** The two calls of a callback at Twilio. Every method may be called twice. @throws TwilioFailure */
@Injectable()
export class LegsService {
  constructor(private readonly account: TwilioAccount, private readonly config: AppConfig, private readonly placing: PlacingService) {}

  place(row: Callback, side: Side): Promise<Placed> {
    return this.placing.place(row.tenantId, {
      ...this.wanted(row, side), ringSeconds: RING_SECONDS, answerUrl: this.at(row, `${side}/answered`), statusUrl: this.at(row, `${side}/status`),
      // It decides nothing: people are taken for machines at times.
      detection: side === 'person' ? { until: 'answer', url: this.at(row, 'person/machine') } : undefined,
    });
  }

  /** The call that was placed, though nobody has noted it; null when there is none. */
  placed(row: Callback, side: Side): Promise<Exclude<Placed, { outcome: 'refused' }> | null> {
    return this.placing.find(row.tenantId, this.wanted(row, side));
  }

  private wanted(row: Callback, side: Side): { id: string; to: string; from: string } {
    return { id: legOf(row, side), to: side === 'taker' ? (row.takerPhone ?? '') : row.phone, from: row.sender };
  }

  /** @returns false when the call is over, or has not been answered */
  redirect(row: Callback, side: Side, to: 'join' | 'told' | 'gone'): Promise<boolean> {
    return this.placing.redirect((side === 'taker' ? row.takerCallSid : row.personCallSid)!, this.at(row, `${side}/${to}`));
  }

  end(callSid: string): Promise<boolean> {
    return this.placing.end(callSid);
  }

  statusOf(callSid: string | null): Promise<string | null> {
    return callSid === null ? Promise.resolve(null) : this.placing.statusOf(callSid);
  }

  async inRoom({ id }: Callback): Promise<string[]> {
    const room = await this.room(id);
    return room ? (await room.participants.list({ limit: 10 }).catch(fail)).map(({ callSid }) => callSid) : [];
  }

  /** Only the one who has the incident hears it, over whatever goes on. */
  async tellMachine(row: Callback): Promise<void> {
    const room = await this.room(row.id);
    await room?.participants(row.takerCallSid!).update({ announceUrl: this.at(row, 'taker/machine'), announceMethod: 'POST' }).catch((error: unknown) => {
      const failure = twilioFailure(error);
      if (failure.retryable) throw failure;
    });
  }

  private async room(id: string) {
    const [room] = await this.account.client.conferences.list({ friendlyName: roomOf(id), status: 'in-progress', limit: 1 }).catch(fail);
    return room && this.account.client.conferences(room.sid);
  }

  private at({ id }: Callback, path: string): string {
    return patient(`${this.config.publicBaseUrl}/webhooks/twilio/voice/callback/${id}/${path}`);
  }
}

function fail(error: unknown): never {
  throw twilioFailure(error);
}
