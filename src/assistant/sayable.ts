import { storable } from '@throughline/llm/guardrails.js';

/** Marks that nobody says. */
const MARKS = /[*_`#~]/g;
const THOUGHT = /^<think(?:ing)?>/i;
const END_OF_THOUGHT = /<\/think(?:ing)?>/i;
/** A model that imitates how the history names colleagues would speak in their name. */
const STAFF = /\bstaff$/i;
/** What stands in brackets longer than that is no name and no link. */
const LONGEST_BRACKET = 200;

/** What follows at some place of an answer: words to be said, and how far they reach. Null: nobody knows before more of it is there. */
type Step = { say: string; length: number } | null;

/**
 * What of an answer that still grows may be said already. It is read once, from its beginning, and stops where more of it might change what is there: so what was
 * said once is the beginning of all that is said later.
 *
 * @param isWhole nothing more comes
 */
export function sayableSoFar(answer: string, isWhole: boolean): string {
  const text = storable(isWhole ? answer : answer.replace(/[\r\uD800-\uDBFF]$/, ''));
  let said = '';
  let isLineStart = true;
  for (let at = 0, step: Step; at < text.length; at += step.length) {
    step = stepAt(text, at, { isLineStart, isWhole });
    if (!step) break;
    const words = step.say;
    if (words.trim() !== '') said += said !== '' && /\s/.test(before(text, at)) && !/\s$/.test(said) ? ` ${words}` : words;
    isLineStart = text[at] === '\n' || (isLineStart && words.trim() === '');
  }
  return said;
}

/** The blank that stands, whatever was left out in between, between what was said and what follows. */
function before(text: string, at: number): string {
  let from = at;
  while (from > 0 && /[\s*_`#~]/.test(text[from - 1]!)) from -= 1;
  return text.slice(from, at);
}

function stepAt(text: string, at: number, { isLineStart, isWhole }: { isLineStart: boolean; isWhole: boolean }): Step {
  const char = text[at]!;
  if (char === '<') return thought(text, at, isWhole);
  if (char !== '[' && !(isLineStart && /[-•]/.test(char))) return { say: char.replace(MARKS, ''), length: 1 };
  const rest = text.slice(at, at + LONGEST_BRACKET);
  if (char === '[') return bracket(rest, isLineStart, isWhole || rest.length === LONGEST_BRACKET);
  return bullet(rest, isWhole);
}

function thought(text: string, at: number, isWhole: boolean): Step {
  const rest = text.slice(at);
  if (THOUGHT.test(rest)) {
    const end = END_OF_THOUGHT.exec(rest);
    return end ? { say: '', length: end.index + end[0].length } : null;
  }
  const mayBecome = !isWhole && '<thinking>'.startsWith(rest.toLowerCase());
  return mayBecome ? null : { say: '<', length: 1 };
}

function bullet(rest: string, isWhole: boolean): Step {
  if (rest.length === 1 && !isWhole) return null;
  return { say: /^.[ \t]/.test(rest) ? '' : rest[0]!, length: 1 };
}

function bracket(rest: string, isLineStart: boolean, isDecided: boolean): Step {
  const literal: Step = { say: '[', length: 1 };
  const closed = /^\[([^\]\n]*)\]/.exec(rest);
  if (!closed) return isDecided || rest.includes('\n') ? literal : null;
  const [name, inner = ''] = closed;
  if (isLineStart && STAFF.test(inner)) return staffs(rest, name, isDecided);
  const after = rest.slice(name.length);
  if (after === '' && !isDecided) return null;
  if (!after.startsWith('(')) return literal;
  const link = /^\([^)\n]*\)/.exec(after);
  if (!link) return isDecided || after.includes('\n') ? literal : null;
  return { say: inner.replace(MARKS, ''), length: name.length + link[0].length };
}

function staffs(rest: string, name: string, isDecided: boolean): Step {
  const behind = /^[ \t:]*/.exec(rest.slice(name.length))![0];
  return !isDecided && name.length + behind.length === rest.length ? null : { say: '', length: name.length + behind.length };
}
