import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { describe as inWords, HubError } from '@throughline/kernel/errors.js';
import { startScriptedModel, type ScriptedModel } from '@throughline/scripted-model/server.js';
import { ModelClient, type ModelClientOptions } from './client.js';
import type { ModelRequest } from './model.types.js';

let model: ScriptedModel;

beforeAll(async () => {
  model = await startScriptedModel();
});
afterEach(() => {
  expect(model.waiting()).toBe(0);
  model.reset();
});
afterAll(() => model.close());

/** No jitter: the waits of these tests are the ones that the server asked for. */
const client = (options: Partial<ModelClientOptions> = {}): ModelClient =>
  new ModelClient({ apiKey: 'test', baseUrl: model.baseUrl, model: 'scripted-model', random: () => 0, ...options });

const ask = (more: Partial<ModelRequest> = {}): ModelRequest => ({ messages: [{ role: 'user', content: 'Hello' }], ...more });

async function failureOf(asked: ModelClient, request = ask()): Promise<{ heard: string; error: HubError }> {
  let heard = '';
  try {
    for await (const event of asked.stream(request)) if (event.type === 'text') heard += event.delta;
  } catch (error) {
    expect(error).toBeInstanceOf(HubError);
    return { heard, error: error as HubError };
  }
  throw new Error(`expected a failure, heard "${heard}"`);
}

describe('before the first token it asks again', () => {
  test.each([429, 500, 502, 503])('after HTTP %d', async (fail) => {
    model.next({ fail });
    model.next({ fail });
    model.next({ say: 'Here I am.' });
    expect((await client().complete(ask())).text).toBe('Here I am.');
    expect(model.requests().map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'answered']);
  });

  test('but not more than twice', async () => {
    for (let i = 0; i < 3; i += 1) model.next({ fail: 503 });
    const { error } = await failureOf(client());
    expect(error).toMatchObject({ code: 'model_unavailable', retryable: true });
    expect(model.requests()).toHaveLength(3);
  });

  test('after a connection that broke, or ended, or bore an error, with nothing said', async () => {
    model.next({ steps: [{ stop: 'cut' }] });
    model.next({ steps: [{ error: 'overloaded' }] });
    model.next({ steps: [{ stop: 'end' }] });
    model.next({ say: 'Here I am.' });
    expect((await client({ retries: 3 }).complete(ask())).text).toBe('Here I am.');
  });

});

describe('between two tries it waits', () => {
  test('no shorter than Retry-After says', async () => {
    model.next({ fail: 429, retryAfterS: 0.2 });
    model.next({ say: 'Now.' });
    const before = performance.now();
    await client().complete(ask());
    expect(performance.now() - before).toBeGreaterThanOrEqual(195);
  });

  test('but leaves a long Retry-After to the caller', async () => {
    model.next({ fail: 429, retryAfterS: 9 });
    const { error } = await failureOf(client());
    expect(error).toMatchObject({ kind: 'too_many', code: 'model_rate_limited', retryable: true, retryAfterMs: 9_000 });
    expect(model.requests()).toHaveLength(1);
  });

  test('only where the deadline leaves room for the wait', async () => {
    model.next({ fail: 503, retryAfterS: 1 });
    const { error } = await failureOf(client(), ask({ deadlineMs: 500 }));
    expect(error).toMatchObject({ code: 'model_unavailable', retryAfterMs: 1_000 });
    expect(model.requests()).toHaveLength(1);
  });
});

describe('it does not ask again', () => {
  test.each([400, 401, 403, 404, 422])('after HTTP %d, which is final', async (fail) => {
    model.next({ fail });
    const { error } = await failureOf(client());
    expect(error).toMatchObject({ kind: 'internal', code: 'model_refused', retryable: false });
    expect(model.requests()).toHaveLength(1);
  });

  test('after a 429 that means: no money left', async () => {
    model.next({ fail: 429, code: 'insufficient_quota' });
    const { error } = await failureOf(client());
    expect(error).toMatchObject({ code: 'model_rate_limited', retryable: false });
  });

  test.each(['cut', 'end'] as const)('after the first token (%s)', async (stopBy) => {
    model.next({ say: 'one two three four five', stopAfterWords: 3, stopBy });
    const { heard, error } = await failureOf(client());
    expect(heard).toBe('one two three');
    expect(error).toMatchObject({ code: 'model_stopped_halfway', retryable: true });
    expect(model.requests()).toHaveLength(1);
  });

  test('after an error inside a stream that had begun to speak', async () => {
    model.next({ steps: [{ say: 'one two' }, { error: 'The server had an error' }] });
    const { heard, error } = await failureOf(client());
    expect([heard, error.code]).toEqual(['one two', 'model_stopped_halfway']);
    expect(model.requests()).toHaveLength(1);
  });
});

