import { expect, test } from '@jest/globals';
import { ACCOUNT, ANNA, BORIS, control, FRONT_DESK, house, refusal, TOKEN } from './contract-house.js';

const STAGES = ['initiated', 'ringing', 'answered', 'completed'];

/** Calls Anna from the front desk, with all that can be told about it told. */
const call = (more: object = {}, to = ANNA) => house().client.calls.create({
  to, from: FRONT_DESK, twiml: '<Response><Say>Good morning.</Say></Response>',
  statusCallback: `${house().sink.origin}/status?id=7`, statusCallbackEvent: STAGES, ...more,
});
const told = () => house().sink.at('/status').map(({ params }) => [params.CallStatus, params.SequenceNumber]);
const heard = (callSid: string) => control().heard(callSid).map(({ kind, text }) => `${kind} ${text}`.trim());

test('a call that is answered tells its stages in order and executes its document', async () => {
  const { client, sink } = house();
  control().answering(ANNA, { how: 'answers' });
  const made = await call();
  expect(made).toMatchObject({ status: 'queued', direction: 'outbound-api', answeredBy: null, startTime: null, duration: null, queueTime: '0' });
  await control().idle();
  expect(told()).toEqual([['initiated', '0'], ['ringing', '1'], ['in-progress', '2'], ['completed', '3']]);
  expect(sink.at('/status').at(-1)?.params).toMatchObject({
    CallSid: made.sid, AccountSid: ACCOUNT, From: FRONT_DESK, To: ANNA, Direction: 'outbound-api', CallbackSource: 'call-progress-events',
    Timestamp: expect.stringMatching(/\+0000$/), CallDuration: expect.any(String), Duration: expect.any(String),
  });
  expect(sink.at('/status').every(({ genuine }) => genuine)).toBe(true);
  expect(heard(made.sid)).toEqual(['say Good morning.']);
  expect(await client.calls.list({ to: ANNA })).toEqual([expect.objectContaining({ sid: made.sid, status: 'completed' })]);
});

test.each([
  ['is declined', 'declines', 'busy', '603', ['initiated', 'ringing']],
  ['meets a busy line', 'busy', 'busy', '486', ['initiated']],
  ['reaches nothing', 'unreachable', 'failed', '404', ['initiated']],
  ['rings for too long', 'rings', 'no-answer', '487', ['initiated', 'ringing']],
])('a call that %s ends as it should, and nobody is asked for a document', async (_, how, status, code, before) => {
  const { sink } = house();
  control().answering(ANNA, { how });
  await call({ twiml: undefined, url: `${sink.origin}/document`, timeout: 20 });
  await control().idle();
  control().forward(how === 'rings' ? '24s' : 0);
  await control().idle();
  expect(told().length).toBe(how === 'rings' ? 2 : before.length + 1);
  control().forward('1s');
  await control().idle();
  expect(told().map(([one]) => one)).toEqual([...before, status]);
  expect(sink.at('/status').at(-1)?.params).toMatchObject({ SipResponseCode: code, CallDuration: '0', Duration: '0' });
  expect(sink.at('/document')).toEqual([]);
});

test('a phone rings until somebody picks it up, and may be given up before', async () => {
  const { client } = house();
  const [first, second] = [await call(), await call({}, BORIS)];
  await control().idle();
  expect(control().calls(BORIS)).toMatchObject([{ callSid: second.sid, status: 'ringing' }]);
  expect(await refusal(client.calls(second.sid).update({ twiml: '<Response/>' }))).toMatchObject({ status: 400, code: 21220 });
  control().answer(first.sid);
  expect(await client.calls(second.sid).update({ status: 'canceled' })).toMatchObject({ status: 'canceled' });
  await control().idle();
  expect((await client.calls(first.sid).fetch()).status).toBe('completed');
  expect(() => control().answer(second.sid)).toThrow(/does not ring/);
});

test.each([
  ['a person', 'answers', 'Enable', 'human'], ['a voicemail box', 'voicemail', 'Enable', 'machine_start'],
  ['the end of its greeting', 'voicemail', 'DetectMessageEnd', 'machine_end_beep'],
])('%s is told apart before the document is asked for', async (_, how, machineDetection, verdict) => {
  const { client, sink } = house();
  sink.reply('/document', { body: '<Response><Gather numDigits="1" action="/pressed"><Say>Press 1.</Say></Gather></Response>' });
  control().answering(ANNA, { how });
  const { sid } = await call({ twiml: undefined, url: `${sink.origin}/document`, machineDetection });
  await control().idle();
  expect(sink.values('/document', 'AnsweredBy')).toEqual([verdict]);
  control().forward('6s');
  await control().idle();
  expect([await client.calls(sid).fetch(), sink.at('/pressed')]).toEqual([expect.objectContaining({ answeredBy: verdict, status: 'completed' }), []]);
});

