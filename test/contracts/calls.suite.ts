import { beforeEach, expect, test } from '@jest/globals';
import { ACCOUNT, ANNA, control, FRONT_DESK, house, refusal } from './contract-house.js';

beforeEach(() => {
  const { origin } = house().sink;
  control().addNumber({
    accountSid: ACCOUNT, phoneNumber: FRONT_DESK, voiceUrl: `${origin}/voice`, voiceFallbackUrl: '', statusCallback: `${origin}/done`,
  });
});

const document = (verbs: string) => ({ body: `<?xml version="1.0"?><Response>${verbs}</Response>` });
const calls = async (verbs: string, more: object = {}) => {
  house().sink.reply('/voice', document(verbs));
  const { callSid } = control().placeCall({ from: ANNA, to: FRONT_DESK, ...more });
  await control().idle();
  return callSid;
};
const heard = (callSid: string) => control().heard(callSid).map(({ kind, text, isCut }) => `${kind} ${text}${isCut ? '-' : ''}`.trim()).slice(1);
const problems = (callSid: string) => control().callState(callSid).problems.map(({ code }) => code);

test('a call reaches the number’s webhook, signed, with all that Twilio says about it, and its end is told', async () => {
  const { client, sink } = house();
  const sid = await calls('<Say>Good morning.</Say>', { callerName: 'ANNA B', forwardedFrom: '+15550100009', stirVerstat: 'TN-Validation-Passed-A' });
  expect(sink.at('/voice')).toEqual([expect.objectContaining({ method: 'POST', genuine: true })]);
  expect(sink.at('/voice')[0]?.params).toMatchObject({
    CallSid: sid, AccountSid: ACCOUNT, From: ANNA, To: FRONT_DESK, Caller: ANNA, Called: FRONT_DESK, CallStatus: 'ringing', Direction: 'inbound',
    ApiVersion: '2010-04-01', FromCountry: 'US', CallerName: 'ANNA B', ForwardedFrom: '+15550100009', StirVerstat: 'TN-Validation-Passed-A',
  });
  expect(heard(sid)).toEqual(['say Good morning.']);
  expect(sink.at('/done').map(({ params, genuine }) => [params.CallStatus, params.CallDuration, params.SequenceNumber, genuine])).toEqual([['completed', '0', '0', true]]);
  expect(await client.calls(sid).fetch()).toMatchObject({ status: 'completed', direction: 'inbound', from: ANNA, to: FRONT_DESK, duration: '0', callerName: 'ANNA B' });
  expect((await client.calls.list({ from: ANNA, status: 'completed' })).map((one) => one.sid)).toEqual([sid]);
  expect(await client.calls.list({ to: ANNA })).toEqual([]);
});

test.each([
  ['anonymous', '+266696687'], ['client:front-door', 'client:front-door'], ['sip:anna@example.com', 'sip:anna@example.com'],
])('%s may call too', async (from, seen) => {
  await calls('<Hangup/>', { from });
  expect(house().sink.values('/voice', 'From')).toEqual([seen]);
});

test('keys and words are gathered; without any the next verb follows', async () => {
  const { sink } = house();
  const gather = '<Gather input="dtmf speech" numDigits="2" action="/gathered?turn=1"><Say>Press two keys, or speak.</Say></Gather>';
  sink.reply('/gathered', document(gather), document(`${gather}<Say>Nothing then.</Say>`));
  const sid = await calls(gather);
  expect(control().press(sid, '42')).toEqual({ takenBy: 'gather' });
  await control().idle();
  control().speak(sid, 'a new appointment');
  await control().idle();
  control().forward('5s');
  await control().idle();
  expect(sink.at('/gathered').map(({ path, params }) => [path, params.Digits, params.SpeechResult, params.CallStatus])).toEqual([
    ['/gathered?turn=1', '42', undefined, 'in-progress'], ['/gathered?turn=1', undefined, 'a new appointment', 'in-progress'],
  ]);
  expect(heard(sid).at(-1)).toBe('say Nothing then.');
});

