import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { accessibilityViolations, closeWindows, openBrowser } from '../harness/browser.js';
import { type House, openHouse } from '../harness/house.js';
import { Website } from '../harness/website.js';

const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const STRICT = `default-src 'self'; script-src 'self' {hub}; connect-src {hub} {socket}; img-src 'self' data:`;

let house: House;
let browser: Browser;
let website: Website;

beforeAll(async () => {
  [house, browser] = await Promise.all([openHouse(), openBrowser()]);
  website = await Website.open(house, { policy: STRICT });
});

afterAll(async () => {
  await browser?.close();
  website?.close();
  await house?.close();
});

afterEach(() => closeWindows(browser));

it('takes pictures and files, shows what it refuses, and gives back what was sent', async () => {
  const complaints: string[][] = [];
  const visitor = await (await website.visit(browser, complaints)).opens();
  const { page } = visitor;
  await page.locator('input[type=file]').setInputFiles([
    { name: 'arm.png', mimeType: 'image/png', buffer: PICTURE },
    { name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('Monday') },
    { name: 'page.html', mimeType: 'text/html', buffer: Buffer.from('<script>alert(1)</script>') },
    { name: 'film.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(16 * 1_048_576 + 1) },
  ]);
  await page.getByRole('listitem').filter({ hasText: 'page.html' }).getByText('This file could not be taken.').waitFor();
  await page.getByRole('listitem').filter({ hasText: 'film.mp4' }).getByText('Larger than 16 MB').waitFor();
  await page.locator('progress').first().waitFor({ state: 'detached' });
  house.model.next({ say: 'I can see it.' });
  await visitor.says('This is my arm');
  await visitor.hears('I can see it.');
  await page.getByTestId('picture').waitFor();
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download: plan.txt' }).click()]);
  expect(saved.suggestedFilename()).toBe('plan.txt');
  const other = await visitor.anotherTab();
  await other.opens();
  await other.page.getByTestId('picture').waitFor();
  expect(await accessibilityViolations(page)).toEqual([]);
  // What the browser says of the file that the hub refused.
  expect(complaints.flat()).toEqual([expect.stringContaining('400')]);
  await house.expectQuiet();
});

it('asks who it is after the first answer, one thing at a time, and checks a number by its code', async () => {
  const maya = house.customer();
  const visitor = await (await website.visit(browser, [])).opens();
  const { page } = visitor;
  expect(await page.getByTestId('lead').count()).toBe(0);
  house.model.next({ say: 'Good morning.' });
  await visitor.says('Hello');
  await page.getByRole('textbox', { name: 'E-mail or phone' }).fill('soon');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').getByText('Please give an e-mail address').waitFor();
  await page.getByRole('textbox', { name: 'E-mail or phone' }).fill(maya.address);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Maya');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Send me a code' }).click();
  const code = /is: (\d{6})$/.exec(await maya.expectsSms(/verification code/))![1]!;
  await page.getByRole('textbox', { name: 'Code' }).fill(code === '000000' ? '111111' : '000000');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('alert').getByText('That is not the code.').waitFor();
  await page.getByRole('textbox', { name: 'Code' }).fill(code);
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText(`${maya.address} is confirmed.`).waitFor();
  await page.reload();
  await visitor.hears('Good morning.');
  expect(await page.getByTestId('lead').count()).toBe(0);
  await house.expectQuiet();
});

it('offers the replies that the assistant suggests, and sends the one that is tapped', async () => {
  const visitor = await (await website.visit(browser, [])).opens();
  const { page } = visitor;
  house.model.next({ callTool: { name: 'offer_replies', arguments: { message: 'Which one suits you?', replies: ['Tuesday at 10:30', 'Friday at 9:15'] } } });
  await visitor.says('Do you have a slot?');
  house.model.next({ say: 'Booked.' });
  await page.getByRole('group', { name: 'Suggested replies' }).getByRole('button', { name: 'Friday at 9:15' }).click();
  await visitor.hears('Booked.');
  expect(await visitor.lines()).toEqual(['Do you have a slot?', 'Which one suits you?', 'Friday at 9:15', 'Booked.']);
  expect(await page.getByRole('group', { name: 'Suggested replies' }).count()).toBe(0);
  await house.expectQuiet();
});
