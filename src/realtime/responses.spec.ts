import { expect, jest, test } from '@jest/globals';
import type { RealtimeModel } from '@throughline/llm/realtime.js';
import type { RealtimeEvent } from '@throughline/llm/realtime.wire.js';
import { Responses, type Wanted } from './responses.js';

function asking() {
  const sent: string[] = [];
  const model = { answer: () => sent.push('answer'), say: (words: string) => sent.push(`say ${words}`), cancel: (id: string) => sent.push(`cancel ${id}`) };
  const responses = new Responses(model as unknown as RealtimeModel);
  const want = (words?: string): string[] => {
    const happened: string[] = [];
    const wanted: Wanted = {
      ...(words === undefined ? {} : { words }), hears: (sound) => happened.push(`hears ${sound.length}`), reads: (text) => happened.push(`reads ${text}`),
      done: (response) => happened.push(response?.status ?? 'off'),
    };
    responses.want(wanted);
    return happened;
  };
  return { sent, responses, want, take: (...events: object[]) => events.forEach((event) => responses.take(event as RealtimeEvent)) };
}

const created = (id: string) => ({ type: 'response.created', response: { id } });
const done = (id: string, status = 'completed') => ({ type: 'response.done', response: { id, status, output: [] } });
const sound = (id: string) => ({ type: 'response.output_audio.delta', response_id: id, item_id: 'item', delta: Buffer.alloc(8).toString('base64') });

test('the model is asked for one thing at a time, in order', () => {
  const { sent, want, take } = asking();
  const [greeting, answer] = [want('Hello.'), want()];
  expect(sent).toEqual(['say Hello.']);
  take(created('a'), sound('a'), done('a'), created('b'), done('b'));
  expect([sent, greeting, answer]).toEqual([['say Hello.', 'answer'], ['hears 8', 'completed'], ['completed']]);
});

test('what is called off says nothing any more, and what comes next waits until the model has stopped', () => {
  const { sent, responses, want, take } = asking();
  const [said, waiting] = [want(), want()];
  take(created('a'), sound('a'));
  responses.callOff();
  const next = want();
  take(sound('a'));
  expect([said, waiting, next, sent]).toEqual([['hears 8', 'off'], ['off'], [], ['answer', 'cancel a']]);
  take(done('a', 'cancelled'), created('b'), sound('b'), done('b'));
  expect([said, next]).toEqual([['hears 8', 'off'], ['hears 8', 'completed']]);
});

test('what is called off before the model has named it is cancelled as soon as it does; an error about it is its end', () => {
  const { sent, responses, want, take } = asking();
  want();
  responses.callOff();
  take(created('a'), { type: 'error', error: { code: 'response_cancel_not_active', event_id: null } }, done('a', 'cancelled'));
  const refused = want();
  take({ type: 'error', error: { code: 'conversation_already_has_active_response', event_id: 'asked' } });
  expect([sent, refused]).toEqual([['answer', 'cancel a', 'answer'], ['failed']]);
});

test('a model that does not say that it has stopped, or says nothing at all, is not waited for', () => {
  jest.useFakeTimers();
  const { responses, want, take } = asking();
  want();
  responses.callOff();
  const next = want();
  jest.advanceTimersByTime(1_500);
  take(created('b'));
  jest.advanceTimersByTime(10_000);
  expect(next).toEqual(['failed']);
  responses.stop();
  expect(want()).toEqual(['off']);
  jest.useRealTimers();
});
