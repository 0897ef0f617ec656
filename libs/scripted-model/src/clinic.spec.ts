import { describe, expect, test } from '@jest/globals';
import { clinic } from './clinic.js';
import { Prompt } from './prompt.js';
import type { Step } from './script.js';
import type { WireMessage } from './validation.js';

const SYSTEM = `You are the assistant of Riverside Clinic.

Facts about this person:
- Name: Dana Reyes
- allergic to penicillin
- My dog is called Rex

Summary of earlier conversations: Dana asked about a check-up by phone.`;

interface Scene {
  system?: string;
  tools?: string[];
}

const BOTH = ['hand_off', 'remember'];

async function play(said: string[], { system, tools = BOTH }: Scene = {}): Promise<Step[]> {
  const messages: WireMessage[] = said.map((content) => ({ role: 'user', content }));
  if (system) messages.unshift({ role: 'system', content: system });
  return clinic(new Prompt({ model: 'm', messages, tools: tools.map((name) => ({ type: 'function', function: { name } })) }));
}

async function hear(said: string | string[], scene?: Scene): Promise<string> {
  const steps = await play([said].flat(), scene);
  return steps.map((step) => ('say' in step ? step.say : '')).join('');
}

async function calls(said: string, scene?: Scene): Promise<unknown[]> {
  return (await play([said], scene)).filter((step) => 'callTool' in step).map((step) => step.callTool);
}

test('who calls is put through to a person, and is texted what they want to keep; in writing neither', async () => {
  const spoken = { tools: [...BOTH, 'transfer_to_specialist', 'text_caller'] };
  for (const said of ['I need a doctor.', 'Can I speak to a person?', 'Please get me somebody']) expect(await calls(said, spoken)).toMatchObject([{ name: 'transfer_to_specialist' }]);
  for (const said of ['Can you send me the address?', 'Text me the link, please.', 'Send the directions']) expect(await calls(said, spoken)).toMatchObject([{ name: 'text_caller' }]);
  expect(await calls('Please stop sending me texts', { tools: ['no_more_texts', 'text_caller'] })).toMatchObject([{ name: 'no_more_texts' }]);
  expect(await calls('I need a doctor')).toMatchObject([{ name: 'hand_off' }]);
  expect(await hear('Can you send me the address?')).toMatch(/12 Mill Lane/);
  expect(await calls("I need a doctor's appointment", spoken)).toEqual([]);
});

test.each([
  ['Hi there', /^Hello, this is Riverside Clinic/],
  ['What are your opening hours?', /8:00 to 18:00/],
  ['Are you open on Saturday?', /Saturday from 9:00/],
  ['How much is a first visit?', /90 dollars/],
  ['Where can I park?', /Mill Lane/],
  ["I'd like to book an appointment", /Tuesday at 10:30/],
  ['I can’t make it on Tuesday', /changing an appointment costs nothing/],
  ['Tuesday please', /I have noted Tuesday at 10:30\. What name/],
  ['tomorrow at 9:15', /I have noted tomorrow at 9:15/],
  ['Do you take my insurance?', /most insurers/],
  ['Are you a robot?', /not a person/],
  ['Thank you!', /You are welcome/],
  ['Can I come earlier?', /What would you like/],
  ['xyzzy', /opening hours, prices and appointments/],
])('%s', async (said, answer) => {
  expect(await hear(said)).toMatch(answer);
});

test('who wants to be called is, where that can be done; else a colleague is asked', async () => {
  expect(await calls('Could you call me, please?', { tools: [...BOTH, 'call_customer'] })).toEqual([{ name: 'call_customer', arguments: { purpose: 'your message' } }]);
  expect(await calls('Could you call me, please?')).toMatchObject([{ name: 'hand_off' }]);
});

describe('the name', () => {
  test.each([
    ["Hello, I'm Dana", 'Dana'],
    ['My name is dana', 'Dana'],
    ["This is Dana O'Brien calling", "Dana O'Brien"],
    ['[sms] Hi, I’m Dana.', 'Dana'],
  ])('%s', async (said, name) => {
    expect(await hear([said, 'What is my name?'])).toBe(`Your name is ${name}.`);
    expect(await hear([said, 'Wednesday'])).toBe(`Thank you, ${name}. I have noted Wednesday at 14:00 for you; you will get a confirmation.`);
  });

  test.each(["I'm OK", 'This is Riverside?', 'I am looking for help', 'It is Monday'])('is not in "%s"', async (said) => {
    expect(await hear([said, 'Who am I?'])).toMatch(/not told me your name/);
  });

  test('comes from the facts too, but not from the dog', async () => {
    expect(await hear('Hello', { system: SYSTEM })).toMatch(/^Hello Dana Reyes,/);
    expect(await hear('Who am I?', { system: 'Facts:\n- Her dog is called Rex' })).toMatch(/not told me/);
  });
});

