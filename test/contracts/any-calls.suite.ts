import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ACCOUNT, ANNA, BORIS, control, FRONT_DESK, house } from './contract-house.js';

const PHONES = [ANNA, BORIS, '+15550190003'];
const STAGES = ['initiated', 'ringing', 'answered', 'completed'];
const OVER = ['completed', 'busy', 'failed', 'no-answer', 'canceled'];

const at = (path: string) => `${house().sink.origin}${path}`;
const room = (attributes: string) => `<Dial action="${at('/next')}"><Conference ${attributes} statusCallback="${at('/room')}" statusCallbackEvent="start end join leave hold">r</Conference></Dial>`;

const DOCUMENTS = [
  () => `<Gather numDigits="1" action="${at('/next')}"><Say>Press a key.</Say></Gather>`,
  () => `<Record action="${at('/next')}" timeout="2"/>`,
  () => room('endConferenceOnExit="true"'), () => room('startConferenceOnEnter="false"'), () => room('participantLabel="one"'),
  () => `<Dial action="${at('/next')}" timeout="3"><Number>${PHONES[2]}</Number><Number url="${at('/next')}">${BORIS}</Number></Dial>`,
  () => `<Connect action="${at('/next')}"><ConversationRelay url="ws://127.0.0.1:9/nobody"/></Connect>`,
  () => `<Enqueue action="${at('/next')}">q</Enqueue>`, () => '<Reject/>', () => '<Say>broken', () => '<Pause length="3"/>',
];

/** What somebody does: to the call of this number, or with the document or phone of this number. */
const DEEDS: ((n: number) => unknown)[] = [
  (n) => control().placeCall({ from: PHONES[n % 3]!, to: FRONT_DESK }),
  (n) => house().straight.calls.create({ to: PHONES[n % 3]!, from: FRONT_DESK, url: at('/next'), timeout: 3, statusCallback: at('/status'), statusCallbackEvent: STAGES }),
  (n) => house().straight.conferences('r').participants.create({ to: PHONES[n % 3]!, from: FRONT_DESK, statusCallback: at('/status'), statusCallbackEvent: STAGES }),
  (n) => control().answering(PHONES[n % 3]!, { how: ['answers', 'voicemail', 'declines', 'rings'][n % 4]! }),
  (n) => control().hangUp(some(n)), (n) => control().answer(some(n)), (n) => control().speak(some(n), 'words'), (n) => control().press(some(n), '1'),
  (n) => house().straight.calls(some(n)).update(n % 2 ? { status: 'completed' } : { url: at('/next') }),
  async (n) => {
    const [open] = await house().straight.conferences.list({ limit: 1 });
    const there = await house().straight.conferences(open!.sid).participants.list();
    const one = house().straight.conferences(open!.sid).participants(there[n % there.length]!.callSid);
    await (n % 3 === 0 ? one.remove() : one.update({ hold: n % 3 === 1 }));
  },
  (n) => control().forward([10, 1_000, 9_000][n % 3]!), () => control().idle(),
];

const some = (n: number): string => {
  const all = control().calls();
  return all[n % all.length]!.callSid;
};

test('whatever people do: every call ends, told once; every room is closed; nobody hears anything for ever', async () => {
  const deeds = fc.array(fc.tuple(fc.nat(DEEDS.length - 1), fc.nat(99)), { minLength: 20, maxLength: 40 });
  const documents = fc.array(fc.nat(DOCUMENTS.length - 1), { minLength: 40, maxLength: 40 });
  await fc.assert(fc.asyncProperty(deeds, documents, async (done, shown) => {
    control().reset();
    house().sink.forget();
    control().addNumber({ accountSid: ACCOUNT, phoneNumber: FRONT_DESK, voiceUrl: at('/next'), statusCallback: at('/status') });
    // One that says `broken` is whole but for its end.
    house().sink.reply('/next', ...shown.map((one) => ({ body: `<Response>${DOCUMENTS[one]!()}</Response>` })), { body: '<Response/>' });
    // What makes no sense at that moment is refused, and that is all.
    for (const [deed, n] of done) await Promise.resolve().then(() => DEEDS[deed]!(n)).catch(() => undefined);
    for (const { callSid } of control().calls()) control().hangUp(callSid);
    await control().idle();
    control().forward('1h');
    await control().idle();
    const calls = control().calls();
    expect(calls.filter(({ status }) => !OVER.includes(status))).toEqual([]);
    expect(calls.flatMap(({ callSid }) => control().heard(callSid).filter(({ until }) => until === null))).toEqual([]);
    expect((await house().straight.conferences.list()).filter(({ status }) => status !== 'completed')).toEqual([]);
    for (const { callSid } of calls) {
      const told = house().sink.at('/status').filter(({ params }) => params.CallSid === callSid && params.CallbackSource).map(({ params }) => String(params.CallStatus));
      expect(told.filter((status) => OVER.includes(status)).length).toBeLessThanOrEqual(1);
      expect(OVER.includes(told.at(-1) ?? 'completed')).toBe(true);
    }
  }), { numRuns: 8 });
});
