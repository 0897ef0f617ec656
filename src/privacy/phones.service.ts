import { Injectable } from '@nestjs/common';
import type { Tx } from '@throughline/database/database.js';
import { CallbackService } from '../callback/callback.service.js';
import { CallsService } from '../calls/calls.service.js';
import { EscalationService } from '../escalation/escalation.service.js';
import { OutboundService } from '../outbound/outbound.service.js';
import { TransferService } from '../transfer/transfer.service.js';
import { TriageService } from '../triage/triage.service.js';
import type { Whole } from './privacy.types.js';

/** A person's phone calls, the incidents that people were called about, and why. */
@Injectable()
export class PhonesService {
  constructor(
    private readonly calls: CallsService,
    private readonly transfers: TransferService,
    private readonly outbound: OutboundService,
    private readonly escalation: EscalationService,
    private readonly triage: TriageService,
    private readonly callbacks: CallbackService,
  ) {}

  /** Of these contacts, who are one person. */
  async everythingOf(tx: Tx, { contactIds, conversationSids }: Whole) {
    return {
      ...(await this.calls.everythingOf(tx, contactIds)), ...(await this.transfers.everythingOf(tx, contactIds)), ...(await this.outbound.everythingOf(tx, contactIds)),
      ...(await this.escalation.everythingOf(tx, conversationSids)), ...(await this.triage.everythingOf(tx, conversationSids)), ...(await this.callbacks.everythingOf(tx, conversationSids)),
    };
  }

  /** Twice is once. */
  async erase(tx: Tx, { contactIds, conversationSids }: Whole): Promise<Record<string, number>> {
    // Who is still to be called is called off first.
    return {
      ...(await this.outbound.erase(tx, contactIds)), ...(await this.callbacks.erase(tx, conversationSids)), ...(await this.calls.erase(tx, contactIds)), ...(await this.transfers.erase(tx, contactIds)),
      ...(await this.escalation.erase(tx, conversationSids)), ...(await this.triage.erase(tx, conversationSids)),
    };
  }

  /** What was said in these calls, and of them, before then; how urgent it was, of the messages up to there. */
  purge(tx: Tx, conversationSid: string, before: Date, upToSeq: number): void {
    this.outbound.purge(tx, conversationSid, before);
    this.calls.purge(tx, conversationSid, before);
    this.escalation.purge(tx, conversationSid, before);
    this.triage.purge(tx, conversationSid, upToSeq);
    this.callbacks.purge(tx, conversationSid, before);
  }
}