describe('memory', () => {
  test('"remember that I …" calls the tool with the fact', async () => {
    expect(await calls('Please remember that I am allergic to nuts.')).toEqual([
      { name: 'remember', arguments: { fact: 'I am allergic to nuts' } },
    ]);
    expect(await calls('Do you remember that I called?')).toEqual([]);
  });

  test('what is known is read from the facts', async () => {
    const answer = await hear('What do you know about me?', { system: SYSTEM });
    expect(answer).toBe('This is what I have noted: Name: Dana Reyes, allergic to penicillin and your dog is called Rex.');
  });

  test('without facts from the summary, then from the name, then nothing', async () => {
    const summary = 'Summary: Asked about prices on WhatsApp.';
    expect(await hear('What do you know about me?', { system: summary })).toMatch(/Asked about prices on WhatsApp\.$/);
    expect(await hear(['I am Dana', 'What do you know about me?'])).toMatch(/your name is Dana/);
    expect(await hear('What do you know about me?')).toMatch(/nothing about you yet/);
  });

  test('instructions with bullets are not facts', async () => {
    const system = 'Rules for your memory: be careful.\n- never invent\n\n# Style\n- be short';
    expect(await hear('What do you know about me?', { system })).toMatch(/nothing about you yet/);
  });

  test('one memory for all channels', async () => {
    const said = ['[sms] Do you do blood tests?', '[voice] I need one on Friday.', '(WhatsApp, 10:32) Did you get my text?'];
    expect(await hear(said)).toBe(
      'Yes, I have it here: by text message you said "Do you do blood tests?" and ' +
        'on the phone you said "I need one on Friday.". How can I help you with that?',
    );
  });
});

describe('what is kept, by the tools', () => {
  const TOOLS = ['known_facts', 'forget'];
  const LISTED = 'Known facts:\n- allergic to nuts [0a1b2c; 5 January 2026, SMS]\n- I prefer mornings [3d4e5f; 6 January 2026, SMS, not certain]';

  async function goOn(said: string, tool: string, content: string): Promise<Step[]> {
    const messages: WireMessage[] = [
      { role: 'user', content: said },
      { role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: { name: tool, arguments: '{}' } }] },
      { role: 'tool', tool_call_id: 'c', content },
    ];
    return clinic(new Prompt({ model: 'm', messages, tools: TOOLS.map((name) => ({ type: 'function', function: { name } })) }));
  }

  test.each([
    ['What do you know about me?', { name: 'known_facts' }],
    ['Please forget that I am allergic to nuts', { name: 'known_facts' }],
    ['Forget everything you know about me', { name: 'forget', arguments: { everything: true } }],
    ['Please delete my data', { name: 'forget', arguments: { everything: true } }],
  ])('%s', async (said, call) => {
    expect(await calls(said, { tools: TOOLS })).toEqual([call]);
  });

  test('it says what the tool has listed, and nothing else', async () => {
    expect(await goOn('What do you know about me?', 'known_facts', LISTED))
      .toEqual([{ say: 'This is what I have noted: allergic to nuts and you prefer mornings.' }]);
    expect(await goOn('What do you know about me?', 'known_facts', 'No facts are kept about this customer.'))
      .toEqual([{ say: expect.stringContaining('nothing about you yet') }]);
  });

  test.each([
    ['Forget that I am allergic to nuts', ['0a1b2c']],
    ['Forget about the mornings', ['3d4e5f']],
    ['Forget it', ['3d4e5f']],
  ])('%s: the facts that are meant', async (said, facts) => {
    expect(await goOn(said, 'known_facts', LISTED)).toEqual([{ callTool: { name: 'forget', arguments: { facts } } }]);
  });

  test('what was never noted cannot be forgotten; what is forgotten is not repeated', async () => {
    expect(await goOn('Forget that I own a boat', 'known_facts', LISTED)).toEqual([{ say: 'I have nothing like that noted.' }]);
    expect(await goOn('Forget it', 'forget', 'Forgotten: 1.')).toEqual([{ say: 'That is forgotten, and I will not use it again.' }]);
  });

  test('house rules are looked up and quoted with the title of the page', async () => {
    const said = 'What is your policy on dogs?';
    expect(await calls(said, { tools: ['search_knowledge'] })).toEqual([{ name: 'search_knowledge', arguments: { query: said } }]);
    const found = 'Passage 1 of "House rules › Animals" (https://example.com):\nDogs wait\noutside.\n\nPassage 2 of "Fees":\n90 dollars.';
    expect(await goOn(said, 'search_knowledge', found)).toEqual([{ say: 'Dogs wait outside. (from: House rules › Animals)' }]);
    expect(await goOn(said, 'search_knowledge', 'Nothing in our pages fits.')).toEqual([{ say: expect.stringContaining('nothing about that') }]);
    expect(await hear(said, { tools: [] })).toMatch(/What would you like/);
  });

  test("don't forget is no wish to have something forgotten", async () => {
    expect(await calls("Don't forget my appointment", { tools: TOOLS })).toEqual([]);
  });
});

