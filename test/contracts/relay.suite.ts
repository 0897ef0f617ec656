import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ACCOUNT, ANNA, control, FRONT_DESK, house, TOKEN } from './contract-house.js';
import { SocketApp } from './socket-app.js';

let app: SocketApp;
beforeAll(async () => void (app = await SocketApp.open(TOKEN)));
afterAll(() => app.close());

const relayed = (attributes = '', within = '', action = ' action="/after"') =>
  `<Response><Connect${action}><ConversationRelay url="${app.url}" ${attributes}>${within}</ConversationRelay></Connect></Response>`;
const spoken = (callSid: string) => control().heard(callSid).map(({ text, isCut }) => (isCut ? `${text}-` : text)).filter(Boolean);
/** Waits for something that is told in the feed. */
const happens = (isSo: () => boolean) => new Promise<void>((resolve) => {
  const look = (): void => {
    if (!isSo()) return;
    stop();
    resolve();
  };
  const stop = control().listen(look);
  look();
});
const isSpeaking = (callSid: string) => happens(() => control().heard(callSid).some(({ kind, until }) => kind === 'relay' && until === null));
const after = () => house().sink.at('/after').map(({ params }) => params);

beforeEach(() => {
  app.forget();
  control().addNumber({ accountSid: ACCOUNT, phoneNumber: FRONT_DESK, voiceUrl: `${house().sink.origin}/voice` });
  house().sink.reply('/after', { body: '<Response><Say>Goodbye.</Say></Response>' });
});

/** Calls, and is connected. */
async function calls(document: string): Promise<string> {
  house().sink.reply('/voice', { body: document });
  const { callSid } = control().placeCall({ from: ANNA, to: FRONT_DESK, callerName: 'ANNA B' });
  await app.until(() => app.of('setup').length > 0);
  return callSid;
}

test('the socket is signed, and opens with a setup; both sides speak; the app ends it with something to hand over', async () => {
  const callSid = await calls(relayed('welcomeGreeting="Good morning."', '<Parameter name="key" value="a&amp;b"/>'));
  expect(app.genuine).toEqual([true]);
  expect(app.frames).toEqual([{
    type: 'setup', sessionId: expect.stringMatching(/^VX[0-9a-f]{32}$/), accountSid: ACCOUNT, parentCallSid: '', callSid,
    from: ANNA, to: FRONT_DESK, forwardedFrom: '', callerName: 'ANNA B', callType: 'PSTN', direction: 'inbound',
    callStatus: 'RINGING', customParameters: { key: 'a&b' },
  }]);
  await control().idle();
  expect(control().speak(callSid, 'Are you open today?')).toEqual({ takenBy: 'relay' });
  await app.until(() => app.of('prompt').length > 0);
  expect(app.of('prompt')).toEqual([{ type: 'prompt', voicePrompt: 'Are you open today?', lang: 'en-US', last: true }]);
  app.says('Yes,', ' until six.');
  app.sends({ type: 'sendDigits', digits: '1' });
  await happens(() => spoken(callSid).length === 3);
  await control().idle();
  expect(spoken(callSid)).toEqual(['Good morning.', 'Yes, until six.', '1']);
  expect(control().said(callSid)).toEqual([{ kind: 'words', text: 'Are you open today?', at: expect.stringMatching(/Z$/), takenBy: 'relay' }]);
  app.sends({ type: 'end', handoffData: '{"to":"nurse"}' });
  await house().sink.until('/after', 1);
  await control().idle();
  expect(after()).toEqual([expect.objectContaining({
    CallSid: callSid, CallStatus: 'in-progress', SessionStatus: 'ended', HandoffData: '{"to":"nurse"}', SessionId: app.frames[0]!.sessionId, SessionDuration: '0',
  })]);
  expect(app.closed).toEqual([{ code: 1000, reason: 'Closing websocket session' }]);
  expect([spoken(callSid).at(-1), control().callState(callSid).status]).toEqual(['Goodbye.', 'completed']);
});

test('who speaks into it interrupts it, and the app learns what was heard', async () => {
  control().switches({ speechMsPerChar: 1_000 });
  const callSid = await calls(relayed('partialPrompts="true" dtmfDetection="true" events="tokens-played"'));
  app.says('One', ' two', ' three');
  await isSpeaking(callSid);
  control().forward(5_000);
  expect(spoken(callSid)).toEqual(['One t']);
  control().speak(callSid, { text: 'wait a moment', partials: true });
  control().press(callSid, '7');
  await app.until(() => app.of('dtmf').length > 0);
  expect(app.frames.slice(1)).toEqual([
    { type: 'info', name: 'tokensPlayed', value: 'One' },
    { type: 'interrupt', utteranceUntilInterrupt: 'One t', durationUntilInterruptMs: expect.any(Number) },
    ...['wait', 'wait a'].map((voicePrompt) => ({ type: 'prompt', voicePrompt, lang: 'en-US', last: false })),
    { type: 'prompt', voicePrompt: 'wait a moment', lang: 'en-US', last: true },
    { type: 'dtmf', digit: '7' },
  ]);
  expect(spoken(callSid)).toEqual(['One t-']);
});

