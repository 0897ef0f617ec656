import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { describe, HubError, notFound } from '@throughline/kernel/errors.js';
import { addToLogScope } from '@throughline/kernel/log.js';
import { meaningOf } from '@throughline/twilio/errors.js';
import type { Form } from '@throughline/twilio/webhooks.js';
import { AppConfig } from '../app.config.js';
import { CallbackService } from '../callback/callback.service.js';
import { EscalationService } from '../escalation/escalation.service.js';
import { type Attempt, type AttemptEvent, type Carried, type Incident, isWhoHasIt, type Sighted } from '../escalation/escalation.types.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { detailsLinesIn } from './details.lines.js';
import { type Lines, linesIn } from './lines.js';
import { page } from './pager.page.js';
import { endOf, parseCall, parseDetection, parsePress, parseText, textFate } from './pager.parser.js';
import { PagerTwiml } from './pager.twiml.js';

const MOST_ASKED = 2;
/** That they hang up by themselves is told by the room, in that time. */
const LOST_AFTER_MS = 2_000;

/** What came of their wish to be connected. */
export type News = 'rings' | 'cannot';
type Told = Exclude<AttemptEvent, 'acknowledged' | 'cancelled'>;

/** Somebody who is told of an incident, and the words for it. */
interface Leg extends Sighted {
  attempt: Attempt;
  carried: Carried;
  business: string;
  lines: Lines;
  twiml: PagerTwiml;
}

/** What somebody hears, presses and sees who is told of an incident, and what Twilio says of the calls and texts. */
@Injectable()
export class PagerService {
  private readonly log = new Logger('Pager');

  constructor(
    private readonly config: AppConfig,
    private readonly tenancy: TenancyService,
    private readonly escalation: EscalationService,
    private readonly callbacks: CallbackService,
  ) {}

  /** The phone was picked up, by whom or what is not known. */
  async answered(form: Form, attemptId: string): Promise<string> {
    const { CallSid, AccountSid } = parseCall(form);
    const leg = await this.leg(attemptId, AccountSid, 'answered', 'the phone was picked up', CallSid);
    return this.tell(leg, 0);
  }

  /** A key, or none. Only the one that was said takes it. */
  async pressed(form: Form, attemptId: string, asked: number): Promise<string> {
    const { CallSid, AccountSid, Digits, CallStatus } = parsePress(form);
    const leg = await this.leg(attemptId, AccountSid, 'answered', 'the phone was picked up', CallSid);
    const { attempt, twiml, lines } = leg;
    if (endOf(CallStatus, undefined)) return twiml.goodbye([]);
    if (!(await this.escalation.isForSomebodyHere(attempt))) return twiml.goodbye([lines.goodbye]);
    if (Digits === attempt.pressKey) {
      await this.escalation.acknowledge(attempt.tenantId, attempt.incidentId, { name: attempt.name, staffId: attempt.staffId, via: 'key', attemptId });
      return this.tell(await this.leg(attemptId, AccountSid, 'answered', '', CallSid), asked);
    }
    if (asked < MOST_ASKED) return this.tell(leg, asked);
    await this.escalation.happened(attempt.tenantId, attemptId, 'silent', 'no key was pressed', null);
    return twiml.goodbye([lines.notHeard]);
  }

  /** Who has it, or how to take it. */
  private async tell({ attempt, incident, lines, twiml, business, carried }: Leg, asked: number): Promise<string> {
    const status = statusOf(incident, attempt, lines);
    if (status === null) return twiml.ask(attempt.id, 'pressed', [...(incident.isDrill ? [lines.drill] : []), lines.alert(business, attempt.pressKey), ...why(lines, carried)], asked);
    const isTheirs = attempt.state === 'acknowledged';
    const { callback, code } = carried;
    const offer = isTheirs && (await this.canBeConnected(incident)) ? [lines.connect(connectKeyOf(attempt))] : [];
    const words = [status, ...offer, ...(isTheirs && callback ? [`${lines.callBack}: ${spelled(callback)}.`] : []), ...(isTheirs && code ? [lines.code(spelled(code))] : [])];
    return offer.length > 0 ? twiml.ask(attempt.id, 'connect', words, 0) : twiml.goodbye(words);
  }

  /** That they have it is said, whatever else goes wrong. */
  private canBeConnected(incident: Incident): Promise<boolean> {
    return this.callbacks.isPossible(incident).catch((error: unknown) => {
      this.log.warn(`nobody knows whether the person of incident ${incident.id} can be called: ${describe(error)}`);
      return false;
    });
  }

  /** Who has it has heard which key leads to the person. */
  async connect(form: Form, attemptId: string, asked: number): Promise<string> {
    const { CallSid: callSid, AccountSid, Digits, CallStatus } = parsePress(form);
    const { attempt, incident, twiml, lines } = await this.leg(attemptId, AccountSid, 'answered', '', callSid);
    if (endOf(CallStatus, undefined)) return twiml.goodbye([]);
    if (!(await this.escalation.isForSomebodyHere(attempt))) return twiml.goodbye([lines.goodbye]);
    const key = connectKeyOf(attempt);
    if (Digits !== key) return asked < MOST_ASKED ? twiml.ask(attemptId, 'connect', [lines.connect(key)], asked) : twiml.goodbye([lines.goodbye]);
    const begun = await this.callbacks.connect(attempt.tenantId, { incidentId: incident.id, attemptId, callSid, phone: null, key: `call/${callSid}` }).catch(unlessRefused);
    return begun ? twiml.connect(begun.id) : twiml.goodbye([lines.cannot]);
  }

