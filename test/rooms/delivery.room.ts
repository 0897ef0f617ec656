import type { Provider } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { appDataSource, Database, type Tx } from '@throughline/database/database.js';
import { Clock, FixedClock } from '@throughline/kernel/clock.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { type JobOutcome, JobRunner } from '@throughline/queues/job-runner.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { OutboxRows } from '@throughline/queues/outbox.rows.js';
import { Relay } from '@throughline/queues/relay.js';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { TwilioFailure } from '@throughline/twilio/errors.js';
import { AppConfig } from '../../src/app.config.js';
import { ConversationsService } from '../../src/conversations/conversations.service.js';
import type { Trust } from '../../src/contacts/contacts.types.js';
import type { Channel, Conversation, Message } from '../../src/conversations/conversations.types.js';
import { ReceiveService } from '../../src/conversations/receive.service.js';
import { DeliveryModule } from '../../src/delivery/delivery.module.js';
import { DeliveryService } from '../../src/delivery/delivery.service.js';
import type { ChannelSender, Delivery, Look, Receipt, ReceiptStatus } from '../../src/delivery/delivery.types.js';
import { ProviderService } from '../../src/delivery/provider.service.js';
import { SendingService } from '../../src/delivery/sending.service.js';
import { TenancyModule } from '../../src/tenancy/tenancy.module.js';
import { TenancyService } from '../../src/tenancy/tenancy.service.js';
import type { Tenant } from '../../src/tenancy/tenancy.types.js';
import { freshDatabase, type TestDatabase } from '../harness/postgres.js';

/** Jobs stay rows: a room test runs them itself, by calling the service. */
class RowsOnly extends Relay {
  override push(): void {}
}

/** A database whose connection breaks when the test says so. */
class BreakingDatabase extends Database {
  breaks = false;

  override note<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    if (this.breaks) return Promise.reject(Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' }));
    return super.note(tenantId, work);
  }
}

/** A provider that takes every text, unless a test says what comes next. */
class PlayedProvider implements ChannelSender {
  readonly channels = ['sms', 'whatsapp', 'rcs'];
  readonly rules = { fits: (text: string): boolean => text.length <= 100, cost: (): number => 1 };
  readonly messagesPerSecond = 1_000;
  readonly remove = async (): Promise<void> => undefined;
  /** What it was asked to send, oldest first. */
  readonly asked: string[] = [];
  /** The same with the way each took. */
  readonly sent: Delivery[] = [];
  /** Called with each of them. */
  onSend: (delivery: Delivery) => void = () => undefined;
  /** Answers to the next requests. */
  readonly failures: TwilioFailure[] = [];
  /** What its list shows. */
  look: Look | TwilioFailure = { outcome: 'absent' };
  looks = 0;
  /** What happens while it is being asked. */
  meanwhile: () => void = () => undefined;
  /** Under which id it takes the next text. */
  nextSid: string | undefined;
  private sids = 0;

  async send(delivery: Delivery): Promise<{ providerSid: string }> {
    this.asked.push(delivery.body);
    this.sent.push(delivery);
    this.onSend(delivery);
    const failure = this.failures.shift();
    if (failure) throw failure;
    this.sids += 1;
    const providerSid = this.nextSid ?? `SM${this.sids}`;
    this.nextSid = undefined;
    return { providerSid };
  }

  async find(): Promise<Look> {
    this.looks += 1;
    this.meanwhile();
    if (this.look instanceof TwilioFailure) throw this.look;
    return this.look;
  }

  async ask(): Promise<Receipt | null> {
    return null;
  }
}

const config: AppConfig = {
  port: 0, publicBaseUrl: 'http://127.0.0.1', trustedProxies: ['loopback'], dataDir: '', databaseUrl: '', redisUrl: undefined, roles: { web: false, worker: true },
  twilio: { accountSid: 'AC00000000000000000000000000000001', authToken: 'token' },
  model: { apiKey: 'any', baseUrl: undefined, name: 'scripted-model' }, turnQuietMs: 0, adminToken: 'sixteen-characters', secretsKey: 'a key of the rooms', mailPrivateHosts: [], vapi: {}, logLevel: 'silent',
};