test('keys stop what is being said', async () => {
  control().switches({ speechMsPerChar: 1_000 });
  house().sink.reply('/gathered', document('<Hangup/>'));
  const sid = await calls('<Gather numDigits="1" action="/gathered"><Say>0123456789</Say></Gather>');
  control().forward(3_500);
  control().press(sid, '1');
  await control().idle();
  expect(heard(sid)).toEqual(['say 012-']);
});

test('a message is recorded, told of, and transcribed', async () => {
  const { sink } = house();
  sink.reply('/recorded', document('<Say>Thank you.</Say>'));
  const sid = await calls('<Record action="/recorded" recordingStatusCallback="/recording" transcribe="true" transcribeCallback="/words"/>');
  expect(control().speak(sid, 'Please call me back about my appointment on Monday.')).toEqual({ takenBy: 'record' });
  control().press(sid, '#');
  await sink.until('/words', 1);
  await control().idle();
  const { RecordingUrl, RecordingSid } = sink.at('/recorded')[0]!.params;
  expect(sink.at('/recorded')[0]?.params).toMatchObject({ Digits: '#', RecordingDuration: '4', RecordingUrl: expect.stringMatching(/\/Recordings\/RE[0-9a-f]{32}$/) });
  expect(sink.at('/recording')[0]?.params).toMatchObject({ RecordingSid, RecordingUrl, RecordingStatus: 'completed', RecordingSource: 'RecordVerb', RecordingChannels: '1', ErrorCode: '0' });
  expect(sink.at('/words')[0]?.params).toMatchObject({ RecordingSid, TranscriptionStatus: 'completed', TranscriptionText: 'Please call me back about my appointment on Monday.' });
  expect(heard(sid)).toEqual(['beep', 'say Thank you.']);
});

test('silence is no recording; a caller who hangs up while recording leaves one', async () => {
  const { sink } = house();
  const record = '<Record action="/recorded" timeout="3"/><Say>Nothing was said.</Say>';
  const silent = await calls(record);
  control().forward('3s');
  await control().idle();
  expect([heard(silent).at(-1), sink.at('/recorded')]).toEqual(['say Nothing was said.', []]);
  const sid = await calls(record);
  control().speak(sid, 'It is urgent');
  control().hangUp(sid);
  await control().idle();
  expect(sink.at('/recorded').map(({ params }) => [params.CallSid, params.Digits, params.CallStatus])).toEqual([[sid, 'hangup', 'completed']]);
});

test.each<[string, object, number]>([
  ['does not answer well', { status: 500 }, 11200], ['is cut', 'cut' as unknown as object, 11205], ['is no XML', { body: '<Response><Say>' }, 12100],
  ['is no TwiML', { body: '{}', type: 'application/json' }, 12300], ['is too large', { body: `<Response><Say>${'x'.repeat(70_000)}</Say></Response>` }, 11750],
])('where the webhook %s the caller is told so, or the fallback is asked', async (_, reply, code) => {
  const { sink } = house();
  sink.reply('/voice', reply);
  const { callSid } = control().placeCall({ from: ANNA, to: FRONT_DESK });
  await control().idle();
  expect([problems(callSid), heard(callSid), control().callState(callSid).status]).toEqual([[code], ['say We are sorry, an application error has occurred. Goodbye.'], 'completed']);
  control().addNumber({ accountSid: ACCOUNT, phoneNumber: FRONT_DESK, voiceFallbackUrl: `${sink.origin}/fallback` });
  sink.reply('/fallback', document('<Say>We are away.</Say>'));
  const second = control().placeCall({ from: ANNA, to: FRONT_DESK }).callSid;
  await control().idle();
  expect(heard(second)).toEqual(['say We are away.']);
  expect(sink.at('/fallback')[0]?.params).toMatchObject({ CallSid: second, ErrorCode: String(code), ErrorUrl: `${sink.origin}/voice` });
});

