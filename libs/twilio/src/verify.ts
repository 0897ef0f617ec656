import { HubError } from '@throughline/kernel/errors.js';
import type { TwilioAccount } from './account.js';
import { type TwilioFailure, twilioFailure } from './errors.js';

/** Shown in the text that carries the code; Twilio refuses names with five digits or more than 32 characters. */
const SERVICE_NAME = 'Throughline';

/** Too many sends of a code (60203), too many tries (60202), too many at once for a number (60212). */
const TOO_MANY: ReadonlySet<number | undefined> = new Set([60202, 60203, 60212]);

/**
 * Codes by Twilio Verify (verify.twilio.com, v2). Twilio makes the code, sends it, and keeps it for ten minutes; we never see
 * it but when somebody types it in.
 */
export class TwilioVerify {
  private found: Promise<string> | undefined;

  constructor(
    private readonly account: TwilioAccount,
    /** Found by its name, or made, where not given. */
    private readonly serviceSid: string | undefined,
  ) {}

  /** E-mail needs a mailer at Verify. @throws TwilioFailure; HubError `too_many` when Twilio sends no more for a while */
  async start(to: string, channel: 'sms' | 'whatsapp' | 'call' | 'email'): Promise<void> {
    const service = await this.service();
    await service.verifications.create({ to, channel }).catch(refused);
  }

  /** @returns `expired` also when no code was ever sent, or it has been used; HubError `too_many` after five wrong ones */
  async check(to: string, code: string): Promise<'approved' | 'wrong' | 'expired'> {
    const service = await this.service();
    try {
      return (await service.verificationChecks.create({ to, code })).status === 'approved' ? 'approved' : 'wrong';
    } catch (error) {
      if (twilioFailure(error).httpStatus === 404) return 'expired';
      return refused(error);
    }
  }

  private async service(): Promise<ReturnType<TwilioAccount['client']['verify']['v2']['services']>> {
    this.found ??= this.serviceSid ? Promise.resolve(this.serviceSid) : this.findOrCreate();
    const sid = await this.found.catch((error: unknown) => {
      this.found = undefined;
      throw twilioFailure(error);
    });
    return this.account.client.verify.v2.services(sid);
  }

  private async findOrCreate(): Promise<string> {
    const { services } = this.account.client.verify.v2;
    const known = (await services.list({ limit: 1_000 })).find(({ friendlyName }) => friendlyName === SERVICE_NAME);
    return (known ?? (await services.create({ friendlyName: SERVICE_NAME }))).sid;
  }
}

function refused(error: unknown): never {
  const failure: TwilioFailure = twilioFailure(error);
  if (!TOO_MANY.has(failure.twilioCode)) throw failure;
  throw new HubError('too_many', `twilio_${failure.twilioCode}`, 'Too many codes, or tries, for this number. Twilio takes no more for ten minutes.', { cause: error });
}