export const busy = (retryAfterMs?: number): TwilioFailure => new TwilioFailure(20_429, 429, 'retry', 'Too many requests', { cause: undefined, retryAfterMs });
export const wrongToken = (): TwilioFailure => new TwilioFailure(20_003, 401, 'config', 'The Twilio credentials are wrong', { cause: undefined });
export const noAnswer = (): TwilioFailure => new TwilioFailure(undefined, undefined, 'ask', 'Twilio did not answer', { cause: undefined });
export const optedOut = (): TwilioFailure => new TwilioFailure(21_610, 400, 'opt_out', 'The recipient has opted out (STOP)', { cause: undefined });

/** Contacts, conversations and delivery on a database of their own; the provider is played, time stands still. */
export class DeliveryRoom {
  private people = 0;

  private constructor(
    readonly clock: FixedClock,
    readonly tenant: Tenant,
    readonly provider: PlayedProvider,
    readonly database: BreakingDatabase,
    private readonly parts: { module: TestingModule; fresh: TestDatabase },
    readonly close: () => Promise<void>,
  ) {}

  /** An hour later, all is well, and nobody has been asked for anything. */
  anew(): void {
    this.clock.forward(3_600_000);
    this.provider.asked.length = 0;
    this.provider.failures.length = 0;
    this.provider.look = { outcome: 'absent' };
    this.provider.looks = 0;
    this.database.breaks = false;
  }

  static async open(options: { apiOrigin?: string } = {}): Promise<DeliveryRoom> {
    const fresh = await freshDatabase();
    const dataSource = await appDataSource({ url: fresh.url }).initialize();
    const [clock, database, rows] = [new FixedClock(), new BreakingDatabase(dataSource), new OutboxRows(fresh.url)];
    const values: [unknown, unknown][] = [
      [AppConfig, config], [Clock, clock], [Database, database], [OutboxRows, rows],
      [Outbox, new Outbox(clock, new RowsOnly(clock, undefined as never))], [JobRunner, new JobRunner(clock, rows)],
      [TwilioAccount, new TwilioAccount({ credentials: config.twilio, apiOrigin: options.apiOrigin }, undefined, undefined)],
    ];
    const providers = values.map(([provide, useValue]) => ({ provide, useValue })) as Provider[];
    const plumbing = { module: class Plumbing {}, global: true, providers, exports: providers };
    const module = await Test.createTestingModule({ imports: [plumbing, TenancyModule, DeliveryModule] }).compile();
    module.useLogger(false);
    const provider = new PlayedProvider();
    module.get(DeliveryService, { strict: false }).registerSender(provider);
    const tenant = await module.get(TenancyService, { strict: false }).addTenant('Elm Clinic', {});
    return new DeliveryRoom(clock, tenant, provider, database, { module, fresh }, async () => {
      await Promise.all([rows.close(), dataSource.destroy()]);
      await fresh.drop();
    });
  }

  get conversations(): ConversationsService {
    return this.parts.module.get(ConversationsService, { strict: false });
  }

  get tenancy(): TenancyService {
    return this.parts.module.get(TenancyService, { strict: false });
  }

  get delivery(): DeliveryService {
    return this.parts.module.get(DeliveryService, { strict: false });
  }

  /** Any service of these rooms. */
  service<T>(type: new (...parts: never[]) => T): T {
    return this.parts.module.get<T>(type, { strict: false });
  }

  /** Somebody who has written once. */
  async customer(channel: Channel = 'sms', address?: string): Promise<Customer> {
    this.people += 1;
    const customer = new Customer(this, `CH${String(this.people).padStart(32, '0')}`, address ?? `+1555123${String(this.people).padStart(4, '0')}`);
    await customer.writes('Hello', channel);
    return customer;
  }

  receive(): ReceiveService {
    return this.parts.module.get(ReceiveService, { strict: false });
  }

  /** The job `delivery.send`, once. */
  send(messageId: string): Promise<JobOutcome> {
    return this.parts.module.get(SendingService, { strict: false }).send(this.tenant.id, messageId);
  }

