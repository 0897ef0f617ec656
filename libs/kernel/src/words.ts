import { DateTime } from 'luxon';

/** One paragraph: nothing in it looks like a line of ours. */
export const oneLine = (text: string): string => text.replace(/[\s\u0085]+/g, ' ').trim();

/** @param language `de-AT` is spoken as `de` is; a language that the house has no lines in as `en` */
export const inLanguage = <T>(lines: Readonly<Record<string, T>>, language: string): T => lines[language.split('-')[0]!.toLowerCase()] ?? lines['en']!;

/** No half of a character at its end. @param most in characters */
export const cutOff = (text: string, most: number): string => (text.length <= most ? text : [...text].slice(0, most).join(''));

/** In English. An unknown time zone is no reason to leave a customer without an answer. */
function localised(at: Date, timeZone: string): DateTime {
  const local = DateTime.fromJSDate(at, { zone: timeZone });
  return (local.isValid ? local : DateTime.fromJSDate(at, { zone: 'utc' })).setLocale('en');
}

/** `Monday, 5 January 2026, 04:00 (America/New_York)`; UTC where the zone is not known. */
export const localTime = (at: Date, timeZone: string): string => localised(at, timeZone).toFormat("cccc, d LLLL yyyy, HH:mm '('z')'");

/** The instant of `2026-01-05T16:30` on the wall there. Null where there is no such time or no such zone. */
export function fromLocalTime(local: string, timeZone: string): Date | null {
  const found = DateTime.fromISO(local, { zone: timeZone });
  return found.isValid ? found.toJSDate() : null;
}

/** `5 January 2026` */
export const localDay = (at: Date, timeZone: string): string => localised(at, timeZone).toFormat('d LLLL yyyy');
