import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

const GMAIL = 'desk@gmail.test';

let house: House;
beforeAll(async () => {
  house = await openHouse({ mail: true });
  await house.opensMailbox(GMAIL, { filesSent: true });
});
afterAll(() => house.close());

test.each([
  ['says "later" to the recipient', { kind: 'reply', at: 'RCPT', code: 451, text: '4.7.1 Greylisted' }],
  ['says "later" when it has all of the mail', { kind: 'reply', at: 'DATA', code: 451, text: '4.3.0 Try again' }],
] as const)('a server that %s gets the mail again', async (_what, fault) => {
  const ada = house.correspondent();
  house.post.fault(fault);
  await ada.writes('When do you open?');
  await ada.expectsMail(/open Monday/);
  expect(await house.thread.delivery(ada, { state: 'sent' })).toMatchObject({ attempt: 2 });
  await house.expectQuiet();
});

test('a server that refuses the recipient for good is believed, and people are told', async () => {
  const ada = house.correspondent();
  house.post.fault({ kind: 'reply', at: 'RCPT', code: 550, text: `5.1.1 <${ada.address}> unknown` });
  await ada.writes('When do you open?');
  expect((await house.thread.stands(ada, 'failed')).errorMeaning).toBe('The mail server said: 550 5.1.1 … unknown');
  await house.thread.belongsTo(ada, 'queued');
  await house.expectQuiet();
});

// What it still looks through it may file later: that it is not there counts after five minutes.
test.each([['taken it', true, '10s'], ['not taken it', false, '6m']] as const)(
  'the connection breaks when the server has all of the mail: one that files what it takes shows whether it has %s', async (_what, taken, later) => {
    const ada = house.correspondent(undefined, GMAIL);
    house.post.fault({ kind: 'drop', taken });
    await ada.writes('When do you open?');
    await house.thread.stands(ada, 'retry_wait');
    await house.forward(later);
    await ada.expectsMail(/open Monday/);
    expect(await house.thread.delivery(ada, { state: 'sent' })).toMatchObject({ attempt: 2 });
    await house.expectQuiet();
    expect(ada.inbox()).toHaveLength(1);
    expect(house.post.mailbox(GMAIL).mails('Sent').filter((mail) => mail.includes(ada.address))).toHaveLength(1);
  },
);

test('a wrong password does not lose a mail: it goes out when somebody has put it right', async () => {
  const ada = house.correspondent();
  await ada.writes('Hello');
  await ada.expectsMail(/./);
  const { items } = await house.api<{ items: { id: string; address: string; smtp: { port: number } }[] }>('/mailboxes');
  const { id, smtp } = items[0]!;
  const server = { ...smtp, host: '127.0.0.1', security: 'none', user: 'desk@clinic.test' };
  await house.api(`/mailboxes/${id}`, { method: 'PATCH', body: { smtp: { ...server, password: 'wrong' } } });
  await ada.writes('When do you open?');
  const { errorMeaning } = await house.thread.stands(ada, 'retry_wait');
  expect(errorMeaning).toMatch(/535/);
  await house.api(`/mailboxes/${id}`, { method: 'PATCH', body: { smtp: { ...server, password: 'a mailbox password' } } });
  await house.forward('10m');
  await ada.expectsMail(/open Monday/);
  await house.expectQuiet();
  expect(house.log).not.toContain('a mailbox password');
});

test('an IMAP server that goes away is read again when it is back', async () => {
  const ada = house.correspondent();
  house.post.mailbox('desk@clinic.test').dropConnections();
  await ada.writes('When do you open?');
  await ada.expectsMail(/open Monday/);
  await house.expectQuiet();
});
