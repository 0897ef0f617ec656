import { beforeEach, expect, test } from '@jest/globals';
import { ACCOUNT, ANNA, BORIS, control, FRONT_DESK, house, refusal } from './contract-house.js';

const NURSE = '+15550190003';
const ALL = 'start end join leave mute hold modify speaker announcement';

beforeEach(() => {
  control().addNumber({ accountSid: ACCOUNT, phoneNumber: FRONT_DESK, voiceUrl: `${house().sink.origin}/voice` });
});

const document = (verbs: string) => ({ body: `<Response>${verbs}</Response>` });
const at = (path: string) => `${house().sink.origin}${path}`;
const into = (attributes = '', dial = '') =>
  `<Dial ${dial}><Conference statusCallback="${at('/room')}" statusCallbackEvent="${ALL}" ${attributes}>room-1</Conference></Dial>`;

/** Somebody calls and is given these verbs. */
async function calls(verbs: string, from = ANNA): Promise<string> {
  house().sink.reply('/voice', document(verbs));
  const { callSid } = control().placeCall({ from, to: FRONT_DESK });
  await control().idle();
  return callSid;
}

/** Somebody is called, picks up and is given these verbs. */
async function isCalled(verbs: string, to = NURSE): Promise<string> {
  control().answering(to, { how: 'answers' });
  const { sid } = await house().client.calls.create({ to, from: FRONT_DESK, twiml: `<Response>${verbs}</Response>` });
  await control().idle();
  return sid;
}

const heard = (callSid: string) => control().heard(callSid).map(({ kind, text, isCut, until }) => `${kind} ${text}${isCut ? '-' : ''}${until === null ? '…' : ''}`.trim()).filter((one) => one !== 'ring');
const told = (who: Record<string, string>) => house().sink.at('/room').map(({ params }) => {
  const callSid = String(params.CallSid ?? params.CallSidEndingConference ?? '');
  return [params.StatusCallbackEvent, who[callSid] ?? callSid, params.ReasonParticipantLeft ?? params.ReasonConferenceEnded].filter(Boolean).join(' ');
});

test('a caller is held with music, a specialist is called and screened, the two are joined, and the caller comes back', async () => {
  const { client, sink } = house();
  sink.reply('/after', document('<Say>How did it go?</Say><Pause length="60"/>'));
  sink.reply('/screened', document(`<Say>Thank you.</Say>${into('participantLabel="nurse"')}`));
  const caller = await calls(into('startConferenceOnEnter="false" participantLabel="caller"', `action="${at('/after')}"`));
  expect(heard(caller)).toEqual(['music …']);
  expect(control().speak(caller, 'Hello?')).toEqual({ takenBy: null });
  const nurse = await isCalled(`<Gather numDigits="1" action="${at('/screened')}"><Say>Anna is waiting. Press 1.</Say></Gather>`);
  control().press(nurse, '1');
  await control().idle();
  expect(control().speak(caller, 'Is that the nurse?')).toEqual({ takenBy: 'conference' });
  control().speak(nurse, 'Yes, it is.');
  control().hangUp(nurse);
  await control().idle();
  expect(heard(caller)).toEqual(['music', 'beep', 'voice Yes, it is.', 'beep', 'music …']);
  const [room] = await client.conferences.list({ friendlyName: 'room-1', status: 'in-progress' });
  expect((await client.conferences(room!.sid).participants.list()).map(({ label, callSid, status }) => [label, callSid, status])).toEqual([['caller', caller, 'connected']]);
  await client.conferences(room!.sid).participants('caller').remove();
  await control().idle();
  expect(sink.at('/after')[0]?.params).toMatchObject({ CallSid: caller, CallStatus: 'in-progress', DialCallStatus: 'answered', DialBridged: 'true' });
  expect(heard(caller).slice(-2)).toEqual(['say How did it go?', 'silence …']);
  expect(heard(nurse)).toEqual(['say Anna is waiting. Press 1.', 'say Thank you.', 'beep', 'voice Is that the nurse?']);
  expect(told({ [caller]: 'caller', [nurse]: 'nurse' })).toEqual([
    'participant-join caller', 'participant-join nurse', 'conference-start', 'participant-speech-start caller', 'participant-speech-stop caller',
    'participant-speech-start nurse', 'participant-speech-stop nurse', 'participant-leave nurse participant_hung_up',
    'participant-leave caller participant_updated_via_api', 'conference-end caller last-participant-kicked',
  ]);
  expect(sink.at('/room').map(({ params }) => params.SequenceNumber)).toEqual(sink.at('/room').map((_, index) => String(index + 1)));
  expect(sink.at('/room')[1]?.params).toMatchObject({ ConferenceSid: room!.sid, FriendlyName: 'room-1', ParticipantLabel: 'nurse', Muted: 'false', Hold: 'false', EndConferenceOnExit: 'false' });
  expect(await client.conferences(room!.sid).fetch()).toMatchObject({ status: 'completed', reasonConferenceEnded: 'last-participant-kicked', callSidEndingConference: caller });
  expect(await refusal(client.conferences(room!.sid).participants('caller').fetch())).toMatchObject({ status: 404, code: 20404 });
});

