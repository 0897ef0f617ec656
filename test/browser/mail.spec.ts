import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { accessibilityViolations, closeWindows, openBrowser, openPage, overflowing } from '../harness/browser.js';
import { HubProcess } from '../harness/hub.process.js';
import { freePort } from '../harness/ports.mjs';
import { freshDatabase, type TestDatabase } from '../harness/postgres.js';

const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'throughline-mail-'));
let database: TestDatabase;
let hub: HubProcess;
let browser: Browser;

/** As a newcomer starts it: with a Twilio, a model and a post office of its own. */
beforeAll(async () => {
  database = await freshDatabase();
  hub = new HubProcess(await freePort(), { DATABASE_URL: database.url, DATA_DIR: dataDir, TURN_QUIET_MS: '0', LOG_LEVEL: 'warn' });
  [browser] = await Promise.all([openBrowser(), hub.start()]);
});

afterAll(async () => {
  await browser?.close();
  await hub?.kill();
  await database?.drop();
  fs.rmSync(dataDir, { recursive: true, force: true });
});

afterEach(() => closeWindows(browser));

test.each([['wide', 1_440, 0], ['narrow', 375, 2]])('Ada writes a mail, reads the answer and replies, on a %s page', async (_what, width, before) => {
  const { page, complaints } = await openPage(browser, `${hub.url}/sandbox#ada@example.test`, { viewport: { width, height: 860 } });
  // What the test before has left there.
  if (before > 0) await page.getByTestId('mail-received').nth(before - 1).waitFor();
  await page.getByTestId('new-mail').click();
  await page.getByLabel('Subject').fill('Opening hours');
  await page.getByLabel('Mail as Ada').fill('When do you open?\n\n-- \nAda');
  expect(await accessibilityViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByTestId('mail-received').nth(before).waitFor();
  await page.getByTestId('mail-received').first().click();
  await page.getByTestId('mail').getByText(/open Monday to Friday/).waitFor();
  await page.getByText('Headers').click();
  await page.getByText('auto-replied').waitFor();
  expect(await accessibilityViolations(page)).toEqual([]);
  expect(await overflowing(page)).toEqual([]);
  await page.getByLabel('Reply as Ada').fill('Thank you!');
  await page.getByRole('button', { name: 'Send reply' }).click();
  await page.getByRole('button', { name: 'Back to all mails' }).click();
  await page.getByTestId('mail-received').nth(before + 1).waitFor();
  await page.getByTestId('thread-contact').getByText('Thank you!').last().waitFor({ state: 'attached' });
  expect(complaints).toEqual([]);
});
