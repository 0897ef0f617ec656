import { Injectable, Logger } from '@nestjs/common';
import { describe } from '@throughline/kernel/errors.js';
import { addToLogScope } from '@throughline/kernel/log.js';
import type { CallParams } from '@throughline/twilio/voice.types.js';
import type { Form } from '@throughline/twilio/webhooks.js';
import { AppConfig } from '../app.config.js';
import { AssistantService } from '../assistant/assistant.service.js';
import { CallsService } from '../calls/calls.service.js';
import type { Call } from '../calls/calls.types.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import { TransferService } from '../transfer/transfer.service.js';
import { firstRung, nextRung, type Rung } from './ladder.policy.js';
import { type Lines, linesIn } from './lines.js';
import { type Sound, Twiml } from './twiml.js';
import { isOnTheLine, nextIn, parseCall, parseConnect } from './voice.parser.js';

/** A call, and whose it is. */
export interface OnTheLine {
  tenant: Tenant;
  call: Call;
}

/** What Twilio is told to do with a caller, one step of the ladder after the other. Whatever breaks here, the caller comes to voicemail. */
@Injectable()
export class VoiceService {
  private readonly log = new Logger('Voice');
  private readonly twiml: Twiml;

  constructor(
    private readonly config: AppConfig,
    private readonly tenancy: TenancyService,
    private readonly conversations: ConversationsService,
    private readonly calls: CallsService,
    private readonly assistant: AssistantService,
    private readonly transfers: TransferService,
  ) {
    this.twiml = new Twiml(config.publicBaseUrl);
  }

  /** Somebody calls. */
  answer(form: Form): Promise<string> {
    return this.whatever(async () => this.begin(await this.calling(parseCall(form))));
  }

  /** Somebody comes back from waiting for a specialist, or from speaking with one. */
  returned(form: Form): Promise<string> {
    return this.whatever(async () => {
      const line = await this.calling(parseCall(form));
      if (line.call.engine === 'gather') return this.onto('gather', line, [(await this.newsOf(line)) ?? this.voiceOf(line.tenant).lines.back]);
      return this.begin(line);
    });
  }

  private async begin({ tenant, call }: OnTheLine): Promise<string> {
    const conversation = call.conversationSid ? await this.conversations.find(tenant.id, call.conversationSid) : null;
    const owner = conversation?.owner ?? null;
    const rung = firstRung({ owner, isEnabled: tenant.settings.assistant.enabled });
    return this.onto(rung, { tenant, call }, rung === 'voicemail' && tenant.settings.assistant.enabled ? [this.voiceOf(tenant).lines.takenOver] : undefined);
  }

  /** What a silent caller is told while a specialist is called for them, or when that has just ended; null for all others. */
  async saidInSilence(line: OnTheLine): Promise<string | null> {
    if (await this.transfers.isUnderWay(line.tenant.id, line.call.callSid)) return this.voiceOf(line.tenant).lines.stillTrying;
    return this.newsOf(line);
  }

  /** What became of the specialist, in words for the caller; null where there is nothing to tell. Told once. */
  async newsOf({ tenant, call }: OnTheLine): Promise<string | null> {
    const outcome = await this.transfers.newsOf(tenant.id, call.callSid);
    const { nobodyFree, specialistLeft } = this.voiceOf(tenant).lines;
    return outcome && { nobody: nobodyFree, left: specialistLeft }[outcome];
  }

  /** The socket of a call is closed. */
  connected(form: Form): Promise<string> {
    return this.whatever(async () => {
      const params = parseConnect(form);
      const { tenant, call } = await this.calling(params);
      if (!isOnTheLine(params.CallStatus)) return this.over(tenant, call, 'the caller hung up');
      const lost = params.SessionStatus !== 'ended' && (await this.calls.move(tenant.id, call.callSid, 'line_lost', `the socket failed: ${params.ErrorCode ?? 'no reason given'}`));
      const { sessions, state } = lost || call;
      // Who comes back from a specialist has lost no line.
      const broken = { state, sessions: sessions - (await this.transfers.returnsOf(tenant.id, call.callSid)) };
      const rung = nextRung(broken, await this.calls.triesOf(call.callSid), {
        status: params.SessionStatus ?? '', errorCode: params.ErrorCode, next: nextIn(params.HandoffData),
      });
      // Whoever ended it in good order has said why.
      return this.onto(rung, { tenant, call: lost || call }, params.SessionStatus === 'ended' ? [] : undefined);
    });
  }

