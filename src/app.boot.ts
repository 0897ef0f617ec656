import net from 'node:net';
import path from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { appDataSource } from '@throughline/database/database.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@throughline/database/embedded-postgres.js';
import { migrate } from '@throughline/database/migrate.js';
import { ShiftableClock } from '@throughline/kernel/clock.js';
import { Sockets } from '@throughline/live/sockets.js';
import { openBackend, type QueueBackend } from '@throughline/queues/backend.js';
import { JobRunner } from '@throughline/queues/job-runner.js';
import { OutboxRows } from '@throughline/queues/outbox.rows.js';
import { Sweep } from '@throughline/queues/sweep.js';
import { Logger } from 'nestjs-pino';
import { type AppConfig, type Environment, mediaBucketOf } from './app.config.js';
import { settleOnCall } from './app.demo.js';
import { furnishHttp } from './app.http.js';
import { checkSecretsKey, keepOffset, keptOffset, keptSecret } from './app.keeper.js';
import { AppModule } from './app.module.js';
import { furnishOpenApi } from './app.openapi.js';
import { checkReach, listenAddress } from './app.reach.js';
import { chooseModel, mailboxServers, type ModelChoice, SANDBOX_MAILBOX, SANDBOX_MX, SANDBOX_NUMBER, SANDBOX_SPECIALIST, SANDBOX_TEMPLATE, SANDBOX_TENANT, SANDBOX_WIDGET, type Simulated, simulatedTwilio, whoPlaysTwilio } from './app.sandbox.js';
import { MailboxesService } from './email/mailboxes.service.js';
import { migrations } from './migrations/all.js';
import { SandboxModule } from './sandbox/sandbox.module.js';
import { TenancyService } from './tenancy/tenancy.service.js';
import { VisitorsService } from './visitors/visitors.service.js';

/** How long moving the clock waits for the work under way, in milliseconds. */
const REST_MS = 2_000;

export interface Hub {
  url: string;
  sandbox: boolean;
  scriptedModel: boolean;
  embeddedDatabase: boolean;
  queue: 'postgres' | 'redis';
  /** The sandbox's own; never the one of the environment or of the real hub. */
  sandboxToken: string | undefined;
  app: NestExpressApplication;
  close(): Promise<void>;
}

/** Everything that is opened on the way up, to be closed in the opposite order. */
class Opened {
  private readonly closers: (() => Promise<unknown>)[] = [];

  add<T>(thing: T, close: (thing: T) => Promise<unknown>): T {
    this.closers.unshift(() => close(thing));
    return thing;
  }

  async closeAll(): Promise<void> {
    for (const close of this.closers.splice(0)) await close();
  }
}

/** Starts the hub with all that it needs and was not given: Postgres, Twilio, a model. */
export async function startHub(env: Environment): Promise<Hub> {
  const opened = new Opened();
  try {
    return await boot(env, opened);
  } catch (error) {
    await opened.closeAll().catch(() => undefined);
    throw error;
  }
}

async function boot(env: Environment, opened: Opened): Promise<Hub> {
  const player = await whoPlaysTwilio(env);
  checkReach(env, player);
  const clock = new ShiftableClock();
  if (player !== 'twilio') clock.forward(keptOffset(env.DATA_DIR));
  const postgres = env.DATABASE_URL ? undefined : opened.add(await ownPostgres(env.DATA_DIR), (server) => server.stop());
  const databaseUrl = env.DATABASE_URL ?? postgres!.url();
  await migrate(databaseUrl, migrations);
  const secretsKey = env.SECRETS_KEY ?? keptSecret(env.DATA_DIR, 'secrets-key');
  await checkSecretsKey(databaseUrl, secretsKey);
  const port = env.PORT === 0 ? await freePort() : env.PORT;
  const localUrl = `http://127.0.0.1:${port}`;
  const simulated = await simulatedTwilio(player, env, clock, env.PUBLIC_BASE_URL ?? localUrl);
  if (simulated?.simulator) opened.add(simulated.simulator, (twilio) => twilio.close());
  if (simulated?.voices) opened.add(simulated.voices, (vapi) => vapi.close());
  if (simulated?.mail) opened.add(simulated.mail, (mail) => mail.close());
  const model = opened.add(await chooseModel(env, simulated !== null), (choice) => choice.close());
  const backend = opened.add(await openBackend({ databaseUrl, redisUrl: env.REDIS_URL }), (queue) => queue.close());
  const config = configOf(env, { port, databaseUrl, localUrl, secretsKey, simulated, model });
  const app = await createApp(config, { clock, backend, simulated, model });
  const rows = app.get(OutboxRows);
  opened.add(rows, (outbox) => outbox.close());
  opened.add(app, leave);
  await settle(app, config, simulated);
  await app.listen(port, listenAddress(env, player));
  return {
    url: localUrl, sandbox: simulated !== null, scriptedModel: model.scripted, embeddedDatabase: postgres !== undefined,
    queue: backend.kind, sandboxToken: config.sandboxToken, app, close: () => opened.closeAll(),
  };
}

