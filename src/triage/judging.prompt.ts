import { createHash } from 'node:crypto';
import { storable } from '@throughline/llm/guardrails.js';
import type { ModelAnswer, ModelMessage, ToolSpec } from '@throughline/llm/model.types.js';
import { cutOff, oneLine } from '@throughline/kernel/words.js';
import { z } from 'zod';
import type { Message } from '../conversations/conversations.types.js';
import { kindOf, wordsOf } from './judging.policy.js';

/** Of one message, in characters. What is urgent is said at the beginning; the end of a long mail is what it quotes. */
const MOST_SHOWN = 4_000;
const MOST_BEFORE = 300;
const LONGEST_REASON = 200;
const MOST_REASONS = 3;

const reason = z.string().transform((text) => cutOff(oneLine(storable(text)), LONGEST_REASON)).pipe(z.string().min(1));
/** What the model says. It read a stranger's words, so nothing of it is taken but this. */
const judgementSchema = z.object({ urgency: z.coerce.number().pipe(z.int().min(1).max(5)), reasons: z.union([z.array(reason).min(1), reason.transform((one) => [one])]) });
export type Judgement = z.output<typeof judgementSchema>;

export const JUDGE: ToolSpec = {
  name: 'judge',
  description: 'Say how urgent it is, and why.',
  parameters: {
    type: 'object', required: ['urgency', 'reasons'], additionalProperties: false,
    properties: {
      urgency: { type: 'integer', minimum: 1, maximum: 5 },
      reasons: { type: 'array', minItems: 1, maxItems: MOST_REASONS, items: { type: 'string', maxLength: LONGEST_REASON }, description: 'What has happened, and to whom' },
    },
  },
};

/** As models mark code, around all of it. */
const FENCED = /^\s*```(?:json)?\n([^]*)\n```\s*$/;

/** What the model is shown. @param before what was said before it, oldest first */
export function triagePrompt(task: string, rules: string, before: readonly Message[], messages: readonly Message[]): ModelMessage[] {
  const lines = [...before.map((message) => `before: ${line(message, MOST_BEFORE)}`), ...messages.map((message) => line(message, MOST_SHOWN))];
  return [{ role: 'system', content: `${task}\n\n${rules}` }, { role: 'user', content: lines.join('\n') }];
}

function line(message: Message, most: number): string {
  const { authorKind, channel, details } = message;
  const who = authorKind === 'contact' ? 'Customer' : authorKind === 'assistant' ? 'Assistant' : authorKind === 'staff' ? 'Staff' : 'Note';
  const how = kindOf(message) === 'voicemail' && authorKind === 'contact' ? 'voicemail' : channel;
  const program = details?.email?.automatic ? ', sent by a program' : '';
  return `${who} (${how}${program}): ${quoted(wordsOf(message), most)}`;
}

/** Nothing that is said looks like a line of ours, and a text that is cut says so. */
function quoted(text: string, most: number): string {
  const shown = text.length > most ? `${text.slice(0, most)} […]` : text;
  return JSON.stringify(shown).replace(/[\u0085\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The tool's arguments, or a text that is JSON and nothing else, of a model that uses no tools: what stands in a sentence may be quoted. Null where it is neither. */
export function judgementIn({ toolCalls, text }: Pick<ModelAnswer, 'toolCalls' | 'text'>): Judgement | null {
  const given = toolCalls.find(({ name }) => name === JUDGE.name)?.arguments ?? FENCED.exec(text)?.[1] ?? text;
  const judged = judgementSchema.safeParse(jsonOf(given));
  return judged.success ? { urgency: judged.data.urgency, reasons: judged.data.reasons.slice(0, MOST_REASONS) } : null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** By which a prompt is known: another one may judge otherwise. */
export const versionOf = (prompt: string): string => createHash('sha256').update(prompt).digest('hex').slice(0, 12);