  /** Twilio says how the call stands. Only its end is news. */
  async status(form: Form): Promise<void> {
    const params = parseCall(form);
    if (isOnTheLine(params.CallStatus)) return;
    const tenantId = await this.calls.tenantOf(params.CallSid);
    const call = tenantId && await this.calls.find(tenantId, params.CallSid);
    if (call) await this.over(await this.tenancy.tenant(call.tenantId), call, 'the caller hung up');
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
    const { lines, sound } = this.voiceOf(tenant);
    this.log.log(`call ${call.callSid}: ${rung}`);
    switch (rung) {
      case 'relay':
        return this.relay({ tenant, call });
      case 'gather':
        await this.calls.move(tenant.id, call.callSid, 'answered', 'without a socket', 'gather');
        return this.twiml.gather(before ?? [this.greetingOf(tenant)], sound, 0);
      case 'voicemail':
        await this.calls.move(tenant.id, call.callSid, 'voicemail_began', 'nobody else can answer');
        return this.voicemail(before ?? [lines.sorry], tenant);
      case 'transfer':
        return this.twiml.transfer(before ?? [], sound);
      case 'hang_up':
        return this.twiml.goodbye(null, sound);
    }
  }

  private async relay({ tenant, call }: OnTheLine): Promise<string> {
    const token = await this.calls.tokenOf(tenant.id, call.callSid);
    const { sound } = this.voiceOf(tenant);
    return this.twiml.relay({
      ...sound, url: `${this.config.publicBaseUrl.replace(/^http/, 'ws')}/voice/relay/${token}`, greeting: call.sessions === 0 ? this.greetingOf(tenant) : null,
      otherLanguages: tenant.settings.voice.languages.slice(1),
    });
  }

  private voicemail(before: readonly string[], tenant: Tenant | null): string {
    const { lines, sound } = this.voiceOf(tenant);
    return this.twiml.voicemail([...before, lines.voicemail], lines.goodbye, sound, !this.config.model.transcription && sound.language.startsWith('en'));
  }

  thanks(tenant: Tenant): string {
    const { lines, sound } = this.voiceOf(tenant);
    return this.twiml.goodbye(lines.thanks, sound);
  }

  /** The end of a call, whoever says so. */
  private async over({ id }: Tenant, call: Call, cause: string): Promise<string> {
    await this.calls.move(id, call.callSid, 'hung_up', cause);
    await this.transfers.callerLeft(id, call.callSid);
    if (call.conversationSid) await this.assistant.live.over(id, call.conversationSid);
    return this.twiml.nothing();
  }

  greetingOf({ name, settings }: Tenant): string {
    const { voice, businessName, assistant } = settings;
    return voice.greeting ?? linesIn(voice.languages[0]!).greeting(assistant.name, businessName ?? name);
  }

  voiceOf(tenant: Tenant | null): { lines: Lines; sound: Sound } {
    const [language = 'en-US'] = tenant?.settings.voice.languages ?? [];
    return { lines: linesIn(language), sound: { language, voice: tenant?.settings.voice.voice } };
  }

  /** A caller is not left with an error of ours: they can always leave a message, which is noted when it comes in. */
  async whatever(work: () => Promise<string>): Promise<string> {
    try {
      return await work();
    } catch (error) {
      this.log.error(`a caller comes to voicemail: ${describe(error)}`);
      return this.voicemail([linesIn('en').sorry], null);
    }
  }
}
