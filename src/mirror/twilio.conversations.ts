import { Injectable } from '@nestjs/common';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { TwilioFailure, twilioFailure } from '@throughline/twilio/errors.js';
import type { Message, Participant } from '../conversations/conversations.types.js';
import { mirroredText, mirrorPieces } from './mirror.policy.js';
import { PlacesService } from './places.service.js';
import type { ForeignConversation, ForeignMessage } from './mirror.types.js';

/** Error numbers that mean "it is there already" (twilio.com/docs/api/errors). */
const UNIQUE_NAME_TAKEN = 50353;
const IDENTITY_ALREADY_IN = 50433;
const CLOSED_IS_FINAL = 50377;

/** How far back the further pieces of a long message are looked for. */
const MOST_SEARCHED = 2_000;

export interface PostedMessage {
  sid: string;
  index: number;
  author: string;
  body: string;
  /** Content types of what is attached to it. */
  mediaTypes: string[];
  /** Our message's id, when we posted it. */
  messageId: string | undefined;
  createdAt: Date;
}

/** A Conversation, and the service that it lives in. */
export interface Place {
  conversationSid: string;
  serviceSid: string;
}

/** The Twilio Conversations calls of the record. Each may run twice: creation finds what the first run made. */
@Injectable()
export class TwilioConversations {
  constructor(
    private readonly account: TwilioAccount,
    private readonly places: PlacesService,
  ) {}

  /** Conversations have no idempotency key; the unique name is one. */
  async findOrCreate(uniqueName: string, friendlyName: string, attributes: Record<string, unknown>): Promise<Place> {
    const list = this.account.conversations;
    try {
      const created = await list.create({ uniqueName, friendlyName: friendlyName.slice(0, 256), attributes: JSON.stringify(attributes) });
      return placeOf(created);
    } catch (error) {
      const failure = twilioFailure(error);
      if (failure.twilioCode !== UNIQUE_NAME_TAKEN) throw failure;
      return placeOf(await list.get(uniqueName).fetch().catch(rethrow));
    }
  }

  async setAttributes(tenantId: string, conversationSid: string, attributes: Record<string, unknown>): Promise<void> {
    await (await this.own(tenantId, conversationSid)).update({ attributes: JSON.stringify(attributes) }).catch(rethrow);
  }

  async join(tenantId: string, participant: Participant): Promise<string> {
    const list = (await this.own(tenantId, participant.conversationSid)).participants;
    const { identity, channel, address } = participant;
    try {
      return (await list.create({ identity, attributes: JSON.stringify({ channel, address }) })).sid;
    } catch (error) {
      const failure = twilioFailure(error);
      if (failure.twilioCode !== IDENTITY_ALREADY_IN) throw failure;
      return (await list.get(identity).fetch().catch(rethrow)).sid;
    }
  }

  /** @param body the message's own, or the piece of it that `part` counts */
  async post(message: Message, body: string, part: number): Promise<{ sid: string }> {
    const list = (await this.own(message.tenantId, message.conversationSid)).messages;
    return list
      .create({
        author: message.author,
        body: body || attached(message),
        dateCreated: message.createdAt,
        attributes: JSON.stringify({ messageId: message.id, channel: message.channel, direction: message.direction, ...(part > 1 ? { part } : {}) }),
      })
      .catch(rethrow);
  }

  /** The newest messages, newest first. */
  async newest(tenantId: string, conversationSid: string, limit: number): Promise<PostedMessage[]> {
    const messages = await (await this.own(tenantId, conversationSid)).messages
      .list({ order: 'desc', pageSize: Math.min(limit, 100), limit })
      .catch(rethrow);
    return messages.map((message) => ({
      sid: message.sid, index: message.index, author: message.author, body: message.body ?? '',
      mediaTypes: (message.media ?? []).map((item: { content_type?: string }) => item.content_type ?? 'application/octet-stream'),
      messageId: ownMessageId(message.attributes), createdAt: message.dateCreated,
    }));
  }

