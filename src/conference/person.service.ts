import { Injectable } from '@nestjs/common';
import { roomOf } from '../callback/callback.types.js';
import { detectionParams } from '@throughline/twilio/voice.types.js';
import { type Form, parseForm } from '@throughline/twilio/webhooks.js';
import { isOnTheLine, parseCall } from './conference.parser.js';
import { type Entered, MeetingEntry } from './meeting.entry.js';

const OVER: ReadonlySet<string> = new Set(['over', 'unanswered', 'taker_gone']);

/** What the person hears whom an incident is about. */
@Injectable()
export class PersonService {
  constructor(private readonly entry: MeetingEntry) {}

  /** Their phone was picked up: they hear who calls, and are not asked for anything. */
  async answered(form: Form, id: string): Promise<string> {
    const side = await this.entry.side(form, id, 'person');
    await this.entry.callbacks.progress.picksUp(side.row);
    return this.enter({ ...side, row: await this.entry.happens(side.row, 'person_answered', 'the phone was picked up') }, side.lines.greeting(side.business, side.row.taker));
  }

  /** They come from their call with us. */
  async joins(form: Form, id: string): Promise<string> {
    const { CallSid, AccountSid } = parseCall(form);
    const side = await this.entry.of(id, AccountSid);
    if (side.row.personCallSid !== CallSid) return side.twiml.on('return');
    return this.enter({ ...side, row: await this.entry.happens(side.row, 'person_answered', 'fetched from their call') }, side.lines.here(side.row.taker));
  }

  /** Also while the taker, whose call was lost, is called once more: they wait in the room. */
  private enter(side: Entered, line: string): Promise<string> | string {
    return OVER.has(side.row.state) ? this.leave(side, true) : side.twiml.person(line, roomOf(side.row.id));
  }

  /** Alone in the room, because the taker's call was lost. */
  async waits(form: Form, id: string): Promise<string> {
    const { row, lines, twiml } = await this.entry.of(id, parseCall(form).AccountSid);
    return twiml.wait([lines.coming(row.taker)], 'person');
  }

  /** Out of the room: they have hung up, or the taker has left. */
  async left(form: Form, id: string): Promise<string> {
    const side = await this.entry.side(form, id, 'person');
    const isThere = isOnTheLine(parseCall(form).CallStatus);
    if (!isThere) await this.entry.happens(side.row, 'person_left', 'the person hung up', { isPersonOver: true });
    return this.leave(side, side.row.metAt === null);
  }

  /** Nobody is left whom they could speak with. */
  async gone(form: Form, id: string): Promise<string> {
    const side = await this.entry.side(form, id, 'person');
    return this.leave(side, side.row.metAt === null);
  }

  /** Who came in from a call of their own goes back to the assistant, where nobody has spoken with them. */
  private async leave({ row, lines, twiml }: Entered, wasLost: boolean): Promise<string> {
    await this.entry.callbacks.progress.note(row.tenantId, row.id, { isPersonOver: true });
    if (wasLost && !row.isCalledBack) return twiml.on('return');
    return twiml.goodbye([wasLost ? lines.lost : lines.thanks]);
  }

  async status(form: Form, id: string): Promise<void> {
    const { row } = await this.entry.side(form, id, 'person');
    const { CallSid, CallStatus } = parseCall(form);
    if (isOnTheLine(CallStatus)) return;
    await this.entry.happens(row, CallStatus === 'completed' ? 'person_left' : 'person_unreached', `the call of the person ended: ${CallStatus}`, { isPersonOver: true });
    await this.entry.callbacks.progress.callIsOver(row.tenantId, CallSid);
  }

  /** The taker is told, and decides: people are taken for machines at times. */
  async detected(form: Form, id: string): Promise<void> {
    const { AccountSid, AnsweredBy } = parseForm(detectionParams, form);
    const { row } = await this.entry.of(id, AccountSid);
    if (/^(machine|fax)/.test(AnsweredBy)) await this.entry.callbacks.progress.note(row.tenantId, id, { isMachine: true });
  }
}
