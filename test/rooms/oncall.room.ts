import { Test, type TestingModule } from '@nestjs/testing';
import { appDataSource, Database } from '@throughline/database/database.js';
import { Clock, FixedClock } from '@throughline/kernel/clock.js';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { startSimulator, type TwilioSimulator } from '@throughline/twilio-simulator/server.js';
import { CalendarsModule } from '../../src/calendars/calendars.module.js';
import { CalendarsService } from '../../src/calendars/calendars.service.js';
import { ExceptionsService } from '../../src/oncall/exceptions.service.js';
import { ImportService } from '../../src/oncall/import.service.js';
import { OncallModule } from '../../src/oncall/oncall.module.js';
import { OncallService } from '../../src/oncall/oncall.service.js';
import type { Layer } from '../../src/oncall/oncall.types.js';
import { SchedulesService } from '../../src/oncall/schedules.service.js';
import { MethodsService } from '../../src/staff/methods.service.js';
import { StaffService } from '../../src/staff/staff.service.js';
import type { NewStaffMember, StaffMemberWithMethods } from '../../src/staff/staff.types.js';
import { TenancyService } from '../../src/tenancy/tenancy.service.js';
import type { Tenant } from '../../src/tenancy/tenancy.types.js';
import { freshDatabase, type TestDatabase } from '../harness/postgres.js';
import { plumbingOf, roomConfig } from './plumbing.js';

/** Staff and schedules on a database of their own, with Verify at a simulated Twilio; time stands still. */
export class OncallRoom {
  private people = 0;

  private constructor(
    readonly clock: FixedClock,
    readonly tenant: Tenant,
    readonly twilio: TwilioSimulator,
    private readonly module: TestingModule,
    private readonly fresh: TestDatabase,
    readonly close: () => Promise<void>,
  ) {}

  static async open(): Promise<OncallRoom> {
    const twilio = await startSimulator({ port: 0, accounts: [{ sid: roomConfig.twilio.accountSid, authToken: 'token' }], stepMs: 1 });
    const fresh = await freshDatabase();
    const dataSource = await appDataSource({ url: fresh.url }).initialize();
    const clock = new FixedClock(); // Monday, 5 January 2026, nine o'clock UTC
    const account = new TwilioAccount({ credentials: roomConfig.twilio, apiOrigin: twilio.origin }, undefined, undefined);
    const plumbing = plumbingOf(fresh.url, [[Clock, clock], [Database, new Database(dataSource)], [TwilioAccount, account]]);
    const module = await Test.createTestingModule({ imports: [plumbing, OncallModule, CalendarsModule] }).compile();
    module.useLogger(false);
    const tenant = await module.get(TenancyService, { strict: false }).addTenant('Elm Clinic', { timeZone: 'Europe/Berlin' });
    return new OncallRoom(clock, tenant, twilio, module, fresh, async () => {
      await Promise.all([dataSource.destroy(), twilio.close()]);
      await fresh.drop();
    });
  }

  readonly staff = this.module.get(StaffService, { strict: false });
  readonly methods = this.module.get(MethodsService, { strict: false });
  readonly schedules = this.module.get(SchedulesService, { strict: false });
  readonly exceptions = this.module.get(ExceptionsService, { strict: false });
  readonly oncall = this.module.get(OncallService, { strict: false });
  readonly calendars = this.module.get(CalendarsService, { strict: false });
  readonly imports = this.module.get(ImportService, { strict: false });
  readonly tenancy = this.module.get(TenancyService, { strict: false });

  /** Somebody who can be reached by text, unless it is said otherwise. */
  async person(name: string, more: Partial<NewStaffMember> & { isVerified?: boolean } = {}): Promise<StaffMemberWithMethods> {
    this.people += 1;
    const { isVerified = true, ...wanted } = more;
    const address = `+1555987${String(this.people).padStart(4, '0')}`;
    const member = await this.staff.add(this.tenant.id, { name, doNotDisturb: [], externalRef: null, contactMethods: [{ channel: 'sms', address }], ...wanted }, {});
    if (isVerified) for (const { id } of member.contactMethods) await this.verifies(member.id, id);
    return this.staff.member(this.tenant.id, member.id);
  }

  /** The code that came to the phone is typed in. */
  async verifies(staffId: string, methodId: string, way: 'sms' | 'whatsapp' = 'sms'): Promise<void> {
    const { address } = await this.methods.start(this.tenant.id, staffId, methodId, way);
    const { outcome } = await this.methods.check(this.tenant.id, staffId, methodId, this.codeAt(address, way));
    if (outcome !== 'verified') throw new Error(`the code for ${address} was ${outcome}`);
  }

  codeAt(address: string, way: 'sms' | 'whatsapp' = 'sms'): string {
    return /is: (\d+)$/.exec(this.twilio.control.phone(way === 'whatsapp' ? `whatsapp:${address}` : address).messages.at(-1)!.body)![1]!;
  }

  /** These take turns by weeks in Berlin, since today at ten o'clock there, which is nine in UTC. */
  schedule(name: string, people: { id: string }[], more: Partial<Layer> = {}): ReturnType<SchedulesService['add']> {
    const layer: Layer = { name: 'all', level: 0, startsAt: '2026-01-05T10:00', endsAt: null, every: 1, unit: 'weeks', rotation: people.map(({ id }) => [id]), hours: [], ...more };
    return this.schedules.add(this.tenant.id, { name, timeZone: 'Europe/Berlin', externalRef: null, layers: [layer] }, {});
  }

  rows<T>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    return this.fresh.query<T>(sql, parameters);
  }
}
