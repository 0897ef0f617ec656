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
  errorMeaning: string | null;
  mirrorSid: string | null;
  inReplyTo: string | null;
  details: { words: string[]; button?: unknown; buttons?: { id: string; text: string }[]; location?: unknown } | null;
  via: { channel: string; sender: string; address: string; contentSid: string | null; why: string } | null;
}

export interface DeliveryView {
  state: string;
  attempt: number;
  part: number;
  parts: number;
  sender: string;
  channel: string;
  contentSid: string | null;
  errorCode: number | null;
}

export interface ConversationView {
  conversationSid: string;
  owner: string;
  staff: string | null;
  epoch: number;
  whatsappWindow: { state: string; closesAt: string | null } | null;
}

/** What the hub's own API says of a customer's conversation. */
export class Thread {
  constructor(private readonly house: House) {}

  async conversations(customer: Pick<Customer, 'address'>): Promise<ConversationView[]> {
    return (await this.house.api<{ items: ConversationView[] }>(`/conversations?address=${encodeURIComponent(customer.address.replace(/^\w+:/, ''))}`)).items;
  }

  /** The customer's only conversation; fails when there are two. */
  async conversation(customer: Pick<Customer, 'address'>): Promise<ConversationView> {
    const found = await eventually(`a conversation of ${customer.address}`, async () => {
      const all = await this.conversations(customer);
      return all.length > 0 ? all : undefined;
    });
    if (found.length > 1) throw new Error(`${customer.address} has ${found.length} conversations.`);
    return found[0]!;
  }

  async messages(customer: Pick<Customer, 'address'>): Promise<ThreadMessage[]> {
    const { conversationSid } = await this.conversation(customer);
    return this.house.api(`/conversations/${conversationSid}/messages?limit=100`);
  }

  /** `in: hello`, `out: hi`, `note: Dana took over …` in order. */
  async lines(customer: Pick<Customer, 'address'>): Promise<string[]> {
    const label: Record<string, string> = { inbound: 'in', outbound: 'out', internal: 'note' };
    return (await this.messages(customer)).map((message) => `${label[message.direction]}: ${message.body}`);
  }

  /** Waits for this line. */
  async has(customer: Pick<Customer, 'address'>, line: string): Promise<void> {
    await eventually(`"${line}" in the thread of ${customer.address}`, async () => (await this.lines(customer)).includes(line));
  }

  /** Waits until the newest text to the customer looks like this. */
  async delivery(customer: Pick<Customer, 'address'>, wanted: Partial<DeliveryView>): Promise<DeliveryView> {
    let last: DeliveryView | undefined;
    return eventually(() => `a delivery to ${customer.address} like ${JSON.stringify(wanted)}; the last one is ${JSON.stringify(last)}`, async () => {
      last = (await this.deliveries(customer)).at(-1);
      const matches = last && Object.entries(wanted).every(([key, value]) => last![key as keyof DeliveryView] === value);
      return matches ? last : undefined;
    });
  }

  /** Waits until the Conversation has all that the thread has. */
  async isMirrored(customer: Pick<Customer, 'address'>): Promise<void> {
    await eventually(`the Conversation of ${customer.address} to be like the thread`, async () =>
      (await this.messages(customer)).every((message) => message.direction === 'internal' || message.mirrorSid !== null));
  }

  async deliveries(customer: Pick<Customer, 'address'>): Promise<DeliveryView[]> {
    const { conversationSid } = await this.conversation(customer);
    return (await this.house.api<{ items: DeliveryView[] }>(`/deliveries?limit=100&conversationSid=${conversationSid}`)).items;
  }

  /** Waits until our newest message to the customer has come to this. */
  async stands(customer: Pick<Customer, 'address'>, status: string): Promise<ThreadMessage> {
    let last: ThreadMessage | undefined;
    return eventually(() => `a message to ${customer.address} that is ${status}; the last one is ${JSON.stringify(last)}`, async () => {
      last = (await this.messages(customer)).findLast((message) => message.direction === 'outbound');
      return last?.status === status ? last : undefined;
    });
  }

  /** Waits until the conversation belongs to this owner. */
  async belongsTo(customer: Pick<Customer, 'address'>, owner: string): Promise<ConversationView> {
    let now: ConversationView | undefined;
    return eventually(() => `the conversation of ${customer.address} to belong to ${owner}; it is ${JSON.stringify(now)}`, async () => {
      now = await this.conversation(customer);
      return now.owner === owner ? now : undefined;
    });
  }

  /** A colleague's choice at the console: take over, hand back, close. */
  async change(customer: Pick<Customer, 'address'>, decision: { event: 'staff_took_over' | 'staff_handed_back' | 'closed'; staff?: string }): Promise<void> {
    const { conversationSid } = await this.conversation(customer);
    await this.house.api(`/conversations/${conversationSid}/owner`, { method: 'POST', body: decision });
  }

  /** A colleague types into the Conversation itself, in Flex or another client. */
  async types(customer: Pick<Customer, 'address'>, author: string, body: string, attached: string[] = []): Promise<void> {
    const { conversationSid } = await this.conversation(customer);
    await this.house.twilio.type(conversationSid, { author, body, attached });
  }

  /** The same thread as the Twilio Conversation holds it: `author: body`. */
  async mirrored(customer: Pick<Customer, 'address'>): Promise<string[]> {
    const { conversationSid } = await this.conversation(customer);
    return this.house.twilio.conversation(conversationSid).messages.map((message) => `${message.author}: ${message.body}`);
  }
}
