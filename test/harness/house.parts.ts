import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ShiftableClock } from '@throughline/kernel/clock.js';
import { type ScriptedModel, startScriptedModel } from '@throughline/scripted-model/server.js';
import type { MailSimulator } from '@throughline/mail-simulator/server.js';
import { startSimulator, type TwilioSimulator } from '@throughline/twilio-simulator/server.js';
import { HubProcess } from './hub.process.js';
import { freePort } from './ports.mjs';
import { freshDatabase, type TestDatabase } from './postgres.js';
import { freshRedis } from './redis.js';
import type { VapiSimulator } from '@throughline/vapi-simulator/server.js';
import { type Refereed, throughReferee } from './referee.js';
import { announceConversations } from './twilio.account.js';
import { openBin } from './twiml.bin.js';

/** Our number in most journeys. */
export const FRONT_DESK = '+15550100001';
/** A number that Vapi answers itself. */
export const VAPIS_OWN = '+15550100005';
export const VAPI_SECRET = 'what only Vapi and the house know';

export interface HouseOptions {
  /** Run web and worker as two processes instead of one. */
  split?: boolean;
  environment?: Record<string, string>;
  /** What Twilio asks where the hub does not answer: a document that it keeps itself, which waits and asks the hub again. */
  voiceFallback?: boolean;
  /** With a post office, and a mailbox that the hub reads. */
  mail?: boolean;
  /** With a Vapi, which knows the front desk, and answers a number of its own. */
  vapi?: boolean;
}

export interface Parts {
  database: TestDatabase;
  twilio: TwilioSimulator;
  model: ScriptedModel;
  account: { sid: string; authToken: string };
  referee: Refereed | undefined;
  mail: MailSimulator | undefined;
  vapi: VapiSimulator | undefined;
  hubs: { web: HubProcess; worker: HubProcess };
  redisUrl: string | undefined;
  /** The hub's `DATA_DIR`. */
  dataDir: string;
  closers: (() => Promise<void>)[];
}

/** In `dataDir`: names the point at which a hub dies. */
export const CRASH_FILE = 'dies-at';
/** In `dataDir`, too: how far time was moved, in milliseconds, which a hub reads when it starts (`src/app.keeper.ts`). */
export const CLOCK_FILE = 'sandbox-clock';

/** Postgres, the queue, Twilio's simulator, the scripted model, and the built hub as processes of its own, which do not run yet. */
export async function buildHouse(options: HouseOptions): Promise<Parts> {
  const closers: (() => Promise<void>)[] = [];
  const database = await freshDatabase();
  closers.unshift(() => database.drop());
  const account = { sid: `AC${randomBytes(16).toString('hex')}`, authToken: randomBytes(16).toString('hex') };
  const [port, workerPort] = [await freePort(), await freePort()];
  const clock = new ShiftableClock();
  const bin = options.voiceFallback ? await openBin(`<Say>One moment, please.</Say><Pause length="30"/><Redirect method="POST">http://127.0.0.1:${port}/webhooks/twilio/voice</Redirect>`) : undefined;
  if (bin) closers.unshift(() => bin.close());
  const twilio = await startSimulator({
    port: 0, clock, accounts: [account], stepMs: 2,
    numbers: [{
      accountSid: account.sid, phoneNumber: FRONT_DESK, smsUrl: `http://127.0.0.1:${port}/webhooks/twilio/messaging`, voiceUrl: `http://127.0.0.1:${port}/webhooks/twilio/voice`,
      statusCallback: `http://127.0.0.1:${port}/webhooks/twilio/voice/status`, friendlyName: 'Front desk',
      ...(bin ? { voiceFallbackUrl: bin.url } : {}),
    }],
  });
  closers.unshift(() => twilio.close());
  await announceConversations(twilio.origin, account, `http://127.0.0.1:${port}`);
  const model = await startScriptedModel({ port: 0 });
  closers.unshift(() => model.close());
  const mail = options.mail ? await openPostOffice(clock) : undefined;
  if (mail) closers.unshift(() => mail.close());
  const vapi = options.vapi ? await openVapi(clock, port) : undefined;
  if (vapi) closers.unshift(() => vapi.close());
  const referee = await throughReferee(twilio.origin);
  if (referee) closers.unshift(() => referee.close());
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'throughline-house-'));
  closers.unshift(async () => fs.rmSync(dataDir, { recursive: true, force: true }));
  const redis = await freshRedis();
  const environment: Record<string, string> = {
    CRASH_FILE: path.join(dataDir, CRASH_FILE), DATABASE_URL: database.url, TWILIO_ACCOUNT_SID: account.sid, TWILIO_AUTH_TOKEN: account.authToken, TWILIO_API_ORIGIN: referee?.origin ?? twilio.origin,
    OPENAI_BASE_URL: model.baseUrl, OPENAI_API_KEY: 'scripted', OPENAI_MODEL: 'scripted-model', TURN_QUIET_MS: '0',
    PUBLIC_BASE_URL: `http://127.0.0.1:${port}`, ADMIN_TOKEN: 'test-admin-token-0001', DATA_DIR: dataDir,
    ...redis, ...(mail ? { MAIL_PRIVATE_HOSTS: '127.0.0.1' } : {}), ...(vapi ? { VAPI_ORIGIN: vapi.origin, VAPI_API_KEY: vapi.control.apiKey, VAPI_SECRET } : {}),
    ...options.environment,
  };
  const one = new HubProcess(port, { ...environment, HUB_ROLES: options.split ? 'web' : 'web,worker' });
  const worker = options.split ? new HubProcess(workerPort, { ...environment, HUB_ROLES: 'worker' }) : one;
  return { database, twilio, model, account, referee, mail, vapi, hubs: { web: one, worker }, redisUrl: redis['REDIS_URL'], dataDir, closers };
}

async function openVapi(clock: ShiftableClock, hubPort: number): Promise<VapiSimulator> {
  const { startVapiSimulator } = await import('@throughline/vapi-simulator/server.js');
  const serverUrl = `http://127.0.0.1:${hubPort}/webhooks/vapi`;
  return startVapiSimulator({ apiKey: 'a private key', secret: VAPI_SECRET, clock, numbers: [{ id: 'front-desk', number: FRONT_DESK }, { id: 'vapis-own', number: VAPIS_OWN, serverUrl }] });
}

/** Loaded by those houses only that have one: what reads and writes mails is half of what a house is made of. */
async function openPostOffice(clock: ShiftableClock): Promise<MailSimulator> {
  const { startMailSimulator } = await import('@throughline/mail-simulator/server.js');
  return startMailSimulator({ clock });
}
