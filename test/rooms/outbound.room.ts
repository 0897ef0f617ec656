import { Test, type TestingModule } from '@nestjs/testing';
import { appDataSource, Database } from '@throughline/database/database.js';
import { Clock, FixedClock } from '@throughline/kernel/clock.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { OutboxRows } from '@throughline/queues/outbox.rows.js';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { startSimulator, type TwilioSimulator } from '@throughline/twilio-simulator/server.js';
import { ConsentsService } from '../../src/contacts/consents.service.js';
import { ContactsService } from '../../src/contacts/contacts.service.js';
import { ConversationsService } from '../../src/conversations/conversations.service.js';
import { ReceiveService } from '../../src/conversations/receive.service.js';
import { OutboundModule } from '../../src/outbound/outbound.module.js';
import { OutboundService } from '../../src/outbound/outbound.service.js';
import type { CallRequest, OutboundCall } from '../../src/outbound/outbound.types.js';
import { TenancyService } from '../../src/tenancy/tenancy.service.js';
import type { Tenant } from '../../src/tenancy/tenancy.types.js';
import { eventually } from '../harness/eventually.js';
import { freshDatabase } from '../harness/postgres.js';
import { plumbingOf, roomConfig } from './plumbing.js';

const OURS = '+15550000001';

/** Calls that we make, on a database of their own, against the simulator's phones; time stands still, and jobs are run by the test. */
export class OutboundRoom {
  private people = 0;

  private constructor(
    readonly clock: FixedClock,
    readonly twilio: TwilioSimulator,
    readonly tenant: Tenant,
    private readonly module: TestingModule,
    readonly rows: <T>(sql: string, parameters?: unknown[]) => Promise<T[]>,
    readonly close: () => Promise<void>,
  ) {}

  static async open(): Promise<OutboundRoom> {
    const [fresh, clock] = [await freshDatabase(), new FixedClock()];
    const dataSource = await appDataSource({ url: fresh.url }).initialize();
    const { accountSid, authToken } = roomConfig.twilio;
    const twilio = await startSimulator({ port: 0, clock, accounts: [{ sid: accountSid, authToken }], numbers: [{ accountSid, phoneNumber: OURS }], stepMs: 0 });
    const account = new TwilioAccount({ credentials: roomConfig.twilio, apiOrigin: twilio.origin }, undefined, undefined);
    const plumbing = plumbingOf(fresh.url, [[Clock, clock], [Database, new Database(dataSource)], [TwilioAccount, account]]);
    const module = await Test.createTestingModule({ imports: [plumbing, OutboundModule] }).compile();
    module.useLogger(false);
    const tenancy = module.get(TenancyService, { strict: false });
    const tenant = await tenancy.addTenant('Elm Clinic', {});
    await tenancy.addSender(tenant.id, { channel: 'voice', address: OURS, origin: 'api' });
    return new OutboundRoom(clock, twilio, tenant, module, (sql, parameters) => fresh.query(sql, parameters), async () => {
      await Promise.all([module.get(OutboxRows, { strict: false }).close(), twilio.close(), dataSource.destroy()]);
      await fresh.drop();
    });
  }

  get outbound(): OutboundService {
    return this.module.get(OutboundService, { strict: false });
  }

  get tenancy(): TenancyService {
    return this.module.get(TenancyService, { strict: false });
  }

  get contacts(): ContactsService {
    return this.module.get(ContactsService, { strict: false });
  }

  get database(): Database {
    return this.module.get(Database, { strict: false });
  }

  /** Somebody has written to us, and has agreed to calls. */
  async person({ agrees = true } = {}): Promise<Person> {
    this.people += 1;
    const digits = String(this.people).padStart(4, '0');
    const person = new Person(this, `CH${digits.padStart(32, '0')}`, `+1555321${digits}`);
    await person.writes('Hello');
    if (agrees) await person.agrees();
    return person;
  }

  async receive(person: Person, body: string): Promise<void> {
    const conversations = this.module.get(ConversationsService, { strict: false });
    const providerSid = `SM${person.sid}-${this.clock.ms()}-${body}`;
    const outcome = await conversations.receive(this.tenant, {
      providerSid, channel: 'sms', address: person.address, sender: OURS, body, media: [], receivedAt: this.clock.now(),
    });
    if (outcome.outcome === 'stored') await this.module.get(ReceiveService, { strict: false }).receiveKept(this.tenant, outcome.inboxId, person.sid);
  }

  async consent(contactId: string): Promise<void> {
    const { addresses } = await this.contacts.contact(this.tenant.id, contactId);
    await this.module.get(ConsentsService, { strict: false }).record(this.tenant.id, contactId, {
      addressId: addresses[0]!.id, channel: 'voice', purpose: 'service', state: 'opted_in', source: 'staff', wording: 'You may call me.', evidence: null, recordedBy: 'Dana',
    });
  }

  async change(settings: object): Promise<void> {
    await this.tenancy.changeTenant(this.tenant.id, { settings });
  }

  /** The job, as often as it comes back at once. */
  drive(id: string): Promise<JobOutcome> {
    return this.outbound.drive(this.tenant.id, id);
  }

  /** Waits until Twilio rings the phone. */
  async rings({ callSid }: OutboundCall): Promise<void> {
    await eventually(`${callSid} to ring`, () => this.twilio.control.callState(callSid!).status === 'ringing');
  }

  call(id: string): Promise<OutboundCall> {
    return this.outbound.call(this.tenant.id, id);
  }
}

/** Somebody with a phone that we may call. */
export class Person {
  constructor(private readonly room: OutboundRoom, readonly sid: string, readonly address: string) {}

  async writes(body: string): Promise<void> {
    await this.room.receive(this, body);
  }

  async agrees(): Promise<void> {
    await this.room.consent(await this.contactId());
  }

  async contactId(): Promise<string> {
    const [row] = await this.room.rows<{ id: string }>('select contact_id as id from conversations where conversation_sid = $1', [this.sid]);
    return row!.id;
  }

  async isWanted(change: Partial<CallRequest> = {}): Promise<OutboundCall> {
    return this.room.outbound.request(this.room.tenant.id, { address: this.address, purpose: 'your visit', kind: 'service', whenMachine: 'talk', requestedBy: 'api', ...change });
  }

  /** It is wanted, and their phone rings. */
  async isCalled(change: Partial<CallRequest> = {}): Promise<OutboundCall> {
    const { id } = await this.isWanted(change);
    await this.room.drive(id);
    return this.room.call(id);
  }

  /** Calls at Twilio to their phone. */
  get calls(): { callSid: string; status: string }[] {
    return this.room.twilio.control.calls(this.address);
  }

  async notes(): Promise<string[]> {
    const rows = await this.room.rows<{ body: string }>(`select body from messages where conversation_sid = $1 and direction = 'internal' order by seq`, [this.sid]);
    return rows.map(({ body }) => body);
  }
}
