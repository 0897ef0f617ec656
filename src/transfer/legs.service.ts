import { Injectable } from '@nestjs/common';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { twilioFailure } from '@throughline/twilio/errors.js';
import { patient } from '@throughline/twilio/webhooks.js';
import { AppConfig } from '../app.config.js';
import { type Attempt, roomOf } from './transfer.types.js';

/** Calls in which one is looked for that may have been placed. */
const RECENT = 50;
/** Between Twilio's clock and ours, in milliseconds. */
const SLACK_MS = 10_000;
/** The call is not in a state for that, or not there any more. */
const GONE = new Set([21220, 20404]);

/** The two sides of a transfer at Twilio. Every method may be called twice. @throws TwilioFailure */
@Injectable()
export class LegsService {
  constructor(private readonly account: TwilioAccount, private readonly config: AppConfig) {}

  async place({ id, phone }: Attempt, from: string, ringSeconds: number): Promise<string> {
    const placed = this.account.client.calls.create({
      to: phone, from, url: this.at(`attempts/${id}/answered`), method: 'POST', timeout: ringSeconds,
      statusCallback: this.at(`attempts/${id}/status`), statusCallbackMethod: 'POST', statusCallbackEvent: ['initiated', 'completed'],
    });
    return (await placed.catch(fail)).sid;
  }

  /** Calls to this specialist since an attempt began to be placed, oldest first. */
  async placedSince({ phone, placedAt }: Attempt, from: string): Promise<string[]> {
    const calls = await this.account.client.calls.list({ to: phone, from, limit: RECENT }).catch(fail);
    const since = placedAt!.getTime() - SLACK_MS;
    return calls.filter(({ dateCreated }) => dateCreated.getTime() >= since).map(({ sid }) => sid).toReversed();
  }

  /** @returns false when the call is over, or has not been answered */
  redirect(callSid: string, path: string): Promise<boolean> {
    return this.unlessGone(this.account.client.calls(callSid).update({ url: this.at(path), method: 'POST' }));
  }

  /** @returns false when it was over already */
  end(callSid: string): Promise<boolean> {
    return this.unlessGone(this.account.client.calls(callSid).update({ status: 'completed' }));
  }

  async goesOn(callSid: string): Promise<boolean> {
    try {
      return (await this.account.client.calls(callSid).fetch()).status === 'in-progress';
    } catch (error) {
      if (GONE.has(twilioFailure(error).twilioCode ?? 0)) return false;
      throw twilioFailure(error);
    }
  }

  /** Who is in the room of a transfer. */
  async inRoom(transferId: string): Promise<string[]> {
    const [room] = await this.account.client.conferences.list({ friendlyName: roomOf(transferId), status: 'in-progress', limit: 1 }).catch(fail);
    if (!room) return [];
    return (await this.account.client.conferences(room.sid).participants.list({ limit: 10 }).catch(fail)).map(({ callSid }) => callSid);
  }

  private async unlessGone(work: Promise<unknown>): Promise<boolean> {
    try {
      await work;
      return true;
    } catch (error) {
      if (GONE.has(twilioFailure(error).twilioCode ?? 0)) return false;
      throw twilioFailure(error);
    }
  }

  private at(path: string): string {
    return patient(`${this.config.publicBaseUrl}/webhooks/twilio/voice/transfer/${path}`);
  }
}

function fail(error: unknown): never {
  throw twilioFailure(error);
}
