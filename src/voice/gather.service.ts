import { Injectable, Logger } from '@nestjs/common';
import { describe } from '@throughline/kernel/errors.js';
import { storable } from '@throughline/llm/guardrails.js';
import { uuidOf } from '@throughline/kernel/ids.js';
import type { Form } from '@throughline/twilio/webhooks.js';
import { AssistantService } from '../assistant/assistant.service.js';
import type { Answered } from '../assistant/assistant.types.js';
import { CallsService } from '../calls/calls.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Message } from '../conversations/conversations.types.js';
import { LobbyService } from './lobby.service.js';
import { isOnTheLine, parseGather } from './voice.parser.js';
import { VoiceService } from './voice.service.js';
import type { OnTheLine } from './voice.types.js';

/** Silences after which a caller is offered voicemail. */
const MOST_SILENCES = 2;
/** A second each: as long as a turn on the phone may take. */
const MOST_ASKED = 20;
/** Messages in which what was said last is found. */
const RECENT = 20;

/** What the caller has said, or pressed. */
interface Words {
  conversationSid: string;
  body: string;
  remarks: string[];
  key: string;
}

/**
 * The same conversation with one request for each thing that is said: slower, and it needs nothing but webhooks. Nothing is kept between two
 * requests but rows, so any process may answer the next one.
 */
@Injectable()
export class GatherService {
  private readonly log = new Logger('Voice');

  constructor(
    private readonly lobby: LobbyService,
    private readonly voice: VoiceService,
    private readonly calls: CallsService,
    private readonly conversations: ConversationsService,
    private readonly assistant: AssistantService,
  ) {}

  /** The caller has said something, pressed something, or nothing. */
  heard(form: Form, { silences, turn }: { silences: number; turn: number }): Promise<string> {
    return this.lobby.whatever(async () => {
      const params = parseGather(form);
      const line = await this.lobby.calling(params);
      const { lines } = this.voice.voiceOf(line.tenant);
      const body = storable(params.SpeechResult || params.Digits || '').trim();
      if (!isOnTheLine(params.CallStatus)) return this.voice.twiml.nothing();
      const waits = body === '' ? (await this.wordsBeside(line))[0] ?? (await this.voice.saidInSilence(line)) : null;
      if (waits) return this.lobby.listen(line, [waits]);
      if (body === '') return silences >= MOST_SILENCES ? this.lobby.onto('voicemail', line, [lines.sorry]) : this.lobby.listen(line, [lines.stillThere], silences);
      const conversationSid = await this.calls.conversationOf(line.tenant.id, line.call.callSid, this.voice.limits.gatherMs);
      if (!conversationSid) return this.lobby.onto('voicemail', line, [lines.sorry]);
      const remarks = params.Digits ? ['pressed on the keypad'] : [];
      return this.take({ ...line, call: { ...line.call, conversationSid } }, { conversationSid, body, remarks, key: `${line.call.callSid}/${turn}/${uuidOf(body)}` });
    });
  }

  /** The same request twice, because our answer was lost, is the same words: they are taken once, and answered as they were. */
  private async take(line: OnTheLine, words: Words): Promise<string> {
    const thread = await this.conversations.latest(line.tenant.id, words.conversationSid, { limit: RECENT });
    const isKnown = thread.some(({ providerSid }) => providerSid === words.key);
    const said = isKnown ? replyIn(thread, line.call.callSid) : undefined;
    if (said) return this.lobby.listen(line, [said.body]);
    await this.conversations.aloud.hear(line.tenant.id, { ...words, aloud: this.calls.aloud(line.call) });
    return this.answer(line, words.conversationSid);
  }

  /** Thinks of the answer; what takes longer than a webhook may is asked for again. */
  private async answer(line: OnTheLine, conversationSid: string): Promise<string> {
    const thought = this.think(line, conversationSid).catch((error: unknown) => {
      this.log.error(`call ${line.call.callSid}: ${describe(error)}`);
      return { answered: 'failed' as const, words: '' };
    });
    const patience = new Promise<'later'>((resolve) => setTimeout(() => resolve('later'), this.voice.limits.gatherMs).unref());
    const came = await Promise.race([thought, patience]);
    const { lines, sound } = this.voice.voiceOf(line.tenant);
    if (came === 'later') return this.voice.twiml.wait(lines.filler, sound, 0);
    return this.say(line, came);
  }

