import { afterAll, expect, test } from '@jest/globals';
import { useHouse } from './contract-house.js';
import { openReferee, refereeIsHere, type Referee, type Violation } from './referee.js';

// The same suites once more, with each request and answer held against Twilio's own OpenAPI files.
if (refereeIsHere()) {
  let referee: Referee;
  const violations: Violation[] = [];
  useHouse(async (origin) => {
    referee = await openReferee(origin, (violation) => violations.push(violation));
    return referee.url;
  });
  afterAll(() => referee.close());

  await import('./messages.suite.js');
  await import('./inbound.suite.js');
  await import('./conversations.suite.js');
  await import('./participants.suite.js');
  await import('./conversation-messages.suite.js');
  await import('./conversation-hooks.suite.js');
  await import('./conversation-services.suite.js');
  await import('./channels.suite.js');
  await import('./content.suite.js');
  await import('./rcs.suite.js');
  await import('./verify.suite.js');
  await import('./calls.suite.js');
  await import('./outbound-calls.suite.js');
  await import('./conferences.suite.js');

  test('nothing in all of that broke Twilio’s own description', () => {
    const { exchanges, operations } = referee.stats;
    process.stderr.write(`referee: ${exchanges} exchanges, ${Object.keys(operations).length} operations, ${violations.length} violations\n`);
    expect(violations).toEqual([]);
    expect(exchanges).toBeGreaterThan(200);
  });
} else {
  test('the referee is not here: left out', () => {
    expect(refereeIsHere()).toBe(false);
  });
}
