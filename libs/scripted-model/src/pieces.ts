import { randomUUID } from 'node:crypto';
import type { FinishReason, Plan, Step, ToolUse } from './script.js';

/** The smallest things that go over the wire one by one. */
export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'call'; index: number; id: string; name: string }
  | { kind: 'arguments'; index: number; text: string }
  | { kind: 'finish'; reason: FinishReason }
  | { kind: 'error'; message: string }
  | { kind: 'break'; by: 'cut' | 'end' | 'hang' };

type Wait = (ms: number) => Promise<void>;

/** Plays a plan out: word by word, arguments in parts, and stopping where it was told to. */
export async function* pieces({ manner, steps }: Plan, wait: Wait): AsyncGenerator<Piece> {
  let words = 0;
  let calls = 0;
  for (const step of steps) {
    for (const piece of piecesOf(step, calls)) {
      if (piece.kind === 'text' && words === manner.stopAfterWords) {
        return yield { kind: 'break', by: manner.stopBy ?? 'cut' };
      }
      if (manner.betweenMs && (words > 0 || calls > 0)) await wait(manner.betweenMs);
      if (piece.kind === 'text') words += 1;
      if (piece.kind === 'call') calls += 1;
      yield piece;
      if (piece.kind === 'break' || piece.kind === 'error') return;
    }
    if ('pauseMs' in step) await wait(step.pauseMs);
  }
  // Fewer words than asked for: it still stops before its end.
  if (manner.stopAfterWords !== undefined) return yield { kind: 'break', by: manner.stopBy ?? 'cut' };
  yield { kind: 'finish', reason: manner.finish ?? (calls > 0 ? 'tool_calls' : 'stop') };
}

function piecesOf(step: Step, index: number): Piece[] {
  if ('say' in step) return wordsOf(step.say).map((text) => ({ kind: 'text', text }));
  if ('callTool' in step) return callPieces(step.callTool, index);
  if ('hang' in step) return [{ kind: 'break', by: 'hang' }];
  if ('stop' in step) return [{ kind: 'break', by: step.stop }];
  if ('error' in step) return [{ kind: 'error', message: step.error }];
  return [];
}

/** At word boundaries, the space in front of the word as in OpenAI's tokens; very long runs are divided. */
export function wordsOf(text: string): string[] {
  return text.match(/\s*\S{1,48}|\s+/gu) ?? [];
}

function callPieces({ name, arguments: args = {} }: ToolUse, index: number): Piece[] {
  const text = typeof args === 'string' ? args : JSON.stringify(args);
  // OpenAI's form of ids: call_ and 24 characters.
  const id = `call_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
  const parts = text.match(/[^]{1,8}/gu) ?? [];
  return [
    { kind: 'call', index, id, name },
    ...parts.map((part): Piece => ({ kind: 'arguments', index, text: part })),
  ];
}