test('a call may be refused, redirected, and go unanswered while it only pauses', async () => {
  const { client, sink } = house();
  sink.reply('/other', document('<Say>Other.</Say>'));
  const rejected = await calls('<Reject reason="busy"/>');
  expect(await client.calls(rejected).fetch()).toMatchObject({ status: 'busy', duration: '0', startTime: expect.any(Date) });
  expect(heard(await calls('<Redirect method="GET">/other?a=1</Redirect>'))).toEqual(['say Other.']);
  expect(sink.at('/other')[0]).toMatchObject({ method: 'GET', genuine: true });
  const paused = await calls('<Pause length="2"/><Say>Hello.</Say>');
  expect((await client.calls(paused).fetch()).status).toBe('ringing');
  control().forward('2s');
  await control().idle();
  expect(heard(paused)).toEqual(['silence', 'say Hello.']);
});

test('a file is played as often as it says; one of this machine that is not there is passed over', async () => {
  const { sink } = house();
  sink.reply('/tune.mp3', { type: 'audio/mpeg', body: 'x' });
  const sid = await calls(`<Play>${sink.origin}/text</Play><Play loop="2">${sink.origin}/tune.mp3</Play><Play digits="1w2"/>`);
  control().forward('2s');
  await control().idle();
  expect([problems(sid), heard(sid)]).toEqual([[12300], [`play ${sink.origin}/tune.mp3`, `play ${sink.origin}/tune.mp3`, 'tone 1w2']]);
});

test('callers wait in a queue, hear their place in it, and leave it', async () => {
  const { sink } = house();
  const queue = '<Enqueue action="/left" waitUrl="/wait">support</Enqueue>';
  sink.reply('/wait', document('<Say>Please wait.</Say><Pause length="10"/>'));
  const first = await calls(queue);
  const second = await calls(queue, { from: 'anonymous' });
  sink.reply('/wait', document('<Leave/>'));
  sink.reply('/left', document('<Say>Please leave a message.</Say>'));
  control().forward('11s');
  await control().idle();
  control().hangUp(first);
  await control().idle();
  expect(sink.at('/wait').map(({ params }) => [params.CallSid, params.QueuePosition, params.CurrentQueueSize]).slice(0, 2)).toEqual([[first, '1', '1'], [second, '2', '2']]);
  expect(sink.at('/left').map(({ params }) => [params.CallSid, params.QueueResult])).toEqual(expect.arrayContaining([[first, 'leave'], [second, 'leave']]));
  expect(heard(second)).toEqual(['say Please wait.', 'silence', 'say Please leave a message.']);
});

test('a number without a voice URL takes no calls', async () => {
  control().addNumber({ accountSid: ACCOUNT, phoneNumber: FRONT_DESK, voiceUrl: '' });
  const { callSid } = control().placeCall({ from: ANNA, to: FRONT_DESK });
  expect([control().callState(callSid).status, problems(callSid)]).toEqual(['failed', []]);
});

test('a call under way is given another document, and is ended; a finished one takes neither', async () => {
  const { client, sink } = house();
  sink.reply('/other', document('<Pause length="60"/>'));
  const sid = await calls('<Say>Please hold.</Say><Pause length="600"/><Say>Never said.</Say>');
  expect(await client.calls(sid).update({ twiml: '<Response><Say>A moment.</Say><Pause length="60"/></Response>' })).toMatchObject({ status: 'in-progress' });
  await control().idle();
  await client.calls(sid).update({ url: `${sink.origin}/other`, method: 'GET' });
  await control().idle();
  expect(await client.calls(sid).update({ status: 'canceled' })).toMatchObject({ status: 'in-progress' });
  expect(await client.calls(sid).update({ status: 'completed' })).toMatchObject({ status: 'completed' });
  expect(heard(sid)).toEqual(['say Please hold.', 'silence -', 'say A moment.', 'silence -', 'silence -']);
  for (const change of [{ status: 'completed' }, { twiml: '<Response/>' }] as const) {
    expect(await refusal(client.calls(sid).update(change))).toMatchObject({ status: 400, code: 21220 });
  }
  expect(await refusal(client.calls(`CA${'0'.repeat(32)}`).fetch())).toMatchObject({ status: 404, code: 20404 });
  expect(await client.calls(sid).remove()).toBe(true);
  expect(await refusal(client.calls(sid).fetch())).toMatchObject({ status: 404 });
});
