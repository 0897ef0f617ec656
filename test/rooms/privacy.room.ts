import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Test, type TestingModule } from '@nestjs/testing';
import { appDataSource, Database } from '@throughline/database/database.js';
import { Clock, FixedClock } from '@throughline/kernel/clock.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { ModelClient } from '@throughline/llm/client.js';
import { OutboxRows } from '@throughline/queues/outbox.rows.js';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { TwilioMedia } from '@throughline/twilio/media.js';
import { startSimulator, type TwilioSimulator } from '@throughline/twilio-simulator/server.js';
import type { DataSource } from 'typeorm';
import { ConversationsService } from '../../src/conversations/conversations.service.js';
import type { InboundMessage } from '../../src/conversations/conversations.types.js';
import { DeliveryService } from '../../src/delivery/delivery.service.js';
import type { ChannelSender } from '../../src/delivery/delivery.types.js';
import { FolderStore, MediaStore } from '../../src/media/media.store.js';
import { OpeningService } from '../../src/mirror/opening.service.js';
import { ErasureService } from '../../src/privacy/erasure.service.js';
import { PrivacyModule } from '../../src/privacy/privacy.module.js';
import { PrivacyService } from '../../src/privacy/privacy.service.js';
import type { ErasureReport } from '../../src/privacy/privacy.types.js';
import { TenancyModule } from '../../src/tenancy/tenancy.module.js';
import { TenancyService } from '../../src/tenancy/tenancy.service.js';
import type { Tenant } from '../../src/tenancy/tenancy.types.js';
import { freshDatabase, type TestDatabase } from '../harness/postgres.js';
import { plumbingOf, roomConfig } from './plumbing.js';

const GIF = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAACAUwAOw==', 'base64');

/** The privacy room with all rooms below it, on a database and a media store of its own. Whoever sends is pretended. */
export class PrivacyRoom {
  readonly clock = new FixedClock();
  /** What was removed at Twilio. */
  readonly removed: string[] = [];
  /** What happens while an attachment is fetched. */
  meanwhile: () => Promise<unknown> = async () => undefined;
  fresh!: TestDatabase;
  tenant!: Tenant;
  folder!: string;
  private dataSource!: DataSource;
  private twilio!: TwilioSimulator;
  private module!: TestingModule;
  private people = 0;

  static async open(): Promise<PrivacyRoom> {
    const room = new PrivacyRoom();
    room.fresh = await freshDatabase();
    room.dataSource = await appDataSource({ url: room.fresh.url }).initialize();
    room.folder = await fs.mkdtemp(path.join(os.tmpdir(), 'throughline-privacy-'));
    const credentials = roomConfig.twilio;
    room.twilio = await startSimulator({ port: 0, clock: room.clock, accounts: [{ sid: credentials.accountSid, authToken: credentials.authToken }], numbers: [] });
    const account = new TwilioAccount({ credentials, apiOrigin: room.twilio.origin }, undefined, undefined);
    const model = new ModelClient({ apiKey: 'none', baseUrl: 'http://127.0.0.1:9/v1', model: 'none' });
    const plumbing = plumbingOf(room.fresh.url, [
      [Clock, room.clock], [Database, new Database(room.dataSource)], [TwilioAccount, account], [ModelClient, model],
    ]);
    room.module = await Test.createTestingModule({ imports: [plumbing, TenancyModule, PrivacyModule] })
      .overrideProvider(MediaStore).useValue(new FolderStore(room.folder))
      .overrideProvider(TwilioMedia).useValue({ fetch: async () => room.meanwhile().then(() => ({ bytes: GIF, contentType: 'image/gif' })) })
      .compile();
    const sender = { channels: ['sms', 'whatsapp'], remove: async (sid: string) => void room.removed.push(sid) };
    room.of(DeliveryService).registerSender(sender as unknown as ChannelSender);
    room.tenant = await room.of(TenancyService).addTenant('Elm Clinic', {});
    return room;
  }

  async close(): Promise<void> {
    await Promise.all([this.of(OutboxRows).close(), this.twilio.close(), this.dataSource.destroy()]);
    await fs.rm(this.folder, { recursive: true, force: true });
    await this.fresh.drop();
  }

  of<T>(type: new (...args: never[]) => T): T {
    return this.module.get<T>(type, { strict: false });
  }

  /** Somebody has texted this. @returns the contact's id */
  async writes(body: string, more: Partial<InboundMessage> = {}): Promise<string> {
    const message: InboundMessage = {
      providerSid: `SM${uuidv7(1)}`, channel: 'sms', address: `+1555900${String(++this.people).padStart(4, '0')}`, sender: '+15550000001', body, media: [],
      receivedAt: this.clock.now(), ...more,
    };
    const outcome = await this.of(ConversationsService).receive(this.tenant, message);
    if (outcome.outcome === 'stored') await this.of(OpeningService).receiveKept(this.tenant.id, outcome.inboxId);
    const [row] = await this.fresh.query<{ id: string }>('select contact_id as id from addresses where channel = $1 and address = $2', [message.channel, message.address]);
    return row!.id;
  }

  async asks(contactId: string): Promise<string> {
    return (await this.of(PrivacyService).erase(this.tenant.id, contactId)).id;
  }

  goOn(erasureId: string): ReturnType<ErasureService['goOn']> {
    return this.of(ErasureService).goOn(this.tenant.id, erasureId);
  }

  report(contactId: string): Promise<ErasureReport> {
    return this.of(PrivacyService).report(this.tenant.id, contactId);
  }

  /** From the wish to the end. */
  async erases(contactId: string): Promise<ErasureReport> {
    const erasureId = await this.asks(contactId);
    await this.goOn(erasureId);
    this.clock.forward(120_000);
    await this.goOn(erasureId);
    return this.report(contactId);
  }

  /** Tables that hold this text in any column. */
  async tablesWith(text: string): Promise<string[]> {
    const tables = await this.fresh.query<{ name: string }>(`select tablename as name from pg_tables where schemaname = 'public' order by 1`);
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await this.fresh.query(`select 1 from ${name} t where strpos(to_jsonb(t)::text, $1) > 0 limit 1`, [text]);
      if (rows.length > 0) found.push(name);
    }
    return found;
  }

  files(): Promise<string[]> {
    return fs.readdir(this.folder, { recursive: true, withFileTypes: true }).then((entries) => entries.filter((entry) => entry.isFile()).map(({ name }) => name));
  }
}
