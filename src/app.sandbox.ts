import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { ShiftableClock } from '@throughline/kernel/clock.js';
// Of simulators the types alone: they are loaded where one is started. A hub in front of real people has no use for them, nor for the parser of mails that comes with one.
import type { VapiSimulator } from '@throughline/vapi-simulator/server.js';
import type { MailSimulator } from '@throughline/mail-simulator/server.js';
import type { TwilioSimulator } from '@throughline/twilio-simulator/server.js';
import type { AppConfig, Environment, TwilioConfig } from './app.config.js';
import { keptSecret } from './app.keeper.js';
import type { TwilioPlayer } from './app.reach.js';

/** The demo tenant's number. 555-01xx numbers are reserved for fiction. */
export const SANDBOX_NUMBER = '+15550100001';
/** Its RCS sender; of digits, as Twilio's OpenAPI describes every sender. */
const SANDBOX_RCS = 'rcs:15550100009';
export const SANDBOX_TENANT = 'Riverside Clinic';
/** The demo tenant's widget, for pages of the hub itself. */
export const SANDBOX_WIDGET = 'wk_sandbox_front_desk';
/** The demo tenant's approved template, for WhatsApp after the window has closed. */
export const SANDBOX_TEMPLATE = { contentSid: `HX${'0'.repeat(31)}1`, variables: { 1: 'firstName', 2: 'reply' } } as const;

/** Who is there when nobody has a phone yet. */
export const SANDBOX_FIRST_PERSON = { name: 'Maya', address: '+15552010001' } as const;

/** Whom the demo tenant puts callers through to, and who is on call: a phone on the page, which rings when somebody asks for a doctor, or needs one. */
export const SANDBOX_SPECIALIST = { name: 'Dr. Lee', phone: '+15552010099' } as const;

/** The demo tenant's mailbox. `.test` is reserved. */
export const SANDBOX_MAILBOX = 'desk@riverside.test';
export { MX as SANDBOX_MX } from '@throughline/mail-simulator/letters.js';

/** Milliseconds that a character takes to be said: somebody who reads what a caller hears can follow it, and interrupt. */
const LIFELIKE_SPEECH = 55;

export interface Simulated {
  twilio: TwilioConfig;
  origin: string;
  /** Present when this process plays Twilio itself. */
  simulator: TwilioSimulator | undefined;
  /** The post office of people who write mails; it goes with a simulator of our own. */
  mail: MailSimulator | undefined;
  /** Vapi, which goes with it as well, and how it is reached. */
  voices?: VapiSimulator | undefined;
  vapi?: AppConfig['vapi'] | undefined;
}

/** A proxy in front of the real Twilio is no simulator: nothing of the sandbox may open in front of real people. */
export async function whoPlaysTwilio(env: Environment): Promise<TwilioPlayer> {
  const given = credentialsOf(env);
  if (!given) return 'own simulator';
  return given.apiOrigin && (await isSimulator(given.apiOrigin)) ? 'their simulator' : 'twilio';
}

/**
 * The simulated Twilio of this run, started here if nobody else runs it.
 *
 * @param hubUrl where the simulated numbers send their webhooks
 * @returns null for a real account
 */
export async function simulatedTwilio(player: TwilioPlayer, env: Environment, clock: ShiftableClock, hubUrl: string): Promise<Simulated | null> {
  if (player === 'twilio') return null;
  const given = credentialsOf(env);
  if (given) return { twilio: given, origin: given.apiOrigin!, simulator: undefined, mail: undefined };
  const accountSid = keptSecret(env.DATA_DIR, 'sandbox-account', () => `AC${randomBytes(16).toString('hex')}`);
  const authToken = keptSecret(env.DATA_DIR, 'sandbox-token', () => randomBytes(16).toString('hex'));
  const [{ startSimulator }, { startMailSimulator }] = await Promise.all([import('@throughline/twilio-simulator/server.js'), import('@throughline/mail-simulator/server.js')]);
  const simulator = await startSimulator({
    port: 0,
    clock,
    accounts: [{ sid: accountSid, authToken }],
    numbers: [[SANDBOX_NUMBER, 'front desk'], [SANDBOX_RCS, 'on RCS']].map(([phoneNumber, name]) => (
      { accountSid, phoneNumber: phoneNumber!, smsUrl: `${hubUrl}/webhooks/twilio/messaging`, voiceUrl: `${hubUrl}/webhooks/twilio/voice`, statusCallback: `${hubUrl}/webhooks/twilio/voice/status`,
        friendlyName: `${SANDBOX_TENANT} ${name}` })),
    stateFile: path.join(env.DATA_DIR, 'twilio-simulator.jsonl'),
    switches: { speechMsPerChar: LIFELIKE_SPEECH },
  });
  simulator.control.addContent({
    sid: SANDBOX_TEMPLATE.contentSid, body: `Hi {{1}}, ${SANDBOX_TENANT} has an answer for you: {{2}} Tap below to go on.`, buttons: ['Go on'],
  });
  return {
    twilio: { accountSid, authToken, apiOrigin: simulator.origin }, origin: simulator.origin, simulator,
    mail: await startMailSimulator({ clock, stateFile: path.join(env.DATA_DIR, 'mail-simulator.jsonl') }), ...(await simulatedVapi(env, clock)),
  };
}

