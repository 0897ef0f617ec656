import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { closeWindows, openBrowser, openPage } from './browser.js';
import { type House, openHouse } from './house.js';

export const WIDE = { viewport: { width: 1440, height: 900 } };
export const NARROW = { viewport: { width: 375, height: 800 }, hasTouch: true };

/** The page of phones of a house of its own, for the tests of one file: opened before them, closed behind them, and silent in each. */
export class PhonesPage {
  private browser: Browser | undefined;
  private opened: House | undefined;
  private readonly complaints: string[][] = [];

  constructor() {
    beforeAll(async () => {
      [this.opened, this.browser] = await Promise.all([openHouse(), openBrowser()]);
    });
    afterAll(async () => {
      await this.browser?.close();
      await this.opened?.close();
    });
    afterEach(() => expect(this.complaints.splice(0).flat()).toEqual([]));
    afterEach(() => closeWindows(this.browser!));
  }

  get house(): House {
    return this.opened!;
  }

  /** The page with a new person's phone in front, and its number. */
  async newPhone(options: Parameters<typeof openPage>[2] = WIDE): Promise<{ page: Page; address: string }> {
    const page = await this.open(`${this.house.url}/sandbox`, options);
    await page.getByRole('button', { name: /^Maya/ }).waitFor();
    await page.getByTestId('new-phone').click();
    await page.getByRole('textbox', { name: /^Text as (?!Maya)/ }).waitFor();
    return { page, address: decodeURIComponent(new URL(page.url()).hash.slice(1)) };
  }

  /** Any page of the house. */
  async open(url: string, options: Parameters<typeof openPage>[2]): Promise<Page> {
    const { page, complaints } = await openPage(this.browser!, url, options);
    this.complaints.push(complaints);
    return page;
  }
}
