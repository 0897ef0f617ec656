/** Tables of RFC 4180 for spreadsheets. What would be a formula there is kept from it; numbers with a sign are none. Null is an empty cell. */

export type Cell = string | number | boolean | null;

export const csvLine = (cells: readonly Cell[]): string => `${cells.map(cell).join(',')}\r\n`;

function cell(value: Cell): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  return `"${(/^[=@\t\r]|^[-+](?!\d+$)/.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`;
}
