import { expect, test } from '@jest/globals';
import { addToLogScope, logScope, withLogScope } from './log.js';

test('outside of any work there is no scope, and adding to it does nothing', () => {
  addToLogScope({ tenantId: 'a' });
  expect(logScope()).toEqual({});
});

test('a nested scope adds to the outer one and leaves it as it was', () => {
  withLogScope({ tenantId: 'a', job: 'one' }, () => {
    withLogScope({ job: 'two' }, () => expect(logScope()).toEqual({ tenantId: 'a', job: 'two' }));
    expect(logScope()).toEqual({ tenantId: 'a', job: 'one' });
  });
});

test('what is learned on the way is on the later lines of the same work, and on no other', async () => {
  const work = (tenantId: string): Promise<unknown> => withLogScope({ requestId: tenantId }, async () => {
    await Promise.resolve();
    addToLogScope({ tenantId });
    await Promise.resolve();
    return logScope();
  });
  expect(await Promise.all([work('a'), work('b')])).toEqual([{ requestId: 'a', tenantId: 'a' }, { requestId: 'b', tenantId: 'b' }]);
});
