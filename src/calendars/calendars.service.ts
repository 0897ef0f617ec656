import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { recordTransition } from '@throughline/database/transitions.js';
import { Clock } from '@throughline/kernel/clock.js';
import { conflict, HubError, notFound } from '@throughline/kernel/errors.js';
import { dashed, digestOf, isUuid, uuidOf, uuidv7 } from '@throughline/kernel/ids.js';
import { addToLogScope } from '@throughline/kernel/log.js';
import { Seal } from '@throughline/kernel/seal.js';
import { AppConfig } from '../app.config.js';
import { OncallService } from '../oncall/oncall.service.js';
import { StaffService } from '../staff/staff.service.js';
import type { Doing } from '../staff/staff.types.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { CalendarsRepository } from './calendars.repository.js';
import type { Calendar } from './calendars.types.js';
import { calendarFile, entriesOf } from './feed.policy.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** What a calendar tells: two weeks back, eleven ahead. */
const BACK = 14 * DAY;
const AHEAD = 77 * DAY;
/** Of one schedule. */
const MOST = 200;

export type ReachableCalendar = Calendar & { url: string };

const bytesOf = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');
const uuidFrom = (bytes: Buffer): string => dashed(bytes.toString('hex'));

/** Shifts in the calendar programs that people use. Those programs have no token: the address says whose calendar it is, under a mark that nobody else can make. */
@Injectable()
export class CalendarsService {
  private readonly calendars = new CalendarsRepository();
  private readonly seal: Seal;

  constructor(
    private readonly config: AppConfig,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly tenancy: TenancyService,
    private readonly staff: StaffService,
    private readonly oncall: OncallService,
  ) {
    this.seal = new Seal(config.secretsKey);
  }

  /** Oldest first. @throws HubError `not_found` */
  list(tenantId: string, scheduleId: string, after: { at: Date; id: string } | null, limit: number): Promise<ReachableCalendar[]> {
    return this.database.transaction(tenantId, async (tx) => {
      if ((await this.oncall.nameOf(tx, scheduleId)) === null) throw notFound('schedule', scheduleId);
      return (await this.calendars.list(tx, scheduleId, after, limit)).map((calendar) => this.reachable(tenantId, calendar));
    });
  }

  /** The same key twice is one. @throws HubError `not_found`, `conflict`; `invalid` for staff that are not there */
  add(tenantId: string, scheduleId: string, staffId: string | null, { by, key }: Doing): Promise<ReachableCalendar> {
    const id = key ? uuidOf(`${tenantId}/calendar/${scheduleId}/${key}`) : uuidv7(this.clock.ms());
    return this.database.transaction(tenantId, async (tx) => {
      await this.oncall.hold(tx, scheduleId);
      if (staffId !== null) await this.staff.hold(tx, [staffId], 'staffId');
      const calendar: Calendar = { id, scheduleId, staffId, madeBy: by ?? null, createdAt: this.clock.now(), readAt: null };
      const fingerprint = digestOf([staffId]);
      const known = await this.calendars.fingerprintOf(tx, id);
      if (known === null) {
        if ((await this.calendars.count(tx, scheduleId)) >= MOST) throw conflict('too_many_calendars', `This schedule has ${MOST} calendars. Remove some that nobody reads: readAt says which.`);
        this.calendars.insert(tx, calendar, fingerprint);
        this.note(tx, calendar, 'none', 'set', by);
        return this.reachable(tenantId, calendar);
      }
      if (known !== fingerprint) throw conflict('key_used', 'This Idempotency-Key came with another calendar before.');
      const there = await this.calendars.find(tx, id);
      if (!there) throw conflict('key_used', 'The calendar that came with this Idempotency-Key was removed.');
      return this.reachable(tenantId, there);
    });
  }

  /** Its address leads nowhere from now on. @throws HubError `not_found` */
  remove(tenantId: string, scheduleId: string, id: string, { by }: Doing): Promise<void> {
    return this.database.transaction(tenantId, async (tx) => {
      if (!isUuid(scheduleId) || !isUuid(id) || !(await this.calendars.remove(tx, scheduleId, id, this.clock.now()))) throw notFound('calendar', id);
      this.note(tx, { id, scheduleId }, 'set', 'removed', by);
    });
  }

  /** @param token of the address. @returns an iCalendar object; null where nothing is: not ours, removed, of a schedule or of somebody that is not there any more */
  async read(token: string): Promise<string | null> {
    const named = this.namedBy(token);
    if (!named) return null;
    addToLogScope({ tenantId: named.tenantId });
    const found = await this.find(named.tenantId, named.id);
    if (!found) return null;
    const now = this.clock.now();
    const since = new Date(Math.floor((now.getTime() - BACK) / DAY) * DAY);
    const shifts = await this.oncall.shifts(named.tenantId, found.calendar.scheduleId, { from: since, until: new Date(since.getTime() + BACK + AHEAD) }).catch(whenGone);
    if (!shifts) return null;
    const { settings } = await this.tenancy.tenant(named.tenantId);
    return calendarFile({ ...found, entries: entriesOf(shifts, found.calendar.staffId), since, now, language: settings.voice.languages[0] ?? 'en' });
  }

  private find(tenantId: string, id: string): Promise<{ calendar: Calendar; scheduleName: string } | null> {
    return this.database.transaction(tenantId, async (tx) => {
      const calendar = await this.calendars.find(tx, id);
      const scheduleName = calendar && (await this.oncall.nameOf(tx, calendar.scheduleId));
      if (!scheduleName) return null;
      if (calendar.staffId !== null && !(await this.staff.present(tx, [calendar.staffId])).has(calendar.staffId)) return null;
      const now = this.clock.now();
      if (!calendar.readAt || now.getTime() - calendar.readAt.getTime() >= HOUR) this.calendars.noteRead(tx, id, now);
      return { calendar, scheduleName };
    });
  }

  private reachable(tenantId: string, calendar: Calendar): ReachableCalendar {
    const token = Buffer.concat([bytesOf(tenantId), bytesOf(calendar.id), this.mark(tenantId, calendar.id)]).toString('base64url');
    return { ...calendar, url: `${this.config.publicBaseUrl}/calendars/${token}.ics` };
  }

  /** Believed only under our mark, before anything is asked of the database. */
  private namedBy(token: string): { tenantId: string; id: string } | null {
    if (!/^[\w-]{86}$/.test(token)) return null;
    const bytes = Buffer.from(token, 'base64url');
    const [tenantId, id] = [uuidFrom(bytes.subarray(0, 16)), uuidFrom(bytes.subarray(16, 32))];
    return timingSafeEqual(bytes.subarray(32), this.mark(tenantId, id)) ? { tenantId, id } : null;
  }

  private mark(tenantId: string, id: string): Buffer {
    return this.seal.sign(`${tenantId}/${id}`, 'calendar');
  }

  private note(tx: Tx, { id, scheduleId }: Pick<Calendar, 'id' | 'scheduleId'>, from: string, to: string, by: string | undefined): void {
    recordTransition(tx, { conversationSid: null, machine: 'calendar', entityId: scheduleId, from, to, cause: by ? `${id}, by ${by}` : id, at: this.clock.now() });
  }
}

/** The schedule was removed in this very moment. */
function whenGone(error: unknown): null {
  if (error instanceof HubError && error.kind === 'not_found') return null;
  throw error;
}
