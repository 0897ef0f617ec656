import { Injectable, Logger } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { describe, notFound } from '@throughline/kernel/errors.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Media, Message } from '../conversations/conversations.types.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import { MediaService } from '../media/media.service.js';
import type { MediaContent, MediaFile } from '../media/media.types.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import type { ChatSession } from '../visitors/visitors.types.js';
import { attachmentOf, cursorAfter, gapOf, isHere, LAST_SEQ, type Place, placeOf, shown, shownNew, shownOwner, threadNumber } from './chat.policy.js';
import type { ChatMessage, ChatOwner, ChatPage } from './chat.types.js';

const CHAT = 'chat';
/** So many of the newest are looked at when somebody says that they have read all. */
const MOST_READ = 100;

export interface PageWish {
  /** Null: the newest ones. */
  after: string | null;
  /** Instead of `after`: those that stand before. */
  before?: string | null;
  limit: number;
}

interface Placed {
  message: Message;
  thread: number;
}

/** What a visitor sees: what was said at their own address, in whichever conversation of the record, and nothing else. */
@Injectable()
export class ThreadService {
  private readonly log = new Logger('Webchat');

  constructor(
    private readonly database: Database,
    private readonly tenancy: TenancyService,
    private readonly conversations: ConversationsService,
    private readonly visitors: VisitorsService,
    private readonly delivery: DeliveryService,
    private readonly media: MediaService,
  ) {}

  /** What is fetched has arrived. @throws HubError `unauthenticated` for a visitor who is gone */
  async page(session: ChatSession, { after, before = null, limit }: PageWish): Promise<ChatPage> {
    const { tenantId } = session;
    const { settings } = await this.tenancy.tenant(tenantId);
    const page = await this.database.transaction(tenantId, async (tx) => {
      const threads = await this.threadsOf(tx, session);
      const from = after === null ? null : placeOf(after);
      const rows = from ? await this.following(tx, session, threads, from, limit + 1) : await this.latest(tx, session, threads, before ? placeOf(before) : null, limit + 1);
      const hasMore = rows.length > limit;
      const placed = from ? rows.slice(0, limit) : rows.slice(-limit);
      const isLast = from ? !hasMore : before === null;
      const waiting = isLast ? await this.conversations.waitingFrom(tx, CHAT, session.visitorId) : [];
      const cursor = await this.resume(tx, session, threads, { placed, after, isLast });
      const files = await this.filesOf(tx, placed.map(({ message }) => message));
      return { placed, files, hasMore, waiting, cursor, owner: await this.ownerIn(tx, threads) };
    });
    this.noteArrived(tenantId, page.placed);
    const messages = page.placed.map(({ message, thread }) => shown(message, thread, settings.assistant.name, page.files));
    return { messages: [...messages, ...page.waiting.map(({ id, message }) => shownNew(id, message, null))], cursor: page.cursor, hasMore: page.hasMore, owner: page.owner };
  }

  /** A message of the visitor's own by the provider's id that its sending gave it. */
  async own({ tenantId, visitorId }: ChatSession, providerSid: string): Promise<ChatMessage | null> {
    const { settings } = await this.tenancy.tenant(tenantId);
    return this.database.transaction(tenantId, async (tx) => {
      const waiting = (await this.conversations.waitingFrom(tx, CHAT, visitorId)).find(({ message }) => message.providerSid === providerSid);
      if (waiting) return shownNew(waiting.id, waiting.message, null);
      const message = await this.conversations.messageOfProvider(tx, providerSid);
      return message && this.placedIn(tx, message, visitorId, settings.assistant.name);
    });
  }

  /** A message of this address as its visitor sees it; null where there is no such visitor. */
  async message(tenantId: string, address: string, messageId: string): Promise<ChatMessage | null> {
    const { settings } = await this.tenancy.tenant(tenantId);
    return this.database.transaction(tenantId, async (tx) => {
      const message = await this.conversations.messageIn(tx, messageId);
      return message && isHere(message, address) ? this.placedIn(tx, message, address, settings.assistant.name) : null;
    });
  }

  /** All of ours up to this place has been read. */
  async read(session: ChatSession, upTo: string): Promise<void> {
    const until = placeOf(upTo);
    const rows = await this.database.transaction(session.tenantId, async (tx) =>
      this.latest(tx, session, await this.threadsOf(tx, session), { ...until, seq: until.seq + 1 }, MOST_READ));
    const unread = rows.filter(({ message }) => message.direction === 'outbound' && message.status !== 'read');
    await this.delivery.noteReceived(session.tenantId, unread.map(({ message }) => message.id), 'read');
  }

  /** These have arrived; those that are not the visitor's own are nothing to them. */
  async arrived(session: ChatSession, messageIds: readonly string[]): Promise<void> {
    const ids = await this.database.transaction(session.tenantId, async (tx) => {
      const found = await Promise.all(messageIds.map((id) => this.conversations.messageIn(tx, id)));
      return found.flatMap((message) => (message && isHere(message, session.visitorId) && message.status === 'sent' ? [message.id] : []));
    });
    await this.delivery.noteReceived(session.tenantId, ids, 'delivered');
  }