test('nobody at home is model_unavailable', async () => {
  const empty = await startScriptedModel();
  await empty.close();
  const { error } = await failureOf(client({ baseUrl: empty.baseUrl }));
  expect(error).toMatchObject({ code: 'model_unavailable', retryable: true });
});

test('a wrong base URL says what to check', async () => {
  const { error } = await failureOf(client({ baseUrl: `${model.origin}/v2` }));
  expect(inWords(error)).toBe(
    'model_refused: The model refused the request: HTTP 404 (unknown_url), check OPENAI_MODEL and OPENAI_BASE_URL.',
  );
});

test('what the provider writes, which may quote the customer, stays out of the words for the log', async () => {
  model.next({ steps: [{ fail: 400, message: 'Invalid content: my secret illness' }] });
  const { error } = await failureOf(client());
  expect(inWords(error)).toBe('model_refused: The model refused the request: HTTP 400 (invalid_request_error).');
});

describe('time', () => {
  test('a first token that does not come', async () => {
    model.next({ hang: true });
    const { error } = await failureOf(client({ timeouts: { firstTokenMs: 500 } }));
    expect(error).toMatchObject({ code: 'model_timeout', retryable: true });
    expect(error.message).toBe('The model took longer than 500 ms to its first word.');
    expect(model.requests()).toHaveLength(1);
  });

  test('headers that do not come', async () => {
    model.next({ delayMs: 60_000 });
    const { error } = await failureOf(client({ timeouts: { firstTokenMs: 500 } }));
    expect(error.code).toBe('model_timeout');
  });

  test('a gap between two tokens', async () => {
    model.next({ steps: [{ say: 'one two' }, { hang: true }] });
    const { heard, error } = await failureOf(client({ timeouts: { gapMs: 500 } }));
    expect([heard, error.code]).toEqual(['one two', 'model_timeout']);
    expect(model.requests()).toHaveLength(1);
  });

  test('an answer that trickles past its deadline', async () => {
    model.next({ say: 'word '.repeat(1_000), betweenMs: 10 });
    const { heard, error } = await failureOf(client(), ask({ deadlineMs: 1_000 }));
    expect(heard).toMatch(/^word/);
    expect(error.message).toBe('The model took longer than 1000 ms for the whole answer.');
  });
});

test('a listener who takes longer than the gap is not a gap', async () => {
  model.next({ say: 'one two three' });
  let heard = '';
  for await (const event of client({ timeouts: { gapMs: 200 } }).stream(ask())) {
    if (event.type !== 'text') continue;
    heard += event.delta;
    // 300 ms of work on each word.
    await delay(300);
  }
  expect(heard).toBe('one two three');
});

describe('called off', () => {
  test('before it is asked', async () => {
    const { error } = await failureOf(client(), ask({ signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ code: 'model_cancelled', retryable: false });
    expect(model.requests()).toHaveLength(0);
  });

  test('while it speaks: the socket is closed and nobody asks again', async () => {
    const caller = new AbortController();
    model.next({ steps: [{ say: 'one two' }, { hang: true }] });
    const heard: string[] = [];
    const answer = (async () => {
      for await (const event of client().stream(ask({ signal: caller.signal }))) {
        if (event.type === 'text') heard.push(event.delta);
        if (heard.length === 2) caller.abort();
      }
    })();
    await expect(answer).rejects.toMatchObject({ code: 'model_cancelled' });
    while (model.requests()[0]!.outcome === 'pending') await turn();
    expect(model.requests()).toMatchObject([{ outcome: 'abandoned' }]);
  });

  test('while it waits for the next try', async () => {
    const caller = new AbortController();
    model.next({ fail: 503, retryAfterS: 5 });
    const failed = failureOf(client(), ask({ signal: caller.signal }));
    await model.received(1);
    while (model.requests()[0]!.outcome === 'pending') await turn();
    caller.abort();
    expect((await failed).error.code).toBe('model_cancelled');
  });
});
