import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { FixedClock } from '@throughline/kernel/clock.js';
import OpenAI from 'openai';
import { startScriptedModel, type ScriptedModel } from './server.js';

let model: ScriptedModel;
const clock = new FixedClock(new Date('2026-01-05T09:00:00.000Z'));

beforeAll(async () => {
  model = await startScriptedModel({ clock, keep: 5 });
});
afterEach(() => model.reset());
afterAll(() => model.close());

const user = (content: string): object => ({ role: 'user', content });

const post = (body: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${model.baseUrl}/chat/completions`, { method: 'POST', headers, body: JSON.stringify(body) });

interface WireChunk {
  id: string;
  object: string;
  created: number;
  choices: { delta: Record<string, unknown>; finish_reason: string | null }[];
  usage?: unknown;
}

async function chunksOf(body: object): Promise<{ chunks: WireChunk[]; raw: string }> {
  const raw = await (await post({ model: 'm', stream: true, ...body })).text();
  const lines = raw.split('\n\n').filter((line) => line !== '' && line !== 'data: [DONE]');
  return { chunks: lines.map((line) => JSON.parse(line.slice('data: '.length)) as WireChunk), raw };
}

describe('a stream', () => {
  test('is a role, words, a finish, a usage and [DONE]', async () => {
    model.next({ say: 'We open  at 8:00.\n' });
    const { chunks, raw } = await chunksOf({ messages: [user('When?')], stream_options: { include_usage: true } });
    expect(chunks[0]!.choices[0]!.delta).toEqual({ role: 'assistant', content: '', refusal: null });
    const words = chunks.slice(1, -2).map(({ choices }) => choices[0]!.delta['content']);
    expect(words).toEqual(['We', ' open', '  at', ' 8:00.', '\n']);
    expect(chunks.at(-2)!.choices).toEqual([{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }]);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 2, completion_tokens: 5, total_tokens: 7 } });
    expect(raw.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(new Set(chunks.map(({ id, object, created }) => `${id} ${object} ${created}`)).size).toBe(1);
    expect(chunks[0]).toMatchObject({ object: 'chat.completion.chunk', created: clock.ms() / 1_000, usage: null });
  });

  test('has no usage that was not asked for', async () => {
    const { chunks } = await chunksOf({ messages: [user('Hello')] });
    expect(chunks.filter((chunk) => 'usage' in chunk)).toEqual([]);
  });

  test('opens a call with its name and brings the arguments in parts', async () => {
    model.next({ callTool: [{ name: 'a', arguments: { reason: 'because' } }, { name: 'b' }] });
    const { chunks } = await chunksOf({ messages: [user('Go')] });
    const deltas = chunks.map(({ choices }) => choices[0]!.delta);
    expect(deltas[0]).toMatchObject({ content: null });
    const pieces = deltas.flatMap((delta) => (delta['tool_calls'] ?? []) as { index: number; id?: string; function: object }[]);
    expect(pieces.map(({ index }) => index)).toEqual([0, 0, 0, 0, 1, 1]);
    expect(pieces[0]).toEqual({ index: 0, id: expect.stringMatching(/^call_\w{24}$/), type: 'function', function: { name: 'a', arguments: '' } });
    expect(pieces[1]).toEqual({ index: 0, function: { arguments: '{"reason' } });
    expect(chunks.at(-1)!.choices[0]!.finish_reason).toBe('tool_calls');
  });
});

test('the openai package reads a whole answer and the list of models', async () => {
  const openai = new OpenAI({ apiKey: 'x', baseURL: model.baseUrl, maxRetries: 0 });
  model.next({ say: 'Hello.', callTool: { name: 'wave' } });
  const messages = [{ role: 'user' as const, content: 'Hi' }];
  const { choices, usage } = await openai.chat.completions.create({ model: 'm', messages });
  expect(choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: 'Hello.' } });
  expect(choices[0]!.message.tool_calls).toMatchObject([{ type: 'function', function: { name: 'wave', arguments: '{}' } }]);
  expect(usage!.total_tokens).toBeGreaterThan(0);
  expect((await openai.models.list()).data.map(({ id }) => id)).toEqual(['scripted-model']);
});

test('a failure has its status, its body and its Retry-After', async () => {
  model.next({ fail: 429, retryAfterS: 2 });
  const response = await post({ model: 'm', messages: [user('Hi')] });
  expect([response.status, response.headers.get('retry-after')]).toEqual([429, '2']);
  const error = { message: 'Rate limit reached for requests.', type: 'requests', param: null, code: 'rate_limit_exceeded' };
  expect(await response.json()).toEqual({ error });
});

test('a broken socket comes after exactly the words it was told, streaming or not', async () => {
  model.next({ say: 'one two three', stopAfterWords: 2 });
  await expect(chunksOf({ messages: [user('Hi')] })).rejects.toThrow();
  model.next({ say: 'one two three', stopAfterWords: 2 });
  const whole = post({ model: 'm', messages: [user('Hi')] }).then((response) => response.text());
  await expect(whole).rejects.toThrow();
  expect(model.requests()).toMatchObject([
    { outcome: 'broken_off', said: 'one two' },
    { outcome: 'broken_off', said: 'one two' },
  ]);
});

test.each([
  ['no JSON', '{', /could not parse/i],
  ['no messages', { model: 'm' }, /messages/],
  ['a role that does not exist', { model: 'm', messages: [{ role: 'bot', content: 'x' }] }, /messages\.0\.role/],
  ['a tool name with a space', { model: 'm', messages: [user('x')], tools: [{ type: 'function', function: { name: 'a b' } }] }, /tools\.0/],
  ['stream_options without a stream', { model: 'm', messages: [user('x')], stream_options: {} }, /stream_options/],
  ['a result that nobody asked for', { model: 'm', messages: [user('x'), { role: 'tool', tool_call_id: 'c', content: '' }] }, /must be a response to a preceding/],
  [
    'a call that nobody answered',
    { model: 'm', messages: [{ role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '' } }] }, user('x')] },
    /must be followed by tool messages.*c$/,
  ],
])('%s is refused as OpenAI refuses it, and not recorded', async (_, body, reason) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${model.baseUrl}/chat/completions`, { method: 'POST', body: text });
  const { error } = (await response.json()) as { error: { message: string; type: string } };
  expect([response.status, error.type]).toEqual([400, 'invalid_request_error']);
  expect(error.message).toMatch(reason);
  expect(model.requests()).toEqual([]);
});

