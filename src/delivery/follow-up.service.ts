import { Injectable } from '@nestjs/common';
import type { Tx } from '@throughline/database/database.js';
import { ContactsService } from '../contacts/contacts.service.js';
import type { Delivery } from './delivery.types.js';
import { ReceiptsService } from './receipts.service.js';

/** What else has to happen when a message was accepted or refused. */
@Injectable()
export class FollowUpService {
  constructor(
    private readonly receipts: ReceiptsService,
    private readonly contacts: ContactsService,
  ) {}

  /** For the receipt of a message that was sent, or for what nobody knows yet. */
  setAlarm(tx: Tx, delivery: Delivery): Promise<void> {
    return this.receipts.expect(tx, delivery);
  }

  /** @param at when it was sent: what the person said after that is newer */
  noteOptOut(tx: Tx, delivery: Delivery, evidence: string, at: Date): Promise<void> {
    return this.contacts.noteOptOut(tx, delivery, evidence, at);
  }
}
