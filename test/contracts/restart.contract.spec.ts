import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ACCOUNT, ANNA, FRONT_DESK, TOKEN } from './contract-house.js';
import { clientAt, type TwilioClient } from './redirecting-client.js';
import { WebhookSink } from './webhook-sink.js';

const MAIN = path.resolve(import.meta.dirname, '../../libs/twilio-simulator/dist/main.js');

let folder: string;
let sink: WebhookSink;
let running: ChildProcess | undefined;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'simulator-restart-'));
  sink = await WebhookSink.open(TOKEN);
});
afterEach(async () => {
  await kill();
  await sink.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The simulator as a process of its own, on the state that the last one left. */
async function start(stepMs: number): Promise<{ origin: string; client: TwilioClient }> {
  const args = [
    MAIN, '--state', path.join(folder, 'state.jsonl'), '--account', `${ACCOUNT}:${TOKEN}`, '--number',
    `${FRONT_DESK}=${sink.origin}/sms`, '--voice', `${FRONT_DESK}=${sink.origin}/voice`, '--step-ms', String(stepMs),
  ];
  running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(running.stdout!, 'data')) as [Buffer];
  const origin = line.toString().trim();
  return { origin, client: clientAt(origin, ACCOUNT, TOKEN) };
}

async function kill(): Promise<void> {
  if (!running || running.exitCode !== null || running.signalCode !== null) return;
  const gone = once(running, 'exit');
  running.kill('SIGKILL');
  await gone;
}

test('kill -9 loses nothing that was acknowledged: walks go on, unanswered webhooks are sent again', async () => {
  const first = await start(3_600_000);
  const message = await first.client.messages.create({
    to: ANNA, from: FRONT_DESK, body: 'x', statusCallback: `${sink.origin}/status`,
  });
  const conversation = await first.client.conversations.v1.conversations.create({ uniqueName: 'kept' });
  await first.client.conversations.v1.conversations(conversation.sid).messages.create({ body: 'remember me' });
  sink.reply('/sms', 'hang', {});
  await fetch(`${first.origin}/_control/messages`, {
    method: 'POST', body: JSON.stringify({ from: ANNA, to: FRONT_DESK, body: 'hello?' }),
  });
  await sink.until('/sms', 1);
  await kill();

  const second = await start(5);
  await fetch(`${second.origin}/_control/clock`, { method: 'POST', body: JSON.stringify({ forward: '1h' }) });
  const idle = (await (await fetch(`${second.origin}/_control/idle?wait=5000`)).json()) as { idle: boolean };
  expect(idle.idle).toBe(true);
  expect((await second.client.messages(message.sid).fetch()).status).toBe('delivered');
  expect(sink.values('/status', 'MessageStatus')).toEqual(['sending', 'sent', 'delivered']);
  expect((await second.client.conversations.v1.conversations('kept').messages.list()).map((one) => one.body)).toEqual(['remember me']);
  const texts = sink.at('/sms');
  expect(texts.at(-1)?.params.Body).toBe('hello?');
  expect(new Set(texts.map((one) => one.headers['i-twilio-idempotency-token'])).size).toBe(1);
});

test('calls that were under way when it was killed have failed, which is told; their rooms are closed', async () => {
  sink.reply('/voice', { body: '<Response><Dial><Conference>room</Conference></Dial></Response>' });
  const first = await start(5);
  const { callSid } = await (await fetch(`${first.origin}/_control/calls`, { method: 'POST', body: JSON.stringify({ from: ANNA, to: FRONT_DESK }) })).json() as { callSid: string };
  const { sid } = await first.client.calls.create({
    to: ANNA, from: FRONT_DESK, twiml: '<Response/>', statusCallback: `${sink.origin}/status`, statusCallbackEvent: ['ringing', 'completed'],
  });
  await fetch(`${first.origin}/_control/idle?wait=5000`);
  await kill();

  const second = await start(5);
  await sink.until('/status', 2);
  expect(sink.at('/status').map(({ params }) => [params.CallSid, params.CallStatus, params.SequenceNumber])).toEqual([[sid, 'ringing', '0'], [sid, 'failed', '1']]);
  expect((await second.client.calls.list()).map((call) => [call.sid, call.status])).toEqual([[sid, 'failed'], [callSid, 'failed']]);
  expect((await second.client.conferences.list()).map((room) => room.status)).toEqual(['completed']);
});
