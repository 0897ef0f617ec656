import { duration } from '@throughline/kernel/duration.js';
import { bindingJson } from './conversations/json.js';
import { say } from './conversations/message-actions.js';
import { joinConversation } from './conversations/participant-actions.js';
import type { ApprovalStatus, Conversation, OwnNumber } from './entities.js';
import type { Fault, FaultRequest } from './faults.js';
import type { FeedListener } from './feed.js';
import { addContent, type ContentRequest, decide } from './content/contents.js';
import { receiveText, tap, type InboundText } from './messaging/inbound.js';
import { newPhone, setPhone, viewPhone, type PhoneView } from './messaging/phones.js';
import { addNumber, type NumberRequest } from './numbers.js';
import type { RequestEntry, RestDoor } from './rest.js';
import type { Switches } from './switches.js';
import { newSid } from './sids.js';
import { TwilioError } from './twilio-error.js';
import { CallControl } from './voice/call-control.js';
import { Stopped } from './voice/waiting.js';
import type { WebhookEntry } from './webhooks.js';
import { isoMillis } from './wire.js';
import type { World } from './world.js';

export interface ConversationView {
  sid: string;
  uniqueName: string | null;
  friendlyName: string | null;
  state: string;
  attributes: string;
  participants: { sid: string; identity: string | null; binding: Record<string, unknown> | null; attributes: string }[];
  messages: { sid: string; index: number; author: string; body: string | null; attributes: string; at: string }[];
}

export interface Typed {
  author: string;
  body: string;
  attributes?: string | undefined;
  /** Content types of what is attached. */
  attached?: string[] | undefined;
  /** False: an author who is no participant is refused (50430); else he joins first, as an operator in Flex does. */
  join?: boolean | undefined;
}

export interface IdleReport {
  idle: boolean;
  /** Webhooks being sent, or queued behind one that is. */
  inFlight: number;
  /** Messages between two statuses, and whatever else is due at the present time of the clock. */
  underWay: number;
  /** Webhooks that a `webhook-reordered` fault holds until its group is complete; they do not make the house busy. */
  holding: number;
  /** Waiting for a later time of the clock: timers, scheduled messages, late webhooks. */
  later: number;
}

/** What the page of phones and the tests do to this Twilio; the routes below `/_control` are these methods. */
export class Control extends CallControl {
  constructor(
    world: World,
    private readonly rest: RestDoor,
    private readonly seed: () => void,
  ) {
    super(world);
  }

  /** Somebody's phone texts one of our numbers. */
  text(text: InboundText): { messageSid: string } {
    return { messageSid: receiveText(this.world, text).sid };
  }

  /** Somebody taps a button below a message on their phone. */
  tap(messageSid: string, button: string): { messageSid: string } {
    return { messageSid: tap(this.world, messageSid, button).sid };
  }

  phones(): PhoneView[] {
    return this.world.store.phones.all().map((phone) => viewPhone(this.world, phone));
  }

  phone(address: string): PhoneView {
    return viewPhone(this.world, this.world.store.phones.get(address) ?? newPhone(address));
  }

  setPhone(wanted: { address: string; name?: string; outcome?: string }): PhoneView {
    return setPhone(this.world, wanted);
  }

  conversations(): ConversationView[] {
    return this.world.store.conversations.all().map((row) => this.view(row));
  }

  /** By sid, or by unique name. */
  conversation(name: string): ConversationView {
    return this.view(this.find(name));
  }

  /** A person types into the Conversation, in an SDK client or in Flex. */
  async type(name: string, typed: Typed): Promise<{ messageSid: string }> {
    const conversation = this.find(name);
    const origin = { source: 'SDK', clientIdentity: typed.author, fires: true };
    const member = this.world.store.participantsByConversation.of(conversation.sid).some((one) => one.identity === typed.author);
    if (!member && typed.join === false) {
      throw new TwilioError(403, 50430, 'User is not a participant of the Conversation');
    }
    if (!member) await joinConversation(this.world, conversation, { identity: typed.author, binding: null }, origin);
    const media = (typed.attached ?? []).map((contentType, index) => ({
      sid: newSid('ME'), contentType, filename: `attached-${index}`, size: 0,
    }));
    const row = await say(
      this.world, conversation, { author: typed.author, body: typed.body, attributes: typed.attributes, media }, origin,
    );
    return { messageSid: row.sid };
  }

  numbers(): OwnNumber[] {
    return this.world.store.numbers.all();
  }

