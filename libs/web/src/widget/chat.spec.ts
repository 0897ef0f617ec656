import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { Chat } from './chat.js';
import type { Hub } from './hub.js';
import { Keep } from './keep.js';
import type { ChatMessage, MessagePage } from './wire.types.js';

const message = (seq: number): ChatMessage => ({
  id: `m${seq}`, clientId: null, cursor: `${seq}`, direction: 'outbound', author: { kind: 'assistant', name: null }, body: '', buttons: [], attachments: [],
  status: 'sent', turnId: null, createdAt: '2026-01-05T09:00:00.000Z',
});
const page = (cursor: string, hasMore: boolean, seqs: number[] = []): MessagePage => ({ messages: seqs.map(message), cursor, hasMore, owner: 'assistant' });

/** A hub that answers with these pages, and a chat in front of it. */
function chatOf(pages: MessagePage[]): { chat: Chat; asked: (string | null)[] } {
  const asked: (string | null)[] = [];
  const hub = {
    messages: async (after: string | null) => {
      asked.push(after);
      return pages.shift()!;
    },
  };
  return { chat: new Chat(hub as unknown as Hub, new Keep('', undefined)), asked };
}

/** A socket to a hub that is asked for the thread, and has nothing to tell. */
class Line extends EventTarget {
  static readonly OPEN = 1;
  static syncs = 0;
  readonly readyState = 1;

  constructor() {
    super();
    this.hear('0{"pingInterval":900000,"pingTimeout":1000}');
  }

  send(packet: string): void {
    if (packet.startsWith('40')) this.hear('40/chat,{}');
    const id = /^42\/chat,(\d+)\["sync"/.exec(packet)?.[1];
    if (!id) return;
    Line.syncs += 1;
    this.hear(`43/chat,${id}[${JSON.stringify({ ok: true, ...page('1', false) })}]`);
  }

  close(): void {}

  private hear(data: string): void {
    queueMicrotask(() => this.dispatchEvent(new MessageEvent('message', { data })));
  }
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

it('shows the words of the assistant while they grow, and none of them once somebody else answers', () => {
  const { chat } = chatOf([]);
  chat.draft({ turnId: 't', index: 0, text: 'We' });
  expect(chat.state.drafts).toHaveLength(1);
  chat.owner('staff');
  chat.draft({ turnId: 't', index: 1, text: 'We open' });
  expect(chat.state.drafts).toEqual([]);
  chat.owner('assistant');
  chat.draft({ turnId: 'u', index: 0, text: 'Again' });
  expect(chat.state.drafts.map(({ turnId }) => turnId)).toEqual(['u']);
});

it('asks on from where each page says, also back to what the pages before had passed', async () => {
  const { chat, asked } = chatOf([page('2', false, [1, 2]), page('52+1', true, [3]), page('1', false, [4]), page('4', false, [2, 3, 4])]);
  for (let round = 0; round < 3; round++) {
    chat.pulse();
    await jest.advanceTimersByTimeAsync(0);
  }
  expect(asked).toEqual([null, '2', '52+1', '1']);
  expect(chat.state.messages.map(({ id }) => id)).toEqual(['m1', 'm2', 'm3', 'm4']);
});

it('looks once a minute while somebody sees the page, though nothing was told', async () => {
  const browser = { WebSocket: Line, document: { visibilityState: 'visible' } };
  Object.assign(globalThis, browser);
  const session = async (): Promise<unknown> => ({ token: 't', visitorId: 'v', widget: {}, lead: {} });
  const chat = new Chat({ origin: 'http://hub.example', session } as unknown as Hub, new Keep('', undefined));
  const syncsAfter = async (ms: number): Promise<number> => {
    await jest.advanceTimersByTimeAsync(ms);
    return Line.syncs;
  };
  chat.start();
  for (let each = 0; each < 10; each++) await syncsAfter(1);
  expect([Line.syncs, await syncsAfter(59_000), await syncsAfter(2_000), await syncsAfter(61_000)]).toEqual([1, 1, 2, 3]);
  browser.document.visibilityState = 'hidden';
  expect(await syncsAfter(180_000)).toBe(3);
  chat.stop();
});