const ownPostgres = (dataDir: string): Promise<EmbeddedPostgres> =>
  startEmbeddedPostgres({ dataDir: path.join(dataDir, 'postgres'), settings: { max_connections: 200, shared_buffers: '128MB' } });

interface Found {
  port: number;
  databaseUrl: string;
  localUrl: string;
  secretsKey: string;
  simulated: Simulated | null;
  model: ModelChoice;
}

function configOf(env: Environment, found: Found): AppConfig {
  const twilio = found.simulated?.twilio ?? {
    accountSid: env.TWILIO_ACCOUNT_SID!, authToken: env.TWILIO_AUTH_TOKEN!, authTokenSecondary: env.TWILIO_AUTH_TOKEN_SECONDARY,
    apiKey: env.TWILIO_API_KEY, apiSecret: env.TWILIO_API_SECRET, apiOrigin: env.TWILIO_API_ORIGIN,
    messagingServiceSid: env.TWILIO_MESSAGING_SERVICE_SID, conversationsServiceSid: env.TWILIO_CONVERSATIONS_SERVICE_SID,
    verifyServiceSid: env.TWILIO_VERIFY_SERVICE_SID,
  };
  const sandboxToken = found.simulated ? keptSecret(env.DATA_DIR, 'sandbox-admin-token') : undefined;
  return Object.freeze({
    port: found.port,
    publicBaseUrl: env.PUBLIC_BASE_URL ?? found.localUrl,
    trustedProxies: env.TRUSTED_PROXIES,
    dataDir: env.DATA_DIR,
    mediaBucket: mediaBucketOf(env),
    databaseUrl: found.databaseUrl,
    redisUrl: env.REDIS_URL,
    roles: { web: env.HUB_ROLES.includes('web'), worker: env.HUB_ROLES.includes('worker') },
    twilio,
    model: { ...found.model, realtime: found.model.scripted || env.OPENAI_API_KEY || env.OPENAI_BASE_URL ? env.OPENAI_REALTIME_MODEL : undefined, transcription: env.OPENAI_TRANSCRIPTION_MODEL },
    vapi: found.simulated?.vapi ?? { apiKey: env.VAPI_API_KEY, secret: env.VAPI_SECRET, origin: env.VAPI_ORIGIN },
    turnQuietMs: env.TURN_QUIET_MS,
    adminToken: env.ADMIN_TOKEN ?? sandboxToken ?? keptSecret(env.DATA_DIR, 'admin-token'),
    sandboxToken,
    secretsKey: found.secretsKey,
    mailPrivateHosts: found.simulated?.mail ? [...env.MAIL_PRIVATE_HOSTS, '127.0.0.1'] : env.MAIL_PRIVATE_HOSTS,
    logLevel: env.LOG_LEVEL,
  });
}

interface Surroundings {
  clock: ShiftableClock;
  backend: QueueBackend;
  simulated: Simulated | null;
  model: ModelChoice;
}

/** Whoever is answered now goes at once: nothing else is asked of us on that connection, for whose end the rest would wait. */
function leave(app: NestExpressApplication): Promise<void> {
  app.getHttpServer().keepAliveTimeout = 1;
  return app.close();
}

