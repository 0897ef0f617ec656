import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { startScriptedModel, type ScriptedModel } from './server.js';

let model: ScriptedModel;

beforeAll(async () => {
  model = await startScriptedModel();
});
afterEach(() => model.reset());
afterAll(() => model.close());

async function control(path: string, body?: unknown, type = 'application/json'): Promise<{ status: number; body: unknown }> {
  const init = body === undefined ? {} : { method: 'POST', headers: { 'content-type': type }, body: JSON.stringify(body) };
  const response = await fetch(`${model.origin}/_control/${path}`, init);
  return { status: response.status, body: await response.json() };
}

async function ask(content: string): Promise<string> {
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] });
  const response = await fetch(`${model.baseUrl}/chat/completions`, { method: 'POST', body });
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
  return choices[0]!.message.content;
}

test('another process orders the next answers', async () => {
  expect(await control('next', [{ say: 'one' }, { when: '^two', say: 'two' }])).toEqual({ status: 200, body: { waiting: 2 } });
  expect(await control('next', { steps: [{ pauseMs: 1 }, { say: 'three' }] })).toMatchObject({ body: { waiting: 3 } });
  expect([await ask('x'), await ask('Two?'), await ask('x')]).toEqual(['one', 'two', 'three']);
});

test('and rules, and takes everything back', async () => {
  expect(await control('script', { rules: [{ when: 'price', say: 'Ten.' }] })).toEqual({ status: 200, body: { rules: 1 } });
  expect(await ask('The PRICE?')).toBe('Ten.');
  expect(await control('reset', {})).toEqual({ status: 200, body: { waiting: 0 } });
  expect(await ask('The price?')).toMatch(/90 dollars/);
});

test('and reads what the model was shown, waiting for it if need be', async () => {
  await ask('first');
  const later = control('requests?since=1&waitMs=5000');
  await ask('second');
  const { requests } = (await later).body as { requests: { seq: number; body: { messages: unknown[] } }[] };
  expect(requests).toMatchObject([{ seq: 2, body: { messages: [{ role: 'user', content: 'second' }] } }]);
  expect(await control('requests?since=2&waitMs=1')).toEqual({ status: 200, body: { requests: [], waiting: 0 } });
});

test.each([
  ['a word that does not exist', 'next', { sya: 'x' }, 400, /sya/],
  ['an expression that is none', 'script', { rules: [{ when: '(' }] }, 400, /rules\[0\]\.when/],
  ['an address that does not exist', 'nothing', {}, 404, /README/],
])('%s is refused in words', async (_, path, body, status, words) => {
  const answer = await control(path, body);
  expect(answer.status).toBe(status);
  expect((answer.body as { error: string }).error).toMatch(words);
  expect(model.waiting()).toBe(0);
});

test('a web page elsewhere cannot give orders', async () => {
  expect((await control('next', { say: 'x' }, 'text/plain')).status).toBe(415);
});