  /** The answer that was too slow for its own request. */
  later(form: Form, asked: number): Promise<string> {
    return this.lobby.whatever(async () => {
      const line = await this.lobby.calling(parseGather(form));
      const { lines, sound } = this.voice.voiceOf(line.tenant);
      const { tenant, call } = line;
      const conversation = call.conversationSid ? await this.conversations.find(tenant.id, call.conversationSid) : null;
      if (!conversation || conversation.owner !== 'assistant') return this.lobby.onto('voicemail', line, [lines.takenOver]);
      const thread = await this.conversations.latest(tenant.id, conversation.conversationSid, { limit: RECENT });
      const reply = replyIn(thread, call.callSid);
      if (reply) return this.lobby.listen(line, [reply.body]);
      return asked >= MOST_ASKED ? this.lobby.onto('voicemail', line, [lines.sorry]) : this.voice.twiml.wait(asked % 5 === 4 ? lines.stillLooking : null, sound, asked);
    });
  }

  /** @returns what came of it, and what is to be said */
  private async think({ tenant, call }: OnTheLine, conversationSid: string): Promise<{ answered: Answered; words: string }> {
    let [words, messageId] = ['', ''];
    const speaker = {
      begin: (id: string) => {
        messageId = id;
      },
      say: (more: string) => {
        words += more;
      },
    };
    const answered = await this.assistant.live.answer(tenant.id, { conversationSid, aloud: this.calls.aloud(call), speaker, signal: new AbortController().signal })
      .catch((error: unknown): Answered => {
        this.log.error(`call ${call.callSid}: ${describe(error)}`);
        return 'failed';
      });
    // Who has hung up meanwhile, or has come to voicemail, does not hear it any more.
    const isThere = (await this.calls.find(tenant.id, call.callSid))?.state === 'talking';
    if (messageId) await this.conversations.aloud.settle(tenant.id, conversationSid, messageId, words.trim(), isThere ? 'heard' : 'unheard');
    return { answered, words: words.trim() };
  }

  /** What the house has to say to the caller besides. */
  private async wordsBeside({ tenant, call }: OnTheLine): Promise<string[]> {
    const word = await this.calls.wordFor(tenant.id, call.callSid);
    return word === null ? [] : [word];
  }

  private async say(line: OnTheLine, { answered, words }: { answered: Answered; words: string }): Promise<string> {
    const { lines, sound } = this.voice.voiceOf(line.tenant);
    const before = words ? [words] : [];
    switch (answered) {
      case 'said':
        return this.lobby.listen(line, [...before, ...(await this.wordsBeside(line))]);
      case 'over':
      case 'broken_off':
        return this.voice.twiml.wait(null, sound, 0);
      case 'handed_off':
        return this.lobby.onto('voicemail', line, before.length > 0 ? before : [lines.takenOver]);
      case 'transferred':
        return this.lobby.onto('transfer', line, before);
      case 'not_ours':
        return this.lobby.onto('voicemail', line, [lines.takenOver]);
      case 'failed':
        return this.lobby.onto('voicemail', line, [...before, lines.sorry]);
    }
  }
}

/** What the assistant has said in answer to the newest words of this call. What is written meanwhile, or said in another call, is not for this ear. */
function replyIn(thread: readonly Message[], callSid: string): Message | undefined {
  const spoken = thread.filter(({ channel, details }) => channel === 'voice' && details?.call?.sid === callSid);
  const asked = spoken.findLast(({ direction }) => direction === 'inbound');
  return asked && spoken.findLast(({ authorKind, status, seq }) => authorKind === 'assistant' && status === 'delivered' && seq > asked.seq);
}
