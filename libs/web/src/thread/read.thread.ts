import type { Api } from '../live/api.js';
import type { ThreadMessage } from '../live/hub.types.js';

const PAGE = 200;

/** All messages of a conversation, oldest first; a page follows where the one before was full. */
export async function readThread(api: Api, sid: string): Promise<ThreadMessage[]> {
  const all: ThreadMessage[] = [];
  for (;;) {
    const page = await api.hub<ThreadMessage[]>(`conversations/${sid}/messages?after=${all.at(-1)?.seq ?? 0}&limit=${PAGE}`);
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}
