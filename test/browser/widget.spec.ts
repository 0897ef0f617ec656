import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { accessibilityViolations, closeWindows, openBrowser, overflowing } from '../harness/browser.js';
import { type House, openHouse } from '../harness/house.js';
import { Website, type WebsiteOptions, type WidgetPage } from '../harness/website.js';

/** Allows what docs/webchat.md says that a page has to allow, and nothing else. */
const STRICT = `default-src 'self'; script-src 'self' {hub}; connect-src {hub} {socket}; require-trusted-types-for 'script'; trusted-types 'none'; img-src 'self' data:`;
const PHONE = { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true };

let house: House;
let browser: Browser;
const websites: Website[] = [];
const complaints: string[][] = [];

beforeAll(async () => {
  [house, browser] = await Promise.all([openHouse(), openBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  for (const website of websites) website.close();
  await house?.close();
});

afterEach(() => expect(complaints.splice(0).flat()).toEqual([]));
afterEach(() => closeWindows(browser));

async function website(options: WebsiteOptions = {}): Promise<Website> {
  const opened = await Website.open(house, options);
  websites.push(opened);
  return opened;
}

const visit = async (options: WebsiteOptions = {}, context: Parameters<Website['visit']>[2] = {}): Promise<WidgetPage> =>
  (await website(options)).visit(browser, complaints, context);

async function answered(visitor: WidgetPage, question: string, say: string): Promise<void> {
  house.model.next({ say });
  await visitor.says(question);
  await visitor.page.getByTestId('said-assistant').last().waitFor();
}

describe('the widget on somebody\'s website', () => {
  it('answers word by word, in its brand\'s colour, and leaves the page as it was', async () => {
    const visitor = await visit({ head: '<style>* { color: red !important; font-size: 40px !important; } button { display: none !important }</style>' });
    await visitor.opens();
    house.model.next({ steps: [{ say: 'We open at **eight** and' }, { pauseMs: 1_500 }, { say: ' close at six, every day but Sunday.' }] });
    await visitor.says('When do you open?');
    const draft = visitor.page.getByTestId('draft');
    await draft.getByText('We open at eight and').waitFor();
    expect(await draft.getAttribute('aria-hidden')).toBe('true');
    await visitor.hears('every day but Sunday.');
    await draft.waitFor({ state: 'detached' });
    expect(await visitor.lines()).toEqual(['When do you open?', 'We open at eight and close at six, every day but Sunday.']);
    expect(await visitor.log.locator('strong').innerText()).toBe('eight');
    const looks = await visitor.page.evaluate(() => {
      const root = document.querySelector('throughline-chat')!.shadowRoot!;
      const own = getComputedStyle(root.querySelector('.ours .bubble')!);
      return { ground: own.backgroundColor, ink: own.color, size: own.fontSize, title: getComputedStyle(document.querySelector('h1')!).color };
    });
    expect(looks).toEqual({ ground: 'rgb(255, 204, 0)', ink: 'rgb(0, 0, 0)', size: '15px', title: 'rgb(255, 0, 0)' });
    await house.expectQuiet();
  });

  it('stays away from a website that its hub does not know, and says so where it has its place', async () => {
    const visitor = await visit({ isAllowed: false, body: '<throughline-chat widget-key="{key}" mode="inline"></throughline-chat><throughline-chat widget-key="{key}"></throughline-chat>' });
    await visitor.page.getByRole('alert').getByText('This chat is not available on this page.').waitFor();
    expect(await visitor.launcher.count()).toBe(0);
    // What the browser itself says of requests that were refused.
    expect(complaints.splice(0).flat().join()).toMatch(/CORS|Failed to load/);
    expect(await house.database.query('select 1 from visitors v join widgets w on w.key = v.widget_key where w.allowed_origins = $1', [['https://shop.example.com']])).toEqual([]);
  });

  it('works under a strict policy, and nothing that is said becomes markup', async () => {
    const visitor = await visit({ policy: STRICT });
    await visitor.opens();
    const hostile = '<img src=x onerror="window.pwned=1"> [tap](javascript:window.pwned=1) ![x](https://evil.example/x.png) <script>window.pwned=1</script> [safe](https://clinic.example)';
    await answered(visitor, '<b onmouseover="window.pwned=1">me</b> https://a.example/"onclick="x', hostile);
    expect(await visitor.lines()).toEqual([
      '<b onmouseover="window.pwned=1">me</b> https://a.example/"onclick="x',
      '<img src=x onerror="window.pwned=1"> [tap](javascript:window.pwned=1) x <script>window.pwned=1</script> safe',
    ]);
    const links = await visitor.log.locator('a').evaluateAll((all) => all.map((link) => [link.getAttribute('href'), link.getAttribute('target'), link.getAttribute('rel')]));
    const away = ['_blank', 'noopener noreferrer nofollow'];
    expect(links).toEqual([['https://a.example/', ...away], ['https://evil.example/x.png', ...away], ['https://clinic.example', ...away]]);
    expect(await visitor.log.locator('img, script, b').count()).toBe(0);
    expect(await visitor.page.evaluate(() => 'pwned' in window)).toBe(false);
    expect(await visitor.launcher.evaluate((button) => getComputedStyle(button).width)).toBe('60px');
    await house.expectQuiet();
  });

  it.each(['light', 'dark'] as const)('is used by keyboard alone, and axe finds nothing wrong, in %s', async (colorScheme) => {
    const visitor = await visit({}, { colorScheme });
    const { page } = visitor;
    const focused = (): Promise<string | null | undefined> =>
      page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.getAttribute('aria-label'));
    await visitor.launcher.waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Open chat');
    await page.keyboard.press('Enter');
    await visitor.field.waitFor();
    expect(await focused()).toBe('Write a message');
    house.model.next({ say: 'We open at **eight**:\n\n- Monday\n- [Tuesday](https://clinic.example)\n\n```\n8-18\n```' });
    await page.keyboard.type('When?');
    await page.keyboard.press('Enter');
    await visitor.hears('Monday');
    await page.getByRole('button', { name: 'Not now' }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await visitor.field.waitFor({ state: 'detached' });
    expect(await focused()).toBe('Open chat');
    await house.expectQuiet();
  });

  it('fills a phone\'s window, and nothing of it stands out', async () => {
    const visitor = await (await visit({}, PHONE)).opens();
    await answered(visitor, 'Hello', `An answer with a ${'very'.repeat(30)} long word.`);
    expect(await visitor.page.getByTestId('panel').boundingBox()).toEqual({ x: 0, y: 0, width: 360, height: 720 });
    expect(await overflowing(visitor.page)).toEqual([]);
    expect(await accessibilityViolations(visitor.page)).toEqual([]);
    await visitor.page.getByRole('button', { name: 'Close chat' }).click();
    await visitor.launcher.waitFor();
    await house.expectQuiet();
  });
});

describe('somebody who has been here before', () => {
  it('goes on where they were, on every tab, and a stranger sees nothing of it', async () => {
    const site = await website();
    const visitor = await (await site.visit(browser, complaints)).opens();
    await answered(visitor, 'Do you have time on Friday?', 'Yes, at ten.');
    await visitor.page.reload();
    await visitor.hears('Yes, at ten.');
    const other = await visitor.anotherTab();
    await other.opens();
    await other.hears('Yes, at ten.');
    await answered(other, 'I take it.', 'It is yours.');
    await visitor.hears('It is yours.');
    const lines = ['Do you have time on Friday?', 'Yes, at ten.', 'I take it.', 'It is yours.'];
    expect([await visitor.lines(), await other.lines()]).toEqual([lines, lines]);
    const stranger = await (await site.visit(browser, complaints)).opens();
    await stranger.page.getByText('How can we help?').waitFor();
    expect(await stranger.lines()).toEqual([]);
    await house.expectQuiet();
  });

  it('is one visitor, however many tabs begin at once', async () => {
    const site = await website();
    const first = await site.visit(browser, complaints);
    const tabs = [first, await first.anotherTab(), await first.anotherTab()];
    await Promise.all(tabs.map((tab) => tab.launcher.waitFor()));
    await Promise.all(tabs.map((tab) => tab.page.evaluate(() => (window as unknown as { Throughline: { open(): void } }).Throughline.open())));
    await answered(first, 'Hello', 'Good morning.');
    for (const tab of tabs) await tab.hears('Good morning.');
    expect(await house.database.query('select count(*)::int as visitors from visitors where widget_key = $1', [site.widgetKey])).toEqual([{ visitors: 1 }]);
    await house.expectQuiet();
  });

  it('looks back as far as they like, and stays where they read', async () => {
    const site = await website();
    const visitor = await (await site.visit(browser, complaints)).opens();
    await answered(visitor, 'My very first words', 'Good morning.');
    const [row] = await house.database.query<{ id: string }>('select id from visitors where widget_key = $1', [site.widgetKey]);
    const { conversationSid } = await house.thread.conversation({ address: row!.id });
    // A long history, made as it would be found.
    await house.database.query(
      `insert into messages select (jsonb_populate_record(first, jsonb_build_object('id', gen_random_uuid(), 'seq', number, 'body', 'Number ' || number || '.',
         'details', null, 'provider_sid', null, 'mirror_sid', null, 'mirror_state', 'none'))).*
       from messages first, generate_series(3, 57) number where first.conversation_sid = $1 and first.seq = 1`, [conversationSid],
    );
    await house.database.query('update conversations set last_seq = 57 where conversation_sid = $1', [conversationSid]);
    await visitor.page.reload();
    await visitor.hears('Number 57.');
    expect(await visitor.log.count()).toBe(50);
    const scroll = visitor.page.locator('.scroll');
    await scroll.evaluate((element) => { element.scrollTop = 0; });
    await visitor.hears('My very first words');
    expect(await visitor.log.count()).toBe(57);
    expect(await scroll.evaluate((element) => element.scrollTop)).toBeGreaterThan(100);
    await house.expectQuiet();
  });

  it('is told what is new by the launcher and, if the page wants that, by its title', async () => {
    const site = await website({ attributes: 'data-title-badge' });
    const visitor = await (await site.visit(browser, complaints)).opens();
    await answered(visitor, 'Hello', 'Good morning.');
    await visitor.page.keyboard.press('Escape');
    const [{ id }] = await house.database.query<{ id: string }>('select id from visitors where widget_key = $1', [site.widgetKey]) as [{ id: string }];
    const { conversationSid } = await house.thread.conversation({ address: id });
    await house.api(`/conversations/${conversationSid}/messages`, { method: 'POST', body: { body: 'One more thing.', staff: 'Dana' } });
    await visitor.page.getByRole('button', { name: 'Open chat, 1 new message' }).waitFor();
    expect(await visitor.page.title()).toBe('(1) A shop');
    await visitor.opens();
    await visitor.page.getByText('Dana', { exact: true }).waitFor();
    expect(await visitor.page.title()).toBe('A shop');
    await house.expectQuiet();
  });
});
