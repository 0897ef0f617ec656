import { expect, test } from '@jest/globals';
import { ANNA, control, FRONT_DESK, house, refusal } from './contract-house.js';

const WA_ANNA = `whatsapp:${ANNA}`;
const WA_DESK = `whatsapp:${FRONT_DESK}`;

const content = () => house().client.content.v1;
const make = (types: object, more: object = {}, client = house().client) =>
  client.content.v1.contents.create({ friendly_name: 'Answer', language: 'en', variables: { 1: 'there' }, types, ...more } as never);
const TEXT = { 'twilio/text': { body: 'Hi {{1}}, here is our answer: {{2}} Write to us to go on.' } };
const BUTTONS = { 'twilio/quick-reply': { body: 'Hi {{1}}: {{2}}?', actions: [{ title: 'Yes', id: 'yes-{{1}}' }, { title: 'No' }] } };

/** What became of the last message to Anna. */
async function sent(contentSid: string, variables: Record<string, string> = { 1: 'Anna', 2: 'at nine' }) {
  await house().client.messages.create({ to: WA_ANNA, from: WA_DESK, contentSid, contentVariables: JSON.stringify(variables) });
  await control().idle();
  return control().phone(WA_ANNA).messages.at(-1)!;
}

test('a template is made, found, listed, sent and deleted', async () => {
  const { sid } = await make(TEXT);
  expect(await content().contents(sid).fetch()).toMatchObject({ sid, friendlyName: 'Answer', language: 'en', types: TEXT, variables: { 1: 'there' } });
  expect((await content().contents.list()).map((one) => one.sid)).toEqual([sid]);
  control().text({ from: WA_ANNA, to: WA_DESK, body: 'hi' });
  expect(await sent(sid, { 2: 'at nine' })).toMatchObject({ body: 'Hi there, here is our answer: at nine Write to us to go on.', status: 'delivered' });
  expect(await content().contents(sid).remove()).toBe(true);
  expect(await refusal(content().contents(sid).fetch())).toMatchObject({ status: 404, code: 20404 });
  expect(await refusal(sent(sid))).toMatchObject({ status: 400, code: 21655 });
});

test('WhatsApp looks at it for some minutes; until then it goes inside the window only', async () => {
  const { sid } = await make(TEXT);
  const status = async () => (await content().contents(sid).approvalFetch().fetch()).whatsapp.status;
  expect(await status()).toBe('unsubmitted');
  const asked = await content().contents(sid).approvalCreate.create({ name: 'our_answer', category: 'UTILITY' } as never);
  expect(asked).toMatchObject({ name: 'our_answer', category: 'UTILITY', contentType: 'twilio/text', status: 'received' });
  expect(await sent(sid)).toMatchObject({ status: 'failed', errorCode: 63016 });
  control().forward('1m');
  expect(await status()).toBe('pending');
  control().forward('4m');
  expect(await status()).toBe('approved');
  expect(await sent(sid)).toMatchObject({ body: 'Hi Anna, here is our answer: at nine Write to us to go on.', status: 'delivered' });
});

test.each([['rejected', 63040], ['paused', 63041], ['disabled', 63041]] as const)('a template that is %s does not go through outside the window', async (status, errorCode) => {
  const { sid } = await make(TEXT);
  control().decideOnContent(sid, status, 'Too promising');
  expect((await content().contents(sid).approvalFetch().fetch()).whatsapp).toMatchObject({ status, rejection_reason: 'Too promising' });
  expect(await sent(sid)).toMatchObject({ status: 'failed', errorCode });
});

test('all places have to be filled, each in one line', async () => {
  const { sid } = await make(TEXT);
  control().decideOnContent(sid, 'approved');
  expect(await sent(sid, { 1: 'Anna' })).toMatchObject({ status: 'failed', errorCode: 63028 });
  expect(await sent(sid, { 1: 'Anna', 2: 'one\ntwo' })).toMatchObject({ status: 'failed', errorCode: 63013 });
});

test('a button is tapped: its text comes back, with its payload and the message that it stands under', async () => {
  const { sid } = await make(BUTTONS);
  control().decideOnContent(sid, 'approved');
  const message = await sent(sid);
  expect(message).toMatchObject({ body: 'Hi Anna: at nine?', buttons: [{ text: 'Yes', payload: 'yes-Anna' }, { text: 'No', payload: 'No' }] });
  control().tap(message.sid, 'Yes');
  await control().idle();
  expect(house().sink.at('/sms')[0]?.params).toMatchObject({
    From: WA_ANNA, Body: 'Yes', MessageType: 'button', ButtonText: 'Yes', ButtonPayload: 'yes-Anna', OriginalRepliedMessageSid: message.sid,
  });
  expect(() => control().tap(message.sid, 'Maybe')).toThrow('There is no button "Maybe"');
});

test('somebody without a number has no WaId', async () => {
  control().text({ from: 'whatsapp:US.2002', to: WA_DESK, body: 'hi' });
  await control().idle();
  const { params } = house().sink.at('/sms')[0]!;
  expect([params['ExternalUserId'], params['WaId']]).toEqual(['whatsapp:US.2002', undefined]);
});

test('what is not a template is refused, and what needs no approval gets none', async () => {
  const { straight } = house();
  for (const [types, more] of [[{}, {}], [{ 'twilio/fax': { body: 'x' } }, {}], [TEXT, { language: '' }], [TEXT, { variables: [] }]] as const) {
    expect(await refusal(make(types, more, straight))).toMatchObject({ status: 400, code: 20422 });
  }
  const { sid } = await make({ 'twilio/list-picker': { body: 'When?', button: 'Choose', items: [{ id: 'a', item: 'At nine' }] } });
  const asks = (of: string, request: object) => refusal(straight.content.v1.contents(of).approvalCreate.create(request as never));
  expect(await asks(sid, { name: 'when', category: 'UTILITY' })).toMatchObject({ status: 400 });
  const text = await make(TEXT);
  for (const request of [{ name: 'Has Blanks', category: 'UTILITY' }, { name: 'fine', category: 'FUN' }]) expect(await asks(text.sid, request)).toMatchObject({ status: 400 });
  const answer = await fetch(`${house().twilio.origin}/v1/Content`, {
    method: 'POST', body: '[]', headers: { 'Content-Type': 'application/json', 'X-Twilio-Host': 'content.twilio.com', Authorization: `Basic ${btoa(`${straight.username}:${straight.password}`)}` },
  });
  expect([answer.status, ((await answer.json()) as { code: number }).code]).toEqual([400, 20422]);
});
