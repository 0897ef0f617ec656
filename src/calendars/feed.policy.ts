import { inLanguage } from '@throughline/kernel/words.js';
import { generateIcsCalendar } from 'ts-ics';
import type { NamedShift } from '../oncall/oncall.service.js';
import type { Calendar } from './calendars.types.js';

/** A name that a person has given, as it may stand in a line: what breaks lines or is invisible would end it for some program. */
const inLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');

interface Words {
  onCall: (schedule: string) => string;
  nobody: (schedule: string) => string;
}

const WORDS: Record<string, Words> = {
  en: { onCall: (schedule) => `On call: ${schedule}`, nobody: (schedule) => `${schedule}: nobody is on call` },
  de: { onCall: (schedule) => `Bereitschaft: ${schedule}`, nobody: (schedule) => `${schedule}: niemand hat Bereitschaft` },
  es: { onCall: (schedule) => `De guardia: ${schedule}`, nobody: (schedule) => `${schedule}: nadie está de guardia` },
  fr: { onCall: (schedule) => `D’astreinte : ${schedule}`, nobody: (schedule) => `${schedule} : personne n’est d’astreinte` },
};

export interface Entry {
  from: Date;
  until: Date;
  /** Nobody: a gap. */
  names: string[];
}

/** What a calendar shows: of one person when it is theirs, whoever else is on call then; of everybody who is on call when, and when nobody is. */
export function entriesOf(shifts: readonly NamedShift[], staffId: string | null): Entry[] {
  const shown = staffId === null ? shifts : shifts.filter(({ staff }) => staff.some(({ id }) => id === staffId));
  const entries: Entry[] = [];
  let lastWho = '';
  for (const { from, until, staff } of shown) {
    const who = staffId ?? staff.map(({ id }) => id).join();
    const last = entries.at(-1);
    if (last?.until.getTime() === from.getTime() && who === lastWho) last.until = until;
    else entries.push({ from, until, names: staff.map(({ name }) => name) });
    lastWho = who;
  }
  return entries;
}

export interface CalendarFile {
  calendar: Pick<Calendar, 'scheduleId' | 'staffId'>;
  scheduleName: string;
  entries: Entry[];
  /** Since when the entries are told: what began before has no known beginning. */
  since: Date;
  now: Date;
  /** `de-AT` reads as `de` does; a language without words as `en`. */
  language: string;
}

/** An iCalendar object (RFC 5545). Entries keep their UIDs for as long as they begin when they do, so that a program changes them instead of making new ones. */
export function calendarFile({ calendar: { scheduleId, staffId }, scheduleName, entries, since, now, language }: CalendarFile): string {
  const words = inLanguage(WORDS, language);
  const name = inLine(scheduleName);
  const summaryOf = (names: string[]): string => {
    if (names.length === 0) return words.nobody(name);
    return staffId === null ? `${name}: ${names.map(inLine).join(', ')}` : words.onCall(name);
  };
  return generateIcsCalendar({
    version: '2.0', prodId: '-//Throughline//On call//EN', method: 'PUBLISH', name: staffId === null ? name : words.onCall(name),
    events: entries.map(({ from, until, names }) => ({
      uid: `${from <= since ? 'before' : from.toISOString()}.${staffId ?? 'all'}.${scheduleId}@throughline`, stamp: { date: now }, start: { date: from }, end: { date: until },
      summary: summaryOf(names), timeTransparent: 'TRANSPARENT' as const,
    })),
  });
}