  /** A message of a Conversation that is not ours, and everybody who is in there. */
  async foreignMessage(foreign: ForeignConversation, messageSid: string): Promise<ForeignMessage> {
    const conversation = this.foreign(foreign);
    const participants = await conversation.participants.list({ limit: 50 }).catch(rethrow);
    const message = await conversation.messages.get(messageSid).fetch().catch(rethrow);
    return {
      author: message.author, body: message.body ?? '', createdAt: message.dateCreated,
      participants: participants.map(({ messagingBinding }) => {
        const binding = messagingBinding as { address?: string; proxy_address?: string } | null;
        return { address: binding?.address ?? null, proxyAddress: binding?.proxy_address ?? null };
      }),
    };
  }

  async close(foreign: ForeignConversation): Promise<void> {
    await this.foreign(foreign).update({ state: 'closed' }).catch((error: unknown) => {
      const failure = twilioFailure(error);
      if (failure.twilioCode !== CLOSED_IS_FINAL && failure.httpStatus !== 404) throw failure;
    });
  }

  /** @param name the sid, or the unique name of one whose sid was lost. Nothing happens when it is gone. */
  async remove(tenantId: string, name: string): Promise<void> {
    try {
      await (name.startsWith('CH') ? await this.own(tenantId, name) : this.account.conversations.get(name)).remove();
    } catch (error) {
      unlessGone(error);
    }
  }

  /** All pieces of a message that was mirrored, or that somebody typed there. Nothing happens when they are gone. */
  async removeMessage(message: Message): Promise<void> {
    const { tenantId, conversationSid, mirrorSid, id } = message;
    if (!mirrorSid) return;
    const pieces = mirrorPieces(mirroredText(message)).length > 1 ? (await this.newest(tenantId, conversationSid, MOST_SEARCHED).catch(unlessGone)) ?? [] : [];
    const others = pieces.filter((posted) => posted.messageId === id && posted.sid !== mirrorSid).map(({ sid }) => sid);
    for (const sid of [...others, mirrorSid]) {
      await this.own(tenantId, conversationSid).then(({ messages }) => messages.get(sid).remove()).then(() => undefined, unlessGone);
    }
  }

  /** Who takes part by an identity becomes a User of the service, named by it, and stays one after the Conversation is gone. */
  async removeUser(tenantId: string, conversationSid: string, identity: string): Promise<void> {
    const serviceSid = await this.places.serviceKnown(tenantId, conversationSid);
    const { v1 } = this.account.client.conversations;
    const user = serviceSid ? v1.services(serviceSid).users(identity) : v1.users(identity);
    await user.remove().catch(unlessGone);
  }

  private async own(tenantId: string, conversationSid: string) {
    return this.account.conversationsIn(await this.places.serviceOf(tenantId, conversationSid)).get(conversationSid);
  }

  private foreign({ foreignSid, serviceSid }: ForeignConversation) {
    return (serviceSid ? this.account.conversationsIn(serviceSid) : this.account.conversations).get(foreignSid);
  }
}

const placeOf = ({ sid, chatServiceSid }: { sid: string; chatServiceSid: string }): Place => ({ conversationSid: sid, serviceSid: chatServiceSid });

/** What people in the Conversation read of a message without words. */
const attached = ({ media }: Message): string => (media.length === 0 ? '' : `[${media.map((item) => item.contentType).join(', ')}]`);

/** Whether the Conversation is gone for good: closed or deleted by somebody else. */
export const isGone = (error: unknown): boolean =>
  error instanceof TwilioFailure && (error.twilioCode === CLOSED_IS_FINAL || error.httpStatus === 404);

/** Whether Twilio will refuse this request every time, so that nothing behind it should wait for it. */
export const isRefused = (error: unknown): boolean => error instanceof TwilioFailure && error.errorClass === 'permanent';

function unlessGone(error: unknown): undefined {
  const failure = twilioFailure(error);
  if (failure.httpStatus !== 404) throw failure;
  return undefined;
}

function rethrow(error: unknown): never {
  throw twilioFailure(error);
}

/** The mark that our own mirror leaves on a message. */
export function ownMessageId(attributes: string | undefined): string | undefined {
  try {
    const parsed = JSON.parse(attributes ?? '{}') as { messageId?: unknown } | null;
    return typeof parsed?.messageId === 'string' ? parsed.messageId : undefined;
  } catch {
    return undefined;
  }
}
