import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DeliveryService } from '../delivery/delivery.service.js';
import type { BodyRules, ChannelSender, Delivery, Look, Receipt } from '../delivery/delivery.types.js';

/** A page takes whatever was said, in one piece, and what is attached to it. */
const WHOLE: BodyRules = { fits: () => true, cost: () => 1, files: { atOnce: Infinity, besideWords: () => true } };

/**
 * Web chat has no provider: what may go out is there for its visitor to fetch, and sockets are told. So an attempt cannot fail, and one
 * whose end was lost is made again under the same id, if it may still go out.
 */
@Injectable()
export class ChatSender implements ChannelSender, OnModuleInit {
  readonly channels = ['chat'];
  readonly rules = WHOLE;
  readonly showsButtons = (): boolean => true;
  /** One row keeps the rate of a widget key; a key whose visitors are answered faster than that is attacked. */
  readonly messagesPerSecond = 500;

  constructor(private readonly delivery: DeliveryService) {}

  onModuleInit(): void {
    this.delivery.registerSender(this);
  }

  async send({ id }: Delivery): Promise<{ providerSid: string }> {
    return { providerSid: `chat-${id}` };
  }

  /** Nobody is shown anything before the row says that it is sent, and then nobody looks. */
  async find(): Promise<Look> {
    return { outcome: 'absent' };
  }

  /** Nobody else knows more than we do. */
  async ask(): Promise<Receipt | null> {
    return null;
  }

  /** The record is the only copy. */
  async remove(): Promise<void> {}
}
