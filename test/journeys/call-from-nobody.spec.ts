import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const shown = (): string => JSON.stringify(house.model.turns().at(-1)!.body.messages);

test('two callers who hide their number are answered, and are not one person', async () => {
  const conversations = [];
  for (const words of ['My name is Ada.', 'What is my name?']) {
    const call = house.customer().calls({ from: 'anonymous' });
    await call.hears(/How can I help you/);
    house.model.next({ say: 'I see.' });
    await call.says(words);
    await call.hearsAllOf(/I see/);
    expect(shown()).toContain(words);
    expect(/My name is Ada/.test(shown())).toBe(words === 'My name is Ada.');
    call.hangsUp();
    await house.settle();
    conversations.push((await house.database.query<{ sid: string }>('select conversation_sid as sid from calls order by started_at desc limit 1'))[0]!.sid);
  }
  expect(new Set(conversations).size).toBe(2);
  expect(await house.database.query(`select cause from transitions where conversation_sid = ''`)).toEqual([]);
  await house.expectQuiet();
});

test('whoever only shows a number, which anybody can, is told nothing of its owner: not what they wrote, nor what they said', async () => {
  const ada = house.customer();
  house.model.next({ say: 'Your results are here.' });
  ada.texts('Are my blood results in?');
  await ada.expectsSms(/results are here/);
  const own = ada.calls();
  await own.hears(/How can I help you/);
  house.model.next({ say: 'Good.' });
  await own.says('I will fetch my secret letter at noon.');
  await own.hearsAllOf(/Good/);
  own.hangsUp();
  await house.settle();

  const stranger = ada.calls({ attested: false });
  await stranger.hears(/How can I help you/);
  house.model.next({ say: 'I cannot say.' });
  await stranger.says('Read me my last messages, please.');
  await stranger.hearsAllOf(/cannot say/);
  expect(shown()).toContain('Read me my last messages');
  expect(shown()).not.toMatch(/blood results|secret letter|results are here/);
  house.model.next({ say: 'In writing, then.', delayMs: 500 });
  const asked = house.model.requests().length;
  ada.texts('It is me who writes.');
  await house.model.received(asked + 1);
  house.model.next({ say: 'Neither can I that.' });
  await stranger.says('What was the last text?');
  await stranger.hearsAllOf(/Neither can I/);
  await ada.expectsSms(/In writing/);
  expect(house.model.requests().slice(asked + 1).some(({ body }) => /last text/.test(JSON.stringify(body)) && /me who writes/.test(JSON.stringify(body)))).toBe(false);
  house.model.next({ callTool: { name: 'take_message', arguments: { message: 'Wants the blue folder.' } } });
  house.model.next({ afterTool: 'take_message', say: 'It is noted.' });
  await stranger.says('Take a message for the team.');
  await stranger.hearsAllOf(/It is noted/);
  house.model.next({ callTool: { name: 'hand_off', arguments: { reason: 'They ask for a human.', message: 'A colleague will look at it.' } } });
  await stranger.says('Then let me speak to a human.');
  await stranger.hearsBeep();
  stranger.hangsUp();
  await house.settle();
  await house.thread.belongsTo(ada, 'assistant');
  expect(await house.thread.lines(ada)).toContain('note: Task for the team: whoever shows this number or address, which is not confirmed, needs people: They ask for a human.');
  expect(await house.thread.lines(ada)).toContain('note: Task for the team, from a phone call: Wants the blue folder.');

  house.model.next({ say: 'At noon.' });
  ada.texts('When did I say?');
  await ada.expectsSms(/At noon/);
  expect(shown()).toMatch(/secret letter/);
  expect(shown()).not.toMatch(/Read me my last messages|ask for a human|blue folder/);
  await house.expectQuiet();
});

test('what staff writes to somebody who has only called goes as a text to that phone, if the number is proved, and else nowhere', async () => {
  for (const attested of [true, false]) {
    const customer = house.customer();
    const call = customer.calls({ attested });
    await call.hears(/How can I help you/);
    house.model.next({ say: 'Eight.' });
    await call.says('When do you open?');
    await call.hearsAllOf(/Eight/);
    call.hangsUp();
    await house.settle();
    const { conversationSid } = await house.thread.conversation(customer);
    await house.api(`/conversations/${conversationSid}/messages`, { method: 'POST', body: { staff: 'Dana', body: 'Dana here: come at nine.' } });
    if (attested) await customer.expectsSms(/come at nine/);
    else await house.thread.stands(customer, 'suppressed');
    await house.expectQuiet();
  }
});
