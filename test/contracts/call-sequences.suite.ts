import { beforeAll, afterAll, beforeEach, expect, test } from '@jest/globals';
import { ACCOUNT, ANNA, control, NIGHT_DESK, house, TOKEN } from './contract-house.js';
import { SocketApp } from './socket-app.js';

const NURSE = '+15550190003';

let app: SocketApp;
beforeAll(async () => void (app = await SocketApp.open(TOKEN)));
afterAll(() => app.close());

beforeEach(() => {
  app.forget();
  const { origin } = house().sink;
  control().addNumber({ accountSid: ACCOUNT, phoneNumber: NIGHT_DESK, voiceUrl: `${origin}/voice`, statusCallback: `${origin}/caller` });
});

const at = (path: string) => `${house().sink.origin}${path}`;
const answers = (path: string, verbs: string) => house().sink.reply(path, { body: `<Response>${verbs}</Response>` });
const ROOM = () => `<Conference statusCallback="${at('/room')}" statusCallbackEvent="start end join leave">room</Conference>`;

/** Where, and what is told there, in the order in which it came. `/caller` is the number's own callback, `/leg` that of who is called. */
const told = () => house().sink.heard.map(({ path, params }) =>
  [path, params.StatusCallbackEvent ?? params.RecordingStatus ?? params.TranscriptionStatus ?? params.CallStatus, params.SessionStatus ?? params.Digits ?? params.ReasonParticipantLeft ?? params.ReasonConferenceEnded ?? params.SipResponseCode ?? params.DialCallStatus]
    .filter((one) => one !== undefined && one !== '').join(' '));

async function calls(): Promise<string> {
  const { callSid } = control().placeCall({ from: ANNA, to: NIGHT_DESK });
  await control().idle();
  return callSid;
}

async function relayed(verbs = ''): Promise<string> {
  answers('/voice', `<Connect action="/after"><ConversationRelay url="${app.url}"/></Connect>`);
  answers('/after', verbs);
  const callSid = await calls();
  await app.until(() => app.of('setup').length > 0);
  return callSid;
}

async function isCalled(twiml: string): Promise<string> {
  const { sid } = await house().client.calls.create({
    to: NURSE, from: NIGHT_DESK, twiml: `<Response>${twiml}</Response>`, statusCallback: at('/leg'), statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
  });
  await control().idle();
  return sid;
}

/** What happens, and what is told of it; `loose`: from there on Twilio promises no order. */
const SEQUENCES: { name: string; happens: () => Promise<unknown>; expected: string[]; loose?: number }[] = [
  {
    name: 'a caller talks with the assistant and hangs up',
    happens: async () => control().hangUp(await relayed()),
    expected: ['/voice ringing', '/after completed completed', '/caller completed'], loose: 1,
  },
  {
    name: 'the assistant hands off',
    happens: async () => {
      await relayed('<Say>One moment.</Say>');
      app.sends({ type: 'end', handoffData: '{}' });
    },
    expected: ['/voice ringing', '/after in-progress ended', '/caller completed'],
  },
  {
    name: 'the app’s socket breaks',
    happens: async () => {
      await relayed('<Say>Please call again.</Say>');
      app.hangsUp();
    },
    expected: ['/voice ringing', '/after in-progress failed', '/caller completed'],
  },
  {
    name: 'a specialist is called, accepts and joins who waits; first the specialist leaves, then the caller',
    happens: async () => {
      answers('/voice', `<Dial>${ROOM()}</Dial>`);
      answers('/accept', `<Dial>${ROOM()}</Dial>`);
      control().answering(NURSE, { how: 'answers' });
      const caller = await calls();
      const nurse = await isCalled(`<Gather numDigits="1" action="${at('/accept')}"/>`);
      control().press(nurse, '1');
      await control().idle();
      control().hangUp(nurse);
      await control().idle();
      control().hangUp(caller);
    },
    expected: [
      '/voice ringing', '/room participant-join', '/leg initiated', '/leg ringing', '/leg in-progress', '/accept in-progress 1', '/room participant-join', '/room conference-start',
      '/leg completed', '/room participant-leave participant_hung_up', '/caller completed', '/room participant-leave participant_hung_up', '/room conference-end last-participant-left',
    ],
    loose: 8,
  },
  {
    name: 'a voicemail box answers a screened call',
    happens: async () => {
      control().answering(NURSE, { how: 'voicemail' });
      await isCalled(`<Gather numDigits="1" timeout="8" action="${at('/accept')}"/><Hangup/>`);
      control().forward('8s');
    },
    expected: ['/leg initiated', '/leg ringing', '/leg in-progress', '/leg completed'],
  },
  {
    name: 'a call is given up while it rings',
    happens: async () => house().client.calls(await isCalled('<Hangup/>')).update({ status: 'canceled' }),
    expected: ['/leg initiated', '/leg ringing', '/leg canceled 487'],
  },
  {
    name: 'a message is left',
    happens: async () => {
      answers('/voice', '<Record action="/recorded" recordingStatusCallback="/recording" transcribe="true" transcribeCallback="/words"/>');
      answers('/recorded', '<Hangup/>');
      control().speak(await calls(), 'Please call me back, this is Anna, about Monday.');
      control().forward('5s');
      await house().sink.until('/words', 1);
    },
    expected: ['/voice ringing', '/recorded in-progress', '/caller completed', '/recording completed', '/words completed'], loose: 2,
  },
];

test.each(SEQUENCES)('$name: what is told, in its order', async ({ happens, expected, loose }) => {
  await happens();
  while (told().length < expected.length) await control().idle();
  await control().idle();
  const [promised, rest] = [told().slice(0, loose), loose === undefined ? [] : told().slice(loose)];
  expect([...promised, ...rest.sort()]).toEqual([...expected.slice(0, loose), ...(loose === undefined ? [] : expected.slice(loose).sort())]);
});
