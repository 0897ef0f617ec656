import { Test, type TestingModule, type TestingModuleBuilder } from '@nestjs/testing';
import { appDataSource, Database } from '@throughline/database/database.js';
import { Clock, FixedClock } from '@throughline/kernel/clock.js';
import type { Point } from '@throughline/kernel/points.js';
import { ModelClient, type ModelTimeouts } from '@throughline/llm/client.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { OutboxRows } from '@throughline/queues/outbox.rows.js';
import type { ScriptedModel } from '@throughline/scripted-model/server.js';
import { startScriptedModel } from '@throughline/scripted-model/server.js';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { AssistantModule } from '../../src/assistant/assistant.module.js';
import { AssistantService } from '../../src/assistant/assistant.service.js';
import { TurnLimits } from '../../src/assistant/turn.watch.js';
import { ContactsService } from '../../src/contacts/contacts.service.js';
import { ConversationsService } from '../../src/conversations/conversations.service.js';
import type { Channel, Conversation, Message } from '../../src/conversations/conversations.types.js';
import { MergingService } from '../../src/conversations/merging.service.js';
import { OwnershipService } from '../../src/conversations/ownership.service.js';
import { ReceiveService } from '../../src/conversations/receive.service.js';
import { ToolsService } from '../../src/tools/tools.service.js';
import { ForgettingService } from '../../src/memory/forgetting.service.js';
import { KnowledgeService } from '../../src/knowledge/knowledge.service.js';
import { MemoryService } from '../../src/memory/memory.service.js';
import { SummaryService } from '../../src/memory/summary.service.js';
import { PoliciesService } from '../../src/policies/policies.service.js';
import { TenancyService } from '../../src/tenancy/tenancy.service.js';
import type { Tenant } from '../../src/tenancy/tenancy.types.js';
import { freshDatabase, type TestDatabase } from '../harness/postgres.js';
import { forgetfulTenancy, oneConnection, plumbingOf, roomConfig } from './plumbing.js';

const services = {
  tenancy: TenancyService, conversations: ConversationsService, receiving: ReceiveService, memory: MemoryService, knowledge: KnowledgeService, forgetting: ForgettingService, tools: ToolsService,
  summaries: SummaryService, assistant: AssistantService, ownership: OwnershipService, contacts: ContactsService, database: Database, merging: MergingService, policies: PoliciesService,
};
type Services = { [name in keyof typeof services]: InstanceType<(typeof services)[name]> };

const servicesOf = (module: TestingModule): Services =>
  Object.fromEntries(Object.entries(services).map(([name, type]) => [name, module.get<unknown>(type, { strict: false })])) as Services;

/** The memory and the assistant on a database of their own, with a model that does as it is told. */
export class Room {
  private sids = 0;
  private constructor(
    readonly clock: FixedClock,
    readonly model: ScriptedModel,
    readonly tenant: Tenant,
    readonly services: Services,
    private readonly database: TestDatabase,
    readonly close: () => Promise<void>,
  ) {}

  /** `isAlone`: with one connection to the database, and nothing of a tenant kept in mind. */
  static async open(options: { timeouts?: Partial<ModelTimeouts>; limits?: Partial<TurnLimits>; settings?: unknown; isAlone?: boolean } = {}): Promise<Room> {
    const fresh = await freshDatabase();
    const dataSource = await (options.isAlone ? oneConnection(fresh.url) : appDataSource({ url: fresh.url })).initialize();
    const [clock, model] = [new FixedClock(), await startScriptedModel()];
    const client = new ModelClient({ apiKey: 'any', baseUrl: model.baseUrl, model: 'scripted-model', retries: 0, timeouts: options.timeouts });
    const builder = composed(fresh.url, new Database(dataSource), clock, client, { ...new TurnLimits(), ...options.limits });
    const module = await (options.isAlone ? builder.overrideProvider(TenancyService).useFactory(forgetfulTenancy) : builder).compile();
    const found = servicesOf(module);
    const tenant = await found.tenancy.addTenant('Elm Clinic', options.settings ?? {});
    return new Room(clock, model, tenant, found, fresh, async () => {
      await Promise.all([module.get(OutboxRows, { strict: false }).close(), model.close(), dataSource.destroy()]);
      await fresh.drop();
    });
  }

