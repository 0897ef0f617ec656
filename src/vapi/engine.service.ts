import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { VapiClient } from '@throughline/vapi/client.js';
import { ticketOf } from '@throughline/vapi/signature.js';
import type { ServerMessage } from '@throughline/vapi/wire.types.js';
import { AppConfig } from '../app.config.js';
import { CallsService } from '../calls/calls.service.js';
import { isAtTwilio } from '../calls/calls.types.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import { VoiceService } from '../voice/voice.service.js';
import type { Engine, OnTheLine } from '../voice/voice.types.js';
import { assistantOf, joinedBy } from './assistant.policy.js';
import { BindingsService } from './bindings.service.js';

/** Vapi asks for numbers such as this, and for nobody else. */
const E164 = /^\+[1-9]\d{6,14}$/;

/** Vapi hears and speaks, and asks us for each answer. */
@Injectable()
export class EngineService implements Engine, OnModuleInit {
  readonly name = 'vapi';
  private readonly log = new Logger('Vapi');

  constructor(
    private readonly config: AppConfig,
    private readonly tenancy: TenancyService,
    private readonly calls: CallsService,
    private readonly voice: VoiceService,
    private readonly client: VapiClient,
    private readonly bindings: BindingsService,
  ) {}

  onModuleInit(): void {
    this.voice.register(this);
  }

  /** A call to a number of ours at Twilio: Vapi names the address that Twilio brings the sound to. */
  async connect({ tenant, call }: OnTheLine): Promise<string | null> {
    // Who withholds their number has none that Vapi would take.
    if (!this.client.isConnected || !E164.test(call.address)) return null;
    const greeting = call.sessions === 0 ? this.voice.greetingOf({ tenant, call }) : (await this.voice.newsOf({ tenant, call })) ?? this.voice.voiceOf(tenant).lines.back;
    const { id, twiml, controlUrl } = await this.client.bypass({ ours: call.sender, caller: call.address, assistant: this.assistant(tenant, call.callSid, greeting) });
    const joined = joinedBy(twiml, this.voice.whenClosed('vapi'));
    if (!joined) {
      this.log.warn(`call ${call.callSid}: Vapi's TwiML brings nobody anywhere`);
      return null;
    }
    await this.bindings.bind(tenant.id, { vapiId: id, callSid: call.callSid, controlUrl, greeting });
    return joined;
  }

  /** A call to a number that Vapi answers itself. Asked twice, it is the same call. */
  async requested({ call, customer = call?.customer, phoneNumber = call?.phoneNumber }: ServerMessage): Promise<object> {
    const ours = phoneNumber?.number;
    if (!call || !ours || !E164.test(ours)) return { error: this.voice.voiceOf(null).lines.sorry };
    const accountSid = this.config.twilio.accountSid;
    const sender = await this.tenancy.senderReached(accountSid, 'voice', ours);
    const tenant = await this.tenancy.tenant(sender.tenantId);
    const isTwilios = phoneNumber['twilioAccountSid'] === accountSid && isAtTwilio(call.phoneCallProviderId ?? '');
    const callSid = isTwilios ? call.phoneCallProviderId! : `vapi-${call.id}`;
    const caller = this.calls.callerOf({ callSid, from: customer?.number ?? '', verstat: undefined }, tenant.settings.voice.callerId === 'always');
    const begun = await this.calls.begin(tenant.id, { ...caller, callSid, sender: ours });
    const greeting = begun.sessions === 0 ? this.voice.greetingOf({ tenant, call: begun }) : this.voice.voiceOf(tenant).lines.back;
    await this.bindings.bind(tenant.id, { vapiId: call.id, callSid, controlUrl: this.client.control(call.monitor?.controlUrl), greeting });
    if (!(await this.bindings.isFree(tenant, begun))) return { error: this.voice.voiceOf(tenant).lines.takenOver };
    return { assistant: this.assistant(tenant, callSid, greeting) };
  }

  private assistant(tenant: Tenant, callSid: string, firstMessage: string): object {
    const { lines: { stillThere, goodbye } } = this.voice.voiceOf(tenant);
    return assistantOf({ origin: this.config.publicBaseUrl, tenant, callSid, ticket: ticketOf(callSid, this.config.secretsKey), firstMessage, stillThere, goodbye });
  }
}