  check(deliveryId: string): Promise<JobOutcome> {
    return this.parts.module.get(ProviderService, { strict: false }).check(this.tenant.id, deliveryId);
  }

  rows<T>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    return this.parts.fresh.query<T>(sql, parameters);
  }
}

export class Customer {
  private written = 0;

  constructor(
    private readonly room: DeliveryRoom,
    readonly sid: string,
    readonly address: string,
  ) {}

  async writes(body: string, channel: Channel = 'sms', more: { optOutType?: string; receivedAt?: Date; alsoKnownAs?: string; trust?: Trust } = {}): Promise<void> {
    this.written += 1;
    const { tenant, clock, conversations } = this.room;
    const outcome = await conversations.receive(tenant, {
      providerSid: `SM${this.sid}-${this.written}`, channel, address: this.address, sender: '+15550000001', body, media: [], receivedAt: clock.now(), ...more,
    });
    if (outcome.outcome === 'stored') await this.room.receive().receiveKept(tenant, outcome.inboxId, this.sid);
  }

  conversation(): Promise<Conversation> {
    return this.room.conversations.conversation(this.room.tenant.id, this.sid);
  }

  /** The assistant says this. @returns the message's id */
  async hears(body: string): Promise<string> {
    const { epoch, lastInboundSeq } = await this.conversation();
    const said = await this.room.conversations.say(this.room.tenant.id, { conversationSid: this.sid, body, turnId: uuidv7(this.room.clock.ms()), epoch, upToSeq: lastInboundSeq });
    if (said.outcome !== 'said') throw new Error(`"${body}" was refused: ${said.why}`);
    return said.messageId;
  }

  async isHandedOff(closingLine: string): Promise<string> {
    const { epoch } = await this.conversation();
    const turnId = uuidv7(this.room.clock.ms());
    const said = await this.room.conversations.handOff(this.room.tenant.id, { conversationSid: this.sid, turnId, epoch, reason: 'wants a person', closingLine });
    if (said.outcome !== 'said') throw new Error(`the hand-off was refused: ${said.why}`);
    return said.messageId;
  }

  /** Dana writes. @returns the message's id */
  async hearsDana(body: string): Promise<string> {
    return (await this.room.conversations.staffSays(this.room.tenant.id, { conversationSid: this.sid, body, staff: 'Dana' })).id;
  }

  async owner(event: 'staff_took_over' | 'staff_handed_back'): Promise<void> {
    await this.room.conversations.changeOwner(this.room.tenant.id, this.sid, { event, cause: `${event} by Dana`, staff: 'Dana' });
  }

  thread(): Promise<Message[]> {
    return this.room.conversations.latest(this.room.tenant.id, this.sid, { limit: 100 });
  }

  /** Where a message stands: its status, and why. */
  async stands(messageId: string): Promise<{ status: string; why: string | null }> {
    const message = (await this.thread()).find(({ id }) => id === messageId)!;
    return { status: message.status, why: message.statusCause ?? null };
  }

  async deliveryOf(messageId: string): Promise<Delivery> {
    const all = await this.room.delivery.list(this.room.tenant.id, { conversationSid: this.sid, state: null, after: null, limit: 100 });
    return all.find((delivery) => delivery.messageId === messageId)!;
  }

  /** The provider tells what became of the message, or of an earlier attempt with the id `sid`. */
  async receipt(messageId: string, status: ReceiptStatus, errorCode: number | null = null, sid?: string): Promise<boolean> {
    const { id, providerSid } = await this.deliveryOf(messageId);
    return this.room.delivery.recordReceipt(this.room.tenant.id, id, { providerSid: (sid ?? providerSid)!, status, errorCode });
  }

  /** Why the conversation belongs to whom it belongs now. */
  async ownerBecause(): Promise<string> {
    const [row] = await this.room.rows<{ cause: string }>(
      `select cause from transitions where conversation_sid = $1 and machine = 'ownership' order by at desc, id desc limit 1`, [this.sid],
    );
    return row?.cause ?? '';
  }
}
