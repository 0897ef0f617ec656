import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse({ environment: { OPENAI_TRANSCRIPTION_MODEL: 'scripted-model' } });
  await house.api('/tenant', { method: 'PATCH', body: { settings: { voice: { languages: ['en-US', 'de-DE'] } } } });
});
afterAll(() => house.close());

test('voicemail is written down by the model that was named for it, in any language, once', async () => {
  await house.api('/tenant', { method: 'PATCH', body: { settings: { assistant: { enabled: false } } } });
  const customer = house.customer();
  const call = customer.calls();
  await call.hearsBeep();
  await call.says('Grüezi, bitte rufen Sie mich zurück.');
  await house.forward('10s');
  await call.isOver();
  await house.forward('4m');
  await house.expectQuiet();
  const bodies = (await house.thread.messages(customer)).filter(({ direction }) => direction === 'inbound').map(({ body }) => body);
  expect(bodies).toEqual([expect.stringContaining('Grüezi, bitte rufen Sie mich zurück.')]);
  await house.api('/tenant', { method: 'PATCH', body: { settings: { assistant: { enabled: true } } } });
});

test('who speaks another of the tenant\'s languages is understood and answered in it, the house\'s own lines too', async () => {
  await house.api('/tenant', { method: 'PATCH', body: { settings: { voice: { silenceSeconds: 2 } } } });
  const call = house.customer().calls();
  await call.hears(/How can I help you/);
  house.model.next({ say: 'Wir haben bis achtzehn Uhr offen.' });
  await call.says('Wie lange haben Sie heute offen?', 'de-DE');
  await call.hearsAllOf(/achtzehn Uhr/);
  await call.hears(/Sind Sie noch da/);
  const spoken = (pattern: RegExp): string | undefined => call.heard().find(({ text }) => pattern.test(text))?.language;
  expect([spoken(/How can I help/), spoken(/achtzehn Uhr/), spoken(/noch da/)]).toEqual(['en-US', 'de-DE', 'de-DE']);
  call.hangsUp();
  await house.expectQuiet();
});