async function createApp(config: AppConfig, around: Surroundings): Promise<NestExpressApplication> {
  const { clock, backend, simulated, model } = around;
  const dataSource = appDataSource({ url: config.databaseUrl, poolSize: 30 });
  let app: NestExpressApplication | undefined;
  const extra = simulated
    ? [SandboxModule.forRoot({
        simulatorOrigin: simulated.origin, mailOrigin: simulated.mail?.origin, publicBaseUrl: config.publicBaseUrl, clock, token: config.sandboxToken!, widgetKey: SANDBOX_WIDGET, scriptedModel: model.scripted,
        tenantId: async () => (await app!.get(TenancyService).defaultTenant()).id,
        forwardClock: async (ms) => {
          // What is under way holds leases; a leap over their end would let somebody else do the same work at the same time.
          await app?.get(JobRunner).rest(REST_MS);
          if (simulated.simulator) simulated.simulator.control.forward(ms);
          else clock.forward(ms);
          keepOffset(config.dataDir, clock.offset);
          await app?.get(Sweep).once(true);
        },
      })]
    : [];
  if (!dataSource.isInitialized) await dataSource.initialize();
  const parts = { config, clock, dataSource, backend, extra };
  app = await NestFactory.create<NestExpressApplication>(AppModule.with(parts), { bodyParser: false, bufferLogs: true, abortOnError: false });
  app.useLogger(app.get(Logger));
  furnishHttp(app);
  furnishOpenApi(app);
  app.useWebSocketAdapter(socketsOf(app, config));
  return app;
}

/** Only pages that some widget is for get a connection at all; what they may see is decided by their token. */
function socketsOf(app: NestExpressApplication, { databaseUrl, redisUrl }: AppConfig): Sockets {
  const visitors = app.get(VisitorsService, { strict: false });
  return new Sockets(app, { databaseUrl, redisUrl, mayConnect: (origin) => visitors.isOriginKnown(origin) });
}

/** The default tenant, and in the sandbox its number and its template; never a sandbox in front of somebody's real tenants. */
async function settle(app: NestExpressApplication, config: AppConfig, simulated: Simulated | null): Promise<void> {
  const tenancy = app.get(TenancyService);
  if (!simulated) {
    await tenancy.defaultTenant();
    return;
  }
  const foreign = (await tenancy.accounts()).filter((account) => account !== simulated.twilio.accountSid);
  if (foreign.length > 0) {
    throw new Error(
      `This database holds tenants of the Twilio account ${foreign[0]}, and this start has no credentials for it. ` +
        'Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or use another DATABASE_URL or DATA_DIR for the sandbox.',
    );
  }
  const tenant = await tenancy.defaultTenant(SANDBOX_TENANT);
  if (!simulated.simulator) return;
  if (!tenant.settings.businessName) {
    const transfer = { ...tenant.settings.transfer, specialists: [SANDBOX_SPECIALIST] };
    const settings = { ...tenant.settings, businessName: SANDBOX_TENANT, transfer, whatsapp: { reopenTemplate: SANDBOX_TEMPLATE } };
    await tenancy.changeTenant(tenant.id, { settings });
  }
  if (!(await tenancy.sender(tenant.id, 'sms', SANDBOX_NUMBER))) {
    await tenancy.addSender(tenant.id, { channel: 'sms', address: SANDBOX_NUMBER, origin: 'seed', label: 'Front desk' });
  }
  await app.get(VisitorsService, { strict: false }).keepWidget(tenant.id, SANDBOX_WIDGET, {
    title: SANDBOX_TENANT, greeting: 'How can we help?', accentColor: '#0b6e75', locale: 'en', attachments: true, lead: 'after_first_answer',
    allowedOrigins: ownOrigins(config),
  });
  await settleOnCall(app, tenant.id, simulated.simulator.control);
  if (simulated.mail) await settleMailbox(app, config, tenant.id, simulated.mail);
}

/** The demo tenant's mailbox, with the addresses that its servers have at this start. */
async function settleMailbox(app: NestExpressApplication, config: AppConfig, tenantId: string, mail: NonNullable<Simulated['mail']>): Promise<void> {
  const mailboxes = app.get(MailboxesService, { strict: false });
  const password = keptSecret(config.dataDir, 'sandbox-mail-password');
  const servers = await mailboxServers(mail, password);
  const passwords = { imap: password, smtp: password };
  const known = await mailboxes.at(tenantId, SANDBOX_MAILBOX);
  if (known) await mailboxes.change(tenantId, known.id, { ...servers, passwords });
  else {
    const settings = { senderName: null, folder: 'INBOX', sentFolder: null, filesSent: false, authservId: SANDBOX_MX, plusAddressing: true };
    await mailboxes.add(tenantId, { ...settings, ...servers, address: SANDBOX_MAILBOX }, passwords);
  }
}

/** Under whichever name the page of the sandbox is opened. */
const ownOrigins = ({ port, publicBaseUrl }: AppConfig): string[] => [...new Set([publicBaseUrl, `http://127.0.0.1:${port}`, `http://localhost:${port}`])];

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