  async status(form: Form, attemptId: string): Promise<void> {
    const { CallSid, AccountSid, CallStatus, SipResponseCode } = parseCall(form);
    const end = endOf(CallStatus, SipResponseCode);
    const leg = await this.leg(attemptId, AccountSid, end ?? 'placed', end ? `the call ended: ${CallStatus}` : 'the phone is called', CallSid);
    if (!end) return;
    await this.escalation.callIsOver(leg.attempt.tenantId, attemptId);
    await this.callbacks.progress.look(leg.attempt.tenantId, CallSid, LOST_AFTER_MS);
  }

  /** Noted for whoever reads the log. The key decides: people are taken for machines at times. */
  async detected(form: Form, attemptId: string): Promise<void> {
    const { CallSid, AccountSid, AnsweredBy } = parseDetection(form);
    if (/^(machine|fax)/.test(AnsweredBy)) await this.leg(attemptId, AccountSid, 'machine', `answered by ${AnsweredBy}`, CallSid);
  }

  async text(form: Form, attemptId: string): Promise<void> {
    const { MessageSid, MessageStatus, AccountSid, ErrorCode, From } = parseText(form);
    const fate = textFate(MessageStatus);
    if (!fate) return;
    const { attempt } = await this.leg(attemptId, AccountSid, fate, `the text was ${MessageStatus}${ErrorCode ? ` (${ErrorCode})` : ''}`, MessageSid);
    if (fate === 'failed' && From && meaningOf(ErrorCode).class === 'opt_out') await this.escalation.stopped(attempt.tenantId, attemptId, From.replace(/^whatsapp:/, ''));
  }

  /** Looking changes nothing: programs look at links before people do. */
  async look(token: string, news?: News): Promise<string> {
    const found = await this.escalation.ofLink(token);
    return found ? this.show(found, token, news) : page(linesIn('en'), null);
  }

  async take(token: string): Promise<string> {
    const found = await this.escalation.ofLink(token);
    if (!found) return page(linesIn('en'), null);
    const { tenantId, incidentId, name, staffId, id } = found.attempt;
    addToLogScope({ tenantId });
    await this.escalation.acknowledge(tenantId, incidentId, { name, staffId, via: 'link', attemptId: id });
    return this.show((await this.escalation.attempt(tenantId, id))!, token);
  }

  /** Their phone rings, and then that of the person. @returns null for a link that opens nothing */
  async callMe(token: string): Promise<News | null> {
    const found = await this.escalation.ofLink(token);
    if (!found) return null;
    const { tenantId, incidentId, id: attemptId } = found.attempt;
    addToLogScope({ tenantId });
    const begun = await this.callbacks.connect(tenantId, { incidentId, attemptId, callSid: null, phone: null, key: randomUUID() }).catch(unlessRefused);
    return begun ? 'rings' : 'cannot';
  }

  private async show(found: Sighted & { attempt: Attempt }, token: string, news?: News): Promise<string> {
    const { incident, attempt, lines, business, carried } = await this.furnished(found);
    const status = statusOf(incident, attempt, lines);
    const isTheirs = status === lines.yours;
    const details = attempt.staffId ? { href: `/a/${encodeURIComponent(token)}/details`, text: detailsLinesIn(lines.language).link } : null;
    const canBeConnected = isTheirs && !news && (await this.canBeConnected(incident));
    return page(lines, {
      business, code: incident.code, callback: carried.callback, isDrill: incident.isDrill, status: isTheirs && news ? lines[news] : (status ?? lines.open), canBeTaken: status === null,
      connect: canBeConnected ? `/a/${encodeURIComponent(token)}/connect` : null, details,
    });
  }

  /** What Twilio says about an attempt: only the account that its tenant lives in may speak of it. */
  private async leg(attemptId: string, accountSid: string, what: Told, cause: string, sid: string): Promise<Leg> {
    const tenantId = await this.escalation.tenantOf(attemptId);
    if (!tenantId || (await this.tenancy.tenant(tenantId)).accountSid !== accountSid) throw notFound('attempt', attemptId);
    addToLogScope({ tenantId });
    const found = await this.escalation.happened(tenantId, attemptId, what, cause, sid);
    if (!found) throw notFound('attempt', attemptId);
    return this.furnished(found);
  }

  private async furnished(found: Sighted & { attempt: Attempt }): Promise<Leg> {
    const { name, settings } = await this.tenancy.tenant(found.attempt.tenantId);
    const [language = 'en-US'] = settings.voice.languages;
    return { ...found, carried: await this.escalation.carriedBy(found), business: settings.businessName ?? name, lines: linesIn(language), twiml: new PagerTwiml(this.config.publicBaseUrl, language) };
  }
}

/** How it stands, for this person; null while it can be taken. */
function statusOf(incident: Incident, attempt: Attempt, lines: Lines): string | null {
  const { state, acknowledgedBy } = incident;
  if (state === 'cancelled') return lines.calledOff;
  if (state !== 'acknowledged') return null;
  return attempt.state === 'acknowledged' || isWhoHasIt(incident, attempt) ? lines.yours : lines.has(acknowledgedBy ?? '');
}

/** Said after the key, which is what matters. */
const why = (lines: Lines, { urgency, name, reason, source }: Carried): string[] =>
  [...(urgency ? [lines.urgency(urgency)] : []), ...(name ? [`${name}.`] : []), ...(reason ? [`${reason}.`] : []), ...(source ? [lines.source(source)] : [])];

/** Another digit than the one that took it, and as new for each call. */
const connectKeyOf = ({ pressKey }: Attempt): string => (pressKey === '9' ? '2' : String(Number(pressKey) + 1));

/** @returns null where a rule of the house speaks against it */
function unlessRefused(error: unknown): null {
  if (error instanceof HubError && error.kind === 'conflict') return null;
  throw error;
}

/** Digit by digit. */
const spelled = (number: string): string => number.replace(/\D/g, '').split('').join(' ');
