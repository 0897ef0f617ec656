import { eventually } from './eventually.js';
import type { Customer } from './customer.js';
import type { House } from './house.js';

export interface ThreadMessage {
  id: string;
  seq: number;
  direction: string;
  authorKind: string;
  author: string;
  channel: string;
  body: string;
  status: string;
  errorCode: number | null;
  mirrorSid: string | null;
}

export interface ConversationView {
  conversationSid: string;
  owner: string;
  staff: string | null;
  epoch: number;
}

/** What the hub's own API says of a customer's conversation. */
export class Thread {
  constructor(private readonly house: House) {}

  async conversations(customer: Customer): Promise<ConversationView[]> {
    return (await this.house.api<{ items: ConversationView[] }>(`/conversations?address=${encodeURIComponent(customer.address)}`)).items;
  }

  /** The customer's only conversation; fails when there are two. */
  async conversation(customer: Customer): Promise<ConversationView> {
    const found = await eventually(`a conversation of ${customer.address}`, async () => {
      const all = await this.conversations(customer);
      return all.length > 0 ? all : undefined;
    });
    if (found.length > 1) throw new Error(`${customer.address} has ${found.length} conversations.`);
    return found[0]!;
  }

  async messages(customer: Customer): Promise<ThreadMessage[]> {
    const { conversationSid } = await this.conversation(customer);
    return this.house.api(`/conversations/${conversationSid}/messages`);
  }

  /** `in: hello`, `out: hi`, `note: Dana took over …` in order. */
  async lines(customer: Customer): Promise<string[]> {
    const label: Record<string, string> = { inbound: 'in', outbound: 'out', internal: 'note' };
    return (await this.messages(customer)).map((message) => `${label[message.direction]}: ${message.body}`);
  }

  /** The same thread as the Twilio Conversation holds it: `author: body`. */
  async mirrored(customer: Customer): Promise<string[]> {
    const { conversationSid } = await this.conversation(customer);
    return this.house.twilio.conversation(conversationSid).messages.map((message) => `${message.author}: ${message.body}`);
  }
}
