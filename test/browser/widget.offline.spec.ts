import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { closeWindows, openBrowser } from '../harness/browser.js';
import { contactOf, erase } from '../harness/erasure.js';
import { eventually } from '../harness/eventually.js';
import { type House, openHouse } from '../harness/house.js';
import { Website, type WidgetPage } from '../harness/website.js';

let house: House;
let browser: Browser;
let website: Website;

beforeAll(async () => {
  [house, browser] = await Promise.all([openHouse(), openBrowser()]);
  website = await Website.open(house);
});

afterAll(async () => {
  await browser?.close();
  website?.close();
  await house?.close();
});

afterEach(() => closeWindows(browser));

async function beginning(): Promise<{ visitor: WidgetPage; address: string }> {
  const visitor = await (await website.visit(browser, [])).opens();
  house.model.next({ say: 'Good morning.' });
  await visitor.says('Hello');
  await visitor.hears('Good morning.');
  // A hub that dies before it has noted that all is said leaves its turn to its lease.
  await house.expectQuiet();
  const [row] = await house.database.query<{ id: string }>('select id from visitors order by created_at desc limit 1');
  return { visitor, address: row!.id };
}

it('keeps what is written while the hub is dead, and sends it once when it is back', async () => {
  const { visitor, address } = await beginning();
  await house.kill('web');
  await visitor.says('Are you there?');
  await visitor.says('I will wait.');
  await visitor.page.getByText('Waits for the connection').nth(1).waitFor();
  await visitor.page.getByTestId('line').getByText('No connection.').waitFor();
  house.model.use([{ when: /wait/, say: 'I am back.' }]);
  await house.start();
  await visitor.hears('I am back.');
  const own = ['Hello', 'Are you there?', 'I will wait.'];
  expect(await visitor.page.locator('.ours .bubble').allInnerTexts()).toEqual(own);
  expect((await house.thread.messages({ address })).filter(({ direction }) => direction === 'inbound').map(({ body }) => body)).toEqual(own);
  expect(await visitor.page.getByTestId('unconfirmed').count()).toBe(0);
  expect(await visitor.page.getByTestId('line').innerText()).toBe('');
  // What the dead hub was at is taken up when its leases have run out.
  await house.forward('2m');
  await house.expectQuiet();
});

it('fills every gap, and what was written offline outlives the page', async () => {
  const { visitor, address } = await beginning();
  let isCut = true;
  const context = visitor.page.context();
  await context.route('**/api/chat/**', (route) => (isCut ? route.abort() : route.continue()));
  await context.routeWebSocket(/socket\.io/, (socket) => { if (isCut) void socket.close(); else socket.connectToServer(); });
  await visitor.page.reload();
  await visitor.says('Written in a tunnel.');
  await visitor.page.getByText('Waits for the connection').waitFor();
  const { conversationSid } = await house.thread.conversation({ address });
  for (const body of ['First from Dana.', 'Second from Dana.']) {
    await house.api(`/conversations/${conversationSid}/messages`, { method: 'POST', body: { body, staff: 'Dana' } });
  }
  await visitor.page.reload();
  await visitor.page.getByText('Written in a tunnel.').waitFor();
  isCut = false;
  const lines = ['Hello', 'Good morning.', 'First from Dana.', 'Second from Dana.', 'Written in a tunnel.'];
  await visitor.page.getByTestId('unconfirmed').waitFor({ state: 'detached' });
  await visitor.hears('Second from Dana.');
  expect(await visitor.lines()).toEqual(lines);
  expect((await house.thread.messages({ address })).filter(({ direction }) => direction !== 'internal').map(({ body }) => body)).toEqual(lines);
  await house.expectQuiet();
});

it('goes on over plain HTTP where no socket can be had', async () => {
  const { visitor } = await beginning();
  await visitor.page.context().routeWebSocket(/socket\.io/, (socket) => void socket.close());
  await visitor.page.reload();
  house.model.next({ say: 'Loud and clear.' });
  await visitor.says('Do you hear me?');
  await visitor.hears('Loud and clear.');
  expect(await visitor.lines()).toEqual(['Hello', 'Good morning.', 'Do you hear me?', 'Loud and clear.']);
  await house.expectQuiet();
});

it('asks for a new token when the old one has run out, and nobody notices', async () => {
  const { visitor } = await beginning();
  await house.forward('20m');
  house.model.next({ say: 'Still here.' });
  await visitor.says('Are you still here?');
  await visitor.hears('Still here.');
  expect(await visitor.lines()).toEqual(['Hello', 'Good morning.', 'Are you still here?', 'Still here.']);
  await house.expectQuiet();
});

it('begins anew for somebody who was erased: their page shows nothing of before, and what they write is not lost', async () => {
  const { visitor, address } = await beginning();
  const tab = await visitor.anotherTab();
  await tab.opens();
  await tab.hears('Good morning.');
  await erase(house, await contactOf(house, { address }));
  await eventually('the visitor to be gone', async () => (await house.database.query('select 1 from visitors where id = $1', [address])).length === 0);
  house.model.next({ say: 'How do you do.' });
  await visitor.says('Who am I?');
  await visitor.hears('How do you do.');
  expect(await visitor.lines()).toEqual(['Who am I?', 'How do you do.']);
  house.model.next({ say: 'You are welcome.' });
  await tab.says('Thank you.');
  await tab.hears('You are welcome.');
  expect(await tab.lines()).toEqual(['Who am I?', 'How do you do.', 'Thank you.', 'You are welcome.']);
  await house.expectQuiet();
});
