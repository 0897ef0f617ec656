import { Injectable, Logger } from '@nestjs/common';
import { describe } from '@throughline/kernel/errors.js';
import { patient } from '@throughline/twilio/webhooks.js';
import { AppConfig } from '../app.config.js';
import { CallbackService } from '../callback/callback.service.js';
import { CallsService } from '../calls/calls.service.js';
import type { Call } from '../calls/calls.types.js';
import type { Tenant, VoiceEngine } from '../tenancy/tenancy.types.js';
import { TransferService } from '../transfer/transfer.service.js';
import { type Lines, linesIn, primary } from './lines.js';
import { Lookout } from './lookout.js';
import { type Sound, Twiml } from './twiml.js';
import { VoiceLimits } from './voice.limits.js';
import type { Engine, OnTheLine } from './voice.types.js';

/** What the rooms of the engines find here: a place in the ladder, an address for their socket, and what the house itself says. */
@Injectable()
export class VoiceService {
  private readonly log = new Logger('Voice');
  private readonly engines = new Map<VoiceEngine, Engine>();
  readonly twiml: Twiml;

  constructor(
    private readonly config: AppConfig,
    private readonly calls: CallsService,
    private readonly transfers: TransferService,
    /** Who speaks with whoever has their incident. */
    readonly callbacks: CallbackService,
    readonly lookout: Lookout,
    /** How patient the house is on the phone. */
    readonly limits: VoiceLimits,
  ) {
    this.twiml = new Twiml(config.publicBaseUrl);
  }

  register(engine: Engine): void {
    this.engines.set(engine.name, engine);
  }

  /** @param path of its sockets */
  engineAt(path: string): Required<Engine> | undefined {
    return [...this.engines.values()].find((engine): engine is Required<Engine> => engine.sockets?.path === path);
  }

  /** @returns null where this engine cannot be had, for whatever reason */
  async connect(name: VoiceEngine, line: OnTheLine): Promise<string | null> {
    const document = await this.engines.get(name)?.connect(line).catch((error: unknown) => {
      this.log.error(`call ${line.call.callSid}: the ${name} cannot be had: ${describe(error)}`);
      return null;
    });
    return document ?? null;
  }

  /** Where Twilio opens the next socket of a call. */
  async socketAt(path: string, { tenantId, callSid }: Call): Promise<string> {
    return `${this.config.publicBaseUrl.replace(/^http/, 'ws')}/voice/${path}/${await this.calls.tokenOf(tenantId, callSid)}`;
  }

  /** What Twilio asks when the line to an engine is closed, however that came. */
  whenClosed(engine: VoiceEngine): string {
    return patient(`${this.config.publicBaseUrl}/webhooks/twilio/voice/connect${engine === 'relay' ? '' : `?engine=${engine}`}`);
  }

  /** Where a caller begins anew in the same call: whoever has the word by now answers. */
  get anew(): string {
    return patient(`${this.config.publicBaseUrl}/webhooks/twilio/voice/return`);
  }

  /** What somebody hears first: whom they have called, or, where we call them, what about. */
  greetingOf({ tenant: { name, settings }, call }: OnTheLine): string {
    const { voice, businessName, assistant } = settings;
    return call.opening ?? voice.greeting ?? linesIn(voice.languages[0]!).greeting(assistant.name, businessName ?? name);
  }

  /** @param language none: the first one that the tenant has */
  voiceOf(tenant: Tenant | null, language = tenant?.settings.voice.languages[0] ?? 'en-US'): { lines: Lines; sound: Sound } {
    return { lines: linesIn(language), sound: { language, voice: tenant?.settings.voice.voice } };
  }

  /** @returns the language of the tenant's that somebody speaks; undefined where it is none of them */
  languageOf({ settings }: Tenant, spoken: string): string | undefined {
    return settings.voice.languages.find((each) => primary(each) === primary(spoken));
  }

  /** A caller who speaks to nobody leaves a message. Needs nothing that may be out of order. @param before what they hear first */
  voicemail(tenant: Tenant | null, before?: readonly string[]): string {
    const { lines, sound } = this.voiceOf(tenant);
    return this.twiml.voicemail([...(before ?? [lines.sorry]), lines.voicemail], lines.goodbye, sound, !this.config.model.transcription && sound.language.startsWith('en'));
  }

  /**
   * What a silent caller is told while somebody is called for them, a specialist or whoever is on call, or when that has just ended; null for all others.
   * Who waits for help says nothing, and is not hung up on.
   */
  async saidInSilence(line: OnTheLine): Promise<string | null> {
    const { tenant, call } = line;
    if (await this.transfers.isUnderWay(tenant.id, call.callSid)) return this.voiceOf(tenant).lines.stillTrying;
    const news = await this.newsOf(line);
    const waits = news ? null : await this.callbacks.waitsFor(call);
    return news ?? (waits && this.voiceOf(tenant).lines[waits === 'anybody' ? 'stillTrying' : 'isComing']);
  }

  /** What became of the specialist, or who is on it, in words for the caller; null where there is nothing to tell. Told once. */
  async newsOf({ tenant, call }: OnTheLine): Promise<string | null> {
    const outcome = await this.transfers.newsOf(tenant.id, call.callSid);
    const { nobodyFree, specialistLeft } = this.voiceOf(tenant).lines;
    return outcome ? { nobody: nobodyFree, left: specialistLeft }[outcome] : this.calls.takeWord(tenant.id, call.callSid);
  }
}