test('a verdict may come beside the document; a voicemail box keeps what it hears after its beep', async () => {
  const { sink } = house();
  control().answering(ANNA, { how: 'voicemail', greeting: 'Leave a message.' });
  const { sid } = await call({
    twiml: '<Response><Pause length="1"/><Say>This is the clinic.</Say></Response>',
    machineDetection: 'DetectMessageEnd', asyncAmd: 'true', asyncAmdStatusCallback: `${sink.origin}/verdict`,
  });
  await control().idle();
  expect(sink.at('/verdict')[0]?.params).toMatchObject({ CallSid: sid, AnsweredBy: 'machine_end_beep', MachineDetectionDuration: expect.any(String) });
  control().forward('1s');
  await control().idle();
  expect(heard(sid)).toEqual(['silence', 'beep', 'say This is the clinic.']);
});

test.each<[string, object, number]>([
  ['a number that is none', { to: '12345' }, 21211], ['itself', { to: FRONT_DESK }, 21211], ['from a number of nobody', { from: '+15550109999' }, 21210],
  ['from nonsense', { from: 'clinic' }, 21212], ['without a document', { twiml: undefined }, 21205], ['a document at no address', { twiml: undefined, url: 'ftp://x.test' }, 21205],
  ['with a callback at no address', { statusCallback: 'http://a_b.test/' }, 21609], ['with odd detection', { machineDetection: 'Maybe' }, 21234],
  ['with too long a document', { twiml: `<Response>${' '.repeat(4_000)}</Response>` }, 32018],
])('nobody calls %s', async (_, more, code) => {
  expect(await refusal(house().straight.calls.create({ to: ANNA, from: FRONT_DESK, twiml: '<Response/>', ...more }))).toMatchObject({ status: 400, code });
  expect(control().calls()).toEqual([]);
});

test('a number may be refused as a trial account’s is; calls may have to wait their turn', async () => {
  control().answering(ANNA, { how: 'refused:21219' });
  expect(await refusal(call())).toMatchObject({ status: 400, code: 21219 });
  control().switches({ callsPerSecond: 1 });
  const waits = await Promise.all([BORIS, BORIS, BORIS].map(async (to) => Number((await call({}, to)).queueTime)));
  expect(Math.max(...waits)).toBeGreaterThan(1_900);
});

test('a whole call is recorded; its recording is listed, played to whoever may, and deleted', async () => {
  const { client, sink } = house();
  control().answering(ANNA, { how: 'answers' });
  const { sid } = await call({
    twiml: '<Response><Pause length="60"/></Response>', record: true, recordingStatusCallback: `${sink.origin}/recording`, recordingStatusCallbackEvent: ['completed'],
  });
  await control().idle();
  control().speak(sid, 'My name is Anna.');
  control().hangUp(sid);
  await sink.until('/recording', 1);
  const [recording] = await client.recordings.list({ callSid: sid });
  expect(recording).toMatchObject({ callSid: sid, status: 'completed', source: 'OutboundAPI', channels: 1, duration: '2' });
  expect(await client.calls(sid).recordings.list()).toHaveLength(1);
  expect(sink.at('/status').at(-1)?.params).toMatchObject({ RecordingSid: recording!.sid, RecordingDuration: '2' });
  const { pathname } = new URL(String(sink.at('/recording')[0]?.params.RecordingUrl));
  const sound = async (ending: string, authorization = `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString('base64')}`) => {
    const answer = await fetch(`${house().twilio.origin}${pathname}${ending}`, { headers: { authorization } });
    return [answer.status, answer.headers.get('content-type'), Buffer.from(await answer.arrayBuffer())] as const;
  };
  const [status, type, bytes] = await sound('.wav');
  expect([status, type, bytes.subarray(0, 4).toString(), bytes.readUInt32LE(4) + 8]).toEqual([200, 'audio/x-wav', 'RIFF', bytes.length]);
  expect((await sound('.mp3'))[2].includes('My name is Anna.')).toBe(true);
  expect((await sound('.wav', 'Basic eDp5'))[0]).toBe(401);
  await client.recordings(recording!.sid).remove();
  expect([(await sound('.wav'))[0], await refusal(client.recordings(recording!.sid).fetch())]).toEqual([404, expect.objectContaining({ code: 20404 })]);
});
