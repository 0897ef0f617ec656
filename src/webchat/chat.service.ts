import { Injectable } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { HubError } from '@throughline/kernel/errors.js';
import { addToLogScope } from '@throughline/kernel/log.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import { type ChatSession, type Lead, leadOf, type Widget } from '../visitors/visitors.types.js';
import { providerSidOf } from './chat.policy.js';
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
    const [tenant, visitor] = await Promise.all([this.tenancy.tenant(tenantId), this.visitors.visitor(session)]);
    const providerSid = providerSidOf(visitorId, clientId);
    // What was attached belongs to the message by now, and would not be found a second time.
    const known = attachments.length > 0 ? await this.thread.own(session, providerSid) : null;
    if (known) return { message: known, fresh: false };
    await this.limits.message(session);
    const media = await this.thread.brought(session, attachments);
    const outcome = await this.conversations.receive(tenant, {
      providerSid, channel: 'chat', address: visitorId, sender: widgetKey, body, media, details: { clientId, words: [] },
      ...(visitor.leadName ? { displayName: visitor.leadName } : {}), receivedAt: this.clock.now(),
    });
    const message = await this.thread.own(session, providerSid);
    if (!message) throw new HubError('conflict', 'message_gone', 'This message was taken away.');
    return { message, fresh: outcome.outcome !== 'duplicate' };
  }
}
