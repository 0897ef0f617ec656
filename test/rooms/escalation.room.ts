import { Test, type TestingModule } from '@nestjs/testing';
import { appDataSource, Database } from '@throughline/database/database.js';
import { Clock, FixedClock } from '@throughline/kernel/clock.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { type MailSimulator, startMailSimulator } from '@throughline/mail-simulator/server.js';
import { startSimulator, type TwilioSimulator } from '@throughline/twilio-simulator/server.js';
import { AlertingModule } from '../../src/alerting/alerting.module.js';
import { AlertingService } from '../../src/alerting/alerting.service.js';
import { CallbackModule } from '../../src/callback/callback.module.js';
import { CallbackService } from '../../src/callback/callback.service.js';
import { DrivingService as CallbackDriving } from '../../src/callback/driving.service.js';
import { ProgressService } from '../../src/callback/progress.service.js';
import { TellingService } from '../../src/callback/telling.service.js';
import { CallsService } from '../../src/calls/calls.service.js';
import { ConversationsService } from '../../src/conversations/conversations.service.js';
import { MergingService } from '../../src/conversations/merging.service.js';
import { ReceiveService } from '../../src/conversations/receive.service.js';
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
import { DrivingService as TransferDriving } from '../../src/transfer/driving.service.js';
import { TransferService } from '../../src/transfer/transfer.service.js';
import { eventually } from '../harness/eventually.js';
import { freshDatabase, type TestDatabase } from '../harness/postgres.js';
import { openBin } from '../harness/twiml.bin.js';
import { forgetfulTenancy, oneConnection, plumbingOf, roomConfig } from './plumbing.js';

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
  private replied = 0;

  private constructor(
    readonly clock: FixedClock,
    private readonly servers: { twilio: TwilioSimulator; post: MailSimulator },
    readonly tenantId: string,
    private readonly module: TestingModule,
    readonly fresh: TestDatabase,
    readonly close: () => Promise<void>,
  ) {}

  /** @param isAlone with one connection to the database, and nothing of a tenant kept in mind */
  static async open({ isAlone = false } = {}): Promise<EscalationRoom> {
    const twilio = await startSimulator({ port: 0, accounts: [{ sid: roomConfig.twilio.accountSid, authToken: 'token' }], stepMs: 1 });
    twilio.control.addNumber({ accountSid: roomConfig.twilio.accountSid, phoneNumber: OURS });
    const post = await startMailSimulator({});
    const fresh = await freshDatabase();
    const dataSource = await (isAlone ? oneConnection(fresh.url) : appDataSource({ url: fresh.url })).initialize();
    const clock = new FixedClock();
    const account = new TwilioAccount({ credentials: roomConfig.twilio, apiOrigin: twilio.origin }, undefined, undefined);
    const plumbing = plumbingOf(fresh.url, [[Clock, clock], [Database, new Database(dataSource)], [TwilioAccount, account]]);
    const builder = Test.createTestingModule({ imports: [plumbing, AlertingModule, IncidentsModule, DrillsModule, EmailModule, CallbackModule] });
    const module = await (isAlone ? builder.overrideProvider(TenancyService).useFactory(forgetfulTenancy) : builder).compile();
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
  readonly callbacks = this.module.get(CallbackService, { strict: false });
  readonly calls = this.module.get(CallsService, { strict: false });
  readonly conversations = this.module.get(ConversationsService, { strict: false });
  readonly escalation = this.module.get(EscalationService, { strict: false });
  readonly pins = this.module.get(StaffService, { strict: false }).pins;
  readonly progress = this.module.get(ProgressService, { strict: false });
  readonly reports = this.module.get(ReportsService, { strict: false });
  readonly transfers = this.module.get(TransferService, { strict: false });
  /** What makes it so at Twilio. */
  readonly drives = { callback: this.module.get(CallbackDriving, { strict: false }), transfer: this.module.get(TransferDriving, { strict: false }) };
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

  /** Its mails are handed in at this port of this machine from now on; left out: where they are taken. */
  async sendsMailsTo(port = this.post.smtpPort): Promise<void> {
    await this.fresh.query(`update mailboxes set smtp = jsonb_set(smtp, '{port}', to_jsonb($1::int))`, [port]);
  }

  /** Something happens while Twilio's next answer about these is on its way to us: it is done before we have the answer. @returns whether it has */
  meanwhile(list: 'Calls' | 'Messages', work: () => Promise<unknown>): () => boolean {
    const { httpClient } = this.module.get(TwilioAccount, { strict: false }).client;
    const request = httpClient.request.bind(httpClient);
    let isDone = false;
    httpClient.request = async (options) => {
      const answer = await request(options);
      if (isDone || !/^get$/i.test(options.method) || !new URL(options.uri).pathname.endsWith(`/${list}.json`)) return answer;
      isDone = true;
      await work();
      return answer;
    };
    return () => {
      httpClient.request = request;
      return isDone;
    };
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

  /** Somebody works here no more: nothing counts on them from now on, and they are removed. */
  async leaves({ id }: { id: string }, policyId: string): Promise<void> {
    await this.module.get(PoliciesService, { strict: false }).remove(this.tenantId, policyId, undefined);
    await this.module.get(StaffService, { strict: false }).remove(this.tenantId, id, {});
  }

  /** What the link of an alert opens. */
  readonly opens = (attemptId: string): ReturnType<EscalationService['ofLink']> => this.escalation.ofLink(new URL(this.escalation.links.page(attemptId)).pathname.slice('/a/'.length));

  async policy(targets: Step['targets'][], rounds = 1, channels: Step['channels'] = ['voice', 'sms']): Promise<string> {
    const steps = targets.map((each) => ({ targets: each, channels, waitSeconds: 120 }));
    return (await this.module.get(PoliciesService, { strict: false }).add(this.tenantId, { name: `Policy ${this.people} ${this.clock.ms()}`, steps, rounds, slaSeconds: null }, undefined, undefined)).id;
  }

  async report(policyId: string, more: Partial<NewReport> = {}, key?: string): Promise<string> {
    const tenant = await this.module.get(TenancyService, { strict: false }).tenant(this.tenantId);
    return (await this.escalation.report(tenant, { conversationSid: null, urgency: 5, reason: 'Smoke', source: 'test', callback: null, policyId, isDrill: false, ...more }, key)).id;
  }

  /** A customer texts us. @returns their conversation */
  async customerTexts({ phone: address }: { phone: string }, body: string): Promise<string> {
    const tenant = await this.module.get(TenancyService, { strict: false }).tenant(this.tenantId);
    const sid = `CH${address.slice(1).padStart(32, '0')}`;
    const said = await this.conversations.receive(tenant, { providerSid: `SM${address}/${body}`, channel: 'sms', address, sender: OURS, body, media: [], receivedAt: this.clock.now() });
    if (said.outcome === 'stored') await this.module.get(ReceiveService, { strict: false }).receiveKept(tenant, said.inboxId, sid);
    return sid;
  }

  /** Somebody of the staff answers a text of ours. @returns whether we have taken that for a customer's message */
  async replies({ phone: address }: { phone: string }, body: string): Promise<boolean> {
    const tenant = await this.module.get(TenancyService, { strict: false }).tenant(this.tenantId);
    this.replied += 1;
    const said = await this.conversations.receive(tenant, { providerSid: `SMreply${this.replied}`, channel: 'sms', address, sender: OURS, body, media: [], receivedAt: this.clock.now() });
    return said.outcome !== 'taken';
  }

  /** All that somebody was texted. */
  textsTo({ phone }: { phone: string }): string[] {
    return this.twilio.control.phone(phone).messages.map(({ body }) => body);
  }

  /** A customer who has texted us calls, and is on the line. @returns their call */
  async customerCalls({ phone: address }: { phone: string }): Promise<string> {
    const bin = await openBin('<Say>Hello.</Say><Pause length="3600"/>');
    this.twilio.control.addNumber({ accountSid: roomConfig.twilio.accountSid, phoneNumber: OURS, voiceUrl: bin.url });
    const { callSid } = this.twilio.control.placeCall({ from: address, to: OURS });
    await eventually('the call to be answered', () => this.twilio.control.callState(callSid).status === 'in-progress', 5_000);
    await bin.close();
    await this.calls.begin(this.tenantId, { callSid, address, sender: OURS, proved: true });
    return callSid;
  }

  /** The caller asks for a specialist, and the assistant stays with them until one accepts. */
  async seeks(callSid: string, conversationSid: string): Promise<void> {
    const tenant = await this.module.get(TenancyService, { strict: false }).tenant(this.tenantId);
    const transfer = { ...tenant.settings.transfer, style: 'stay' as const, specialists: [{ name: 'Dr. Lee', phone: '+15559870001' }] };
    await this.transfers.request({ ...tenant, settings: { ...tenant.settings, transfer } }, { callSid, conversationSid, reason: 'test', isProved: true });
  }

  /** Where Twilio was told that a caller is to go, in order. */
  movesOf(callSid: string): string[] {
    return this.twilio.control.requests().filter(({ method, path, params }) => method === 'POST' && path.endsWith(`/Calls/${callSid}.json`) && params['Url']).map(({ params }) => new URL(String(params['Url'])).pathname);
  }

  /** Staff says that the customer of the one conversation is that of the other, where it goes on. */
  async merges(...conversationSids: [string, string]): Promise<void> {
    const [absorbedId, survivingId] = (await Promise.all(conversationSids.map((sid) => this.conversations.conversation(this.tenantId, sid)))).map(({ contactId }) => contactId);
    await this.module.get(MergingService, { strict: false }).merge(this.tenantId, { absorbedId: absorbedId!, survivingId: survivingId!, staff: 'Dana', reason: null });
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

  /** Works off what is due, and what comes of it; what dies is left as it is. */
  async run(): Promise<void> {
    const left: string[] = [];
    for (;;) {
      const due = await this.fresh.query<Job>(
        `select id, name, payload from outbox where name similar to '(escalation|drills).%|callback.tell' and due_at <= $1 and id <> all($2::uuid[]) order by due_at, id`, [this.clock.now(), left],
      );
      if (due.length === 0) return;
      await Promise.all(due.map(async (job) => void ((await this.once(job)) || left.push(job.id))));
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
    if (name === 'callback.tell') return this.module.get(TellingService, { strict: false }).tell(this.tenantId, incidentId);
    if (name === 'drills.begin') return this.drills.begin(this.tenantId, runId);
    const ladder = this.module.get(LadderService, { strict: false });
    if (name === 'escalation.climb') return ladder.climb(this.tenantId, incidentId, epoch);
    return name === 'escalation.watch' ? ladder.watch(this.tenantId, incidentId) : this.alert(attemptId);
  }

  /** What an attempt asks for is done, or looked for. */
  alert(attemptId: string): Promise<JobOutcome> {
    return this.module.get(AlertingService, { strict: false }).alert(this.tenantId, attemptId);
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

  /** What Twilio knows the call or the text to somebody by. */
  readonly sidAtTwilio = ({ phone }: { phone: string }): string => (this.twilio.control.calls(phone)[0]?.callSid ?? this.twilio.control.phone(phone).messages[0]?.sid)!;

  /** The words about it that have come on WhatsApp. */
  readonly whatsapps = ({ phone }: { phone: string }): string[] => this.twilio.control.phone(`whatsapp:${phone}`).messages.map(({ body }) => body);

  async stateOf(id: string): Promise<string> {
    const { incident } = await this.escalation.sighted(this.tenantId, id);
    return `${incident.state} ${incident.round}/${incident.step}`;
  }
}
