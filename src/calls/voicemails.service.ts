import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { Outbox } from '@throughline/queues/outbox.js';
import type { Voicemail } from './calls.types.js';
import { VoicemailsRepository } from './voicemails.repository.js';

/** What callers have left on voicemail, until it is a message of the thread. */
@Injectable()
export class VoicemailsService {
  private readonly voicemails = new VoicemailsRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
  ) {}

  /** Twilio says so up to three times, in any order; each time it may know more. A job makes a message of it. */
  async note(tenantId: string, told: Pick<Voicemail, 'recordingSid' | 'callSid'> & Partial<Pick<Voicemail, 'url' | 'seconds' | 'transcript'>>): Promise<void> {
    await this.database.transaction(tenantId, async (tx) => {
      await this.voicemails.note(tx, { url: null, seconds: null, transcript: null, ...told }, this.clock.now());
      this.outbox.enqueue(tx, { name: 'calls.voicemail', payload: { recordingSid: told.recordingSid }, key: told.recordingSid });
    });
  }

  find(tenantId: string, recordingSid: string): Promise<Voicemail | null> {
    return this.database.transaction(tenantId, (tx) => this.voicemails.find(tx, recordingSid));
  }

  /** It is in the thread, or waits there for its Conversation: the words live on in the message. */
  received(tenantId: string, recordingSid: string): Promise<void> {
    return this.database.transaction(tenantId, (tx) => this.voicemails.received(tx, recordingSid));
  }

  of(tx: Tx, contactIds: string[]): Promise<Voicemail[]> {
    return this.voicemails.ofContacts(tx, contactIds);
  }

  erase(tx: Tx, contactIds: string[]): Promise<number> {
    return this.voicemails.erase(tx, contactIds);
  }
}
