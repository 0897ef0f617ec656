import { type DynamicModule, Global, Module, RequestMethod } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { Database } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { logScope } from '@throughline/kernel/log.js';
import { ModelClient } from '@throughline/llm/client.js';
import type { QueueBackend } from '@throughline/queues/backend.js';
import { QueuesModule } from '@throughline/queues/queues.module.js';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { LoggerModule } from 'nestjs-pino';
import type { LogFn, Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { AppConfig } from './app.config.js';
import { ErrorsFilter } from './app.errors.filter.js';
import { HealthController } from './app.health.controller.js';
import { AlertingModule } from './alerting/alerting.module.js';
import { AnsweringModule } from './answering/answering.module.js';
import { AssistantModule } from './assistant/assistant.module.js';
import { CalendarsModule } from './calendars/calendars.module.js';
import { CallbackModule } from './callback/callback.module.js';
import { CallsModule } from './calls/calls.module.js';
import { ChannelsModule } from './channels/channels.module.js';
import { ConferenceModule } from './conference/conference.module.js';
import { ContactsModule } from './contacts/contacts.module.js';
import { ConversationsModule } from './conversations/conversations.module.js';
import { MediaModule } from './media/media.module.js';
import { MirrorModule } from './mirror/mirror.module.js';
import { DrillsModule } from './drills/drills.module.js';
import { DeliveryModule } from './delivery/delivery.module.js';
import { EscalationModule } from './escalation/escalation.module.js';
import { EmailModule } from './email/email.module.js';
import { IncidentsModule } from './incidents/incidents.module.js';
import { KnowledgeModule } from './knowledge/knowledge.module.js';
import { MemoryModule } from './memory/memory.module.js';
import { OutboundModule } from './outbound/outbound.module.js';
import { PagerModule } from './pager/pager.module.js';
import { PlacingModule } from './placing/placing.module.js';
import { OncallModule } from './oncall/oncall.module.js';
import { PoliciesModule } from './policies/policies.module.js';
import { PrivacyModule } from './privacy/privacy.module.js';
import { StaffModule } from './staff/staff.module.js';
import { TenancyModule } from './tenancy/tenancy.module.js';
import { TransferModule } from './transfer/transfer.module.js';
import { RelayModule } from './relay/relay.module.js';
import { RealtimeModule } from './realtime/realtime.module.js';
import { TriageModule } from './triage/triage.module.js';
import { VapiModule } from './vapi/vapi.module.js';
import { VisitorsModule } from './visitors/visitors.module.js';
import { VoiceModule } from './voice/voice.module.js';
import { WebchatModule } from './webchat/webchat.module.js';

export interface AppParts {
  config: AppConfig;
  clock: Clock;
  dataSource: DataSource;
  backend: QueueBackend;
  /** Rooms that only this composition has: the page of phones, when Twilio is simulated. */
  extra: DynamicModule[];
}

/** The plumbing that every room may ask for. */
@Global()
@Module({})
class PlumbingModule {
  static with({ config, clock }: AppParts): DynamicModule {
    const { twilio, model } = config;
    const account = new TwilioAccount(
      { credentials: twilio, apiOrigin: twilio.apiOrigin }, twilio.conversationsServiceSid, twilio.messagingServiceSid,
    );
    return {
      module: PlumbingModule,
      providers: [
        { provide: AppConfig, useValue: config },
        { provide: Clock, useValue: clock },
        { provide: TwilioAccount, useValue: account },
        { provide: ModelClient, useValue: new ModelClient({ apiKey: model.apiKey, baseUrl: model.baseUrl, model: model.name }) },
        { provide: Database, inject: [getDataSourceToken()], useFactory: (dataSource: DataSource) => new Database(dataSource) },
      ],
      exports: [AppConfig, Clock, TwilioAccount, ModelClient, Database],
    };
  }
}

/** All rooms, and the plumbing below them. */
@Module({})
export class AppModule {
  static with(parts: AppParts): DynamicModule {
    const { config, dataSource, backend, extra } = parts;
    return {
      module: AppModule,
      imports: [
        LoggerModule.forRoot({ pinoHttp: logging(config.logLevel), exclude: [{ path: '*path', method: RequestMethod.ALL }] }),
        TypeOrmModule.forRootAsync({ useFactory: () => dataSource.options, dataSourceFactory: async () => dataSource }),
        PlumbingModule.with(parts),
        QueuesModule.forRoot({ backend, databaseUrl: config.databaseUrl, work: config.roles.worker }),
        TenancyModule, ContactsModule, ConversationsModule, VisitorsModule, MirrorModule, CallsModule, PlacingModule, StaffModule,
        MediaModule, MemoryModule, KnowledgeModule, DeliveryModule, TransferModule, OutboundModule, OncallModule, PoliciesModule, EscalationModule, AlertingModule, IncidentsModule, DrillsModule, CallbackModule, TriageModule, AssistantModule, PrivacyModule,
        ChannelsModule, WebchatModule, EmailModule, VoiceModule, RelayModule, RealtimeModule, VapiModule, ConferenceModule, AnsweringModule, PagerModule, CalendarsModule,
        ...extra,
      ],
      controllers: [HealthController],
      providers: [{ provide: APP_FILTER, useClass: ErrorsFilter }],
    };
  }
}

/** Which modules and routes there are is nothing a start should tell each time. */
const FRAMEWORK = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);
const INFO = 30;

function quietFramework(this: Logger, args: Parameters<LogFn>, write: LogFn, level: number): void {
  const { context } = (args[0] ?? {}) as { context?: string };
  if (level === INFO && context && FRAMEWORK.has(context)) this.debug(...args);
  else write.apply(this, args);
}

/** Structured, with tenant and Conversation on each line; never a body, a header or a token. */
function logging(level: string): Record<string, unknown> {
  const pretty = process.stdout.isTTY ? { transport: { target: 'pino-pretty', options: { singleLine: true, ignore: 'pid,hostname,req,res' } } } : {};
  return {
    level,
    mixin: () => logScope(),
    autoLogging: false,
    hooks: { logMethod: quietFramework },
    serializers: { req: (request: { method: string; url: string }) => ({ method: request.method, path: request.url.split('?')[0] }), res: () => undefined },
    ...pretty,
  };
}
