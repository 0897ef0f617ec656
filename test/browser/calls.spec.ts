import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityViolations, overflowing } from '../harness/browser.js';
import { Caller } from '../harness/caller.js';
import { FRONT_DESK } from '../harness/house.js';
import { onCallPeople } from '../harness/oncall.js';
import { NARROW, PhonesPage, WIDE } from '../harness/phones.page.js';

const phones = new PhonesPage();

async function say(page: Page, words: string): Promise<void> {
  await page.getByLabel(/^Say as/).fill(words);
  await page.keyboard.press('Enter');
}

/** We call this phone, and say this to who answers. */
async function rings(address: string, words: string): Promise<void> {
  const { sid, authToken } = phones.house.account;
  const answer = await fetch(`${phones.house.twilioOrigin}/2010-04-01/Accounts/${sid}/Calls.json`, {
    method: 'POST', headers: { authorization: `Basic ${Buffer.from(`${sid}:${authToken}`).toString('base64')}` },
    body: new URLSearchParams({ From: FRONT_DESK, To: address, Twiml: `<Response><Say>${words}</Say><Pause length="60"/></Response>` }),
  });
  expect(answer.status).toBe(201);
}

test('somebody calls, hears the greeting, asks, interrupts and hangs up; the thread beside it has it all', async () => {
  const { page } = await phones.newPhone(WIDE);
  await page.getByTestId('call-button').click();
  await page.getByTestId('caption-them').getByText(/How can I help you/).waitFor();
  await say(page, 'What are your opening hours?');
  const answer = page.getByTestId('caption-them').getByText(/open Monday to Friday/);
  await answer.waitFor();
  await page.getByTestId('thread-call').getByText('Phone call').waitFor();
  await page.getByTestId('thread-contact').getByText('What are your opening hours?').waitFor();
  await page.getByTestId('thread-assistant').getByText(/open Monday to Friday/).waitFor();
  await page.getByTestId('thread-assistant').getByText('Phone call').waitFor();

  // So slowly that whatever is looked at here comes while it is being said.
  phones.house.twilio.switches({ speechMsPerChar: 600 });
  await say(page, 'How much is a first visit?');
  await page.locator('[data-testid=caption-them][data-live]').getByText(/\w+ \w+/).waitFor();
  expect(await accessibilityViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Keypad' }).click();
  await page.getByRole('group', { name: 'Keypad' }).getByRole('button', { name: 'Star' }).click();
  await page.getByTestId('caption-me').getByText('Pressed *').waitFor();
  await page.getByRole('button', { name: 'Speak' }).click();
  await say(page, 'And can I book an appointment?');
  await page.getByTestId('caption-them').getByText('interrupted').waitFor();
  phones.house.twilio.switches({ speechMsPerChar: 2 });

  await page.getByRole('button', { name: 'Messages', exact: true }).click();
  await page.getByRole('textbox', { name: /^Text as/ }).waitFor();
  await page.getByRole('button', { name: 'Back to the call' }).click();
  await page.getByRole('button', { name: 'Hang up' }).click();
  await page.getByTestId('call-state').getByText(/^Call ended/).waitFor();
  await page.getByTestId('thread-call').getByText(/Phone call ended/).waitFor();
  await page.getByTestId('wire-row').getByText(/completed from/).first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: /^Text as/ }).waitFor();
});

test('where the assistant is switched off the caller leaves a message, on a narrow page in the dark', async () => {
  await phones.house.api('/tenant', { method: 'PATCH', body: { settings: { assistant: { enabled: false } } } });
  const { page, address } = await phones.newPhone({ ...NARROW, colorScheme: 'dark' });
  await page.getByTestId('call-button').click();
  // Who says nothing for five seconds after the beep is hung up on, which is not long for a slow machine that types.
  await page.getByLabel(/^Say as/).fill('Please call me back, it is about Friday.');
  const { callSid } = phones.house.twilio.calls().find(({ from }) => from === address)!;
  await new Caller(phones.house, callSid).hearsBeep();
  await page.keyboard.press('Enter');
  await page.getByTestId('caption-me').waitFor();
  await page.getByTestId('caption-sound').getByText('Beep').waitFor();
  expect([await overflowing(page), await accessibilityViolations(page)]).toEqual([[], []]);
  await page.getByRole('button', { name: 'Hang up' }).click();
  await page.getByTestId('call-state').getByText(/^Call ended/).waitFor();
  await page.getByRole('navigation').getByRole('button', { name: 'Conversation' }).click();
  await page.getByTestId('thread-contact').getByText('Please call me back, it is about Friday.').waitFor();
  expect([await overflowing(page), await accessibilityViolations(page)]).toEqual([[], []]);
  await phones.house.api('/tenant', { method: 'PATCH', body: { settings: { assistant: { enabled: true } } } });
});

test('a phone rings that nobody looks at; its owner answers, and declines the next call', async () => {
  const { page, address } = await phones.newPhone(NARROW);
  const face = page.getByRole('group', { name: 'People' });
  await page.getByRole('button', { name: /^Maya/ }).click();
  await rings(address, 'This is the clinic.');
  await face.getByRole('button', { name: /their phone rings/ }).click();
  await page.getByRole('alert').getByText(/phone is ringing/).waitFor();
  expect([await overflowing(page), await accessibilityViolations(page)]).toEqual([[], []]);
  await page.getByRole('button', { name: 'Answer' }).click();
  await page.getByTestId('caption-them').getByText('This is the clinic.').waitFor();
  await page.getByRole('button', { name: 'Hang up' }).click();
  await page.getByRole('button', { name: 'Back to messages' }).click();
  await rings(address, 'The clinic again.');
  await page.getByRole('button', { name: 'Decline' }).click();
  await page.getByTestId('call-state').getByText('Call declined, or busy').waitFor();
});

test.each([['by day', {}], ['in the dark', { colorScheme: 'dark' as const }]])('somebody on call opens the link, shows by their PIN that it is them, reads what it is about, and takes it, %s', async (_when, look) => {
  const { house } = phones;
  const [ada] = await onCallPeople(house, ['Ada']);
  await house.api(`/staff/${ada!.staffId}/pin`, { method: 'PUT', body: { pin: '402917' } });
  const customer = house.customer();
  house.model.next({ afterTool: 'raise_emergency', say: 'I am reaching somebody for you. If you are in danger, call 911.' });
  customer.texts('I have chest pain & <b>it hurts</b>');
  const { link } = await ada!.isTexted();
  const page = await phones.open(link, { ...NARROW, ...look });
  const isFine = async (): Promise<void> => expect([await overflowing(page), await accessibilityViolations(page)]).toEqual([[], []]);
  await isFine();
  await page.getByRole('link', { name: 'Details' }).click();
  await page.getByLabel('Your PIN').fill('111222');
  await page.getByRole('button', { name: 'Open' }).click();
  await page.getByRole('alert').getByText('That is not your PIN.').waitFor();
  await isFine();
  await page.getByLabel('Your PIN').fill('402917');
  await page.getByRole('button', { name: 'Open' }).click();
  await page.getByText('I have chest pain & <b>it hurts</b>').waitFor();
  await isFine();
  await page.getByRole('link', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'I take it' }).click();
  await page.getByText('You have it. The others are told.').waitFor();
  await ada!.isLeftAlone();
});
