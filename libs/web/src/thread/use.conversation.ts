import { useSandbox } from '../live/sandbox.context.js';
import type { Conversation, Page } from '../live/hub.types.js';
import { useLive, type Live } from '../live/use.live.js';

/** The hub's conversation of a phone number; null while there is none. */
export function useConversation(address: string): Live<Conversation | null> {
  const { api } = useSandbox();
  return useLive({
    key: `conversation ${address}`,
    read: async () => (await api.hub<Page<Conversation>>(`conversations?address=${encodeURIComponent(address)}&limit=1`)).items[0] ?? null,
    wakeOn: ['message', 'call', 'conversation', 'webhook', 'clock'],
    everyMs: 4_000,
  });
}
