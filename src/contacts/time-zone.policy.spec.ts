import { expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { timeZoneOf } from './time-zone.policy.js';

test.each([
  ['+4915112345678', 'Europe/Berlin'], ['+447700900123', 'Europe/London'], ['+35312345678', 'Europe/Dublin'], ['+819012345678', 'Asia/Tokyo'],
  ['+12125550123', 'America/New_York'], ['+13125550123', 'America/Chicago'], ['+16025550123', 'America/Phoenix'], ['+14155550123', 'America/Los_Angeles'], ['+18085550123', 'Pacific/Honolulu'],
])('%s is in %s', (number, zone) => {
  expect(timeZoneOf(number)).toBe(zone);
});

test.each([
  ['Spain has the Canaries', '+34612345678'], ['Brazil has four', '+5511912345678'], ['Russia has eleven', '+79161234567'], ['Florida has two behind 850', '+18505550123'],
  ['nobody lives in 555', '+15551230001'], ['a toll-free number is nowhere', '+18005550123'], ['a short code', '12345'], ['a WhatsApp user name', 'ada.lovelace'], ['a mail address', 'ada@example.com'],
])('%s: not said', (_, address) => {
  expect(timeZoneOf(address)).toBeNull();
});

test('every zone of the tables exists', () => {
  const found = Array.from({ length: 1_000 }, (_, n) => String(n).padStart(3, '0')).flatMap((code) => [timeZoneOf(`+1${code}5550123`), timeZoneOf(`+${code}12345678`)]);
  for (const zone of new Set(found.filter((zone) => zone !== null))) expect([zone, DateTime.now().setZone(zone).isValid]).toEqual([zone, true]);
});
