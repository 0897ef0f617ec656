import { Injectable } from '@nestjs/common';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { twilioFailure } from '@throughline/twilio/errors.js';
import { patient } from '@throughline/twilio/webhooks.js';
import { AppConfig } from '../app.config.js';
import { PlacingService } from '../placing/placing.service.js';
import type { Placed } from '../placing/placing.types.js';
import { type Attempt, roomOf } from './transfer.types.js';

/** The two sides of a transfer at Twilio. Every method may be called twice. @throws TwilioFailure */
@Injectable()
export class LegsService {
  constructor(private readonly account: TwilioAccount, private readonly config: AppConfig, private readonly placing: PlacingService) {}

  place({ tenantId, id, phone }: Attempt, from: string, ringSeconds: number): Promise<Placed> {
    return this.placing.place(tenantId, {
      id, to: phone, from, ringSeconds, answerUrl: this.at(`attempts/${id}/answered`), statusUrl: this.at(`attempts/${id}/status`),
    });
  }

  /** The call that was placed for them, though nobody has noted it; null when there is none. */
  placed({ tenantId, id, phone }: Attempt, from: string): Promise<Exclude<Placed, { outcome: 'refused' }> | null> {
    return this.placing.find(tenantId, { id, to: phone, from });
  }

  /** @returns false when the call is over, or has not been answered */
  redirect(callSid: string, path: string): Promise<boolean> {
    return this.placing.redirect(callSid, this.at(path));
  }

  /** @returns false when it was over already */
  end(callSid: string): Promise<boolean> {
    return this.placing.end(callSid);
  }

  async goesOn(callSid: string): Promise<boolean> {
    return (await this.placing.statusOf(callSid)) === 'in-progress';
  }

  /** Who is in the room of a transfer. */
  async inRoom(transferId: string): Promise<string[]> {
    const [room] = await this.account.client.conferences.list({ friendlyName: roomOf(transferId), status: 'in-progress', limit: 1 }).catch(fail);
    if (!room) return [];
    return (await this.account.client.conferences(room.sid).participants.list({ limit: 10 }).catch(fail)).map(({ callSid }) => callSid);
  }

  private at(path: string): string {
    return patient(`${this.config.publicBaseUrl}/webhooks/twilio/voice/transfer/${path}`);
  }
}

function fail(error: unknown): never {
  throw twilioFailure(error);
}
