import { expect, test } from '@jest/globals';
import { newWords } from './quotes.js';

test.each([
  ['Gmail', 'Yes, Tuesday works.\n\nOn Mon, Jan 5, 2026 at 9:00 AM Riverside Clinic <desk@clinic.test>\nwrote:\n\n> Would Tuesday suit you?\n> \n', 'Yes, Tuesday works.'],
  ['German', 'Ja, passt.\n\nAm 05.01.2026 um 09:00 schrieb Riverside Clinic:\n> Dienstag?\n', 'Ja, passt.'],
  ['French', 'Oui.\n\nLe lun. 5 janv. 2026 à 09:00, Riverside <desk@c.test> a écrit :\n\n> Mardi ?\n', 'Oui.'],
  ['Spanish', 'Sí.\n\nEl lun, 5 ene 2026 a las 9:00, Riverside (<desk@c.test>) escribió:\n> Martes?\n', 'Sí.'],
  ['Outlook', 'Fine with me.\n\nRegards\nBob\n\n________________________________\nFrom: Riverside <desk@c.test>\nSent: Monday, January 5, 2026 9:00 AM\nTo: Bob <bob@x.test>\nSubject: Re: Visit\n\nWould Tuesday suit?\n', 'Fine with me.'],
  ['Outlook in German', 'Geht klar.\n\nVon: Riverside <desk@c.test>\nGesendet: Montag, 5. Januar 2026 09:00\nAn: Bob\nBetreff: Re: Termin\n\nDienstag?', 'Geht klar.'],
  ['an original message', 'Fine.\n\n-----Original Message-----\nFrom: Riverside <desk@c.test>\nSent: Monday\n\nWould?', 'Fine.'],
  ['a signature', 'When do you open?\n\n-- \nBob Miller\nACME\n', 'When do you open?'],
  ['a phone', 'Ok\n\nSent from my iPhone\n\n> On 5 Jan 2026, at 09:00, Riverside <d@c> wrote:\n> \n> Tuesday?\n', 'Ok'],
  ['answers between the lines', '> Would Tuesday suit you?\nYes.\n> At nine?\nBetter ten.\n', 'Yes.\nBetter ten.'],
  ['an answer below', 'On Mon, Jan 5, 2026 at 9:00 AM Desk <d@c> wrote:\n> Tuesday?\n\nYes please.\n', 'Yes please.'],
  ['nothing but a quote', '> Tuesday?\n', '> Tuesday?'],
  ['no quote', 'From: what I understood, you open at 8.\nOn Monday I wrote: nothing.', 'From: what I understood, you open at 8.\nOn Monday I wrote: nothing.'],
  ['Windows line ends', 'Yes.\r\n\r\n> Tuesday?\r\n', 'Yes.'],
])('%s', (_what, text, words) => {
  expect(newWords(text)).toBe(words);
});

test('a mail that was forwarded is what somebody wants us to read', () => {
  expect(newWords('See below.\n\n---------- Forwarded message ---------\nFrom: Lab <lab@x>\nDate: Mon\nSubject: Result\nTo: me\n\nYour result is ready.')).toContain('Your result is ready.');
});

test.each([
  ['line ends', `${'\n'.repeat(100_000)}x`], ['blank lines', ' \n'.repeat(100_000)], ['spaces', `a${' '.repeat(100_000)}b`], ['quotes', '>'.repeat(100_000)],
  ['beginnings of a quote', 'On '.repeat(50_000)], ['the beginning of one', `On ${'x '.repeat(50_000)}wrot`], ['heads of a quote', 'Op a schreef\n'.repeat(8_000)], ['rules', `${'_'.repeat(100_000)}x`],
])('a mail of %s keeps nobody waiting', (_what, text) => {
  const started = performance.now();
  newWords(text);
  expect(performance.now() - started).toBeLessThan(20_000);
});

test('a long letter is kept whole, up to the quote below it', () => {
  const letter = Array.from({ length: 30 }, (_, line) => `${line}: ${'I have had this for days now. '.repeat(10)}`).join('\n\n');
  const words = newWords(`${letter}\n\nOn Mon, Jan 5, 2026 at 9:00 AM Desk <d@c> wrote:\n> ${'Tuesday? '.repeat(300)}\n`);
  expect(words.replace(/\s+/g, ' ')).toBe(letter.replace(/\s+/g, ' ').trim());
});
