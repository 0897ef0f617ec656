import { expect, test } from '@jest/globals';
import { FixedClock } from '@throughline/kernel/clock.js';
import type { ConversationsService } from '../conversations/conversations.service.js';
import type { KnowledgeService } from '../knowledge/knowledge.service.js';
import type { MemoryService } from '../memory/memory.service.js';
import { CurrentTimeTool } from './current-time.tool.js';
import { HandOffTool } from './hand-off.tool.js';
import { ForgetTool, KnownFactsTool, RememberTool } from './memory.tools.js';
import { SearchKnowledgeTool } from './search-knowledge.tool.js';
import { ToolRegistry } from './tool.registry.js';
import { WithdrawConsentTool } from './withdraw-consent.tool.js';

// Nothing here runs a tool, so that nobody is behind them.
const registry = new ToolRegistry([
  new HandOffTool({} as ConversationsService), new RememberTool({} as MemoryService), new KnownFactsTool({} as MemoryService),
  new ForgetTool({} as MemoryService), new SearchKnowledgeTool({} as KnowledgeService), new CurrentTimeTool(new FixedClock()),
  new WithdrawConsentTool({} as ConversationsService),
]);

test('the model is shown every tool with a schema of its arguments', () => {
  expect(registry.specs.map(({ name }) => name)).toEqual(['hand_off', 'remember', 'known_facts', 'forget', 'search_knowledge', 'current_time', 'withdraw_consent']);
  for (const { parameters } of registry.specs) {
    expect(parameters).toMatchObject({ type: 'object', properties: expect.any(Object) });
    expect(parameters).not.toHaveProperty('$schema');
  }
  expect(registry.specs[0]!.parameters).toMatchObject({ required: ['reason'] });
});

test('usable arguments come out checked, without what nobody asked for', () => {
  expect(registry.understand('remember', '{"fact":" Likes tea ","tenantId":"another"}'))
    .toMatchObject({ tool: { name: 'remember' }, args: { fact: 'Likes tea' } });
});

test.each([
  ['not JSON', 'remember', '{"fact": "Likes'],
  ['a missing field', 'hand_off', '{}'],
  ['a wrong type', 'remember', '{"fact": 7}'],
  ['too short after trimming', 'remember', '{"fact": "   a   "}'],
  ['no object', 'current_time', '"now"'],
  ['a fact that is replaced by words', 'remember', '{"fact": "Likes tea", "replaces": "coffee"}'],
  ['nothing to forget', 'forget', '{}'],
  ['facts and everything', 'forget', '{"facts": ["0a1b2c"], "everything": true}'],
])('%s is refused with words the model can use', (_, name, args) => {
  expect(registry.understand(name, args)).toEqual({ refusal: expect.stringContaining(`The arguments of ${name} are not usable`) });
});

test('an unknown tool is refused and the known ones are named', () => {
  expect(registry.understand('delete_everything', '{}'))
    .toEqual({ refusal: 'There is no tool delete_everything. There are: hand_off, remember, known_facts, forget, search_knowledge, current_time, withdraw_consent.' });
});
