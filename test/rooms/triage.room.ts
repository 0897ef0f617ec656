import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { appDataSource, Database } from '@throughline/database/database.js';
import { Clock, FixedClock } from '@throughline/kernel/clock.js';
import { ModelClient } from '@throughline/llm/client.js';
import { type ScriptedModel, startScriptedModel } from '@throughline/scripted-model/server.js';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { ConversationsService } from '../../src/conversations/conversations.service.js';
import type { InboundMessage, Message } from '../../src/conversations/conversations.types.js';
import { ReceiveService } from '../../src/conversations/receive.service.js';
import { EscalationService } from '../../src/escalation/escalation.service.js';
import { PoliciesService } from '../../src/policies/policies.service.js';
import { TenancyService } from '../../src/tenancy/tenancy.service.js';
import { JudgingService } from '../../src/triage/judging.service.js';
import { TriageModule } from '../../src/triage/triage.module.js';
import { TriageService } from '../../src/triage/triage.service.js';
import type { Verdict } from '../../src/triage/triage.types.js';
import { WordsService } from '../../src/triage/words.service.js';
import { freshDatabase, type TestDatabase } from '../harness/postgres.js';
import { plumbingOf, roomConfig } from './plumbing.js';

interface Job {
  id: string;
  name: string;
  payload: { conversationSid: string; seq: number };
}

/** What comes in and nobody answers, on a database of its own, with a model that does as it is told; time stands still, and jobs are run by hand. */
export class TriageRoom {
  private sids = 0;
  private messages = 0;

  private constructor(
    readonly clock: FixedClock,
    readonly model: ScriptedModel,
    readonly tenantId: string,
    private readonly module: TestingModule,
    readonly fresh: TestDatabase,
    readonly close: () => Promise<void>,
  ) {}

  static async open(): Promise<TriageRoom> {
    const [fresh, model, clock] = [await freshDatabase(), await startScriptedModel(), new FixedClock()];
    const dataSource = await appDataSource({ url: fresh.url }).initialize();
    const client = new ModelClient({ apiKey: 'any', baseUrl: model.baseUrl, model: 'scripted-model', retries: 0 });
    const account = new TwilioAccount({ credentials: roomConfig.twilio }, undefined, undefined);
    const plumbing = plumbingOf(fresh.url, [[Clock, clock], [Database, new Database(dataSource)], [ModelClient, client], [TwilioAccount, account]]);
    const module = await Test.createTestingModule({ imports: [plumbing, TriageModule] }).compile();
    module.useLogger(false);
    const tenant = await module.get(TenancyService, { strict: false }).addTenant('Elm Clinic', {});
    await module.get(PoliciesService, { strict: false }).add(tenant.id, { name: 'All', steps: [{ targets: [{ kind: 'all' }], channels: ['sms'], waitSeconds: 60 }], rounds: 1, slaSeconds: null }, undefined, undefined);
    return new TriageRoom(clock, model, tenant.id, module, fresh, async () => {
      await Promise.all([dataSource.destroy(), model.close()]);
      await fresh.drop();
    });
  }

  readonly conversations = this.module.get(ConversationsService, { strict: false });
  readonly judging = this.module.get(JudgingService, { strict: false });
  readonly triage = this.module.get(TriageService, { strict: false });
  readonly words = this.module.get(WordsService, { strict: false });
  readonly tenancy = this.module.get(TenancyService, { strict: false });

  async set(triage: object): Promise<void> {
    await this.tenancy.changeTenant(this.tenantId, { settings: { triage } });
  }

  /** Somebody new leaves a voicemail. @returns their conversation */
  voicemail(body: string, address = this.phone()): Promise<string> {
    return this.receives({
      channel: 'voice', address, body, trust: 'attested_caller_id', details: { call: { sid: `CA${address}`, proved: true }, words: ['voicemail, 9 seconds'] },
      unanswered: { why: 'a message was left on voicemail', people: true },
    });
  }

  /** A program sends a mail that nobody answers. */
  mail(address: string, subject: string, body: string, more: { proved?: boolean; kind?: 'bulk' | 'reply' | 'notice' } = {}): Promise<string> {
    const email = { messageId: null, references: [], subject, fullText: null, automatic: 'auto-submitted', proved: true, kind: 'notice' as const, ...more };
    return this.receives({ channel: 'email', address, body, details: { email, words: [] }, unanswered: { why: 'sent by a program', people: false } });
  }