  /**
   * One attachment of a message to or from this visitor.
   *
   * @param id as its message names it
   * @returns null while it is on its way
   * @throws HubError `not_found`, also for another visitor's
   */
  async attachment({ tenantId, visitorId }: ChatSession, id: string): Promise<MediaContent | null> {
    const { messageId, position } = attachmentOf(id);
    const message = await this.database.transaction(tenantId, async (tx) => {
      const waiting = await this.conversations.waitingFrom(tx, CHAT, visitorId);
      return waiting.some((each) => each.id === messageId) ? 'waiting' : this.conversations.messageIn(tx, messageId);
    });
    if (message === 'waiting') return null;
    if (!message || !isHere(message, visitorId)) throw notFound('attachment', id);
    return this.media.content(tenantId, message.conversationSid, messageId, position);
  }

  /** What the visitor has brought, as their message names it. @throws HubError `invalid` */
  brought({ tenantId, visitorId }: ChatSession, ids: readonly string[]): Promise<Media[]> {
    return this.media.incoming.mediaOf(tenantId, visitorId, ids);
  }

  private async filesOf(tx: Tx, messages: readonly Message[]): Promise<MediaFile[]> {
    const ids = messages.filter(({ media }) => media.length > 0).map(({ id }) => id);
    return ids.length > 0 ? this.media.lookedAt(tx, ids) : [];
  }

  private async placedIn(tx: Tx, message: Message, address: string, assistantName: string): Promise<ChatMessage | null> {
    const threads = await this.visitors.goesOnIn(tx, address, message.conversationSid);
    return threads && shown(message, threadNumber(threads, message.conversationSid), assistantName, await this.filesOf(tx, [message]));
  }

  private async threadsOf(tx: Tx, { visitorId }: ChatSession): Promise<string[]> {
    const { threads } = await this.visitors.visitorIn(tx, visitorId);
    const present = await this.conversations.sidAt(tx, CHAT, visitorId);
    return present && threads.at(-1) !== present ? ((await this.visitors.goesOnIn(tx, visitorId, present)) ?? threads) : threads;
  }

  private async following(tx: Tx, { visitorId: address }: ChatSession, threads: readonly string[], from: Place, limit: number): Promise<Placed[]> {
    const placed: Placed[] = [];
    for (const [index, sid] of threads.entries()) {
      const thread = index + 1;
      if (thread < from.thread || threadNumber(threads, sid) !== thread || placed.length >= limit) continue;
      const afterSeq = thread === from.thread ? from.seq : 0;
      const rows = await this.conversations.atAddress(tx, sid, { channel: CHAT, address }, { afterSeq, beforeSeq: LAST_SEQ, limit: limit - placed.length, newest: false });
      placed.push(...rows.map((message) => ({ message, thread })));
    }
    return placed;
  }

  private async latest(tx: Tx, { visitorId: address }: ChatSession, threads: readonly string[], before: Place | null, limit: number): Promise<Placed[]> {
    let placed: Placed[] = [];
    for (const [index, sid] of [...threads.entries()].toReversed()) {
      const thread = index + 1;
      if ((before && thread > before.thread) || threadNumber(threads, sid) !== thread || placed.length >= limit) continue;
      const beforeSeq = thread === before?.thread ? before.seq : LAST_SEQ;
      const rows = await this.conversations.atAddress(tx, sid, { channel: CHAT, address }, { afterSeq: 0, beforeSeq, limit: limit - placed.length, newest: true });
      placed = [...rows.map((message) => ({ message, thread })), ...placed];
    }
    return placed;
  }

  private async resume(
    tx: Tx, { visitorId: address }: ChatSession, threads: readonly string[], { placed, after, isLast }: { placed: Placed[]; after: string | null; isLast: boolean },
  ): Promise<string | null> {
    const last = placed.at(-1);
    const reached = last ? { thread: last.thread, seq: last.message.seq } : after && placeOf(after);
    const present = threads.at(-1);
    if (!reached) return null;
    const underWay = present ? await this.conversations.firstUnderWay(tx, present, { channel: CHAT, address }) : null;
    const gap = underWay === null ? null : { thread: threads.length, seq: underWay - 1 };
    return cursorAfter(reached, [after ? gapOf(after) : null, gap], isLast);
  }

  private async ownerIn(tx: Tx, threads: readonly string[]): Promise<ChatOwner> {
    const present = threads.at(-1);
    return shownOwner(present ? await this.conversations.ownerOf(tx, present) : null);
  }

  private noteArrived(tenantId: string, placed: readonly Placed[]): void {
    const ids = placed.filter(({ message }) => message.status === 'sent').map(({ message }) => message.id);
    if (ids.length === 0) return;
    this.delivery.noteReceived(tenantId, ids, 'delivered').catch((error: unknown) => this.log.warn(`Not noted as delivered: ${describe(error)}`));
  }
}
