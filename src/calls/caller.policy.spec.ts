import { describe, expect, test } from '@jest/globals';
import { callerOf } from './caller.policy.js';

const call = (from: string, verstat?: string, callSid = 'CA1') => callerOf({ callSid, from, verstat }, false);

describe('a caller id', () => {
  test('is believed when the carrier vouches for it in full, and never otherwise', () => {
    expect(call('+15551230001', 'TN-Validation-Passed-A')).toEqual({ address: '+15551230001', proved: true });
    for (const verstat of [undefined, '', 'TN-Validation-Passed-B', 'TN-Validation-Passed-C', 'TN-Validation-Failed-A', 'No-TN-Validation', 'TN-Validation-Passed-A ']) {
      expect(call('+15551230001', verstat)).toEqual({ address: '+15551230001', proved: false });
    }
  });

  test('is believed where the tenant says so', () => {
    expect(callerOf({ callSid: 'CA1', from: '+442071234567', verstat: undefined }, true)).toEqual({ address: '+442071234567', proved: true });
  });

  test.each(['', 'anonymous', 'Anonymous', '+266696687', '+7378742833', '+2562533', '+8656696', '+86282452253', '12', '+0123', 'unknown'])('of nobody (%s) unites nobody', (from) => {
    const [one, again, other] = [call(from), call(from), call(from, undefined, 'CA2')];
    expect(one).toEqual({ address: expect.stringMatching(/^anonymous-[0-9a-f]{12}$/), proved: false });
    expect(again).toEqual(one);
    expect(other.address).not.toBe(one.address);
  });

  test.each(['sip:ada@example.test', 'client:ada'])('that is no number (%s) is a name and unites nobody, even attested', (from) => {
    expect(callerOf({ callSid: 'CA1', from, verstat: 'TN-Validation-Passed-A' }, true)).toMatchObject({ proved: false, displayName: from, address: expect.stringMatching(/^anonymous-/) });
  });
});