  async receives(message: Pick<InboundMessage, 'channel' | 'address' | 'body'> & Partial<InboundMessage>): Promise<string> {
    this.messages += 1;
    const tenant = await this.tenancy.tenant(this.tenantId);
    const outcome = await this.conversations.receive(tenant, { providerSid: `M${this.messages}`, sender: '+15550000001', media: [], receivedAt: this.clock.now(), ...message });
    if (outcome.outcome === 'received') return outcome.conversationSid;
    if (outcome.outcome !== 'stored') throw new Error(`the message was not received: ${outcome.outcome}`);
    this.sids += 1;
    const sid = `CH${String(this.sids).padStart(32, '0')}`;
    await this.module.get(ReceiveService, { strict: false }).receiveKept(tenant, outcome.inboxId, sid);
    return sid;
  }

  /** The caller says something, in a call that the conversation knows. */
  async hears(conversationSid: string, body: string): Promise<void> {
    this.messages += 1;
    const aloud = { address: await this.addressOf(conversationSid), sender: '+15550000001', call: { sid: `CA${this.messages}`, proved: true } };
    await this.conversations.aloud.hear(this.tenantId, { conversationSid, body, aloud, key: `S${this.messages}` });
  }

  /** A turn of the assistant's comes to nothing, with this as its last words. */
  async fails(conversationSid: string, closingLine: string): Promise<void> {
    const { epoch } = (await this.conversations.find(this.tenantId, conversationSid))!;
    const outcome = await this.conversations.handOff(this.tenantId, { conversationSid, turnId: randomUUID(), epoch, reason: 'the model failed', closingLine, hasFailed: true });
    if (outcome.outcome !== 'said') throw new Error(`not handed off: ${outcome.why}`);
  }

  phone = (): string => `+1555987${String(this.messages).padStart(4, '0')}`;

  /** What the model says next. */
  says(urgency: number, reason = 'As the model sees it'): void {
    this.model.next({ task: 'triage', callTool: { name: 'judge', arguments: { urgency, reasons: [reason] } } });
  }

  async jobs(): Promise<Job[]> {
    return this.fresh.query<Job>(`select id, name, payload from outbox where name like 'triage.%' and due_at <= $1 order by due_at, (payload->>'seq')::int, id`, [this.clock.now()]);
  }

  /** Works off what is due, once; what dies is left as it is. */
  async run(): Promise<void> {
    for (const job of await this.jobs()) await this.work(job);
  }

  async runAtOnce(): Promise<void> {
    await Promise.all((await this.jobs()).map((job) => this.work(job)));
  }

  private async work({ id, name, payload: { conversationSid, seq } }: Job): Promise<void> {
    try {
      const outcome = name === 'triage.heard' ? await this.judging.heard(this.tenantId, conversationSid, seq) : await this.judging.judge(this.tenantId, conversationSid, seq);
      if (outcome) await this.fresh.query('update outbox set due_at = $2 where id = $1', [id, outcome.again]);
      else await this.fresh.query('delete from outbox where id = $1', [id]);
    } catch (error) {
      if (!/died at/.test(String(error))) throw error;
    }
  }

  async callOff(sid: string): Promise<void> {
    const [incident] = await this.fresh.query<{ id: string }>('select id from incidents where conversation_sid = $1', [sid]);
    await this.module.get(EscalationService, { strict: false }).cancel(this.tenantId, incident!.id, 'Dana');
  }

  async addressOf(sid: string): Promise<string> {
    return (await this.conversations.latest(this.tenantId, sid, { limit: 50 })).find(({ address }) => address)!.address!;
  }

  /** `judge urgency` of each, in the order of the alphabet: time stands still. */
  async verdicts(sid: string): Promise<string[]> {
    return (await this.list(sid)).map(({ judge, urgency }) => `${judge} ${urgency}`).sort();
  }

  list(sid: string): Promise<Verdict[]> {
    return this.triage.list(this.tenantId, sid, null, 50);
  }

  async incidents(sid: string): Promise<{ urgency: number; callback: string | null; reports: { urgency: number; reason: string; source: string }[] }[]> {
    return this.fresh.query('select urgency, callback, reports from incidents where conversation_sid = $1 order by created_at', [sid]);
  }

  async notes(sid: string): Promise<string[]> {
    const thread = await this.conversations.latest(this.tenantId, sid, { limit: 50 });
    return thread.filter(({ direction }: Message) => direction === 'internal').map(({ body }) => body);
  }

  /** What the model was asked. */
  asked(): string[] {
    return this.model.requests().map(({ body }) => String((body.messages.at(-1) as { content: string }).content));
  }
}
