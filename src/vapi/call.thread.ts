import { createHash } from 'node:crypto';
import { storable } from '@throughline/llm/guardrails.js';
import type { Spoken } from '@throughline/vapi/wire.types.js';
import type { ConversationsService } from '../conversations/conversations.service.js';
import type { Conversation, Message } from '../conversations/conversations.types.js';
import type { VoiceService } from '../voice/voice.service.js';
import type { Line } from '../voice/voice.types.js';
import { type News, newsIn, repliesIn, settledBy } from './history.policy.js';

/** Messages among which the caller's last words are. */
const RECENT = 50;
const LONGEST_WORDS = 8_000;

/** What of a call at Vapi is in the thread. */
export class CallThread {
  constructor(private readonly rooms: { conversations: ConversationsService; voice: VoiceService }, private readonly line: Line, private readonly vapiId: string) {}

  /** What Vapi knows and the thread does not, and what was answered to the caller's last words already. */
  async newsIn(history: readonly Spoken[]): Promise<{ news: News; replies: string }> {
    const thread = await this.latest();
    return { news: newsIn(history, this.takenOf(thread)), replies: repliesIn(thread, this.line.call.callSid) };
  }

  hear({ words, upTo }: News): Promise<Conversation> {
    const { tenant, conversationSid, aloud } = this.line;
    const body = storable(words).trim().slice(0, LONGEST_WORDS);
    const key = `${this.key}${upTo}/${createHash('sha256').update(body).digest('hex').slice(0, 12)}`;
    return this.rooms.conversations.aloud.hear(tenant.id, { conversationSid, body, aloud, key });
  }

  /** @param by what Vapi says was heard since, or how all of it ended */
  async settle(by: { heard: string } | 'heard' | 'broken'): Promise<void> {
    const { tenant, call, conversationSid } = this.line;
    const { aloud } = this.rooms.conversations;
    const left = await aloud.underWay(tenant.id, conversationSid, call.callSid);
    const { filler, stillLooking, stillThere } = this.rooms.voice.voiceOf(tenant).lines;
    const all = typeof by === 'string' ? left.map(({ id, body }) => ({ messageId: id, body, hearing: by })) : settledBy(left, by.heard, [filler, stillLooking, stillThere]);
    for (const { messageId, body, hearing } of all) await aloud.settle(tenant.id, conversationSid, messageId, body, hearing);
  }

  /** A sentence of the house's own. */
  async note(words: string): Promise<void> {
    const { tenant, conversationSid, aloud } = this.line;
    await this.rooms.conversations.aloud.announce(tenant.id, conversationSid, words, aloud);
  }

  /** What came last from the person was not said. */
  async newestIsWritten(): Promise<boolean> {
    const newest = (await this.latest()).findLast(({ direction }) => direction === 'inbound');
    return newest !== undefined && newest.channel !== 'voice';
  }

  private latest(): Promise<Message[]> {
    return this.rooms.conversations.latest(this.line.tenant.id, this.line.conversationSid, { limit: RECENT });
  }

  /** How many letters of the caller's are in the thread, of this call at Vapi: the id of each message says it. */
  private takenOf(thread: readonly Message[]): number {
    const last = thread.findLast(({ direction, providerSid }) => direction === 'inbound' && providerSid?.startsWith(this.key));
    return Number(last?.providerSid!.slice(this.key.length).split('/', 1)[0] ?? 0);
  }

  private get key(): string {
    return `${this.line.call.callSid}/${this.vapiId}/`;
  }
}