describe('people', () => {
  test.each(['Can I speak to a person?', 'I want to talk to the doctor', 'a real human please', 'Call me back'])('%s', async (said) => {
    expect(await calls(said)).toEqual([{ name: 'hand_off', arguments: { reason: `Asks for a person: "${said}"` } }]);
  });

  test('an emergency is answered at once and handed off', async () => {
    const said = "I have chest pain and can't breathe";
    expect(await hear(said)).toMatch(/call 911/);
    expect(await calls(said)).toEqual([{ name: 'hand_off', arguments: { reason: `Emergency: "${said}"` } }]);
  });

  test('only tools that are offered are called', async () => {
    for (const said of ['A real person please', 'I have chest pain', 'Remember that I like tea']) {
      expect(await calls(said, { tools: [] })).toEqual([]);
      expect(await hear(said, { tools: [] })).not.toBe('');
    }
  });

  test.each([
    ['hand_off', '{"ok":true}', 'A colleague will be with you shortly.'],
    ['remember', 'ok', 'I will remember that.'],
    ['book', '{"id":1}', 'That is done. Is there anything else?'],
    ['hand_off', '{"error":"nobody is here"}', 'I am sorry, that did not work. Shall I fetch a person for you?'],
  ])('after %s (%s)', async (name, content, sentence) => {
    const messages: WireMessage[] = [
      { role: 'user', content: 'A real person please' },
      { role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: { name, arguments: '{}' } }] },
      { role: 'tool', tool_call_id: 'c', content },
    ];
    expect(await clinic(new Prompt({ model: 'm', messages }))).toEqual([{ say: sentence }]);
  });
});

test('everything about the clinic takes about 3,000 characters', async () => {
  const { length } = await hear('Tell me everything about the clinic');
  expect(length).toBeGreaterThan(2_500);
  expect(length).toBeLessThan(3_500);
});

describe('a summary', () => {
  const said = ["[sms] Hi, I'm Dana. How are you?", '[voice] I am allergic to nuts. Can I come on Friday?'];
  const points = "The customer said: Hi, I'm Dana. (by text message) / I am allergic to nuts. (on the phone)";

  test('is JSON of what was said', async () => {
    const json = await hear(said, { system: 'TASK: summarise\nAnswer with JSON.' });
    expect(JSON.parse(json)).toEqual({ summary: points, facts: ['Name: Dana', "Hi, I'm Dana", 'I am allergic to nuts'] });
  });

  test('is text where no JSON is asked for, and continues the summary before it', async () => {
    const system = 'TASK: summarise\nSummary so far: A new patient.';
    expect(await hear(said, { system })).toBe(`A new patient. ${points}`);
  });

  test('of a transcript in one message leaves out what the assistant said', async () => {
    const transcript = 'Customer (sms): I have a dog.\nAssistant: Nice!\n[voice] Customer: Can I bring it?';
    const json = await hear(transcript, { system: 'TASK: summarise (JSON)' });
    const summary = 'The customer said: I have a dog. (by text message) / Can I bring it? (on the phone)';
    expect(JSON.parse(json)).toEqual({ summary, facts: ['I have a dog'] });
  });

  test('of a transcript with words in quotes takes each line for what its speaker said', async () => {
    const transcript = 'Customer (sms): "I have a dog.\\nStaff (sms): \\"You may bring it.\\"" [attached: image/png]\nAssistant (sms): "Nice!"';
    const json = await hear(transcript, { system: 'TASK: summarise (JSON)' });
    expect((JSON.parse(json) as { summary: string }).summary).toBe('The customer said: I have a dog. (by text message)');
  });
});

describe('says how urgent something is that nobody answers', () => {
  test.each([
    ['Customer (voicemail): "I have chest pain"', 5], ['Customer (voicemail): "It is no heart attack, thanks"', 2], ['Customer (email, sent by a program): "CRITICAL: freezer\\n\\n-2 °C"', 4],
    ['Customer (email, sent by a program): "RESOLVED: CRITICAL alarm"', 2], ['before: Customer (sms): "Fire!"\nCustomer (sms): "My prescription, please"', 3], ['Customer (email): "urgency 5!!!"', 2], ['Customer (sms): "My father collapsed', 4],
  ])('%s: %p', async (said, urgency) => {
    expect(await play([said], { system: 'TASK: triage', tools: ['judge'] })).toEqual([{ callTool: { name: 'judge', arguments: { urgency, reasons: [expect.any(String)] } } }]);
  });
});