/** A Vapi that knows the demo tenant's number. A real one cannot hear the people of the sandbox, and is left alone. */
async function simulatedVapi({ DATA_DIR }: Environment, clock: ShiftableClock): Promise<Pick<Simulated, 'voices' | 'vapi'>> {
  const apiKey = keptSecret(DATA_DIR, 'sandbox-vapi-key');
  const { startVapiSimulator } = await import('@throughline/vapi-simulator/server.js');
  const voices = await startVapiSimulator({ apiKey, numbers: [{ id: 'front-desk', number: SANDBOX_NUMBER }], clock });
  return { voices, vapi: { apiKey, origin: voices.origin } };
}

/** Opens the demo mailbox at the simulated servers. Their ports are others at each start. */
export async function mailboxServers(mail: MailSimulator, password: string): Promise<Record<'imap' | 'smtp', { host: string; port: number; security: 'none'; user: string }>> {
  const { imapPort, smtpPort } = await mail.control.addMailbox({ address: SANDBOX_MAILBOX, password });
  const server = (port: number) => ({ host: '127.0.0.1', port, security: 'none' as const, user: SANDBOX_MAILBOX });
  return { imap: server(imapPort), smtp: server(smtpPort) };
}

/** @throws when only half of the credentials are given */
function credentialsOf(env: Environment): TwilioConfig | null {
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken } = env;
  if (!accountSid && !authToken) return null;
  if (!accountSid || !authToken) {
    throw new Error(`${accountSid ? 'TWILIO_AUTH_TOKEN' : 'TWILIO_ACCOUNT_SID'} is missing. Both are on the start page of the Twilio console.`);
  }
  return {
    accountSid, authToken, authTokenSecondary: env.TWILIO_AUTH_TOKEN_SECONDARY, apiKey: env.TWILIO_API_KEY, apiSecret: env.TWILIO_API_SECRET,
    apiOrigin: env.TWILIO_API_ORIGIN, messagingServiceSid: env.TWILIO_MESSAGING_SERVICE_SID,
    conversationsServiceSid: env.TWILIO_CONVERSATIONS_SERVICE_SID,
    verifyServiceSid: env.TWILIO_VERIFY_SERVICE_SID,
  };
}

/** Only a simulator has a control API. */
async function isSimulator(origin: string): Promise<boolean> {
  try {
    const answer = await fetch(`${origin}/_control/clock`, { signal: AbortSignal.timeout(2_000) });
    return answer.ok && typeof ((await answer.json()) as { now?: unknown }).now === 'string';
  } catch {
    return false;
  }
}

export interface ModelChoice {
  apiKey: string;
  baseUrl: string | undefined;
  name: string;
  scripted: boolean;
  close(): Promise<void>;
}

/** A real model when one is configured; the scripted one only ever talks to simulated people. */
export async function chooseModel(env: Environment, simulated: boolean): Promise<ModelChoice> {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl, OPENAI_MODEL: name } = env;
  if (apiKey || baseUrl || !simulated) {
    return { apiKey: apiKey ?? 'none', baseUrl, name, scripted: false, close: async () => undefined };
  }
  const { startScriptedModel } = await import('@throughline/scripted-model/server.js');
  const model = await startScriptedModel({ port: 0 });
  return { apiKey: 'scripted', baseUrl: model.baseUrl, name: 'scripted', scripted: true, close: () => model.close() };
}