  /** A person writes for the first time. */
  async customer(tenant = this.tenant): Promise<Customer> {
    this.sids += 1;
    return new Customer(this, tenant, `CH${String(this.sids).padStart(32, '0')}`, `+1555123${String(this.sids).padStart(4, '0')}`);
  }

  /** Rows as they are, whoever they belong to. */
  rows<T>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    return this.database.query<T>(sql, parameters);
  }
}

/** The real modules on top of real plumbing; only Twilio and the queue are left out, because nobody asks for them here. */
function composed(url: string, database: Database, clock: FixedClock, model: ModelClient, limits: TurnLimits): TestingModuleBuilder {
  const account = new TwilioAccount({ credentials: roomConfig.twilio }, undefined, undefined);
  const plumbing = plumbingOf(url, [[Clock, clock], [Database, database], [ModelClient, model], [TwilioAccount, account]]);
  return Test.createTestingModule({ imports: [plumbing, AssistantModule] }).overrideProvider(TurnLimits).useValue(limits);
}

/** One person, and what the house knows of the conversation with them. */
export class Customer {
  private written = 0;
  constructor(
    private readonly room: Room,
    readonly tenant: Tenant,
    readonly sid: string,
    private readonly address: string,
  ) {}

  /** @returns the message's seq, as the job of the turn carries it */
  async writes(body: string, channel: Channel = 'sms'): Promise<number> {
    this.written += 1;
    const { conversations, receiving } = this.room.services;
    const message = {
      providerSid: `SM${this.sid}-${this.written}`, channel, address: this.address, sender: '+15550000001', body, media: [],
      receivedAt: this.room.clock.now(),
    };
    const outcome = await conversations.receive(this.tenant, message);
    if (outcome.outcome === 'stored') await receiving.receiveKept(this.tenant, outcome.inboxId, this.sid);
    return (await this.conversation()).lastInboundSeq;
  }

  /** The job that the record asked for. */
  turn(upToSeq: number, tenantId = this.tenant.id): Promise<JobOutcome> {
    return this.room.services.assistant.takeTurn(tenantId, { conversationSid: this.sid, upToSeq });
  }

  /** The alarm of the present owner strikes. */
  async clock(): Promise<JobOutcome> {
    return this.room.services.ownership.clockStruck(this.tenant.id, this.sid, (await this.conversation()).epoch);
  }

  async conversation(): Promise<Conversation> {
    return this.room.services.conversations.conversation(this.tenant.id, this.sid);
  }

  async thread(): Promise<Message[]> {
    return this.room.services.conversations.latest(this.tenant.id, this.sid, { limit: 500 });
  }

  /** What the assistant has said so far. */
  async heard(): Promise<string[]> {
    return (await this.thread()).filter(({ authorKind }) => authorKind === 'assistant').map(({ body }) => body);
  }

  async turns(): Promise<{ up_to_seq: number; state: string; attempt: number; error: string | null }[]> {
    return this.room.rows('select up_to_seq, state, attempt, error from turns where conversation_sid = $1 order by up_to_seq, epoch', [this.sid]);
  }
}

export interface Hold {
  /** Resolves when somebody has come to the point. */
  reached: Promise<void>;
  release(): void;
}

/** The first to come to a named point is held there, as a process that hangs; others pass. */
export function holdAt(point: Point): Hold {
  const watched = globalThis as Record<symbol, unknown>;
  const watcher = Symbol.for('throughline.point');
  let release!: () => void;
  const gate = new Promise<void>((resolve) => (release = resolve));
  const reached = new Promise<void>((resolve) => {
    watched[watcher] = (at: Point): Promise<void> | undefined => {
      if (at !== point) return undefined;
      delete watched[watcher];
      resolve();
      return gate;
    };
  });
  return { reached, release };
}
