import { Injectable } from '@nestjs/common';
import { HubError } from '@throughline/kernel/errors.js';
import type { Message } from '../conversations/conversations.types.js';
import type { ChannelSender } from './delivery.types.js';

/** Doors bring their senders here; delivery finds them by channel. */
@Injectable()
export class SenderRegistry {
  private readonly senders = new Map<string, ChannelSender>();

  register(sender: ChannelSender): void {
    for (const channel of sender.channels) {
      if (this.senders.has(channel)) throw new Error(`Two senders want the channel ${channel}. Keep one.`);
      this.senders.set(channel, sender);
    }
  }

  find(channel: string): ChannelSender | undefined {
    return this.senders.get(channel);
  }

  /** The rules by which a message is cut that was said on this channel. By none is anything sent to a call, so it will go as a text. */
  rulesOf(channel: string): ChannelSender['rules'] {
    return (this.senders.get(channel) ?? this.of('sms')).rules;
  }

  /** Channels that something sends such a message on: one with files goes only where files go. */
  carriersOf({ media }: Pick<Message, 'media'>): (channel: string) => boolean {
    return (channel) => {
      const sender = this.find(channel);
      return sender !== undefined && (media.length === 0 || sender.rules.files !== undefined);
    };
  }

  of(channel: string): ChannelSender {
    const sender = this.find(channel);
    if (!sender) throw new HubError('internal', 'no_sender', `No sender is registered for the channel ${channel}.`);
    return sender;
  }
}
