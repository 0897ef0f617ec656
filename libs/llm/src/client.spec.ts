import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startScriptedModel, type ScriptedModel } from '@throughline/scripted-model/server.js';
import { ModelClient } from './client.js';
import type { ModelEvent, ModelMessage, ModelRequest, ToolSpec } from './model.types.js';

let model: ScriptedModel;
let client: ModelClient;

beforeAll(async () => {
  model = await startScriptedModel();
  client = new ModelClient({ apiKey: 'test', baseUrl: model.baseUrl, model: 'scripted-model' });
});
afterEach(() => {
  expect(model.waiting()).toBe(0);
  model.reset();
});
afterAll(() => model.close());

const ask = (content: string): ModelRequest => ({ messages: [{ role: 'user', content }] });

async function events(request: ModelRequest): Promise<ModelEvent[]> {
  const seen: ModelEvent[] = [];
  for await (const event of client.stream(request)) seen.push(event);
  return seen;
}

const handOff: ToolSpec = {
  name: 'hand_off',
  description: 'Bring a person in',
  parameters: { type: 'object', properties: { reason: { type: 'string' } }, required: ['reason'] },
};

describe('an answer', () => {
  test('comes word by word and ends once, with its usage', async () => {
    model.next({ say: 'We open at eight.' });
    expect(await events(ask('When do you open?'))).toEqual([
      { type: 'text', delta: 'We' },
      { type: 'text', delta: ' open' },
      { type: 'text', delta: ' at' },
      { type: 'text', delta: ' eight.' },
      { type: 'end', finishReason: 'stop', usage: { inputTokens: 5, outputTokens: 5 } },
    ]);
  });

  test('is whole without usage too', async () => {
    model.next({ say: 'Hello.', omitUsage: true });
    expect(await client.complete(ask('Hi'))).toEqual({ text: 'Hello.', toolCalls: [], finishReason: 'stop' });
  });

  test.each(['length', 'content_filter'] as const)('that ended by %s is reported, not thrown', async (finish) => {
    model.next({ say: 'As I was', finish });
    expect(await client.complete(ask('Go on'))).toMatchObject({ text: 'As I was', finishReason: finish });
  });

  test('may be empty', async () => {
    model.next({ say: '' });
    expect(await client.complete(ask('Hm'))).toMatchObject({ text: '', finishReason: 'stop' });
  });

  test('leaves its connection to the next one', async () => {
    const fresh = await startScriptedModel();
    const to = new ModelClient({ apiKey: 'test', baseUrl: fresh.baseUrl, model: 'scripted-model' });
    let connections = 0;
    const count = (): void => void (connections += 1);
    subscribe('undici:client:connected', count);
    for (let i = 0; i < 10; i += 1) await to.complete(ask('Hello'));
    unsubscribe('undici:client:connected', count);
    await fresh.close();
    // A second one where the next request is faster than the socket's way back into the pool.
    expect(connections).toBeLessThanOrEqual(2);
  });
});

describe('a connection', () => {
  /** A server that does not say how long it keeps one, as OpenAI's. @returns its address, and the connection that a path was asked on */
  const silent = async (): Promise<{ baseUrl: string; socketOf: (path: string) => Socket; close: () => void }> => {
    const sockets = new Map<string, Socket>();
    const chunk = (delta: object, end: string | null): string => `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: end }] })}\n\n`;
    const server = createServer((request, response) => {
      sockets.set(request.url!.split('/')[1]!, request.socket);
      request.resume().on('end', () => response.end(`${chunk({ content: 'Hello.' }, null)}${chunk({}, 'stop')}data: [DONE]\n\n`));
    });
    server.keepAliveTimeout = 0;
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    return { baseUrl: `http://127.0.0.1:${port}`, socketOf: (path) => sockets.get(path)!, close: () => void server.close().closeAllConnections() };
  };

  test('waits for the next question as long as it is told', async () => {
    const server = await silent();
    const at = (path: string, idleMs: number): ModelClient => new ModelClient({ apiKey: 'test', baseUrl: `${server.baseUrl}/${path}`, model: 'm', idleMs });
    const [long, short] = [at('long', 60_000), at('short', 100)];
    expect([await long.complete(ask('Hi')), await short.complete(ask('Hi'))]).toMatchObject([{ text: 'Hello.' }, { text: 'Hello.' }]);
    await once(server.socketOf('short'), 'close');
    expect(server.socketOf('long').destroyed).toBe(false);
    server.close();
  });
});

describe('tools', () => {
  test('are offered, and calls come whole, after the text', async () => {
    const uses = [
      { name: 'hand_off', arguments: { reason: 'asks for "Ann", née Müller' } },
      { name: 'remember', arguments: '' },
    ];
    model.next({ say: 'One moment.', callTool: uses });
    const answer = await client.complete({ ...ask('A person please'), tools: [handOff] });
    expect(answer.text).toBe('One moment.');
    expect(answer.finishReason).toBe('tool_calls');
    expect(answer.toolCalls.map(({ name }) => name)).toEqual(['hand_off', 'remember']);
    expect(JSON.parse(answer.toolCalls[0]!.arguments)).toEqual(uses[0]!.arguments);
    expect(answer.toolCalls[1]!.arguments).toBe('{}');
    expect(model.requests()[0]!.body.tools).toEqual([{ type: 'function', function: handOff }]);
  });

  test('half a call, cut by the length, is not handed out', async () => {
    model.next({ callTool: { name: 'hand_off', arguments: '{"reason": "as' }, finish: 'length' });
    expect(await client.complete(ask('Person'))).toMatchObject({ toolCalls: [], finishReason: 'length' });
  });

  test('their results go back in the shape that providers check', async () => {
    model.next({ callTool: { name: 'hand_off', arguments: { reason: 'x' } } });
    const first = await client.complete(ask('A person please'));
    const messages: ModelMessage[] = [
      { role: 'user', content: 'A person please' },
      { role: 'assistant', content: first.text, toolCalls: first.toolCalls },
      { role: 'tool', toolCallId: first.toolCalls[0]!.id, content: '{"ok":true}' },
    ];
    expect((await client.complete({ messages })).text).toBe('A colleague will be with you shortly.');
  });
});

describe('a request', () => {
  test('carries its limits in the words of compatible servers', async () => {
    await client.complete({ ...ask('Hi'), maxOutputTokens: 120, temperature: 0.3 });
    const { body } = model.requests()[0]!;
    expect(body).toMatchObject({ model: 'scripted-model', stream: true, max_tokens: 120, temperature: 0.3 });
    expect(body.stream_options).toEqual({ include_usage: true });
    expect(body).not.toHaveProperty('max_completion_tokens');
  });

  test('never carries half an emoji', async () => {
    await client.complete(ask('cut \u{1F600}'.slice(0, -1)));
    expect(model.requests()[0]!.body.messages[0]!.content).toBe('cut \uFFFD');
  });

  test('that nobody listens to any more is given up on the wire', async () => {
    model.next({ say: 'a long answer', betweenMs: 60_000 });
    for await (const event of client.stream(ask('Tell me'))) {
      expect(event).toEqual({ type: 'text', delta: 'a' });
      break;
    }
    while (model.requests()[0]!.outcome === 'pending') await turn();
    expect(model.requests()[0]!.outcome).toBe('abandoned');
  });
});
