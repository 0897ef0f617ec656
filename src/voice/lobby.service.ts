import { Injectable, Logger } from '@nestjs/common';
import { describe } from '@throughline/kernel/errors.js';
import { addToLogScope } from '@throughline/kernel/log.js';
import type { CallParams } from '@throughline/twilio/voice.types.js';
import type { Form } from '@throughline/twilio/webhooks.js';
import { AssistantService } from '../assistant/assistant.service.js';
import { CallsService } from '../calls/calls.service.js';
import type { Call } from '../calls/calls.types.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import type { Tenant, VoiceEngine } from '../tenancy/tenancy.types.js';
import { TransferService } from '../transfer/transfer.service.js';
import { below, firstRung, isFree, nextRung, type Rung } from './ladder.policy.js';
import { isOnTheLine, nextIn, parseCall, parseConnect } from './voice.parser.js';
import { VoiceService } from './voice.service.js';
import type { OnTheLine } from './voice.types.js';

/** What Twilio is told to do with a caller, one step of the ladder after the other. Whatever breaks here, the caller comes to voicemail. */
@Injectable()
export class LobbyService {
  private readonly log = new Logger('Voice');

  constructor(
    private readonly tenancy: TenancyService,
    private readonly conversations: ConversationsService,
    private readonly calls: CallsService,
    private readonly assistant: AssistantService,
    private readonly transfers: TransferService,
    private readonly voice: VoiceService,
  ) {}

  /** Somebody calls. */
  answer(form: Form): Promise<string> {
    return this.whatever(async () => this.begin(await this.calling(parseCall(form))));
  }

  /** Somebody comes back from waiting for a specialist, or from speaking with one. */
  returned(form: Form): Promise<string> {
    return this.whatever(async () => {
      const line = await this.calling(parseCall(form));
      if (line.call.engine === 'gather') return this.onto('gather', line, [(await this.voice.newsOf(line)) ?? this.voice.voiceOf(line.tenant).lines.back]);
      return this.begin(line);
    });
  }

  private async begin({ tenant, call }: OnTheLine): Promise<string> {
    // Twilio begins anew where nobody was there to say what comes next. Who waits for a specialist waits on.
    if (call.state !== 'ringing' && (await this.transfers.awaits(tenant.id, call.callSid))) return this.onto('transfer', { tenant, call });
    const callbackId = call.state === 'ringing' ? null : await this.voice.callbacks.progress.awaits(tenant.id, call.callSid);
    if (callbackId) return this.voice.twiml.on(`callback/${callbackId}/person/join`);
    const conversation = call.conversationSid ? await this.conversations.find(tenant.id, call.conversationSid) : null;
    const owner = conversation?.owner ?? null;
    const isEnabled = tenant.settings.assistant.enabled;
    const rung = firstRung({ owner, isEnabled, engine: await this.engineOf(tenant, call), tries: call.state === 'ringing' ? 0 : await this.triesIn(tenant, call) });
    // What was to come next has come: a line that fails from here on was not ended in good order.
    if (call.next) await this.calls.beginsAnew(tenant.id, call.callSid);
    return this.onto(rung, { tenant, call }, isEnabled && !isFree(owner) ? [this.voice.voiceOf(tenant).lines.takenOver] : undefined);
  }

  /** Sockets that were asked for. Who comes back from a specialist has lost no line. */
  private async triesIn({ id }: Tenant, { callSid }: Call): Promise<number> {
    const [tries, returns] = await Promise.all([this.calls.triesOf(callSid), this.transfers.returnsOf(id, callSid)]);
    return tries - returns;
  }

  /** Whoever speaks in a call goes on; the choice of the number is for new ones. */
  private async engineOf({ id }: Tenant, { engine, sender }: Call): Promise<VoiceEngine> {
    if (engine && engine !== 'gather') return engine;
    return (await this.tenancy.sender(id, 'voice', sender))?.engine ?? 'relay';
  }

  /** The line to an engine is closed. */
  connected(form: Form, engine: VoiceEngine): Promise<string> {
    return this.whatever(async () => {
      const params = parseConnect(form);
      const { tenant, call } = await this.calling(params);
      if (!isOnTheLine(params.CallStatus)) return this.over(tenant, call, 'the caller hung up');
      // Where Twilio brings back no word of how it ended, the row has it.
      const status = params.SessionStatus ?? (call.next ? 'ended' : 'failed');
      const lost = status !== 'ended' && (await this.calls.move(tenant.id, call.callSid, 'line_lost', `the socket failed: ${params.ErrorCode ?? 'no reason given'}`));
      const { sessions, state } = lost || call;
      // Who comes back from a specialist has lost no line.
      const broken = { state, sessions: sessions - (await this.transfers.returnsOf(tenant.id, call.callSid)) };
      const rung = nextRung(broken, await this.triesIn(tenant, call), {
        engine, status, errorCode: params.ErrorCode, next: nextIn(params.HandoffData) ?? call.next,
      });
      // Whoever ended it in good order has said why.
      return this.onto(rung, { tenant, call: lost || call }, status === 'ended' ? [] : undefined);
    });
  }

