import { Test, type TestingModule } from '@nestjs/testing';
import { appDataSource, Database } from '@throughline/database/database.js';
import { Clock, FixedClock } from '@throughline/kernel/clock.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { type MailSimulator, startMailSimulator } from '@throughline/mail-simulator/server.js';
import { startSimulator, type TwilioSimulator } from '@throughline/twilio-simulator/server.js';
import { AlertingModule } from '../../src/alerting/alerting.module.js';
import { AlertingService } from '../../src/alerting/alerting.service.js';
import { DrillsModule } from '../../src/drills/drills.module.js';
import { DrillsService } from '../../src/drills/drills.service.js';
import { WarningsService } from '../../src/drills/warnings.service.js';
import { EmailModule } from '../../src/email/email.module.js';
import { MailAlertsService } from '../../src/email/mail-alerts.service.js';
import { MailboxesService } from '../../src/email/mailboxes.service.js';
import { EscalationService } from '../../src/escalation/escalation.service.js';
import type { NewReport } from '../../src/escalation/escalation.types.js';
import { LadderService } from '../../src/escalation/ladder.service.js';
import { IncidentsModule } from '../../src/incidents/incidents.module.js';
import { ReportsService } from '../../src/incidents/reports.service.js';
import { ExceptionsService } from '../../src/oncall/exceptions.service.js';
import { SchedulesService } from '../../src/oncall/schedules.service.js';
import { PoliciesService } from '../../src/policies/policies.service.js';
import type { Step } from '../../src/policies/policies.types.js';
import { StaffService } from '../../src/staff/staff.service.js';
import { TenancyService } from '../../src/tenancy/tenancy.service.js';
import { freshDatabase, type TestDatabase } from '../harness/postgres.js';
import { plumbingOf, roomConfig } from './plumbing.js';

const WATCHER = Symbol.for('throughline.point');
const OURS = '+15550000001';
const TEMPLATE = `HX${'a1'.repeat(16)}`;

interface Job {
  id: string;
  name: string;
  payload: { incidentId: string; attemptId: string; epoch: number; drillId: string; number: number; runId: string };
}

/** Incidents on a database of their own, with a simulated Twilio; time stands still, and jobs are run by hand. */
export class EscalationRoom {
  private people = 0;

  private constructor(
    readonly clock: FixedClock,
    private readonly servers: { twilio: TwilioSimulator; post: MailSimulator },
    readonly tenantId: string,
    private readonly module: TestingModule,
    readonly fresh: TestDatabase,
    readonly close: () => Promise<void>,
  ) {}

  static async open(): Promise<EscalationRoom> {
    const twilio = await startSimulator({ port: 0, accounts: [{ sid: roomConfig.twilio.accountSid, authToken: 'token' }], stepMs: 1 });
    twilio.control.addNumber({ accountSid: roomConfig.twilio.accountSid, phoneNumber: OURS });
    const post = await startMailSimulator({});
    const fresh = await freshDatabase();
    const dataSource = await appDataSource({ url: fresh.url }).initialize();
    const clock = new FixedClock();
    const account = new TwilioAccount({ credentials: roomConfig.twilio, apiOrigin: twilio.origin }, undefined, undefined);
    const module = await Test.createTestingModule({ imports: [plumbingOf(fresh.url, [[Clock, clock], [Database, new Database(dataSource)], [TwilioAccount, account]]), AlertingModule, IncidentsModule, DrillsModule, EmailModule] }).compile();
    module.useLogger(false);
    const tenant = await module.get(TenancyService, { strict: false }).addTenant('Elm Clinic', {
      escalation: { sender: OURS, fallback: '+15559990000', whatsappTemplate: { contentSid: TEMPLATE, variables: { 1: 'firstName', 2: 'reply' } } },
    });
    await module.get(TenancyService, { strict: false }).addSender(tenant.id, { channel: 'whatsapp', address: OURS, origin: 'api' });
    twilio.control.addContent({ sid: TEMPLATE, body: 'Hi {{1}}, news: {{2}} Write to us to go on.', buttons: [] });
    return new EscalationRoom(clock, { twilio, post }, tenant.id, module, fresh, async () => {
      await Promise.all([dataSource.destroy(), twilio.close(), post.close()]);
      await fresh.drop();
    });
  }

  readonly twilio = this.servers.twilio;
  readonly post = this.servers.post;
  readonly escalation = this.module.get(EscalationService, { strict: false });
  readonly pins = this.module.get(StaffService, { strict: false }).pins;
  readonly reports = this.module.get(ReportsService, { strict: false });
  readonly drills = this.module.get(DrillsService, { strict: false });
  readonly warnings = this.module.get(WarningsService, { strict: false });
  readonly exceptions = this.module.get(ExceptionsService, { strict: false });
  readonly schedules = this.module.get(SchedulesService, { strict: false });

  /** From now on the tenant writes mails. @returns what ruins its passwords */
  async opensMailbox(): Promise<() => Promise<void>> {
    const { smtpPort, imapPort, address: user } = await this.post.control.addMailbox({ address: 'desk@clinic.test', password: 'secret', filesSent: false });
    const [imap, smtp] = [imapPort, smtpPort].map((port) => ({ host: '127.0.0.1', port, security: 'none', user }) as const);
    const settings = { address: user, senderName: null, imap: imap!, smtp: smtp!, folder: 'INBOX', sentFolder: null, filesSent: false, authservId: null, plusAddressing: false };
    const { id } = await this.module.get(MailboxesService, { strict: false }).add(this.tenantId, settings, { imap: 'secret', smtp: 'secret' });
    this.module.get(MailAlertsService, { strict: false }).onModuleInit();
    return async () => void (await this.fresh.query(`update mailboxes set smtp_password = 'v1.ruined', imap_password = 'v1.ruined' where id = $1`, [id]));
  }