  addNumber(wanted: NumberRequest): OwnNumber {
    return addNumber(this.world, wanted);
  }

  /** Makes a content template known, to be sent by its ContentSid. */
  addContent(content: ContentRequest): ContentRequest {
    return addContent(this.world, content);
  }

  /** WhatsApp approves a template, rejects it, or pauses it. */
  decideOnContent(sid: string, status: ApprovalStatus, reason?: string): { sid: string; status: ApprovalStatus } {
    decide(this.world, sid, status, reason);
    return { sid, status };
  }

  faults(): Fault[] {
    return this.world.faults.all();
  }

  fault(request: FaultRequest): Fault {
    const fault = this.world.faults.add(request);
    this.world.feed.emit('fault', fault);
    return fault;
  }

  /** Removes one fault, or all. What a fault still holds back is sent. */
  clearFaults(id?: string): void {
    if (id === undefined) this.world.faults.clear();
    else this.world.faults.remove(id);
    this.world.webhooks.releaseOrphans(this.world.faults.all());
  }

  switches(changes: Partial<Switches> = {}): Switches {
    return this.world.switches.set(changes);
  }

  now(): Date {
    return this.world.clock.now();
  }

  /** Moves the clock; all that is due by then happens at once, in order. */
  forward(by: number | string): { now: string } {
    const ms = typeof by === 'number' ? by : duration(by);
    const { clock } = this.world;
    if (!('forward' in clock) || typeof clock.forward !== 'function') throw new RangeError('This clock cannot be moved');
    clock.forward(ms);
    this.world.scheduler.runDue();
    const now = { now: clock.now().toISOString() };
    this.world.feed.emit('clock', now);
    return now;
  }

  requests(since = 0): RequestEntry[] {
    return this.rest.log.since(since);
  }

  webhooks(since = 0): WebhookEntry[] {
    return this.world.webhooks.log.since(since);
  }

  listen(listener: FeedListener): () => void {
    return this.world.feed.listen(listener);
  }

  /** Whether all is quiet; waits for it up to `waitMs` (0: says how it is now). */
  async idle(waitMs = 5_000): Promise<IdleReport> {
    const until = performance.now() + waitMs;
    for (;;) {
      this.world.scheduler.runDue();
      // What goes on in promises, as calls do, comes to its next wait first.
      await new Promise((resolve) => setImmediate(resolve));
      const report = this.report();
      if (report.idle || performance.now() >= until) return report;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  state(): Record<string, unknown> {
    return {
      now: this.world.clock.now().toISOString(), accounts: this.world.accounts.all().map((account) => account.sid),
      ...this.world.store.dump(), faults: this.faults(), switches: this.switches(),
    };
  }

  /** Forgets everything but accounts and numbers. */
  reset(): void {
    for (const leg of this.world.legs.values()) leg.stop(new Stopped('reset'));
    this.world.legs.clear();
    this.world.rooms.clear();
    this.world.scheduler.clear();
    this.world.armed.clear();
    this.world.faults.clear();
    this.world.switches.reset();
    this.world.webhooks.reset();
    this.rest.log.clear();
    this.world.store.reset();
    this.seed();
    this.world.feed.emit('reset', {});
  }

  private report(): IdleReport {
    const { webhooks, scheduler } = this.world;
    const [inFlight, underWay] = [webhooks.inFlight, scheduler.underWay];
    return {
      idle: inFlight === 0 && underWay === 0, inFlight, underWay, holding: webhooks.holding, later: scheduler.later,
    };
  }

  private find(name: string): Conversation {
    const { store } = this.world;
    const named = store.services.all().flatMap((service) => store.conversationByName.first(`${service.sid} ${name}`) ?? []);
    const row = store.conversations.get(name) ?? named[0];
    if (!row) throw new RangeError(`There is no conversation ${name}`);
    return row;
  }

  private view(row: Conversation): ConversationView {
    const { store } = this.world;
    return {
      sid: row.sid, uniqueName: row.uniqueName, friendlyName: row.friendlyName, state: row.state,
      attributes: row.attributes,
      participants: store.participantsByConversation.of(row.sid).map((one) => (
        { sid: one.sid, identity: one.identity, binding: bindingJson(one.binding), attributes: one.attributes })),
      messages: store.messagesByConversation.of(row.sid).map((one) => (
        {
          sid: one.sid, index: one.index, author: one.author, body: one.body, attributes: one.attributes,
          at: isoMillis(one.createdAt),
        })),
    };
  }
}
