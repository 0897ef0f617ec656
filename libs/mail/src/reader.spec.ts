import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, test } from '@jest/globals';
import { MailReader } from './reader.js';

const reader = new MailReader();
afterAll(() => reader.onModuleDestroy());

const mail = (type: string, body: string): Buffer => Buffer.from(`From: Ada <ada@x.test>\r\nX-Twice: one\r\nX-Twice: two\r\nContent-Type: ${type}\r\n\r\n${body}`);

/** The longest time in which nothing else could be done, in milliseconds. */
async function longestPause(work: Promise<unknown>): Promise<number> {
  let longest = 0;
  const isDone = (): Promise<boolean> => Promise.race([work.then(() => true, () => true), delay(5, false)]);
  for (let last = performance.now(), done = false; !done; last = performance.now()) {
    done = await isDone();
    longest = Math.max(longest, performance.now() - last);
  }
  return longest;
}

test('a mail is read in the thread as beside it', async () => {
  const read = await reader.read(mail('multipart/mixed; boundary=b', '--b\r\n\r\nHello\r\n> Hi\r\n--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b--\r\n'));
  expect(read).toMatchObject({ from: { address: 'ada@x.test', name: 'Ada' }, text: 'Hello\n> Hi', newWords: 'Hello' });
  expect(read.files[0]!.bytes.toString('base64')).toBe('iVBORw0KGgo=');
  expect(read.header('X-Twice')).toEqual(['one', 'two']);
});

test.each([
  ['heads of quotes', 'text/plain', 'Op a schreef\n'.repeat(1_500)], ['tags in tags', 'text/html', '<b>'.repeat(600_000)],
  ['comments without an end', 'text/html', '<!--'.repeat(500_000)], ['lines of a header', `text/plain\r\nTo: ${'<'.repeat(200_000)}`, 'x'],
])('while a mail of %s is read or given up, everything else goes on', async (_what, type, body) => {
  const work = reader.read(mail(type, body)).catch((error: { code: string }) => error.code);
  expect(await longestPause(work)).toBeLessThan(1_000);
});

test('a mail that takes too long is given up, and the next ones are read', async () => {
  const hasty = new MailReader(1);
  const long = mail('text/plain', 'Op a schreef\n'.repeat(1_500));
  await expect(Promise.all([hasty.read(long), hasty.read(long)])).rejects.toMatchObject({ code: 'mail_unreadable', message: 'It takes too long to read' });
  const texts = await Promise.all([1, 2, 3, 4].map(async (each) => (await reader.read(mail('text/plain', `${each}`))).text));
  expect(texts).toEqual(['1', '2', '3', '4']);
  await hasty.onModuleDestroy();
});
