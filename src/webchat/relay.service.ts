import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { describe } from '@throughline/kernel/errors.js';
import { type Happenings, hear } from '@throughline/live/live.js';
import type { Namespace } from 'socket.io';
import { ConversationsService } from '../conversations/conversations.service.js';
import { shownOwner } from './chat.policy.js';
import { roomOf } from './chat.types.js';
import { ThreadService } from './thread.service.js';

/** Carries what happens in this process to the sockets of whom it concerns, on whichever process those are. */
@Injectable()
export class RelayService implements OnModuleInit, OnModuleDestroy {
  private readonly log = new Logger('Webchat');
  private sockets: Namespace | undefined;
  private endings: (() => void)[] = [];

  constructor(
    private readonly conversations: ConversationsService,
    private readonly thread: ThreadService,
  ) {}

  onModuleInit(): void {
    this.endings = [
      hear('recorded', (what) => this.ifChat(what, () => this.showMessage(what))),
      hear('status', (what) => this.ifChat(what, () => this.showStatus(what))),
      hear('typing', (what) => this.ifChat(what, () => this.say(what, 'typing', { author: what.by, name: what.name, on: what.on }))),
      hear('draft', (what) => this.ifChat(what, () => this.say(what, 'draft', { turnId: what.turnId, index: what.index, text: what.text }))),
      hear('draftEnd', (what) => this.ifChat(what, () => this.say(what, 'draft_end', { turnId: what.turnId, said: what.said }))),
      hear('owner', (what) => this.inPeace(() => this.showOwner(what))),
      hear('gap', ({ everywhere }) => void (everywhere ? this.sockets : this.sockets?.local)?.emit('resync', {})),
    ];
  }

  onModuleDestroy(): void {
    for (const end of this.endings) end();
  }

  serve(sockets: Namespace): void {
    this.sockets = sockets;
  }

  private ifChat({ channel }: { channel: string }, work: () => void | Promise<void>): void {
    if (channel === 'chat') this.inPeace(work);
  }

  /** A socket that is not told finds out by asking: nothing is worth more than a line in the log. */
  private inPeace(work: () => void | Promise<void>): void {
    void Promise.resolve().then(work).catch((error: unknown) => this.log.warn(`Sockets were not told: ${describe(error)}`));
  }

  say(to: { tenantId: string; address: string }, event: string, what: object): void {
    this.sockets?.to(roomOf(to)).emit(event, what);
  }

  private async showMessage(what: Happenings['recorded']): Promise<void> {
    const message = await this.thread.message(what.tenantId, what.address, what.messageId);
    if (message) this.say(what, 'message', message);
  }

  /** Ours is shown when it has passed everything that might have held it back. */
  private async showStatus(what: Happenings['status']): Promise<void> {
    if (what.status === 'sent') await this.showMessage(what);
    else if (what.status === 'delivered' || what.status === 'read') this.say(what, 'status', { id: what.messageId, status: what.status });
  }

  private async showOwner({ tenantId, conversationSid, owner }: Happenings['owner']): Promise<void> {
    const participants = await this.conversations.participantsOf(tenantId, conversationSid);
    for (const { channel, address } of participants) {
      if (channel === 'chat') this.say({ tenantId, address }, 'owner', { owner: shownOwner(owner as Parameters<typeof shownOwner>[0]) });
    }
  }
}
