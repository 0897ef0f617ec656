import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { oneLine } from '@throughline/kernel/words.js';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { TwilioFailure } from '@throughline/twilio/errors.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { EscalationService } from '../escalation/escalation.service.js';
import type { Attempt } from '../escalation/escalation.types.js';
import type { AlertCarrier, From, Words } from './alerting.types.js';

/** Texts among which one is looked for that may have been sent. */
const RECENT = 50;
/** Between Twilio's clock and ours, in milliseconds. */
const SLACK_MS = 10_000;

/** SMS and WhatsApp. What was sent is found again by its link, or where it has none by its words. */
@Injectable()
export class TwilioCarrier implements AlertCarrier {
  /** After that our client gives up a request to Twilio. */
  readonly createMs = 15_000;
  /** Two of them, and some to spare. */
  readonly leaseMs = 35_000;

  constructor(
    private readonly database: Database,
    private readonly account: TwilioAccount,
    private readonly contacts: ContactsService,
    private readonly escalation: EscalationService,
  ) {}

  async create(attempt: Attempt, from: From, words: Words): Promise<string> {
    const { id, channel, address } = attempt;
    const service = from.messagingServiceSid ?? this.account.messagingServiceSid;
    const content = channel === 'whatsapp' ? await this.contentFor(attempt, from, words) : { body: words.body };
    const { sid } = await this.account.client.messages.create({
      to: this.contacts.wireAddress(channel, address), from: this.contacts.wireAddress(channel, from.address), ...(service ? { messagingServiceSid: service } : {}),
      ...content, statusCallback: this.escalation.links.webhook(id, 'text'),
    });
    return sid;
  }

  /** WhatsApp takes free text for 24 hours after they wrote to that sender, then only an approved template. */
  private async contentFor({ tenantId, address }: Attempt, from: From, { body, template }: Words): Promise<{ body: string } | { contentSid: string; contentVariables: string }> {
    const [window] = await this.database.transaction(tenantId, (tx) => this.contacts.whatsappWindows(tx, [{ sender: from.address, address }]));
    if (window?.state === 'open' || window?.state === 'closing') return { body };
    if (!template) throw new TwilioFailure(undefined, undefined, 'window', 'WhatsApp takes no free text now, and there is no template', { cause: undefined });
    return { contentSid: template.contentSid, contentVariables: JSON.stringify(template.variables) };
  }

  /** Trial accounts get words in front of theirs, a template has its own around them. */
  async lost({ id, tenantId, channel, address, claimedAt }: Attempt, _from: From, { body, link }: Words): Promise<string | null> {
    const texts = await this.account.client.messages.list({ to: this.contacts.wireAddress(channel, address), limit: RECENT });
    const since = claimedAt!.getTime() - SLACK_MS;
    const mark = oneLine(link ?? body);
    const alike = texts.filter((text) => text.dateCreated.getTime() >= since && text.direction !== 'inbound' && oneLine(text.body).includes(mark)).map(({ sid }) => sid).toReversed();
    const known = await this.escalation.known(tenantId, id, alike);
    return alike.find((sid) => !known.has(sid)) ?? null;
  }
}
