import { Injectable } from '@nestjs/common';
import { addToLogScope } from '@throughline/kernel/log.js';
import type { Form } from '@throughline/twilio/webhooks.js';
import { AppConfig } from '../app.config.js';
import { OutboundService } from '../outbound/outbound.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { parseDetection, parseOutgoing } from './answering.parser.js';
import { AnsweringTwiml } from './answering.twiml.js';

/** Twilio asks what whoever picks up shall hear, and tells how a call of ours goes. Each address names the try, so a call whose sid was lost is known by its first word. */
@Injectable()
export class AnsweringService {
  private readonly twiml: AnsweringTwiml;

  constructor(
    config: AppConfig,
    private readonly tenancy: TenancyService,
    private readonly outbound: OutboundService,
  ) {
    this.twiml = new AnsweringTwiml(config.publicBaseUrl);
  }

  /** Somebody has picked up. */
  async answered(form: Form, tryId: string): Promise<string> {
    const { CallSid } = parseOutgoing(form);
    const tenantId = await this.tenantOf(tryId);
    const call = tenantId && (await this.outbound.progress.answered(tenantId, tryId, CallSid));
    // A machine that was heard out before we could ask has had its beep.
    return call ? this.twiml.person() : this.message(form, tryId);
  }

  async detected(form: Form, tryId: string): Promise<void> {
    const { CallSid, AnsweredBy } = parseDetection(form);
    const tenantId = await this.tenantOf(tryId);
    if (tenantId) await this.outbound.progress.detected(tenantId, tryId, CallSid, AnsweredBy);
  }

  /** A machine waits for what it shall keep. */
  async message(form: Form, tryId: string): Promise<string> {
    const { CallSid } = parseOutgoing(form);
    const tenantId = await this.tenantOf(tryId);
    const message = tenantId && (await this.outbound.progress.leavesMessage(tenantId, tryId, CallSid));
    if (!message) return this.twiml.nobody();
    const { settings } = await this.tenancy.tenant(tenantId);
    return this.twiml.machine(message, settings.voice.languages[0]!);
  }

  async status(form: Form, tryId: string): Promise<void> {
    const { CallSid, CallStatus = '', SipResponseCode = null } = parseOutgoing(form);
    const tenantId = await this.tenantOf(tryId);
    if (tenantId) await this.outbound.progress.told(tenantId, tryId, CallSid, CallStatus, SipResponseCode);
  }

  private async tenantOf(tryId: string): Promise<string | null> {
    const tenantId = await this.outbound.progress.tenantOf(tryId);
    if (tenantId) addToLogScope({ tenantId });
    return tenantId;
  }
}
