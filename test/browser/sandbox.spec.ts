import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityViolations, overflowing } from '../harness/browser.js';
import { NARROW, PhonesPage, WIDE } from '../harness/phones.page.js';
import { hasRcs } from '../harness/rcs.js';
import { hasTemplate } from '../harness/whatsapp.js';

const phones = new PhonesPage();

async function text(page: Page, body: string): Promise<void> {
  await page.getByRole('textbox', { name: /^Text as/ }).fill(body);
  await page.keyboard.press('Enter');
}

const eachTab = async (page: Page, look: (tab: string) => Promise<void>): Promise<void> => {
  for (const tab of await page.getByRole('tab').all()) {
    await tab.click();
    await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' });
    await look((await tab.textContent()) ?? '');
  }
};

describe('the page of phones', () => {
  it('shows a text in the thread, and the answer on the phone, with ticks', async () => {
    const { page } = await phones.newPhone();
    await text(page, 'What are your opening hours?');
    await page.getByTestId('thread-contact').getByText('What are your opening hours?').waitFor();
    const answer = page.getByTestId('phone-received');
    await answer.waitFor();
    await page.getByTestId('thread-assistant').getByText((await answer.textContent())!).waitFor();
    await page.locator('[data-testid=thread-assistant] [data-status=delivered]').waitFor();
    await page.locator('[data-testid=phone-receipt][data-status=delivered]').waitFor();
    await page.getByTestId('wire-row').getByText('messaging').first().waitFor();
  });

  it('sends a picture from the phone, and shows it in the thread as the hub keeps it', async () => {
    const { page } = await phones.newPhone();
    const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
    await page.getByTestId('attach-file').setInputFiles({ name: 'arm.png', mimeType: 'image/png', buffer: picture });
    await page.getByTestId('phone-sent').getByAltText('Sent from this phone').waitFor();
    const kept = page.getByTestId('attachment');
    await kept.waitFor();
    expect(await kept.getAttribute('src')).toBe(`data:image/png;base64,${picture.toString('base64')}`);
    await page.getByTestId('phone-received').getByText('I can see the picture').waitFor();
    await page.getByTestId('staff-file').setInputFiles([{ name: 'page.html', mimeType: 'text/html', buffer: Buffer.from('<html>') }, { name: 'way.png', mimeType: 'image/png', buffer: picture }]);
    await page.getByLabel('Do not send page.html').click();
    await page.getByRole('button', { name: 'Send as staff' }).click();
    await page.getByTestId('phone-received').getByAltText('Sent to this phone').waitFor();
    await page.getByTestId('attach-file').setInputFiles({ name: 'film.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(700_001) });
    await page.getByRole('alert').getByText('film.mp4 is too large').waitFor();
  });

  it('lets a colleague take over, write from the hub and from the Twilio Conversation, and hand back', async () => {
    const { page } = await phones.newPhone();
    await text(page, 'Hello');
    await page.getByTestId('phone-received').waitFor();
    await page.getByRole('button', { name: 'Take over' }).click();
    await page.getByTestId('owner').getByText('Staff answers: You').waitFor();
    await page.getByLabel('Write as staff').fill('Dana here, how can I help?');
    await page.keyboard.press('Enter');
    await page.getByTestId('phone-received').getByText('Dana here, how can I help?').waitFor();
    await page.getByRole('tab', { name: 'Twilio Conversation' }).click();
    await page.getByTestId('twilio-message').getByText('Dana here, how can I help?').waitFor();
    await page.getByLabel('Write as staff').fill('And this comes from Flex.');
    await page.keyboard.press('Enter');
    await page.getByTestId('phone-received').getByText('And this comes from Flex.').waitFor();
    await page.getByRole('button', { name: 'Hand back' }).click();
    await page.getByTestId('owner').getByText('Assistant answers').waitFor();
  });

  it('writes by WhatsApp from the same phone, counts the window down, and taps a button', async () => {
    await hasTemplate(phones.house);
    const { page } = await phones.newPhone();
    await page.getByTitle(/^Choose which number/).click();
    await page.getByRole('menuitem', { name: /WhatsApp/ }).click();
    await text(page, 'What are your opening hours?');
    await page.getByTestId('phone-received').waitFor();
    await page.getByTestId('whatsapp-window').getByText(/^Window open: 23:5\d:\d\d left$/).waitFor();
    await phones.house.forward('24h');
    await page.getByTestId('whatsapp-window').getByText('Window closed').waitFor();
    await page.getByLabel('Write as staff').fill('Dana here: we are closed tomorrow.');
    await page.keyboard.press('Enter');
    await page.getByTestId('thread-staff').getByText('WhatsApp template').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.getByTestId('phone-button').click();
    await page.getByTestId('thread-contact').getByText('Go on').waitFor();
    await page.getByTestId('whatsapp-window').getByText(/^Window open/).waitFor();
  });

  it('writes by RCS, taps a suggested reply, and loses RCS: the answer comes as a text, and the thread says why', async () => {
    await hasRcs(phones.house);
    const { page } = await phones.newPhone();
    await page.getByTitle(/^Choose which number/).click();
    await page.getByRole('menuitem', { name: /RCS/ }).click();
    await text(page, 'I would like to book an appointment');
    await page.getByRole('list', { name: 'Suggested replies' }).getByText('Friday at 9:15').waitFor();
    // The thread has it before the phone does, which without RCS would never have it.
    await page.getByTestId('phone-button').getByText('Friday at 9:15').waitFor();
    await page.getByRole('button', { name: /^How this phone behaves/ }).click();
    await page.getByRole('menuitem', { name: /^Has no RCS/ }).click();
    await page.getByTestId('phone-button').getByText('Friday at 9:15').click();
    await page.getByTestId('thread-contact').getByText('Friday at 9:15', { exact: true }).waitFor();
    await page.getByTestId('thread-assistant').getByText('SMS instead').waitFor();
    await page.getByText('Never arrived: undelivered 63036').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
  });

  it('says why a text never arrived', async () => {
    const { page } = await phones.newPhone();
    await page.getByRole('button', { name: /^How this phone behaves/ }).click();
    await page.getByRole('menuitem', { name: /^Switched off/ }).click();
    await text(page, 'What are your opening hours?');
    await page.getByText('Never arrived: undelivered 30003').waitFor();
    await page.getByTestId('thread-assistant').getByText('30003').waitFor();
  });

  it('arms a fault with one click, and shows whom it hit', async () => {
    const { page } = await phones.newPhone();
    await page.getByRole('tab', { name: 'Faults' }).click();
    await page.getByTestId('fault-webhook-duplicate').click();
    await page.getByTestId('armed-fault').getByText('Webhook twice').waitFor();
    await text(page, 'What are your opening hours?');
    await page.getByTestId('armed-fault').waitFor({ state: 'detached' });
    await page.getByTestId('phone-received').waitFor();
    await page.getByRole('tab', { name: 'On the wire' }).click();
    await page.getByText('fault: webhook-duplicate').nth(1).waitFor();
    expect(await page.getByTestId('phone-received').count()).toBe(1);
  });

  it('moves the time of the house', async () => {
    const { page } = await phones.newPhone();
    const clock = page.getByRole('button', { name: /^Hub time/ });
    const hours = Number(/(\d\d):\d\d:/.exec((await clock.textContent())!)![1]);
    await clock.click();
    await page.getByRole('menuitem', { name: /^1 hour/ }).click();
    const later = String((hours + 1) % 24).padStart(2, '0');
    await page.getByRole('button', { name: new RegExp(`^Hub time .*\\b${later}:\\d\\d:`) }).waitFor();
  });

  it('keeps what people type as text', async () => {
    const { page } = await phones.newPhone();
    const body = '<img src=x onerror="document.title=1"> & <b>bold</b>';
    await text(page, body);
    await page.getByTestId('thread-contact').getByText(body).waitFor();
    expect(await page.title()).toBe('Throughline sandbox');
  });

  it.each(['light', 'dark'] as const)('fits a window of 375 pixels and pleases axe, %s', async (colorScheme) => {
    const { page } = await phones.newPhone({ ...NARROW, colorScheme });
    const clean = async (where: string): Promise<void> =>
      expect([where, await overflowing(page), await accessibilityViolations(page)]).toEqual([where, [], []]);
    await clean('an empty phone');
    await text(page, `What are your opening hours? ${'W'.repeat(200)}`);
    await page.getByTestId('phone-received').waitFor();
    await clean('a phone');
    for (const view of ['Conversation', 'Workings']) {
      await page.getByRole('navigation').getByRole('button', { name: view }).click();
      await eachTab(page, clean);
    }
  });

  it.each(['light', 'dark'] as const)('pleases axe on a desk, %s', async (colorScheme) => {
    const { page } = await phones.newPhone({ ...WIDE, colorScheme });
    await text(page, "I'd like to speak to a person");
    await page.getByTestId('phone-received').waitFor();
    await eachTab(page, async (tab) => expect([tab, await overflowing(page), await accessibilityViolations(page)]).toEqual([tab, [], []]));
    await page.getByRole('button', { name: 'Go live' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
  });
});
