import { Injectable } from '@nestjs/common';
import { CallsService } from '../calls/calls.service.js';
import { type Callback, roomOf } from '../callback/callback.types.js';
import type { Form } from '@throughline/twilio/webhooks.js';
import { isOnTheLine, parseCall, parsePress } from './conference.parser.js';
import { type Entered, MeetingEntry } from './meeting.entry.js';

const MOST_ASKED = 2;
const TOGETHER: ReadonlySet<string> = new Set(['reaching', 'joining', 'connected']);

/** What whoever has the incident hears and presses. */
@Injectable()
export class TakerService {
  constructor(private readonly entry: MeetingEntry, private readonly calls: CallsService) {}

  /** Their phone was picked up, by whom or what is not known. */
  async answered(form: Form, id: string): Promise<string> {
    const side = await this.entry.side(form, id, 'taker');
    return this.askOrJoin({ ...side, row: await this.entry.happens(side.row, 'taker_answered', 'the phone was picked up') }, 0);
  }

  /** A key, or none. Only the one that was said leads on. */
  async pressed(form: Form, id: string, asked: number): Promise<string> {
    const side = await this.entry.side(form, id, 'taker');
    const { Digits, CallStatus } = parsePress(form);
    if (!isOnTheLine(CallStatus)) return side.twiml.goodbye([]);
    if (Digits === side.row.pressKey) return this.askOrJoin({ ...side, row: await this.entry.happens(side.row, 'taker_ready', 'the key was pressed') }, asked);
    if (asked < MOST_ASKED) return this.askOrJoin(side, asked);
    await this.entry.happens(side.row, 'taker_silent', 'no key was pressed');
    return this.leave(side, side.lines.notHeard);
  }

  private askOrJoin({ row, business, lines, twiml }: Entered, asked: number): Promise<string> | string {
    if (row.state === 'calling' || row.state === 'asking') return twiml.ask([lines.ask(business, row.pressKey)], 'pressed', asked);
    return TOGETHER.has(row.state) ? twiml.taker(roomOf(row.id)) : this.leave({ row, business, lines, twiml }, lines.over);
  }

  /** From the call by which they were told. */
  async joins(form: Form, id: string): Promise<string> {
    const { CallSid, AccountSid } = parseCall(form);
    const side = await this.entry.of(id, AccountSid);
    // Another phone of theirs rings for it already.
    if (side.row.takerCallSid !== CallSid) return side.twiml.goodbye([side.lines.calling]);
    return this.askOrJoin(side, 0);
  }

  async waits(form: Form, id: string): Promise<string> {
    const { row, lines, twiml } = await this.entry.of(id, parseCall(form).AccountSid);
    // Anybody can show a number.
    const call = row.isCalledBack || !row.personCallSid ? null : await this.calls.find(row.tenantId, row.personCallSid);
    return twiml.wait([row.isCalledBack ? lines.calling : lines.fetching, ...(call?.proved === false ? [lines.unproved] : [])], 'taker');
  }

  async hearsOfMachine(form: Form, id: string): Promise<string> {
    const { lines, twiml } = await this.entry.of(id, String(form['AccountSid']));
    return twiml.wait([lines.machine], null);
  }

  /** Out of the room: they have hung up, or pressed the star, or the person has left. */
  async left(form: Form, id: string): Promise<string> {
    const side = await this.entry.side(form, id, 'taker');
    const isThere = isOnTheLine(parseCall(form).CallStatus);
    const row = await this.entry.happens(side.row, isThere && side.row.state !== 'connected' ? 'gave_up' : 'taker_left', isThere ? 'the taker left the room' : 'the taker hung up', { isTakerOver: true });
    if (!isThere) return this.leave({ ...side, row }, null);
    return row.state === 'unanswered' ? this.tell({ ...side, row }, 0) : this.leave({ ...side, row }, side.lines.over);
  }

  /** Nobody has come. */
  async told(form: Form, id: string): Promise<string> {
    const side = await this.entry.side(form, id, 'taker');
    return side.row.state === 'unanswered' ? this.tell(side, 0) : this.leave(side, side.lines.over);
  }

  private tell({ row, lines, twiml }: Entered, asked: number): string {
    return twiml.ask([row.isMachine ? lines.wasMachine(row.pressKey) : lines.noAnswer(row.pressKey)], 'again', asked);
  }

  async again(form: Form, id: string, asked: number): Promise<string> {
    const side = await this.entry.side(form, id, 'taker');
    const { Digits, CallStatus } = parsePress(form);
    if (!isOnTheLine(CallStatus)) return this.leave(side, null);
    if (Digits !== side.row.pressKey) return asked < MOST_ASKED ? this.tell(side, asked) : this.leave(side, side.lines.over);
    const next: Callback | null = await this.entry.callbacks.again(side.row.tenantId, id);
    return next ? side.twiml.on(`callback/${next.id}/taker/join`) : this.leave(side, side.lines.over);
  }

  async status(form: Form, id: string): Promise<void> {
    const side = await this.entry.side(form, id, 'taker');
    const { CallStatus } = parseCall(form);
    if (isOnTheLine(CallStatus)) return;
    await this.entry.happens(side.row, 'taker_left', `the call of the taker ended: ${CallStatus}`);
    await this.over(side);
  }

  private async leave(side: Entered, line: string | null): Promise<string> {
    await this.over(side);
    return side.twiml.goodbye(line ? [line] : []);
  }

  /** Nobody has to end their call any more. */
  private over({ row: { tenantId, id } }: Entered): Promise<void> {
    return this.entry.callbacks.progress.note(tenantId, id, { isTakerOver: true });
  }
}