test('other addresses are 404, other keys 401', async () => {
  expect((await fetch(`${model.baseUrl}/responses`)).status).toBe(404);
  const guarded = await startScriptedModel({ apiKey: 'right' });
  const list = (key: string): Promise<Response> => fetch(`${guarded.baseUrl}/models`, { headers: { authorization: `Bearer ${key}` } });
  expect([(await list('wrong')).status, (await list('right')).status]).toEqual([401, 200]);
  await guarded.close();
});

describe('the record', () => {
  test('says what the model was shown and what it said', async () => {
    await post({ model: 'm', temperature: 0.2, messages: [user('Hello')] });
    expect(model.requests()).toEqual([
      {
        seq: 1,
        at: '2026-01-05T09:00:00.000Z',
        body: { model: 'm', temperature: 0.2, messages: [user('Hello')] },
        task: null,
        outcome: 'answered',
        said: 'Hello, this is Riverside Clinic. How can I help you?',
        called: [],
      },
    ]);
  });

  test('tells work in the background from replies', async () => {
    await post({ model: 'm', messages: [user('Hello')] });
    await post({ model: 'm', messages: [{ role: 'system', content: 'TASK: summarise' }, user('Hello')] });
    expect(model.requests().map(({ task }) => task)).toEqual([null, 'summarise']);
    expect(model.turns().map(({ seq }) => seq)).toEqual([1]);
  });

  test('keeps the newest, can be read from a number on, and can be waited for', async () => {
    const seventh = model.received(7);
    for (let i = 0; i < 7; i += 1) await post({ model: 'm', messages: [user(`Hello ${i}`)] });
    expect((await seventh).map(({ seq }) => seq)).toEqual([3, 4, 5, 6, 7]);
    expect(model.requests(5).map(({ seq }) => seq)).toEqual([6, 7]);
    await expect(model.received(8, 20)).rejects.toThrow('asked 5 times, not 8');
  });
});

test('closing does not wait for answers that hang', async () => {
  const other = await startScriptedModel({ script: () => [{ hang: true }] });
  const asked = fetch(`${other.baseUrl}/chat/completions`, { method: 'POST', body: JSON.stringify({ model: 'm', messages: [user('x')] }) });
  await Promise.all([expect(asked).rejects.toThrow(), other.received(1).then(() => other.close())]);
});
