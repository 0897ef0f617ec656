import { Injectable } from '@nestjs/common';
import { notFound } from '@throughline/kernel/errors.js';
import { addToLogScope } from '@throughline/kernel/log.js';
import type { Form } from '@throughline/twilio/webhooks.js';
import { AppConfig } from '../app.config.js';
import { CallsService } from '../calls/calls.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import { TransferService } from '../transfer/transfer.service.js';
import { type Attempt, type AttemptState, roomOf, type Transfer } from '../transfer/transfer.types.js';
import { endOf, isOnTheLine, parseCall, parseEvent, parsePress } from './conference.parser.js';
import { ConferenceTwiml } from './conference.twiml.js';
import { type Lines, linesIn } from './lines.js';

const TAKEN: ReadonlySet<AttemptState> = new Set(['accepted', 'joined']);
const MOST_ASKED = 2;

interface Leg {
  tenant: Tenant;
  attempt: Attempt;
  transfer: Transfer;
  lines: Lines;
  twiml: ConferenceTwiml;
  /** Who calls, in words that may be said to the specialist. */
  caller: string;
}

/** What the caller and the specialist are told to do by Twilio's phones, and what Twilio tells us of them. */
@Injectable()
export class ConferenceService {
  constructor(
    private readonly config: AppConfig,
    private readonly tenancy: TenancyService,
    private readonly calls: CallsService,
    private readonly transfers: TransferService,
  ) {}

  /** The caller comes to wait. Who waits for nothing any more goes on with the assistant. */
  async hold(form: Form): Promise<string> {
    const { tenant, callSid, lines, twiml } = await this.callerOf(form);
    const transfer = await this.transfers.ofCall(tenant.id, callSid);
    const sighted = transfer && (await this.transfers.happen(tenant.id, transfer.id, { what: 'caller_held' }, 'the caller waits in the room'));
    if (!sighted?.transfer.isHeld || ['returning', 'returned', 'caller_left'].includes(sighted.transfer.state)) return this.back(form);
    const isAwaited = ['merging', 'merged'].includes(sighted.transfer.state);
    return twiml.hold(roomOf(sighted.transfer.id), sighted.transfer.id, isAwaited ? lines.found : null);
  }

  async wait(form: Form, piece: number): Promise<string> {
    const { tenant, callSid, lines, twiml } = await this.callerOf(form);
    return twiml.wait((await this.calls.wordFor(tenant.id, callSid)) ?? lines.waiting, tenant.settings.transfer.holdMusic, Math.max(0, piece));
  }

  /** The caller is out of the room: gone, or here because it was closed to them. */
  async left(form: Form): Promise<string> {
    const { tenant, callSid, twiml } = await this.callerOf(form);
    if (!isOnTheLine(parseCall(form).CallStatus)) {
      await this.transfers.callerLeft(tenant.id, callSid);
      return twiml.goodbye(null);
    }
    const transfer = await this.transfers.ofCall(tenant.id, callSid);
    const sighted = transfer && (await this.transfers.sighted(tenant.id, transfer.id));
    const taker = sighted?.attempts.find(({ state }) => TAKEN.has(state));
    if (transfer && taker) await this.transfers.happen(tenant.id, transfer.id, { what: 'hung_up', attemptId: taker.id }, 'the room was closed');
    if (transfer) await this.transfers.happen(tenant.id, transfer.id, { what: 'hold_over' }, 'the room was closed');
    return this.back(form);
  }

  async back(form: Form): Promise<string> {
    const { tenant, callSid, twiml } = await this.callerOf(form);
    await this.transfers.callerBack(tenant.id, callSid);
    return twiml.back();
  }

  /** A specialist has picked up, or something that picks up for them. */
  async answered(form: Form, attemptId: string): Promise<string> {
    const leg = await this.legOf(form, attemptId);
    const state = await this.happens(leg, 'answered', 'the phone was picked up');
    if (state === 'screening') return this.screen(leg, 0);
    return TAKEN.has(state) ? this.join(leg) : leg.twiml.goodbye(leg.lines.taken);
  }

  /** A key, or none. Only a 1 joins the two, and only the first one does. */
  async pressed(form: Form, attemptId: string, asked: number): Promise<string> {
    const leg = await this.legOf(form, attemptId);
    const { Digits: digits, CallStatus } = parsePress(form);
    if (!isOnTheLine(CallStatus)) return leg.twiml.goodbye(null);
    if (digits === '1') return TAKEN.has(await this.happens(leg, 'accepted', '1 was pressed')) ? this.join(leg) : leg.twiml.goodbye(leg.lines.taken);
    if (digits === '2') {
      await this.happens(leg, 'declined', '2 was pressed');
      return leg.twiml.goodbye(leg.lines.declined);
    }
    if (leg.attempt.state !== 'screening') return leg.twiml.goodbye(leg.lines.taken);
    if (asked < MOST_ASKED) return this.screen(leg, asked);
    await this.happens(leg, 'silent', 'no key was pressed');
    return leg.twiml.goodbye(leg.lines.notHeard);
  }

