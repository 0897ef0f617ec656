import { expect, test } from '@jest/globals';
import { relaySettings } from './relay-settings.js';

const settings = (attributes: Record<string, string>) => relaySettings({ name: 'ConversationRelay', attributes: { url: 'wss://app.test/relay', ...attributes }, children: [], text: '' });

test('what is not said is as Twilio has it', () => {
  expect(settings({})).toEqual({
    url: 'wss://app.test/relay', greeting: '', greetingInterruptible: 'any', interruptible: 'any', reported: 'none', preemptible: false, dtmf: false,
    partials: false, ttsLanguage: 'en-US', transcriptionLanguage: 'en-US', events: [], parameters: {},
  });
});

test.each<[Record<string, string>, object]>([
  [{ interruptible: 'false', welcomeGreetingInterruptible: 'dtmf' }, { interruptible: 'none', greetingInterruptible: 'dtmf' }],
  [{ language: 'de-DE', ttsLanguage: 'de-AT' }, { ttsLanguage: 'de-AT', transcriptionLanguage: 'de-DE' }],
  [{ debug: 'tokens-played', events: 'speaker-events' }, { events: ['speaker-events', 'tokens-played'] }],
  [{ url: 'ws://127.0.0.1:3000/relay' }, { url: 'ws://127.0.0.1:3000/relay' }],
  [{ nobodyKnows: 'this' }, { interruptible: 'any' }],
])('%j', (attributes, expected) => {
  expect(settings(attributes)).toMatchObject(expected);
});

test.each<Record<string, string>>([
  { url: 'ws://app.test/relay' }, { url: 'https://app.test/relay' }, { url: '' }, { interruptible: 'sometimes' }, { ttsProvider: 'Parrot' },
  { transcriptionProvider: 'Ear' }, { language: 'English please' }, { interruptSensitivity: 'extreme' },
])('%j is refused', (attributes) => {
  expect(typeof settings(attributes)).toBe('string');
});
