import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { describe } from '@throughline/kernel/errors.js';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { twilioFailure } from '@throughline/twilio/errors.js';
import { VapiClient } from '@throughline/vapi/client.js';
import type { Command } from '@throughline/vapi/wire.types.js';

/** A caller who cannot be moved is tried again, so often and after so many milliseconds. */
const MOVES = { most: 3, afterMs: 1_000 };
/** The call is not in a state for that, or not there any more. */
const GONE = new Set([21220, 20404]);
const GOES_ON = new Set(['queued', 'initiated', 'ringing', 'in-progress']);

/** The two ends of a call: Twilio's, where the caller is, and Vapi's, where they are heard. */
@Injectable()
export class LinesService {
  private readonly log = new Logger('Vapi');

  constructor(private readonly account: TwilioAccount, private readonly vapi: VapiClient) {}

  /** The caller goes there, and Vapi is out of the call. @throws TwilioFailure */
  async move(callSid: string, url: string): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.account.client.calls(callSid).update({ url, method: 'POST' });
        return;
      } catch (error) {
        const failure = twilioFailure(error);
        if (GONE.has(failure.twilioCode ?? 0)) return;
        if (tries >= MOVES.most) throw failure;
        await delay(MOVES.afterMs);
      }
    }
  }

  /** @throws TwilioFailure */
  async goesOn(callSid: string): Promise<boolean> {
    try {
      return GOES_ON.has((await this.account.client.calls(callSid).fetch()).status);
    } catch (error) {
      const failure = twilioFailure(error);
      if (failure.httpStatus === 404) return false;
      throw failure;
    }
  }

  /** @returns false where nobody hears it */
  async tell(controlUrl: string | null, command: Command): Promise<boolean> {
    const isHeard = await this.vapi.tell(controlUrl, command);
    if (!isHeard) this.log.warn(`Vapi did not hear "${command.type}"`);
    return isHeard;
  }

  /** Nothing of a call stays at Vapi. @throws HubError */
  async remove(vapiId: string): Promise<void> {
    if (!this.vapi.isConnected) return;
    await this.vapi.remove(vapiId).catch((error: unknown) => {
      this.log.warn(`call ${vapiId} could not be removed at Vapi: ${describe(error)}`);
      throw error;
    });
  }
}
