import { expect, test } from '@jest/globals';
import { OfferRepliesTool } from './offer-replies.tool.js';
import type { ToolContext } from './tools.types.js';

const tool = new OfferRepliesTool();
const run = (args: unknown, words = ''): unknown => tool.run({ words } as ToolContext, tool.arguments.parse(args));

test('what it is given is said, with each reply once, as a button whose id is its text', async () => {
  expect(await run({ message: 'Which day?', replies: ['Tuesday', ' Friday ', 'Tuesday'] })).toEqual({
    outcome: 'reply', body: 'Which day?', buttons: [{ id: 'Tuesday', text: 'Tuesday' }, { id: 'Friday', text: 'Friday' }],
  });
});

test('without words of its own it takes those that the model said beside the call; without any it says so', async () => {
  expect(await run({ replies: ['Yes', 'No'] }, 'Shall I?')).toMatchObject({ outcome: 'reply', body: 'Shall I?' });
  expect(await run({ replies: ['Yes', 'No'] })).toMatchObject({ outcome: 'refused' });
  expect(await run({ message: 'Shall I?', replies: ['Yes', 'Yes'] })).toMatchObject({ outcome: 'refused' });
});

test.each([
  ['one reply', { message: 'x', replies: ['Yes'] }], ['eleven', { message: 'x', replies: 'abcdefghijk'.split('') }],
  ['a long one', { message: 'x', replies: ['y'.repeat(61), 'No'] }], ['an empty one', { message: 'x', replies: [' ', 'No'] }], ['none', { message: 'x' }],
])('%s is refused before it runs', (_what, args) => {
  expect(tool.arguments.safeParse(args).success).toBe(false);
});
