import { describe, expect, test } from '@jest/globals';
import { Prompt } from './prompt.js';
import { Playbook, type Rule, type Step } from './script.js';
import type { WireMessage } from './validation.js';

const prompt = (text: string, ...more: WireMessage[]): Prompt =>
  new Prompt({ model: 'm', messages: [{ role: 'user', content: text }, ...more] });

const book = (...rules: Rule[]): Playbook => new Playbook((shown) => [{ say: `base: ${shown.lastUserText}` }], rules);

const steps = async (playbook: Playbook, shown: Prompt): Promise<Step[]> => (await playbook.plan(shown)).steps;

const afterTool = (name: string): Prompt =>
  prompt(
    'please',
    { role: 'assistant', tool_calls: [{ id: 'c1', type: 'function', function: { name, arguments: '{}' } }] },
    { role: 'tool', tool_call_id: 'c1', content: 'ok' },
  );

describe('rules', () => {
  test('the first that fits answers, else the script', async () => {
    const playbook = book({ when: /price/i, say: 'Ten.' }, { when: (text) => text.length > 20, say: 'Long.' });
    expect(await steps(playbook, prompt('The PRICE?'))).toEqual([{ say: 'Ten.' }]);
    expect(await steps(playbook, prompt('something that is long'))).toEqual([{ say: 'Long.' }]);
    expect(await steps(playbook, prompt('short'))).toEqual([{ say: 'base: short' }]);
  });

  test('a global expression does not remember where it stopped', async () => {
    const playbook = book({ when: /hi/g, say: 'yes' });
    for (const _ of [1, 2, 3]) expect(await steps(playbook, prompt('hi'))).toEqual([{ say: 'yes' }]);
  });

  test('apply as often as they say', async () => {
    const playbook = book({ say: 'twice', times: 2 });
    const heard = [];
    for (const _ of [1, 2, 3]) heard.push(await steps(playbook, prompt('x')));
    expect(heard).toEqual([[{ say: 'twice' }], [{ say: 'twice' }], [{ say: 'base: x' }]]);
  });

  test('that call a tool do not answer its result with the same call', async () => {
    const playbook = book({ when: /please/, callTool: { name: 'f' } }, { afterTool: 'f', say: 'Done.' });
    expect(await steps(playbook, prompt('please'))).toEqual([{ callTool: { name: 'f' } }]);
    expect(await steps(playbook, afterTool('f'))).toEqual([{ say: 'Done.' }]);
    expect(await steps(playbook, afterTool('g'))).toEqual([{ say: 'base: please' }]);
  });

  test('without content change the manner of what comes next', async () => {
    const playbook = book({ delayMs: 5, stopAfterWords: 2 }, { when: /x/, say: 'rule', delayMs: 9 });
    expect(await playbook.plan(prompt('x'))).toEqual({ manner: { delayMs: 5, stopAfterWords: 2 }, steps: [{ say: 'rule' }] });
    expect((await playbook.plan(prompt('y'))).steps).toEqual([{ say: 'base: y' }]);
  });
});

describe('one-shot directives', () => {
  test('queue up, one for each request, before the rules', async () => {
    const playbook = book({ say: 'rule' });
    playbook.next({ fail: 429, retryAfterS: 1 });
    playbook.next({ delayMs: 500 });
    playbook.next((shown) => [{ say: shown.lastUserText.toUpperCase() }]);
    expect(await steps(playbook, prompt('a'))).toEqual([{ fail: 429, retryAfterS: 1 }]);
    expect(await playbook.plan(prompt('b'))).toEqual({ manner: { delayMs: 500 }, steps: [{ say: 'rule' }] });
    expect(await steps(playbook, prompt('c'))).toEqual([{ say: 'C' }]);
    expect(await steps(playbook, prompt('d'))).toEqual([{ say: 'rule' }]);
    expect(playbook.waiting).toBe(0);
  });

  test('wait for the request that they are meant for', async () => {
    const playbook = book();
    playbook.next({ when: /second/, say: 'two' });
    expect(await steps(playbook, prompt('first'))).toEqual([{ say: 'base: first' }]);
    expect(playbook.waiting).toBe(1);
    expect(await steps(playbook, prompt('second'))).toEqual([{ say: 'two' }]);
  });

  test('two requests at once do not share one', async () => {
    const playbook = book();
    playbook.next({ say: 'once' });
    const both = await Promise.all([steps(playbook, prompt('a')), steps(playbook, prompt('a'))]);
    expect(both).toEqual([[{ say: 'once' }], [{ say: 'base: a' }]]);
  });

  test('are not spent on a job in the background, unless it is named', async () => {
    const playbook = book();
    const job = prompt('x', { role: 'system', content: 'You write summaries.\nTASK: summarise\nJSON please.' });
    playbook.next({ say: 'for the customer' });
    expect(await steps(playbook, job)).toEqual([{ say: 'base: x' }]);
    playbook.next({ task: 'summarise', say: '{}' });
    expect(await steps(playbook, job)).toEqual([{ say: '{}' }]);
    expect(playbook.waiting).toBe(1);
  });
});

test('a function replaces the script, reset brings back the first one and its rules', async () => {
  const playbook = book({ when: /rule/, say: 'rule' });
  playbook.use(() => [{ say: 'other' }]);
  playbook.use([]);
  expect(await steps(playbook, prompt('rule'))).toEqual([{ say: 'other' }]);
  playbook.reset();
  expect(await steps(playbook, prompt('rule'))).toEqual([{ say: 'rule' }]);
  expect(await steps(playbook, prompt('x'))).toEqual([{ say: 'base: x' }]);
});
