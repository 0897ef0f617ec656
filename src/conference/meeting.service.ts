import { Injectable } from '@nestjs/common';
import { MeetingEntry } from './meeting.entry.js';
import type { Form } from '@throughline/twilio/webhooks.js';
import { isOnTheLine, parseEvent } from './conference.parser.js';
import { PersonService } from './person.service.js';
import { TakerService } from './taker.service.js';

/** The room where whoever has an incident and the person meet: each side hears its own words. */
@Injectable()
export class MeetingService {
  constructor(private readonly entry: MeetingEntry, readonly taker: TakerService, readonly person: PersonService) {}

  /** Who has come into the room or left it. */
  async event(form: Form, id: string): Promise<void> {
    const { StatusCallbackEvent: what, CallSid: callSid, ParticipantCallStatus, ReasonParticipantLeft, AccountSid } = parseEvent(form);
    const { row } = await this.entry.of(id, AccountSid);
    if (!callSid) return;
    const side = callSid === row.takerCallSid ? 'taker' : callSid === row.personCallSid ? 'person' : null;
    if (side && what === 'participant-join') await this.entry.callbacks.progress.look(row.tenantId, callSid);
    if (!side || what !== 'participant-leave' || ReasonParticipantLeft === 'participant_updated_via_api' || isOnTheLine(ParticipantCallStatus)) return;
    await this.entry.happens(row, `${side}_left`, `the ${side} hung up`);
  }
}
