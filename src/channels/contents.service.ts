import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { TwilioFailure, twilioFailure } from '@throughline/twilio/errors.js';
import type { ContentCreateRequest } from 'twilio/lib/rest/content/v1/content.js';
import type { TapContent } from './content.policy.js';
import { ContentsRepository } from './contents.repository.js';

/** Content at Twilio, made once for each shape and used again for good: it holds nobody's words. */
@Injectable()
export class ContentsService {
  private readonly contents = new ContentsRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly account: TwilioAccount,
  ) {}

  /** @throws TwilioFailure that says that nothing has been sent */
  async sidOf(tenantId: string, content: TapContent): Promise<string> {
    const known = await this.database.transaction(tenantId, (tx) => this.contents.find(tx, content.shape));
    if (known) return known;
    const made = await this.made(content).catch(rethrow);
    const isFirst = await this.database.transaction(tenantId, (tx) => this.contents.insert(tx, content.shape, made, this.clock.now()));
    return isFirst ? made : (await this.database.transaction(tenantId, (tx) => this.contents.find(tx, content.shape))) ?? made;
  }

  /** Somebody has deleted it at Twilio: the next one who needs it makes it anew. */
  forget(tenantId: string, contentSid: string): Promise<void> {
    return this.database.transaction(tenantId, async (tx) => this.contents.remove(tx, contentSid));
  }

  private async made({ shape, types, values }: TapContent): Promise<string> {
    // The names of the wire: the SDK sends this body as it is. Samples are wanted for each place, and are nobody's words.
    const request = { friendly_name: `throughline ${shape}`, language: 'en', types, variables: Object.fromEntries(Object.keys(values).map((place) => [place, `sample ${place}`])) };
    return (await this.account.client.content.v1.contents.create(request as unknown as ContentCreateRequest)).sid;
  }
}

/** The message itself has not been handed over yet: it may be tried again, or go without buttons. */
function rethrow(error: unknown): never {
  const failure = twilioFailure(error);
  const mayPass = failure.errorClass === 'ask' || failure.errorClass === 'retry' || failure.errorClass === 'config';
  throw new TwilioFailure(failure.twilioCode, failure.httpStatus, mayPass ? 'retry' : 'template', failure.message, { cause: error, retryAfterMs: failure.retryAfterMs });
}
