import { Injectable } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { HubError } from '@throughline/kernel/errors.js';
import { addToLogScope } from '@throughline/kernel/log.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { InboundMessage, ReceiveOutcome } from '../conversations/conversations.types.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import { type ChatSession, type Lead, leadOf, type Widget } from '../visitors/visitors.types.js';
import { providerSidOf, shownNew } from './chat.policy.js';
import { ChatLimits } from './chat.limits.js';
import type { Opening, Sending } from './chat.schemas.js';
import type { ChatMessage } from './chat.types.js';
import { ThreadService } from './thread.service.js';

export type WidgetLook = Pick<Widget, 'title' | 'greeting' | 'accentColor' | 'locale' | 'attachments' | 'lead'>;

const lookOf = ({ title, greeting, accentColor, locale, attachments, lead }: Widget): WidgetLook => ({ title, greeting, accentColor, locale, attachments, lead });

export interface OpenedChat {
  token: string;
  expiresAt: string;
  refreshToken: string;
  visitorId: string;
  widget: WidgetLook;
  lead: Lead;
}

/** What visitors do: come in, and write. */
@Injectable()
export class ChatService {
  constructor(
    private readonly clock: Clock,
    private readonly tenancy: TenancyService,
    private readonly visitors: VisitorsService,
    private readonly conversations: ConversationsService,
    private readonly thread: ThreadService,
    private readonly limits: ChatLimits,
  ) {}

  /** How the widget looks on a page of this origin. */
  async look(widgetKey: string, origin: string): Promise<WidgetLook> {
    return lookOf(await this.visitors.widgetAt(widgetKey, origin));
  }

  async open({ widgetKey, refreshToken }: Opening, origin: string, ip: string): Promise<OpenedChat> {
    this.limits.call(ip);
    const welcome = (tenantId: string): Promise<void> => this.limits.newVisitor(tenantId, ip);
    const { token, expiresAt, visitor, widget, ...opened } = await this.visitors.open(widgetKey, origin, refreshToken ?? null, welcome);
    addToLogScope({ tenantId: widget.tenantId });
    return {
      token, expiresAt: expiresAt.toISOString(), refreshToken: opened.refreshToken, visitorId: visitor.id,
      widget: lookOf(widget), lead: leadOf(visitor),
    };
  }

  /**
   * The visitor's message, in the record or waiting for its Conversation: shown at once, and under the same id later.
   *
   * @returns `fresh`: false when it has come before
   */
  async send(session: ChatSession, { clientId, body, attachments }: Sending): Promise<{ message: ChatMessage; fresh: boolean }> {
    const { tenantId, visitorId, widgetKey } = session;
    const providerSid = providerSidOf(visitorId, clientId);
    // What was attached belongs to the message by now, and would not be found a second time.
    const known = attachments.length > 0 ? await this.thread.own(session, providerSid) : null;
    if (known) return { message: known, fresh: false };
    const [tenant, { threads, leadName }] = await Promise.all([this.tenancy.tenant(tenantId), this.limits.message(session, (tx) => this.visitors.visitorIn(tx, visitorId))]);
    const inbound: InboundMessage = {
      providerSid, channel: 'chat', address: visitorId, sender: widgetKey, body, media: await this.thread.brought(session, attachments), details: { clientId, words: [] },
      ...(leadName ? { displayName: leadName } : {}), receivedAt: this.clock.now(),
    };
    const outcome = await this.conversations.receive(tenant, inbound);
    const message = justIn(outcome, inbound, threads) ?? (await this.thread.own(session, providerSid));
    if (!message) throw new HubError('conflict', 'message_gone', 'This message was taken away.');
    return { message, fresh: outcome.outcome !== 'duplicate' };
  }
}

/** As it stands, where that is known without looking: it is the first one in its conversation for most visitors once. */
function justIn(outcome: ReceiveOutcome, inbound: InboundMessage, threads: readonly string[]): ChatMessage | null {
  if (outcome.outcome === 'stored') return shownNew(outcome.inboxId, inbound, null);
  if (outcome.outcome !== 'received' || threads.at(-1) !== outcome.conversationSid) return null;
  return shownNew(outcome.messageId, inbound, { thread: threads.length, seq: outcome.seq });
}
