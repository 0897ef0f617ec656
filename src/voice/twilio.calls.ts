import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { twilioFailure } from '@throughline/twilio/errors.js';
import { DeliveryService } from '../delivery/delivery.service.js';

const RECORDING = /^RE[0-9a-f]{32}$/;
const CALL = /^(CA[0-9a-f]{32})\//;

/** What Twilio keeps of calls, and how it goes. */
@Injectable()
export class TwilioCalls implements OnApplicationBootstrap {
  constructor(private readonly account: TwilioAccount, private readonly delivery: DeliveryService) {}

  onApplicationBootstrap(): void {
    this.delivery.registerRemover('voice', (sid) => this.remove(sid));
  }

  /** A recording, or the call in which something was said. Nothing happens when it is gone. @throws TwilioFailure */
  private async remove(sid: string): Promise<void> {
    const call = CALL.exec(sid)?.[1];
    const { client } = this.account;
    const removed = RECORDING.test(sid) ? client.recordings(sid).remove() : call ? client.calls(call).remove() : null;
    await removed?.catch((error: unknown) => {
      const failure = twilioFailure(error);
      if (failure.httpStatus !== 404) throw failure;
    });
  }
}