test.each([
  ['is lost', '', null, []],
  ['is reported where that is wanted', 'reportInputDuringAgentSpeech="speech"', 'relay', ['prompt']],
])('what is said into something that may not be interrupted %s', async (_, attributes, takenBy, types) => {
  control().switches({ speechMsPerChar: 1_000 });
  const callSid = await calls(relayed(`interruptible="none" ${attributes}`));
  app.says('An important notice.');
  await isSpeaking(callSid);
  expect(control().speak(callSid, 'hello?')).toEqual({ takenBy });
  expect(control().relayFrames(callSid).filter(({ by }) => by === 'twilio').map(({ frame }) => JSON.parse(frame).type)).toEqual(['setup', ...types]);
});

test('a lost socket, one that is refused and ten frames of nonsense fail; the call goes on with what the action answers', async () => {
  house().sink.reply('/after', { body: relayed() }, { body: relayed() }, { body: '<Response><Say>Please call again.</Say></Response>' });
  const callSid = await calls(relayed());
  app.hangsUp();
  await app.until(() => app.of('setup').length === 2);
  app.refuses = true;
  for (let times = 0; times < 10; times += 1) app.sends('nonsense');
  await house().sink.until('/after', 3);
  await control().idle();
  expect(after().map((params) => [params.SessionStatus, params.ErrorCode, params.CallStatus])).toEqual([
    ['failed', '39001', 'in-progress'], ['failed', '64105', 'in-progress'], ['failed', '64102', 'in-progress'],
  ]);
  expect([app.of('error').length, app.closed.at(-1)]).toEqual([10, { code: 1007, reason: 'Too many consecutive malformed messages' }]);
  expect(spoken(callSid).at(-1)).toBe('Please call again.');
});

test('a caller who hangs up closes it; the action is told, and nobody hears what it answers', async () => {
  const callSid = await calls(relayed());
  control().hangUp(callSid);
  await house().sink.until('/after', 1);
  await app.until(() => app.closed.length > 0);
  expect(after()).toEqual([expect.objectContaining({ SessionStatus: 'completed', CallStatus: 'completed' })]);
  expect(app.closed).toEqual([{ code: 1000, reason: 'Closing websocket session' }]);
  expect(spoken(callSid)).toEqual([]);
});

test('languages: of what is heard, of one answer, and as an engine finds it out', async () => {
  const callSid = await calls(relayed('welcomeGreeting="Hola." ttsLanguage="es-ES" transcriptionLanguage="multi"'));
  await control().idle();
  control().speak(callSid, { text: 'Buenos días', language: 'es-MX' });
  app.sends({ type: 'text', token: 'Good morning.', last: true, lang: 'en-GB' });
  app.sends({ type: 'language', ttsLanguage: 'de-DE', transcriptionLanguage: 'de-DE' });
  app.says('Guten Tag.');
  await happens(() => spoken(callSid).length === 3);
  await control().idle();
  control().speak(callSid, 'Hallo');
  await app.until(() => app.of('prompt').length === 2);
  expect(control().heard(callSid).slice(1).map(({ text, language }) => [text, language])).toEqual([['Hola.', 'es-ES'], ['Good morning.', 'en-GB'], ['Guten Tag.', 'de-DE']]);
  expect(app.of('prompt').map(({ lang }) => lang)).toEqual(['es', 'de-DE']);
});

test('another document takes its place without the action being asked; without an action the call ends with it', async () => {
  const callSid = await calls(relayed());
  await house().client.calls(callSid).update({ twiml: relayed('', '', '') });
  await app.until(() => app.of('setup').length === 2 && app.closed.length === 1);
  expect(app.of('setup')[1]).toMatchObject({ callSid, callStatus: 'IN-PROGRESS' });
  app.sends({ type: 'end' });
  await app.until(() => app.closed.length === 2);
  await control().idle();
  expect([after(), control().callState(callSid).status]).toEqual([[], 'completed']);
});

test('what no provider knows is refused before anything is connected', async () => {
  house().sink.reply('/voice', { body: relayed('ttsProvider="Parrot"') });
  control().placeCall({ from: ANNA, to: FRONT_DESK });
  await house().sink.until('/after', 1);
  expect([after()[0], app.genuine]).toEqual([expect.objectContaining({ SessionStatus: 'failed', ErrorCode: '64101' }), []]);
});
