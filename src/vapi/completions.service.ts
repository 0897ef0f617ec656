import { Injectable } from '@nestjs/common';
import { HubError } from '@throughline/kernel/errors.js';
import { addToLogScope } from '@throughline/kernel/log.js';
import type { Spoken } from '@throughline/vapi/wire.types.js';
import { AssistantService } from '../assistant/assistant.service.js';
import { CallsService } from '../calls/calls.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { VoiceService } from '../voice/voice.service.js';
import { BindingsService } from './bindings.service.js';
import { LinesService } from './lines.service.js';
import { type Rooms, VapiSession } from './vapi.session.js';
import type { Proof, VapiCallRow } from './vapi.types.js';

/** The calls that Vapi asks this process about. */
@Injectable()
export class CompletionsService implements Rooms {
  private readonly sessions = new Map<string, Promise<VapiSession | null>>();

  constructor(
    readonly bindings: BindingsService,
    readonly conversations: ConversationsService,
    readonly calls: CallsService,
    readonly assistant: AssistantService,
    readonly voice: VoiceService,
    readonly lines: LinesService,
  ) {}

  /**
   * @param vapiId as the body says, which nobody has signed
   * @returns null for a call that is over
   * @throws HubError where whoever asks may not speak of that call
   */
  async admit(proof: Proof, vapiId: string | undefined): Promise<VapiSession | null> {
    const row = await this.bindings.admitted(proof, vapiId);
    if (!row) throw new HubError('forbidden', 'forbidden', 'Forbidden');
    addToLogScope({ tenantId: row.tenantId });
    return this.of(row);
  }

  /** The call as it goes on, in this process too. Null: it is over, or somebody else speaks in it. */
  async of(row: VapiCallRow): Promise<VapiSession | null> {
    const present = this.sessions.get(row.vapiId);
    const session = await (present ?? this.begun(row));
    return present && session?.isOver ? this.of(row) : session;
  }

  /** Asked twice at the same instant, it is opened once. */
  private begun(row: VapiCallRow): Promise<VapiSession | null> {
    const opening = this.open(row);
    this.sessions.set(row.vapiId, opening);
    opening.then((session) => session ?? this.forget(row), () => this.forget(row));
    return opening;
  }

  /** The call, where this process has to do with it already. */
  async known({ vapiId }: VapiCallRow): Promise<VapiSession | null> {
    return (await this.sessions.get(vapiId)) ?? null;
  }

  private async open(row: VapiCallRow): Promise<VapiSession | null> {
    const answered = await this.bindings.answered(row);
    if (!answered) return null;
    const { tenant, call, isFirst } = answered;
    const conversationSid = await this.calls.conversationOf(tenant.id, call.callSid, this.voice.limits.conversationMs);
    if (!conversationSid) throw new HubError('unavailable', 'conversation_late', 'The Conversation of this caller is not there yet.');
    addToLogScope({ conversationSid });
    const session = new VapiSession(this, { tenant, call, conversationSid, aloud: this.calls.aloud(call) }, row);
    const conversation = await this.conversations.find(tenant.id, conversationSid);
    if (isFirst) await session.greet(conversation?.lastInboundSeq ?? 0);
    this.voice.lookout.watch(session);
    return session;
  }

  /** The call is over: what was said last in it is kept, also where nobody has been asked about it. */
  async heardLast(row: VapiCallRow, history: readonly Spoken[]): Promise<void> {
    const session = (await this.known(row)) ?? (await this.afterwards(row));
    await session?.heardLast(history);
    session?.isReplaced();
  }

  private async afterwards(row: VapiCallRow): Promise<VapiSession | null> {
    const found = await this.bindings.found(row);
    if (!found?.call.conversationSid) return null;
    const { tenant, call, call: { session, conversationSid } } = found;
    return new VapiSession(this, { tenant, call: { ...call, session: session ?? '' }, conversationSid, aloud: this.calls.aloud(call) }, row);
  }

  forget({ vapiId }: VapiCallRow): void {
    this.sessions.delete(vapiId);
  }
}
