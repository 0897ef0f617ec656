import { expect, test } from '@jest/globals';
import type { ModelEvent } from './model.types.js';
import { Reading } from './reading.js';
import type { Chunk } from './wire.js';

/** Chunks as various compatible servers send them: OpenAI's types promise more than these keep. */
function read(chunks: object[]): { text: string; ending: ModelEvent[]; reading: Reading } {
  const reading = new Reading();
  const text = chunks.map((chunk) => reading.take(chunk as Chunk)).join('');
  return { text, ending: [...reading.ending()], reading };
}

const delta = (fields: object, finish_reason: string | null = null): object => ({ choices: [{ delta: fields, finish_reason }] });
const call = (fields: object): object => delta({ tool_calls: [fields] });

test('a first chunk without choices, a finish without delta', () => {
  const { text, ending } = read([{ choices: [] }, delta({ content: 'Hi' }), { choices: [{ finish_reason: 'stop' }] }]);
  expect([text, ending]).toEqual(['Hi', [{ type: 'end', finishReason: 'stop' }]]);
});

test('usage in the finishing chunk', () => {
  const { ending } = read([{ ...delta({}, 'stop'), usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 } }]);
  expect(ending).toEqual([{ type: 'end', finishReason: 'stop', usage: { inputTokens: 7, outputTokens: 2 } }]);
});

test('calls that come whole, without an index, ended by "stop"', () => {
  const { ending } = read([
    call({ id: 'a', function: { name: 'one', arguments: '{"n":1}' } }),
    call({ id: 'b', function: { name: 'two', arguments: '{"n":2}' } }),
    delta({}, 'stop'),
  ]);
  expect(ending).toEqual([
    { type: 'tool_call', id: 'a', name: 'one', arguments: '{"n":1}' },
    { type: 'tool_call', id: 'b', name: 'two', arguments: '{"n":2}' },
    { type: 'end', finishReason: 'tool_calls' },
  ]);
});

test('calls in parts: by index, by id, or neither', () => {
  const parts = (key: (n: number) => object): object[] => [
    call({ ...key(0), id: 'a', function: { name: 'one', arguments: '{"n"' } }),
    call({ ...key(0), function: { arguments: ':1}' } }),
    delta({}, 'tool_calls'),
  ];
  const whole = { type: 'tool_call', id: 'a', name: 'one', arguments: '{"n":1}' };
  expect(read(parts((index) => ({ index }))).ending[0]).toEqual(whole);
  expect(read(parts(() => ({ id: 'a' }))).ending[0]).toEqual(whole);
  expect(read(parts(() => ({}))).ending[0]).toEqual(whole);
});

test('a call without an id gets one', () => {
  const { ending } = read([call({ index: 0, function: { name: 'one', arguments: '{}' } }), delta({}, 'tool_calls')]);
  expect(ending[0]).toMatchObject({ id: expect.stringMatching(/^call_.{8,}/) });
});

test('a refusal is heard', () => {
  expect(read([delta({ refusal: 'I cannot help with that.' }), delta({}, 'stop')]).text).toBe('I cannot help with that.');
});

test('hidden reasoning counts as started, and is not said', () => {
  const { text, reading } = read([delta({ role: 'assistant', content: '' }), delta({ reasoning_content: 'hm' })]);
  expect([text, reading.started, reading.finished]).toEqual(['', true, false]);
});

test('a role alone is no token yet', () => {
  expect(read([delta({ role: 'assistant', content: '' })]).reading.started).toBe(false);
});
