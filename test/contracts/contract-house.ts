import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { ShiftableClock } from '@throughline/kernel/clock.js';
import { startSimulator, type TwilioSimulator } from '@throughline/twilio-simulator/server.js';
import { clientAt, type TwilioClient } from './redirecting-client.js';
import { WebhookSink } from './webhook-sink.js';

export const ACCOUNT = `AC${'a1'.repeat(16)}`;
export const TOKEN = 'primary-token';
export const SECONDARY = 'secondary-token';
export const KEY = { sid: `SK${'b2'.repeat(16)}`, secret: 'key-secret' };
export const FRONT_DESK = '+15550100001';
export const NIGHT_DESK = '+15550100002';
export const ANNA = '+15550190001';
export const BORIS = '+15550190002';

/** A simulator, a place for its webhooks, and clients; one for a whole spec, emptied before each test. */
export interface ContractHouse {
  twilio: TwilioSimulator;
  sink: WebhookSink;
  /** Through whatever judges the exchange, if anything does. */
  client: TwilioClient;
  /** Always straight to the simulator: for requests that are wrong on purpose. */
  straight: TwilioClient;
  /** Where `client` talks to. */
  door: string;
}

let present: ContractHouse | undefined;

/** The house of the spec under way. The suites are plain tests; which door they go through is the spec's affair. */
export function house(): ContractHouse {
  if (!present) throw new Error('useHouse() was not called');
  return present;
}

export const control = (): TwilioSimulator['control'] => house().twilio.control;

/** Opens a house for all tests of this spec. `openDoor` may put somebody between the client and the simulator. */
export function useHouse(openDoor: (simulatorOrigin: string) => Promise<string>): void {
  // Long enough for the referee to be given its dependencies the first time.
  beforeAll(async () => void (present = await openHouse(openDoor)));
  beforeEach(() => {
    control().reset();
    house().sink.forget();
    control().addNumber({ accountSid: ACCOUNT, phoneNumber: FRONT_DESK, smsUrl: `${house().sink.origin}/sms` });
  });
  afterAll(async () => {
    await house().twilio.close();
    await house().sink.close();
  });
}

async function openHouse(openDoor: (simulatorOrigin: string) => Promise<string>): Promise<ContractHouse> {
  const sink = await WebhookSink.open(TOKEN);
  const twilio = await startSimulator({
    clock: new ShiftableClock(),
    accounts: [{ sid: ACCOUNT, authToken: TOKEN, secondaryAuthToken: SECONDARY, apiKeys: [KEY] }],
    numbers: [
      { accountSid: ACCOUNT, phoneNumber: FRONT_DESK, smsUrl: `${sink.origin}/sms` },
      { accountSid: ACCOUNT, phoneNumber: NIGHT_DESK, smsUrl: `${sink.origin}/night` },
    ],
    stepMs: 5,
  });
  const door = await openDoor(twilio.origin);
  return {
    twilio, sink, door, client: clientAt(door, ACCOUNT, TOKEN), straight: clientAt(twilio.origin, ACCOUNT, TOKEN),
  };
}

/** Status and code of Twilio's refusal of what was asked. */
export async function refusal(asked: Promise<unknown>): Promise<{ status: number; code: number; message: string }> {
  try {
    await asked;
  } catch (error) {
    const { status, code, message } = error as { status: number; code: number; message: string };
    return { status, code, message };
  }
  throw new Error('expected a refusal, got a success');
}