  /** Twilio says how the call stands. Only its end is news. */
  async status(form: Form): Promise<void> {
    const params = parseCall(form);
    if (isOnTheLine(params.CallStatus)) return;
    const tenantId = await this.calls.tenantOf(params.CallSid);
    if (tenantId) await this.hasEnded(tenantId, params.CallSid);
  }

  /** Whoever says so. Twice is once. */
  async hasEnded(tenantId: string, callSid: string): Promise<void> {
    const call = await this.calls.find(tenantId, callSid);
    if (call) await this.over(await this.tenancy.tenant(tenantId), call, 'the call is over');
  }

  /** Whose call this is; one that nobody has noted yet is noted now. */
  async calling(params: CallParams): Promise<OnTheLine> {
    const { CallSid: callSid, AccountSid, From: from, To, StirVerstat: verstat, CallerName } = params;
    const known = await this.calls.tenantOf(callSid);
    const tenant = await this.tenancy.tenant(known ?? (await this.tenancy.senderReached(AccountSid, 'voice', To)).tenantId);
    addToLogScope({ tenantId: tenant.id });
    const { displayName = CallerName, ...caller } = this.calls.callerOf({ callSid, from, verstat }, tenant.settings.voice.callerId === 'always');
    const call = await this.calls.begin(tenant.id, { ...caller, callSid, sender: To, displayName });
    if (call.conversationSid) addToLogScope({ conversationSid: call.conversationSid });
    return { tenant, call };
  }

  /** @param before what they hear first */
  async onto(rung: Rung, { tenant, call }: OnTheLine, before?: readonly string[]): Promise<string> {
    const { sound } = this.voice.voiceOf(tenant);
    this.log.log(`call ${call.callSid}: ${rung}`);
    switch (rung) {
      case 'gather':
        await this.calls.move(tenant.id, call.callSid, 'answered', 'without a socket', 'gather');
        return this.listen({ tenant, call }, before ?? [this.voice.greetingOf({ tenant, call })]);
      case 'voicemail':
        await this.calls.move(tenant.id, call.callSid, 'voicemail_began', 'nobody else can answer');
        return this.voice.voicemail(tenant, before);
      case 'transfer':
        return this.voice.twiml.transfer(before ?? [], sound);
      case 'hang_up':
        return this.voice.twiml.goodbye(null, sound);
      default:
        return (await this.voice.connect(rung, { tenant, call })) ?? this.onto(below(rung), { tenant, call }, before);
    }
  }

  /** Something is said, and what the caller says to it is one request, however often Twilio makes it. */
  async listen({ tenant, call }: OnTheLine, lines: readonly string[], silences = 0): Promise<string> {
    const conversation = call.conversationSid ? await this.conversations.find(tenant.id, call.conversationSid) : null;
    return this.voice.twiml.gather(lines, this.voice.voiceOf(tenant).sound, { silences, turn: conversation?.lastSeq ?? 0 });
  }

  /** @returns how somebody is thanked who has left a message */
  async thanks({ tenant, call }: OnTheLine): Promise<string> {
    const { lines, sound } = this.voice.voiceOf(tenant);
    const word = await this.calls.wordFor(tenant.id, call.callSid);
    return this.voice.twiml.goodbye(word ? `${word} ${lines.thanks}` : lines.thanks, sound);
  }

  /** The end of a call, whoever says so. */
  private async over({ id }: Tenant, call: Call, cause: string): Promise<string> {
    await this.calls.move(id, call.callSid, 'hung_up', cause);
    await this.transfers.callerLeft(id, call.callSid);
    if (call.conversationSid) await this.assistant.live.over(id, call.conversationSid);
    return this.voice.twiml.nothing();
  }

  /** A caller is not left with an error of ours: they can always leave a message, which is noted when it comes in. */
  async whatever(work: () => Promise<string>): Promise<string> {
    try {
      return await work();
    } catch (error) {
      this.log.error(`a caller comes to voicemail: ${describe(error)}`);
      return this.voice.voicemail(null);
    }
  }
}
