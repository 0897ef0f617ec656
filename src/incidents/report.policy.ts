import type { Attempt } from '../escalation/escalation.types.js';

const FIELDS = ['createdAt', 'incidentId', 'id', 'says', 'round', 'step', 'name', 'channel', 'address', 'state', 'providerSid', 'dispatchedAt', 'changedAt', 'trouble'] as const;

export const csvHead = `${FIELDS.join(',')}\r\n`;

/** One attempt (RFC 4180). What a spreadsheet would take for a formula is kept from it; numbers with a plus sign are not one. */
export const csvLine = (attempt: Attempt): string => `${FIELDS.map((field) => cell(attempt[field])).join(',')}\r\n`;

function cell(value: string | number | Date | null): string {
  if (value === null) return '';
  const text = value instanceof Date ? value.toISOString() : String(value);
  const safe = /^[=@\t\r]|^[-+](?!\d+$)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
