/** Twilio writes one instant in three ways: REST v1 in seconds, hooks in milliseconds, the 2010 API as RFC 2822. */
export const isoSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

export const isoMillis = (ms: number): string => new Date(ms).toISOString();

export const rfc2822 = (ms: number): string => new Date(ms).toUTCString().replace('GMT', '+0000');

export const rfc2822OrNull = (ms: number | null): string | null => (ms === null ? null : rfc2822(ms));

/** `RawDlrDoneDate` of a receipt: YYMMDDhhmm. */
export const dlrDate = (ms: number): string => new Date(ms).toISOString().replace(/[-:T]/g, '').slice(2, 12);

/** Milliseconds of an ISO 8601 instant or date, undefined for anything else. */
export function parseInstant(text: string): number | undefined {
  const ms = Date.parse(text);
  return /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(ms) ? ms : undefined;
}

const ISO_DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** Milliseconds of an ISO 8601 duration such as PT10M, undefined for anything else. */
export function parseIsoDuration(text: string): number | undefined {
  const match = ISO_DURATION.exec(text);
  if (!match || match.slice(1).every((part) => part === undefined)) return undefined;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number, number, number, number,
  ];
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000;
}
