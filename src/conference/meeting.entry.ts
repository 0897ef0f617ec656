import { Injectable } from '@nestjs/common';
import { notFound } from '@throughline/kernel/errors.js';
import { addToLogScope } from '@throughline/kernel/log.js';
import type { Form } from '@throughline/twilio/webhooks.js';
import { AppConfig } from '../app.config.js';
import { CallbackService } from '../callback/callback.service.js';
import type { Callback, CallbackEvent } from '../callback/callback.types.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { parseCall } from './conference.parser.js';
import { type MeetingLines, meetingLinesIn } from './meeting.lines.js';
import { MeetingTwiml } from './meeting.twiml.js';

/** One side of a callback, and how it is spoken to. */
export interface Entered {
  row: Callback;
  business: string;
  lines: MeetingLines;
  twiml: MeetingTwiml;
}

/** What each webhook of a callback begins with: whose it is, and which call. */
@Injectable()
export class MeetingEntry {
  constructor(
    private readonly config: AppConfig,
    private readonly tenancy: TenancyService,
    readonly callbacks: CallbackService,
  ) {}

  /** Only the account that the tenant lives in may speak of its calls. @throws HubError `not_found` */
  async of(id: string, accountSid: string): Promise<Entered> {
    const tenantId = await this.callbacks.progress.tenantOf(id);
    const tenant = tenantId ? await this.tenancy.tenant(tenantId) : null;
    if (!tenant || tenant.accountSid !== accountSid) throw notFound('callback', id);
    addToLogScope({ tenantId: tenant.id });
    const row = await this.callbacks.progress.find(tenant.id, id);
    if (!row) throw notFound('callback', id);
    const [language = 'en-US'] = tenant.settings.voice.languages;
    return { row, business: tenant.settings.businessName ?? tenant.name, lines: meetingLinesIn(language), twiml: new MeetingTwiml(this.config.publicBaseUrl, language, id) };
  }

  /** The call that speaks is this side's: its first word may come before Twilio's answer to our wish for it. @throws HubError `not_found` for a call that is not any more */
  async side(form: Form, id: string, side: 'taker' | 'person'): Promise<Entered> {
    const { CallSid, AccountSid } = parseCall(form);
    const entered = await this.of(id, AccountSid);
    const row = await this.callbacks.progress.attach(entered.row.tenantId, id, side, CallSid);
    if (!row) throw notFound('call', CallSid);
    return { ...entered, row };
  }

  /** @param seenTo whose call ends with what is answered now @returns how it stands now */
  async happens(row: Callback, event: CallbackEvent, cause: string, seenTo: { isTakerOver?: true; isPersonOver?: true } = {}): Promise<Callback> {
    return (await this.callbacks.progress.happen(row.tenantId, row.id, event, cause, seenTo)) ?? row;
  }
}
