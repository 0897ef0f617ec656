import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { conflict } from '@throughline/kernel/errors.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import { type ChatSession, type Lead, leadOf } from '../visitors/visitors.types.js';
import { ChatLimits } from './chat.limits.js';
import type { LeadChange } from './chat.schemas.js';
import { RelayService } from './relay.service.js';

/** Who a visitor says they are. It is worth nothing, and opens nothing, until a code has shown that the number is theirs. */
@Injectable()
export class LeadService {
  constructor(
    private readonly database: Database,
    private readonly contacts: ContactsService,
    private readonly visitors: VisitorsService,
    private readonly limits: ChatLimits,
    private readonly relay: RelayService,
  ) {}

  /** @throws HubError `conflict` for another value of what has been verified */
  async set(session: ChatSession, change: LeadChange): Promise<Lead> {
    return this.change(session, (lead) => {
      for (const what of lead.verified) {
        if (change[what] !== undefined && change[what] !== lead[what]) throw conflict('verified_already', 'This has been verified, and stays as it is.');
      }
      return { ...lead, ...change };
    });
  }

  /** Sends a code to the number that they gave. E-mail addresses get none yet. */
  async sendCode(session: ChatSession, ip: string, what: 'phone' | 'email'): Promise<void> {
    const phone = await this.claimed(session, what);
    await this.limits.code(session, ip);
    await this.contacts.verification.startClaim(session.tenantId, phone, session.visitorId);
  }

  /** The right code makes the visitor known as whoever the number belongs to. Running twice is once. */
  async checkCode(
    session: ChatSession, ip: string, { address: what, code }: { address: 'phone' | 'email'; code: string },
  ): Promise<{ outcome: 'verified' | 'wrong' | 'expired'; lead: Lead }> {
    const phone = await this.claimed(session, what);
    await this.limits.tryCode(session, ip);
    const outcome = await this.contacts.verification.checkClaim(session.tenantId, phone, session.visitorId, code);
    if (outcome !== 'verified') return { outcome, lead: leadOf(await this.visitors.visitor(session)) };
    await this.database.transaction(session.tenantId, async (tx) => {
      // In the order of everybody who names both: whoever erases a person holds the contact before the visitor.
      await this.contacts.prove(tx, { channel: 'chat', address: session.visitorId }, phone);
    });
    return { outcome, lead: await this.change(session, (lead) => ({ ...lead, phone, verified: lead.verified.includes('phone') ? lead.verified : [...lead.verified, 'phone'] })) };
  }

  private async change(session: ChatSession, decide: (lead: Lead) => Lead): Promise<Lead> {
    const { tenantId, visitorId: address } = session;
    const lead = await this.database.transaction(tenantId, async (tx) => {
      const changed = decide(leadOf(await this.visitors.holdIn(tx, address)));
      await this.visitors.setLead(tx, address, changed);
      if (changed.name) this.contacts.callUnnamed(tx, 'chat', address, changed.name);
      return changed;
    });
    this.relay.say({ tenantId, address }, 'lead', lead);
    return lead;
  }

  private async claimed(session: ChatSession, what: 'phone' | 'email'): Promise<string> {
    const { leadPhone, verified } = await this.visitors.visitor(session);
    if (what === 'email') throw conflict('takes_no_code', 'Codes are sent to phones only.');
    if (!leadPhone) throw conflict('not_given', 'There is no number yet to send a code to.');
    if (verified.includes('phone')) throw conflict('verified_already', 'This has been verified already.');
    return leadPhone;
  }
}