  /** How a specialist's call stands. */
  async status(form: Form, attemptId: string): Promise<void> {
    const leg = await this.legOf(form, attemptId);
    const { CallStatus } = parseCall(form);
    const event = endOf(CallStatus, form['SipResponseCode']);
    if (!event) return;
    await this.transfers.legIsOver(leg.tenant.id, attemptId);
    await this.happens(leg, event, `the call ended: ${CallStatus}`);
  }

  /** The specialist is out of the room. */
  async specialistLeft(form: Form, attemptId: string): Promise<string> {
    const leg = await this.legOf(form, attemptId);
    await this.happens(leg, 'hung_up', 'the specialist left the room');
    return leg.twiml.goodbye(null);
  }

  /** Who has come into a room or left it. */
  async event(form: Form, transferId: string): Promise<void> {
    const { StatusCallbackEvent: what, CallSid: callSid, ParticipantCallStatus, ReasonParticipantLeft, AccountSid } = parseEvent(form);
    const tenant = await this.tenantOf(transferId, AccountSid);
    const sighted = await this.transfers.sighted(tenant.id, transferId);
    if (!sighted || !callSid) return;
    const attempt = sighted.attempts.find((each) => each.callSid === callSid);
    const wasMoved = ReasonParticipantLeft === 'participant_updated_via_api';
    if (attempt && what === 'participant-join') await this.transfers.happen(tenant.id, transferId, { what: 'joined', attemptId: attempt.id }, 'came into the room');
    if (what !== 'participant-leave' || wasMoved) return;
    if (attempt) await this.transfers.happen(tenant.id, transferId, { what: 'hung_up', attemptId: attempt.id }, 'left the room');
    if (callSid === sighted.transfer.callSid && !isOnTheLine(ParticipantCallStatus)) await this.transfers.callerLeft(tenant.id, callSid);
  }

  private async happens({ tenant, transfer, attempt }: Leg, what: Parameters<TransferService['happen']>[2]['what'], cause: string): Promise<AttemptState> {
    const happening = { what, attemptId: attempt.id } as Parameters<TransferService['happen']>[2];
    const sighted = await this.transfers.happen(tenant.id, transfer.id, happening, cause);
    return sighted?.attempts.find(({ id }) => id === attempt.id)?.state ?? 'cancelled';
  }

  private screen({ tenant, transfer, attempt, lines, twiml, caller }: Leg, asked: number): string {
    const { businessName, transfer: { briefing } } = tenant.settings;
    return twiml.screen(attempt.id, [
      lines.screening(businessName ?? tenant.name, caller), ...(transfer.reason ? [lines.because(transfer.reason)] : []), ...(briefing ? [briefing] : []),
    ], asked);
  }

  private join({ transfer, attempt, lines, twiml }: Leg): string {
    return twiml.join(roomOf(transfer.id), transfer.id, attempt.id, lines.accepted);
  }

  private async callerOf(form: Form): Promise<{ tenant: Tenant; callSid: string; lines: Lines; twiml: ConferenceTwiml }> {
    const { CallSid: callSid, AccountSid } = parseCall(form);
    const tenantId = await this.calls.tenantOf(callSid);
    if (!tenantId) throw notFound('call', callSid);
    return { callSid, ...this.speakFor(await this.tenantIn(tenantId, AccountSid)) };
  }

  private async legOf(form: Form, attemptId: string): Promise<Leg> {
    const { CallSid: callSid, AccountSid } = parseCall(form);
    const tenant = await this.tenantOf(attemptId, AccountSid);
    const found = await this.transfers.attempt(tenant.id, attemptId, callSid);
    if (!found) throw notFound('attempt', attemptId);
    const { call, attempt, transfer, caller } = found;
    const spoken = this.speakFor(tenant);
    // Anybody can show a number: a name is told only with one that the carrier vouches for.
    return { ...spoken, attempt, transfer, caller: (call.proved && (caller ?? spelled(call.address))) || spoken.lines.unknownCaller };
  }

  private async tenantOf(id: string, accountSid: string): Promise<Tenant> {
    const tenantId = await this.transfers.tenantOf(id);
    if (!tenantId) throw notFound('transfer', id);
    return this.tenantIn(tenantId, accountSid);
  }

  /** Only the account that the tenant lives in may speak of its calls. */
  private async tenantIn(tenantId: string, accountSid: string): Promise<Tenant> {
    const tenant = await this.tenancy.tenant(tenantId);
    if (tenant.accountSid !== accountSid) throw notFound('call', accountSid);
    addToLogScope({ tenantId });
    return tenant;
  }

  private speakFor(tenant: Tenant): { tenant: Tenant; lines: Lines; twiml: ConferenceTwiml } {
    const [language = 'en-US'] = tenant.settings.voice.languages;
    return { tenant, lines: linesIn(language), twiml: new ConferenceTwiml(this.config.publicBaseUrl, language) };
  }
}

/** A number is said digit by digit. */
const spelled = (number: string): string => number.replaceAll(/\d/g, '$& ').trim();
