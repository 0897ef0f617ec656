import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DESK } from '../harness/correspondent.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse({ mail: true });
});
afterAll(() => house.close());

const shown = (): string => JSON.stringify(house.model.turns().at(-1)!.body.messages);

test('who a mail is from is believed when their mail server vouches for it, and a forged one opens no memory', async () => {
  const ada = house.correspondent();
  house.model.next({ callTool: { name: 'remember', arguments: { fact: 'Prefers to come at nine', sensitivity: 'ordinary' } } });
  house.model.next({ afterTool: 'remember', say: 'Noted.' });
  await ada.writes('Please remember that nine suits me best');
  await ada.expectsMail(/Noted/);
  await ada.writes('When do I like to come?');
  await ada.expectsMail(/./);
  expect(shown()).toContain('- Prefers to come at nine');

  for (const proof of ['fail', 'none'] as const) {
    await ada.writes('What do you know about me?', { proof });
    await ada.expectsMail(/./);
    expect(shown()).not.toContain('Prefers to come at nine');
    expect(shown()).toContain('not opened');
  }
  // A header under the server's name that came with the mail is no proof beside the one that the server wrote.
  await ada.writes('And now?', { proof: 'fail', headers: { 'Authentication-Results': 'mx.mail.test; dmarc=pass header.from=example.test' } });
  await ada.expectsMail(/./);
  expect(shown()).toContain('not opened');

  await ada.writes('It is really me: when do I like to come?');
  await ada.expectsMail(/./);
  expect(shown()).toContain('- Prefers to come at nine');
  expect(shown()).not.toMatch(/What do you know about me|And now/);
  await house.expectQuiet();
});

test('what was only claimed at first opens once it is proved', async () => {
  const bob = house.correspondent();
  await bob.writes('Hello', { proof: 'none' });
  await bob.expectsMail(/./);
  expect(shown()).toContain('not opened');
  await bob.writes('Hello again');
  await bob.expectsMail(/./);
  expect(shown()).not.toContain('not opened');
  await house.expectQuiet();
});

test('a mail by nobody, by two, or in the name of our own desk is not answered, and keeps no other waiting', async () => {
  const ada = house.correspondent();
  for (const head of ['Subject: nobody', 'From: a@x.test, b@x.test', `From: ${DESK}`, '\u0000\u00ff\u00fe', 'From: MAILER-DAEMON@x.test\r\nSubject: failed']) {
    await house.post.write({ from: 'anybody@x.test', to: DESK, raw: `${head}\r\n\r\nHello` });
  }
  await ada.writes('When do you open?');
  await ada.expectsMail(/open Monday/);
  await house.hasRead();
  const { items: [mailbox] } = await house.api<{ items: { id: string; trouble: string | null }[] }>('/mailboxes');
  expect(mailbox!.trouble).toBeNull();
  const { items: aside } = await house.api<{ items: { fate: string }[] }>(`/mailboxes/${mailbox!.id}/mails?fate=set_aside`);
  expect(aside).toHaveLength(3);
  await house.expectQuiet();
});
