import { expect, test } from '@jest/globals';
import { withdrawalIn } from './withdrawal.policy.js';

const extent = (body: string, channel = 'sms'): string | null => withdrawalIn({ channel, body }, true)?.extent ?? null;

const HERE = [
  "Please don't text me any more", 'please don’t text me anymore', 'stop messaging me', 'Stop texting me!!', 'STOP TEXTING ME NOW', 'Do not text me', "don't message me again.",
  'take me off your list', 'Please take me off your texting list, thanks', 'remove my number from your list', 'Could you please stop texting me?', 'Hi. Please stop sending me messages. Thank you!',
  "I don't want any more texts", "I don't want to receive any more messages from you", 'I no longer want to receive messages', "I don't want you to text me any more", 'unsubscribe me please',
  'I want to unsubscribe', 'never text me again', 'Stop writing to me. Take me off your list.', 'dont send me any more texts', '"Stop messaging me" 😡', 'no, stop texting me',
  'Bitte schreiben Sie mir nicht mehr', 'Schreib mir nicht mehr!', 'Bitte schicken Sie mir keine Nachrichten mehr', 'Hören Sie auf, mir zu schreiben', 'Nehmen Sie mich bitte von Ihrer Liste',
  'Ich möchte keine Nachrichten mehr von Ihnen bekommen', 'Ich will keine SMS mehr.',
  'No me escriban más, por favor', 'Por favor, deje de escribirme', 'No quiero recibir más mensajes', 'Quítenme de su lista', '¡No me envíen más mensajes!',
  "Ne m'écrivez plus", 'Arrêtez de m’écrire svp', 'Je ne veux plus recevoir de messages', 'Retirez-moi de votre liste', "Merci, ne m'envoyez plus de SMS",
];

const EVERYWHERE = [
  "Please don't text me any more at all", 'Do not contact me again', 'stop contacting me', 'never contact me', 'Remove me from all your lists', "I don't want any more messages from you at all",
  "Don't message me on any channel", 'Bitte kontaktieren Sie mich nicht mehr', 'Schreiben Sie mir überhaupt nicht mehr', 'No me contacten más', 'No quiero más mensajes por ningún medio',
  'Ne me contactez plus', "Ne m'écrivez plus du tout",
];

const NEAR_MISSES = [
  "don't stop texting me", 'stop by at 5?', "please don't text me at work, call my cell", "Please don't text me, call me instead", "don't text me now", "don't text me today", "Don't text me before 9",
  "Don't text me until Monday", 'Stop texting me so late', 'Why did you stop texting me?', 'Stop texting me?', "Why don't you text me any more?", "You don't text me any more", "You never text me", 'My ex would not stop texting me',
  'She said stop messaging me', 'How do I stop texting me reminders?', 'Can you text me?', 'please text me more', 'Stop the delivery please', 'stop it', 'please stop', "Don't text my wife", 'do not text me the code, e-mail it',
  "don't send me messages about the invoice", 'Take me off your waiting list for Friday', 'take me off the list of invitees', 'remove me from the 5pm slot', 'Take it off your list', 'delete my number', 'unsubscribe from what?',
  'I want any more texts?', "I don't want any more", "I don't want any more injections", 'no more texts', 'no more messages', "I don't want to miss any messages", 'I no longer want the appointment', "don't contact my insurance",
  "I don't want you to text me the results, please call", 'What happens when I say stop texting me?', 'leave me alone', 'cancel my appointment', 'Stopp mal kurz', 'Schreiben Sie mir nicht mehr heute, morgen passt es',
  'Schreiben Sie mir nicht auf Englisch', 'Schreiben Sie mir mehr', 'Ich möchte keine Tabletten mehr', 'Warum schreiben Sie mir nicht mehr?', 'Nehmen Sie mich von der Warteliste', 'Hören Sie auf zu bohren',
  'No me escriban más tarde de las nueve', 'Escríbanme más', 'Quiero más mensajes', 'No quiero más pastillas', 'Deje de preocuparse', "Je veux plus de messages", "Écrivez-moi plus", "Ne m'écrivez plus à cette adresse",
  'Arrêtez de m’appeler', "Ne m'oubliez pas", '', '?', 'thanks', 'please', 'a'.repeat(300), `Stop texting me ${'now '.repeat(60)}`,
];

test.each(HERE)('"%s" ends the messages here', (body) => {
  expect(extent(body)).toBe('address');
});

test.each(EVERYWHERE)('"%s" ends them everywhere', (body) => {
  expect(extent(body)).toBe('person');
});

test('who may be anybody ends them at their address, and is told no more than that', () => {
  for (const body of EVERYWHERE) expect(withdrawalIn({ channel: 'email', body }, false)).toMatchObject({ extent: 'address', confirmation: expect.not.stringMatching(/any channel|keinem Weg|ningún|aucun/) });
  expect(withdrawalIn({ channel: 'email', body: 'Stop by at 5?' }, false)).toBeNull();
});

test.each(NEAR_MISSES)('"%s" ends nothing', (body) => {
  expect(extent(body)).toBeNull();
});

test('it is confirmed in the language in which it was said', () => {
  const said = (body: string): string => withdrawalIn({ channel: 'sms', body }, true)!.confirmation.split('.')[0]!;
  expect(['Stop texting me', 'Schreib mir nicht mehr', 'No me escriban más', "Ne m'écrivez plus"].map(said)).toEqual(['Understood', 'Verstanden', 'Entendido', 'Compris']);
});

test('every confirmation names the way back and fits into two segments', () => {
  for (const body of [...HERE, ...EVERYWHERE]) expect(withdrawalIn({ channel: 'whatsapp', body }, true)!.confirmation).toMatch(/^(?=.{1,134}$).*START/s);
});

test('in a chat or a call these are words for the assistant', () => {
  for (const channel of ['chat', 'voice']) expect(extent('Stop messaging me', channel)).toBeNull();
});