  /** How many mails somebody has got. */
  mailsTo(address: string): number {
    return this.post.control.person(address).mails.length;
  }

  /** Somebody with a phone that they have shown to be theirs. @returns their id and number */
  async person(name: string, channels: readonly ('voice' | 'sms' | 'whatsapp' | 'email')[] = ['voice', 'sms']): Promise<{ id: string; phone: string; email: string }> {
    this.people += 1;
    const phone = `+1555986${String(this.people).padStart(4, '0')}`;
    const email = `${this.people}@people.test`;
    const contactMethods = channels.map((channel) => ({ channel, address: channel === 'email' ? email : phone }));
    const { id } = await this.module.get(StaffService, { strict: false }).add(this.tenantId, { name, doNotDisturb: [], externalRef: null, contactMethods }, {});
    await this.fresh.query('update contact_methods set verified_at = now() where staff_id = $1', [id]);
    return { id, phone, email };
  }

  async policy(targets: Step['targets'][], rounds = 1, channels: Step['channels'] = ['voice', 'sms']): Promise<string> {
    const steps = targets.map((each) => ({ targets: each, channels, waitSeconds: 120 }));
    return (await this.module.get(PoliciesService, { strict: false }).add(this.tenantId, { name: `Policy ${this.people} ${this.clock.ms()}`, steps, rounds, slaSeconds: null }, undefined, undefined)).id;
  }

  async report(policyId: string, more: Partial<NewReport> = {}, key?: string): Promise<string> {
    const tenant = await this.module.get(TenancyService, { strict: false }).tenant(this.tenantId);
    return (await this.escalation.report(tenant, { conversationSid: null, urgency: 5, reason: 'Smoke', source: 'test', callback: null, policyId, isDrill: false, ...more }, key)).id;
  }

  /** Somebody writes this to one of our numbers. @returns whether they have said STOP there, as it stands then */
  async writes({ phone: address }: { phone: string }, word: 'stop' | 'start', sender: string): Promise<boolean> {
    this.clock.forward(1_000);
    const message = { channel: 'sms' as const, address, sender, body: word, details: null, providerSid: `SM${this.clock.ms()}`, receivedAt: this.clock.now() };
    const staff = this.module.get(StaffService, { strict: false });
    return this.module.get(Database, { strict: false }).transaction(this.tenantId, async (tx) => {
      await staff.hear(tx, message, word);
      return staff.hasStopped(tx, message);
    });
  }

  /** Whoever comes to this point next dies there. @returns whether somebody has */
  diesAt(point: string): () => boolean {
    const watched = globalThis as Record<symbol, unknown>;
    let died = false;
    watched[WATCHER] = (at: string): void => {
      if (died || at !== point) return;
      died = true;
      throw new Error(`died at ${point}`);
    };
    return () => {
      delete watched[WATCHER];
      return died;
    };
  }

  /** Works off what is due, as often as it takes; what dies is left as it is. */
  async run(): Promise<void> {
    for (;;) {
      const due = await this.fresh.query<Job>(`select id, name, payload from outbox where name similar to '(escalation|drills).%' and due_at <= $1 order by due_at, id`, [this.clock.now()]);
      const again = await Promise.all(due.map((job) => this.once(job)));
      if (!again.includes(true)) return;
    }
  }

  /** @returns whether it is done, for this time */
  private async once({ id, name, payload }: Job): Promise<boolean> {
    try {
      const outcome = await this.work(name, payload);
      if (outcome) await this.fresh.query('update outbox set due_at = $2 where id = $1', [id, outcome.again]);
      else await this.fresh.query('delete from outbox where id = $1', [id]);
      return true;
    } catch {
      return false;
    }
  }

  private work(name: string, { incidentId, attemptId, epoch, drillId, number, runId }: Job['payload']): Promise<JobOutcome> {
    if (name === 'drills.due') return this.drills.due(this.tenantId, drillId, number);
    if (name === 'drills.begin') return this.drills.begin(this.tenantId, runId);
    const ladder = this.module.get(LadderService, { strict: false });
    if (name === 'escalation.climb') return ladder.climb(this.tenantId, incidentId, epoch);
    return name === 'escalation.watch' ? ladder.watch(this.tenantId, incidentId) : this.module.get(AlertingService, { strict: false }).alert(this.tenantId, attemptId);
  }

  /** Time goes by, and whoever has died is back. */
  async pass(seconds: number): Promise<void> {
    for (let left = seconds; left > 0; left -= 15) {
      this.clock.forward(Math.min(left, 15) * 1_000);
      await this.run();
    }
  }

  /** How often somebody was called, and texted of it. */
  reached({ phone }: { phone: string }): { calls: number; texts: number } {
    const texts = this.twilio.control.phone(phone).messages.filter(({ body }) => /urgent case/.test(body));
    return { calls: this.twilio.control.calls(phone).length, texts: texts.length };
  }

  /** The words about it that have come on WhatsApp. */
  whatsapps({ phone }: { phone: string }): string[] {
    return this.twilio.control.phone(`whatsapp:${phone}`).messages.map(({ body }) => body);
  }

  async stateOf(id: string): Promise<string> {
    const { incident } = await this.escalation.sighted(this.tenantId, id);
    return `${incident.state} ${incident.round}/${incident.step}`;
  }
}
