import { Test } from '@nestjs/testing';
import { appDataSource, Database } from '@throughline/database/database.js';
import { Clock, FixedClock } from '@throughline/kernel/clock.js';
import { OutboxRows } from '@throughline/queues/outbox.rows.js';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { startSimulator, type TwilioSimulator } from '@throughline/twilio-simulator/server.js';
import { ConversationsService } from '../../src/conversations/conversations.service.js';
import type { Message } from '../../src/conversations/conversations.types.js';
import { CopyingService } from '../../src/mirror/copying.service.js';
import { MirrorModule } from '../../src/mirror/mirror.module.js';
import { OpeningService } from '../../src/mirror/opening.service.js';
import { ReconcileService } from '../../src/mirror/reconcile.service.js';
import { TenancyModule } from '../../src/tenancy/tenancy.module.js';
import { TenancyService } from '../../src/tenancy/tenancy.service.js';
import type { Tenant } from '../../src/tenancy/tenancy.types.js';
import { freshDatabase } from '../harness/postgres.js';
import { plumbingOf, roomConfig } from './plumbing.js';

interface Parts {
  clock: FixedClock;
  twilio: TwilioSimulator;
  tenant: Tenant;
  conversations: ConversationsService;
  opening: OpeningService;
  copying: CopyingService;
  reconciling: ReconcileService;
}

/** The mirror on a database of its own, against the simulator's Conversations; its clock stands still. */
export class MirrorRoom {
  private texts = 0;
  private constructor(
    readonly parts: Parts,
    readonly rows: <T>(sql: string, parameters?: unknown[]) => Promise<T[]>,
    readonly close: () => Promise<void>,
  ) {}

  static async open(): Promise<MirrorRoom> {
    const [fresh, clock] = [await freshDatabase(), new FixedClock()];
    const dataSource = await appDataSource({ url: fresh.url }).initialize();
    const credentials = roomConfig.twilio;
    const twilio = await startSimulator({ port: 0, clock, accounts: [{ sid: credentials.accountSid, authToken: credentials.authToken }], numbers: [] });
    const account = new TwilioAccount({ credentials, apiOrigin: twilio.origin }, undefined, undefined);
    const plumbing = plumbingOf(fresh.url, [[Clock, clock], [Database, new Database(dataSource)], [TwilioAccount, account]]);
    const module = await Test.createTestingModule({ imports: [plumbing, TenancyModule, MirrorModule] }).compile();
    const tenancy = module.get(TenancyService, { strict: false });
    const parts = {
      clock, twilio, tenant: await tenancy.addTenant('Elm Clinic', {}), conversations: module.get(ConversationsService, { strict: false }),
      opening: module.get(OpeningService, { strict: false }), copying: module.get(CopyingService, { strict: false }),
      reconciling: module.get(ReconcileService, { strict: false }),
    };
    return new MirrorRoom(parts, (sql, parameters) => fresh.query(sql, parameters), async () => {
      await Promise.all([module.get(OutboxRows, { strict: false }).close(), twilio.close(), dataSource.destroy()]);
      await fresh.drop();
    });
  }

  /** Somebody texts, is opened a Conversation where there is none, and waits for the copy. @returns the ConversationSid */
  async writes(address: string, body: string): Promise<string> {
    const { conversations, opening, tenant, clock } = this.parts;
    this.texts += 1;
    const outcome = await conversations.receive(tenant, {
      providerSid: `SM${String(this.texts).padStart(32, '0')}`, channel: 'sms', address, sender: '+15550000001', body, media: [], receivedAt: clock.now(),
    });
    if (outcome.outcome === 'stored') await opening.receiveKept(tenant.id, outcome.inboxId);
    const [row] = await this.rows<{ sid: string }>('select conversation_sid as sid from participants where address = $1', [address]);
    return row!.sid;
  }

  thread(conversationSid: string): Promise<Message[]> {
    return this.parts.conversations.latest(this.parts.tenant.id, conversationSid, { limit: 500 });
  }

  /** The words in the Conversation, as Twilio has them. */
  mirrored(conversationSid: string): (string | null)[] {
    return this.parts.twilio.control.conversation(conversationSid).messages.map((message) => message.body);
  }
}
