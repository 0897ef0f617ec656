import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startVapiSimulator, type VapiSimulator } from '@throughline/vapi-simulator/server.js';
import { VapiClient } from './client.js';

const OURS = '+15550100001';
const assistant = { model: { provider: 'custom-llm', url: 'http://127.0.0.1:9/vapi', model: 'any' } };
const wanted = { ours: OURS, caller: '+15557010001', assistant };

let vapi: VapiSimulator;
let client: VapiClient;
beforeAll(async () => {
  vapi = await startVapiSimulator({ apiKey: 'a private key', numbers: [{ id: 'front-desk', number: OURS }] });
  client = new VapiClient({ apiKey: 'a private key', origin: vapi.origin, timeoutMs: 2_000 });
});
afterAll(() => vapi.close());

const failing = async (work: Promise<unknown>): Promise<unknown> => work.then(() => 'nothing', (error: unknown) => (error as { code: string; retryable: boolean }).code);

describe('a call that is to be joined', () => {
  test('comes with TwiML, and with an address of its own', async () => {
    const { id, twiml, controlUrl } = await client.bypass(wanted);
    expect(twiml).toContain(`<Stream url="${vapi.origin.replace('http', 'ws')}/stream/${id}"`);
    expect(controlUrl).toBe(`${vapi.origin}/control/${id}`);
    await client.remove(id);
    await client.remove(id);
    expect(vapi.control.all).toEqual([]);
  });

  test('is not waited for longer than Twilio would', async () => {
    // A Vapi of its own: where the time is over before the call is asked for, the fault is nobody else's to find.
    const slow = await startVapiSimulator({ apiKey: 'a private key', numbers: [{ id: 'front-desk', number: OURS }] });
    slow.control.callFaults.push({ kind: 'slow', ms: 400 });
    expect(await failing(new VapiClient({ apiKey: 'a private key', origin: slow.origin, timeoutMs: 100 }).bypass(wanted))).toBe('vapi_slow');
    await slow.close();
  });

  test.each<[string, () => Promise<unknown>, string]>([
    ['Vapi fails', () => (vapi.control.callFaults.push({ kind: 'fails', status: 500 }), client.bypass(wanted)), 'vapi_refused'],
    ['the caller has no number', () => client.bypass({ ...wanted, caller: 'anonymous' }), 'vapi_refused'],
    ['the number is not Vapi\'s to know', () => client.bypass({ ...wanted, ours: '+15550100099' }), 'vapi_number_unknown'],
    ['the key is wrong', () => new VapiClient({ apiKey: 'public', origin: vapi.origin }).bypass(wanted), 'vapi_refused'],
    ['there is no key', () => new VapiClient({ origin: vapi.origin }).bypass(wanted), 'vapi_not_connected'],
    ['nobody is there', () => new VapiClient({ apiKey: 'any', origin: 'http://127.0.0.1:9' }).bypass(wanted), 'vapi_odd'],
  ])('is refused where %s', async (_, work, code) => {
    expect(await failing(work())).toBe(code);
  });
});

test('what goes wrong says no word of the key', async () => {
  const error: unknown = await new VapiClient({ apiKey: 'very private', origin: vapi.origin }).bypass(wanted).catch((caught: unknown) => caught);
  expect(JSON.stringify([error, String(error), (error as Error).stack])).not.toContain('very private');
});

test.each([
  ['https://phone-call-websocket.aws-us-west-2-backend-production3.vapi.ai/7420f27a/control', true],
  ['https://vapi.ai.example.test/control', false], ['https://notvapi.ai/control', false], ['http://x.vapi.ai/control', false], ['http://169.254.169.254/', false], ['no address', false], [undefined, false],
])('a call is told something only over an address of Vapi\'s: %s', (url, isTheirs) => {
  expect(client.control(url)).toBe(isTheirs ? url : null);
});

test('a call that does not hear says so', async () => {
  expect(await client.tell(`${vapi.origin}/control/nobody`, { type: 'end-call' })).toBe(false);
  expect(await client.tell('https://example.test/', { type: 'end-call' })).toBe(false);
  expect(await client.tell(null, { type: 'end-call' })).toBe(false);
});