test('whoever waits hears what the app says, again where it says so', async () => {
  const { sink } = house();
  sink.reply('/wait', document('<Say>One moment.</Say><Pause length="20"/><Redirect/>'));
  const caller = await calls(into(`waitUrl="${at('/wait')}"`));
  control().forward('21s');
  await control().idle();
  expect(heard(caller)).toEqual(['say One moment.', 'silence', 'say One moment.', 'silence …']);
  expect(sink.at('/wait').map(({ params, genuine }) => [params.FriendlyName, params.CallSid, genuine])).toEqual([['room-1', caller, true], ['room-1', caller, true]]);
});

test('who leaves with endConferenceOnExit ends it for all; the others go on behind their Dial', async () => {
  const caller = await calls(into('endConferenceOnExit="true"'));
  const nurse = await isCalled(`${into()}<Say>The caller has left.</Say>`);
  control().hangUp(caller);
  await control().idle();
  expect(heard(nurse).at(-1)).toBe('say The caller has left.');
  expect(told({ [caller]: 'caller', [nurse]: 'nurse' }).slice(-3)).toEqual([
    'participant-leave caller participant_hung_up', 'participant-leave nurse moderator_ended_conference',
    'conference-end caller participant-with-end-conference-on-exit-left',
  ]);
});

test('hold, mute, a word to one of them, coaching: who hears whom', async () => {
  const { client, sink } = house();
  sink.reply('/announce', document('<Say>One minute left.</Say>'));
  const caller = await calls(into('beep="false"'));
  const nurse = await isCalled(into('beep="false" participantLabel="nurse"'));
  const coach = await isCalled(into(`beep="false" coach="${nurse}"`), BORIS);
  const [{ sid: room } = { sid: '' }] = await client.conferences.list({ status: 'in-progress' });
  const participant = (name: string) => client.conferences(room).participants(name);
  control().speak(coach, 'Ask her age.');
  expect(await participant(caller).update({ hold: true })).toMatchObject({ hold: true });
  control().speak(nurse, 'Nobody but the coach hears this.');
  await participant(caller).update({ hold: false });
  await participant(nurse).update({ muted: true });
  expect(control().speak(nurse, 'Nobody hears this.')).toEqual({ takenBy: null });
  await participant('nurse').update({ muted: false, announceUrl: at('/announce') });
  await control().idle();
  expect(heard(nurse)).toEqual(['voice Ask her age.', 'say One minute left.']);
  expect(heard(coach)).toEqual(['voice Nobody but the coach hears this.']);
  expect(heard(caller)).toEqual(['music', 'music']);
  expect((await client.conferences(room).participants.list({ coaching: true })).map(({ callSid }) => callSid)).toEqual([coach]);
  await client.conferences(room).update({ status: 'completed' });
  await control().idle();
  expect(told({}).filter((one) => /hold|mute|announcement|end/.test(String(one))).map((one) => String(one).split(' ')[0])).toEqual([
    'participant-hold', 'participant-unhold', 'participant-mute', 'participant-unmute', 'announcement-end', 'participant-leave', 'participant-leave', 'participant-leave', 'conference-end',
  ]);
  expect(control().calls().map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
});

test('somebody is called straight into a room; who does not come is told of', async () => {
  const { client, sink } = house();
  control().answering(NURSE, { how: 'answers' });
  control().answering(BORIS, { how: 'busy' });
  const caller = await calls(into('participantLabel="caller"'));
  const invited = { from: FRONT_DESK, statusCallback: at('/leg'), statusCallbackEvent: ['answered', 'completed'] };
  const nurse = await client.conferences('room-1').participants.create({ ...invited, to: NURSE, label: 'nurse', endConferenceOnExit: true });
  expect(nurse).toMatchObject({ label: 'nurse', status: 'queued', muted: false, hold: false, endConferenceOnExit: true });
  expect(await refusal(client.conferences(nurse.conferenceSid).participants.create({ ...invited, to: BORIS, label: 'caller' }))).toMatchObject({ code: 16025 });
  await control().idle();
  const boris = await client.conferences(nurse.conferenceSid).participants.create({ ...invited, to: BORIS, label: 'boris' });
  await control().idle();
  control().speak(nurse.callSid, 'Good morning.');
  expect(heard(caller).at(-1)).toBe('voice Good morning.');
  expect(control().callState(boris.callSid).status).toBe('busy');
  control().hangUp(nurse.callSid);
  await control().idle();
  expect(told({ [caller]: 'caller', [nurse.callSid]: 'nurse', [boris.callSid]: 'boris' })).toEqual([
    'participant-join caller', 'participant-join nurse', 'conference-start', 'participant-leave boris participant_add_failed',
    'participant-speech-start nurse', 'participant-speech-stop nurse', 'participant-leave nurse participant_hung_up',
    'participant-leave caller moderator_ended_conference', 'conference-end nurse participant-with-end-conference-on-exit-left',
  ]);
  expect(sink.values('/leg', 'CallStatus')).toEqual(expect.arrayContaining(['in-progress', 'busy', 'completed']));
});

test('another document takes somebody out of the room without their action being asked', async () => {
  const { client, sink } = house();
  const caller = await calls(into('', `action="${at('/after')}"`));
  await client.calls(caller).update({ twiml: '<Response><Say>Back again.</Say></Response>' });
  await control().idle();
  expect([heard(caller).at(-1), sink.at('/after')]).toEqual(['say Back again.', []]);
  expect(told({ [caller]: 'caller' })).toEqual(['participant-join caller', 'participant-leave caller participant_updated_via_api', 'conference-end caller last-participant-left']);
});

test('a room is recorded from its start', async () => {
  const { client, sink } = house();
  const caller = await calls(into(`record="record-from-start" recordingStatusCallback="${at('/recording')}"`));
  const nurse = await isCalled(into());
  control().speak(nurse, 'This is recorded.');
  for (const sid of [nurse, caller]) control().hangUp(sid);
  await sink.until('/recording', 1);
  const { ConferenceSid, RecordingSid } = sink.at('/recording')[0]!.params;
  expect(sink.at('/recording')[0]?.params).toMatchObject({ RecordingStatus: 'completed', RecordingSource: 'Conference' });
  expect((await client.conferences(String(ConferenceSid)).recordings.list()).map(({ sid, source }) => [sid, source])).toEqual([[RecordingSid, 'Conference']]);
});

test('phones ring together, the first that is picked up is joined after its own document, the action tells how it went', async () => {
  const { sink } = house();
  sink.reply('/whisper', document('<Say>A call from the clinic.</Say>'));
  sink.reply('/after', document('<Say>Goodbye.</Say>'));
  control().answering(NURSE, { how: 'answers' });
  const caller = await calls(
    `<Dial action="${at('/after')}" timeout="20"><Number>${BORIS}</Number><Number url="${at('/whisper')}" statusCallback="${at('/leg')}" statusCallbackEvent="initiated ringing answered completed">${NURSE}</Number></Dial>`,
  );
  const [nurse, boris] = [NURSE, BORIS].map((phone) => control().calls(phone)[0]!);
  expect([nurse!.status, boris!.status, nurse!.direction, nurse!.parentCallSid]).toEqual(['in-progress', 'canceled', 'outbound-dial', caller]);
  control().speak(nurse!.callSid, 'Hello.');
  control().speak(caller, 'Hello, nurse.');
  control().hangUp(nurse!.callSid);
  await control().idle();
  expect(heard(caller)).toEqual(['voice Hello.', 'say Goodbye.']);
  expect(heard(nurse!.callSid)).toEqual(['say A call from the clinic.', 'voice Hello, nurse.']);
  expect(sink.at('/after')[0]?.params).toMatchObject({ DialCallStatus: 'completed', DialCallSid: nurse!.callSid, DialBridged: 'true', DialCallDuration: '0' });
  expect(sink.values('/leg', 'CallStatus')).toEqual(['initiated', 'ringing', 'in-progress', 'completed']);
});

test('of two who were joined either may be given another document: the other goes on behind the Dial', async () => {
  const { client } = house();
  control().answering(NURSE, { how: 'answers' });
  const caller = await calls(`<Dial>${NURSE}</Dial><Say>Still there?</Say><Pause length="60"/>`);
  const nurse = control().calls(NURSE)[0]!.callSid;
  await client.calls(nurse).update({ twiml: '<Response><Say>Just you.</Say><Pause length="60"/></Response>' });
  await control().idle();
  expect([heard(caller).at(-2), heard(nurse).at(-2)]).toEqual(['say Still there?', 'say Just you.']);
  expect(control().calls().map(({ status }) => status)).toEqual(['in-progress', 'in-progress']);
});

test('a label that is in use lets nobody else in', async () => {
  const first = await calls(into('participantLabel="caller"'));
  const second = await calls(`${into('participantLabel="caller"')}<Say>Not there.</Say>`, BORIS);
  const third = await calls(`<Dial><Conference coach="${first}">room-2</Conference></Dial>`, BORIS);
  expect([second, third].map((sid) => control().callState(sid).problems.map(({ code }) => code))).toEqual([[16025], [13240]]);
  expect([heard(second), await house().client.conferences.list()]).toEqual([['say Not there.'], [expect.objectContaining({ friendlyName: 'room-1' })]]);
});

test('what is said on a line is taken down beside all else, and recorded', async () => {
  const { sink } = house();
  const caller = await calls(`<Start><Transcription name="notes" statusCallbackUrl="${at('/notes')}" partialResults="true"/></Start>
    <Start><Recording recordingStatusCallback="${at('/recording')}"/></Start>${into('beep="false"')}`);
  const nurse = await isCalled(into('beep="false"'));
  control().speak(caller, { text: 'It hurts', partials: true });
  control().speak(nurse, 'Where?');
  for (const sid of [nurse, caller]) control().hangUp(sid);
  await sink.until('/recording', 1);
  await sink.until('/notes', 5);
  expect(sink.at('/notes').map(({ params }) => [params.TranscriptionEvent, params.SequenceId, params.Track, params.TranscriptionData && JSON.parse(String(params.TranscriptionData)).transcript, params.Final])).toEqual([
    ['transcription-started', '1', 'both_tracks', undefined, undefined], ['transcription-content', '2', 'inbound_track', 'It', 'false'],
    ['transcription-content', '3', 'inbound_track', 'It hurts', 'true'], ['transcription-content', '4', 'outbound_track', 'Where?', 'true'],
    ['transcription-stopped', '5', undefined, undefined, undefined],
  ]);
  expect(sink.at('/recording')[0]?.params).toMatchObject({ RecordingSource: 'StartCallRecordingTwiML', CallSid: caller });
});

test.each([['busy', 'busy'], ['unreachable', 'failed'], ['rings', 'no-answer']])('a phone that is %s leaves the caller with the action', async (how, status) => {
  const { sink } = house();
  control().answering(NURSE, { how });
  await calls(`<Dial action="${at('/after')}" timeout="10"><Number>${NURSE}</Number></Dial>`);
  control().forward('15s');
  await control().idle();
  expect(sink.values('/after', 'DialCallStatus')).toEqual([status]);
});

test('a caller who hangs up while a phone rings lets it ring no longer', async () => {
  const caller = await calls(`<Dial>${NURSE}</Dial>`);
  expect(control().calls(NURSE)[0]?.status).toBe('ringing');
  control().hangUp(caller);
  expect(control().calls(NURSE)[0]?.status).toBe('canceled');
});
