import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { soundOf, wordsOf } from '@throughline/twilio-simulator/voice/words-in-sound.js';
import { ACCOUNT, ANNA, control, FRONT_DESK, house, TOKEN } from './contract-house.js';
import { SocketApp } from './socket-app.js';

let app: SocketApp;
beforeAll(async () => void (app = await SocketApp.open(TOKEN, '/media')));
afterAll(() => app.close());

beforeEach(() => {
  app.forget();
  control().addNumber({ accountSid: ACCOUNT, phoneNumber: FRONT_DESK, voiceUrl: `${house().sink.origin}/voice` });
});

const streamed = (url = app.url) =>
  `<Response><Connect><Stream url="${url}" name="talk" statusCallback="/stream"><Parameter name="key" value="k1"/></Stream></Connect><Say>That was all.</Say></Response>`;
const heard = (callSid: string) => control().heard(callSid).map(({ kind, text, isCut }) => `${kind} ${text}${isCut ? '-' : ''}`.trim()).slice(1);

async function calls(document: string): Promise<string> {
  house().sink.reply('/voice', { body: document });
  const { callSid } = control().placeCall({ from: ANNA, to: FRONT_DESK });
  await control().idle();
  return callSid;
}

test('sound goes both ways, marks come back when what is before them was played, and behind the stream the next verb follows', async () => {
  const callSid = await calls(streamed());
  await app.until(() => app.of('start').length > 0);
  const [connected, start] = app.frames;
  expect([app.genuine, connected]).toEqual([[true], { event: 'connected', protocol: 'Call', version: '1.0.0' }]);
  const streamSid = String(start?.streamSid);
  expect(start).toMatchObject({
    event: 'start', sequenceNumber: '1', streamSid: expect.stringMatching(/^MZ[0-9a-f]{32}$/),
    start: { callSid, accountSid: ACCOUNT, tracks: ['inbound'], mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 }, customParameters: { key: 'k1' } },
  });
  expect(control().speak(callSid, 'Grüß Gott')).toEqual({ takenBy: 'stream' });
  await app.until(() => app.of('media').length === 41);
  const media = app.of('media').map((frame) => frame.media as { payload: string; chunk: string; timestamp: string });
  expect(wordsOf(Buffer.concat(media.map(({ payload }) => Buffer.from(payload, 'base64'))))).toBe('Grüß Gott');
  expect([media[0], media[40]]).toMatchObject([{ chunk: '1', timestamp: '20', payload: expect.any(String) }, { chunk: '41', timestamp: '820' }]);
  expect(Buffer.from(media[0]!.payload, 'base64')).toHaveLength(160);
  control().press(callSid, '5');
  app.sends({ event: 'media', streamSid, media: { payload: soundOf('Good morning.').toString('base64') } });
  app.sends({ event: 'mark', streamSid, mark: { name: 'said' } });
  await app.until(() => app.of('mark').length === 1);
  expect([heard(callSid), app.of('mark')[0]?.mark, app.of('dtmf')[0]?.dtmf]).toEqual([['stream Good morning.'], { name: 'said' }, { track: 'inbound_track', digit: '5' }]);
  app.hangsUp(1000);
  await house().sink.until('/stream', 2);
  await control().idle();
  expect([heard(callSid).at(-1), house().sink.values('/stream', 'StreamEvent')]).toEqual(['say That was all.', ['stream-started', 'stream-stopped']]);
});

test('clear takes back what has not sounded, and gives its marks back at once', async () => {
  control().switches({ speechMsPerChar: 1_000 });
  const callSid = await calls(streamed());
  await app.until(() => app.of('start').length > 0);
  const streamSid = app.of('start')[0]?.streamSid;
  app.sends({ event: 'media', streamSid, media: { payload: soundOf('0123456789').toString('base64') } });
  app.sends({ event: 'mark', streamSid, mark: { name: 'never' } });
  await new Promise<void>((resolve) => {
    const stop = control().listen((event) => {
      if (event !== 'heard') return;
      stop();
      resolve();
    });
  });
  control().forward(3_500);
  app.sends({ event: 'clear', streamSid });
  await app.until(() => app.of('mark').length === 1);
  expect(heard(callSid)).toEqual(['stream 0123-']);
  control().hangUp(callSid);
  await app.until(() => app.of('stop').length === 1);
  expect(app.of('stop')[0]).toMatchObject({ streamSid, stop: { callSid, accountSid: ACCOUNT } });
});

test.each([
  ['wants https', 'https://app.test/media', 31922], ['has a query', `wss://app.test/media?a=1`, 31923], ['is not there', 'ws://127.0.0.1:9/media', 31920],
])('a stream whose address %s is passed over', async (_, url, code) => {
  const callSid = await calls(streamed(url));
  expect([control().callState(callSid).problems.map((one) => one.code), heard(callSid)]).toEqual([[code], ['say That was all.']]);
});
