import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { addToLogScope } from '@throughline/kernel/log.js';
import type { ConversationEventParams } from '@throughline/twilio/wire.types.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { InboundMessage } from '../conversations/conversations.types.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import { MirrorService } from '../mirror/mirror.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { CatchUpService } from './catch-up.service.js';
import { inWords } from './details.parser.js';
import { attachedTypes, parseConversationEvent, parseInboundText, parseStatus, senderIn } from './inbound.parser.js';
import { receiptStatus } from './twilio-messaging.sender.js';

/** So much of an earlier message is quoted, in characters: enough to tell which one it is. */
const QUOTED = 160;

/** The written channels of Twilio: what comes in, and what became of what went out. */
@Injectable()
export class ChannelsService {
  private readonly log = new Logger('Channels');

  constructor(
    private readonly clock: Clock,
    private readonly tenancy: TenancyService,
    private readonly conversations: ConversationsService,
    private readonly mirror: MirrorService,
    private readonly delivery: DeliveryService,
    private readonly catchUp: CatchUpService,
  ) {}

  async receiveText(form: Record<string, string | string[]>): Promise<void> {
    const { accountSid, channel, messagingServiceSid, message: parsed } = parseInboundText(form, this.clock.now());
    const sender = await this.tenancy.senderReached(accountSid, channel, parsed.sender, messagingServiceSid);
    const tenant = await this.tenancy.tenant(sender.tenantId);
    addToLogScope({ tenantId: tenant.id });
    await this.catchUp.schedule(tenant.id);
    const message = await this.withAnswered(tenant.id, parsed);
    const outcome = await this.conversations.receive(tenant, message);
    if (outcome.outcome === 'received') addToLogScope({ conversationSid: outcome.conversationSid });
    this.log.log(`${channel} ${message.providerSid}: ${outcome.outcome}`);
  }

  /** A message that answers another one says which, by our id and in its words, where the record has it. */
  private async withAnswered(tenantId: string, message: InboundMessage): Promise<InboundMessage> {
    const { details } = message;
    if (!details?.repliesTo) return message;
    const { providerSid } = details.repliesTo;
    const answered = (await this.delivery.messageOf(tenantId, providerSid)) ?? (await this.conversations.messageOf(tenantId, providerSid));
    if (!answered) return message;
    return {
      ...message,
      details: { ...details, repliesTo: { providerSid, messageId: answered.id }, words: [inWords(`in answer to: "${answered.body.slice(0, QUOTED)}"`), ...details.words] },
    };
  }

  async recordStatus(form: Record<string, string | string[]>, tenantId: string, deliveryId: string): Promise<void> {
    const params = parseStatus(form);
    const status = receiptStatus(params.MessageStatus);
    if (!status) return;
    addToLogScope({ tenantId });
    const carriedBy = senderIn(params.From);
    await this.delivery.recordReceipt(tenantId, deliveryId, { providerSid: params.MessageSid, status, errorCode: params.ErrorCode ?? null, carriedBy });
  }

  async receiveConversationEvent(form: Record<string, string | string[]>): Promise<void> {
    const event = parseConversationEvent(form);
    if (event.EventType !== 'onMessageAdded' || !event.ConversationSid || !event.MessageSid) return;
    const { ConversationSid: conversationSid, MessageSid: messageSid } = event;
    const tenantId = await this.conversations.tenantOf(conversationSid);
    if (!tenantId) return this.foreignMessage(event, conversationSid, messageSid);
    addToLogScope({ tenantId, conversationSid });
    if (isOwnMirror(event)) return;
    await this.conversations.receiveFromConversation(tenantId, {
      conversationSid, mirrorSid: messageSid, author: event.Author ?? '', body: (event.Body ?? '').replaceAll('\u0000', ''),
      mediaTypes: attachedTypes(event.Media), writtenAt: new Date(event.DateCreated ?? this.clock.now()),
    });
  }

  private async foreignMessage({ ChatServiceSid: serviceSid }: ConversationEventParams, foreignSid: string, messageSid: string): Promise<void> {
    const { id } = await this.tenancy.defaultTenant();
    await this.mirror.considerAdopting(id, { foreignSid, serviceSid }, messageSid);
  }
}

function isOwnMirror(event: ConversationEventParams): boolean {
  try {
    const attributes = JSON.parse(event.Attributes ?? '{}') as { messageId?: unknown } | null;
    return typeof attributes?.messageId === 'string';
  } catch {
    return false;
  }
}
