import { expect, test } from '@jest/globals';
import { filledTemplate } from './template.policy.js';

const setting = { contentSid: 'HX1', variables: { 1: 'firstName', 2: 'reply', from: 'businessName' } } as const;

test.each([
  ['Maya Lopez', 'Maya'], ['  maya', 'maya'], ['+15551230001', 'there'], ['🌸', 'there'], [null, 'there'],
])('to %j the template says %s', (contactName, firstName) => {
  expect(filledTemplate(setting, { reply: 'We open\n\nat  eight.\t', contactName, businessName: undefined })).toEqual({
    contentSid: 'HX1', variables: { 1: firstName, 2: 'We open at eight.', from: 'us' },
  });
});

test('what does not fit into a template is not put into one', () => {
  expect(filledTemplate(setting, { reply: 'x'.repeat(701), contactName: null, businessName: 'Elm' })).toEqual({ missing: 'it is too long for the template' });
});
