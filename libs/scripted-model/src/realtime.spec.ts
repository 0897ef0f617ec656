import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import WebSocket from 'ws';
import { type ScriptedModel, startScriptedModel } from './server.js';
import { soundOf } from './words-in-sound.js';

interface Event {
  type: string;
  item_id?: string;
  item: { id: string };
  error?: object;
  response: { status: string; output: { call_id: string; content: { transcript: string }[] }[] };
}

let model: ScriptedModel;
beforeAll(async () => {
  model = await startScriptedModel({ apiKey: 'key', script: async () => [{ say: 'We open at eight.' }] });
});
afterAll(() => model.close());
beforeEach(() => model.reset());

const format = { type: 'audio/pcmu' };
const session = (more: object = {}) => ({
  type: 'session.update',
  session: { type: 'realtime', instructions: 'You are the front desk.', audio: { input: { format, transcription: { model: 'x' }, turn_detection: { type: 'server_vad', create_response: false, ...more } }, output: { format } } },
});
const speech = (words: string) => ({ type: 'input_audio_buffer.append', audio: Buffer.concat([soundOf(words), Buffer.alloc(160 * 30, 0xff)]).toString('base64') });

async function line(...first: object[]) {
  const socket = new WebSocket(`${model.baseUrl.replace('http', 'ws')}/realtime?model=gpt-realtime`, { headers: { authorization: 'Bearer key' } });
  const events: Event[] = [];
  let transcribed!: (event: Event) => void;
  /** Comes when it is ready, before other events or behind them. */
  const transcription = new Promise<Event>((resolve) => (transcribed = resolve));
  let wake = (): void => undefined;
  socket.on('message', (data) => {
    const event = JSON.parse(String(data)) as Event;
    if (event.type === 'conversation.item.input_audio_transcription.completed') return transcribed(event);
    events.push(event);
    wake();
  });
  await once(socket, 'open');
  const say = (...wishes: object[]): void => wishes.forEach((wish) => socket.send(JSON.stringify(wish)));
  const hears = async (type: string): Promise<Event> => {
    for (;;) {
      const at = events.findIndex((event) => event.type === type);
      if (at >= 0) return events.splice(0, at + 1).at(-1)!;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  say(session(), ...first);
  await hears('session.updated');
  return { say, hears, transcription, close: () => socket.close() };
}

test('it hears words, says that they are over, writes them down, and answers when it is asked to', async () => {
  const { say, hears, transcription, close } = await line(speech('When do you open?'));
  const { item_id: id } = await hears('input_audio_buffer.speech_started');
  expect(await hears('input_audio_buffer.committed')).toMatchObject({ item_id: id });
  say({ type: 'response.create' });
  const { item } = await hears('response.output_item.added');
  const { response } = await hears('response.done');
  expect(response).toMatchObject({ status: 'completed', output: [{ id: item.id, content: [{ transcript: 'We open at eight.' }] }] });
  expect(await transcription).toMatchObject({ item_id: id, transcript: 'When do you open?' });
  say({ type: 'conversation.item.truncate', item_id: item.id, content_index: 0, audio_end_ms: 140 });
  await hears('conversation.item.truncated');
  say({ type: 'response.create' });
  await hears('response.done');
  const roles = (await model.received(2)).at(-1)!.body.messages.map(({ role, content }) => [role, content]);
  expect(roles).toEqual([['system', 'You are the front desk.'], ['user', 'When do you open?'], ['assistant', 'We open']]);
  close();
});

test('who speaks ends its answer; a tool is called when that is whole', async () => {
  const { say, hears, close } = await line();
  model.next({ say: 'This will take a while to be said.', betweenMs: 200 });
  say({ type: 'response.create' });
  await hears('response.output_audio.delta');
  say(speech('Wait.'));
  expect((await hears('response.done')).response).toMatchObject({ status: 'cancelled', status_details: { reason: 'turn_detected' } });
  model.next({ callTool: { name: 'look', arguments: { day: 'Monday' } } });
  say({ type: 'response.create' });
  const { response } = await hears('response.done');
  expect(response.output).toMatchObject([{ type: 'function_call', name: 'look', arguments: '{"day":"Monday"}' }]);
  model.next({ afterTool: 'look', say: 'Monday is free.' });
  say({ type: 'conversation.item.create', item: { type: 'function_call_output', call_id: response.output[0]!.call_id, output: 'free' } }, { type: 'response.create' });
  expect((await hears('response.done')).response.output[0]!.content[0]!.transcript).toBe('Monday is free.');
  close();
});

test.each([
  ['the beta’s name of a format', { type: 'session.update', session: { type: 'realtime', input_audio_format: 'g711_ulaw' } }, 'invalid_value'],
  ['more heard than said', { type: 'conversation.item.truncate', item_id: 'item_none', content_index: 0, audio_end_ms: 5 }, 'item_truncate_invalid_item_id'],
  ['nothing to cancel', { type: 'response.cancel' }, 'response_cancel_not_active'],
  ['an assistant’s words as if they were heard', { type: 'conversation.item.create', item: { type: 'message', role: 'assistant', content: [{ type: 'input_text', text: 'x' }] } }, 'invalid_value'],
])('it refuses %s', async (_, wish, code) => {
  const { say, hears, close } = await line();
  say({ ...wish, event_id: 'mine' });
  expect((await hears('error')).error).toMatchObject({ code, event_id: 'mine' });
  close();
});

test('it gives one answer at a time, and none to whoever has another key', async () => {
  const { say, hears, close } = await line();
  model.next({ say: 'Slowly.', delayMs: 500 });
  say({ type: 'response.create' }, { type: 'response.create', event_id: 'second' });
  expect((await hears('error')).error).toMatchObject({ code: 'conversation_already_has_active_response', event_id: 'second' });
  close();
  const stranger = new WebSocket(`${model.baseUrl.replace('http', 'ws')}/realtime?model=gpt-realtime`, { headers: { authorization: 'Bearer other' } });
  const [, { statusCode }] = await once(stranger, 'unexpected-response') as [unknown, { statusCode: number }];
  expect(statusCode).toBe(401);
  stranger.on('error', () => undefined).terminate();
});
