import { describe, expect, it } from '@jest/globals';
import type { Phone } from '../live/simulator.types.js';
import { addressToward, apps, newPerson, people, spaced } from './people.js';

const phone = (address: string, at: string[] = [], name?: string): Phone => ({
  address, name, outcome: 'delivered', optedOutOf: [],
  messages: at.map((time) => ({ sid: `SM${time}`, direction: 'sent', peer: '+15550100001', body: time, media: [], status: 'received', errorCode: null, at: time })),
});

describe('people', () => {
  it('joins the apps of one person, messages in order', () => {
    const joined = people([
      phone('+15552010001', ['2026-01-05T09:00:00.000Z', '2026-01-05T09:02:00.000Z'], 'Maya'),
      phone('whatsapp:+15552010001', ['2026-01-05T09:01:00.000Z']),
      phone('+15552010002'),
    ]);
    expect(joined.map(({ address, name }) => [address, name])).toEqual([['+15552010001', 'Maya'], ['+15552010002', undefined]]);
    expect(joined[0]!.messages.map(({ at }) => at.slice(14, 16))).toEqual(['00', '01', '02']);
  });

  it('writes from the address of the same kind as the number written to', () => {
    expect(addressToward('+15552010001', '+15550100001')).toBe('+15552010001');
    expect(addressToward('+15552010001', 'whatsapp:+15550100001')).toBe('whatsapp:+15552010001');
  });

  it('knows how each app of one person behaves', () => {
    const [maya] = people([phone('+15552010001'), { ...phone('whatsapp:+15552010001'), outcome: 'read' }]);
    expect(maya!.outcomes).toEqual({ '+15552010001': 'delivered', 'whatsapp:+15552010001': 'read' });
  });

  it('reaches each number of ours by text and on WhatsApp, once', () => {
    const numbers = ['+15550100001', '+15550100002', 'whatsapp:+15550100002', 'rcs:clinic'].map((phoneNumber) => ({ phoneNumber }));
    expect(apps(numbers).map(({ phoneNumber }) => phoneNumber))
      .toEqual(['+15550100001', 'whatsapp:+15550100001', '+15550100002', 'whatsapp:+15550100002', 'rcs:clinic']);
  });

  it('makes up somebody who is not there yet', () => {
    const taken = [phone('+15552000000', [], 'Maya')];
    const tosses = [0, 0, 0, 0, 0.5, 0.5];
    const person = newPerson(taken, () => tosses.shift() ?? 0.9);
    expect(person.name).not.toBe('Maya');
    expect(person.address).toMatch(/^\+1555[2-9]\d{6}$/);
    expect(person.address).not.toBe('+15552000000');
  });

  it('spaces American numbers and leaves others alone', () => {
    expect(spaced('whatsapp:+15552010001')).toBe('+1 555 201 0001');
    expect(spaced('+442071838750')).toBe('+442071838750');
  });
});
