import { EMERGENCY } from './clinic-topics.js';
import type { Prompt } from './prompt.js';

interface Judgement {
  urgency: number;
  reasons: string[];
}

const DENIED = /\b(?:no|not|without|false alarm)\b[^.!?]{0,20}$/i;
const OVER = /\b(?:resolved|recovered|back to normal|ok again|cleared|this is (?:only )?a test)\b/i;
const ALARM = /\b(?:critical|alarm|outage|down since|out of range|flood(?:ed|ing)?|burst pipe|power (?:cut|failure)|locked (?:in|out)|fire|smoke)\b/i;
const DISTRESS = /\b(?:panic|collapsed|fainted|won't wake|bleeding|poison\w*|help me|suffocat\w*|fell down the stairs)\b/i;
const SOON = /\b(?:prescription|fever|worse|pain|running out|appointment tomorrow)\b/i;

/** How urgent the front desk takes something to be that nobody answers: by what is said, and never by what it is asked to say. */
export function triage(prompt: Prompt): Judgement {
  const said = prompt.lastUserText.split('\n').filter((line) => !line.startsWith('before: ')).map(wordsIn).join('\n').replaceAll('’', "'");
  if (OVER.test(said)) return { urgency: 2, reasons: ['What it reports is over, or a test'] };
  if (isMeant(EMERGENCY, said)) return { urgency: 5, reasons: [`Somebody's life may be in danger: ${found(EMERGENCY, said)}`] };
  if (isMeant(DISTRESS, said)) return { urgency: 4, reasons: [`Somebody needs help now: ${found(DISTRESS, said)}`] };
  if (isMeant(ALARM, said)) return { urgency: 4, reasons: [`An alarm: ${found(ALARM, said)}`] };
  return SOON.test(said) ? { urgency: 3, reasons: ['It can wait until the morning'] } : { urgency: 2, reasons: ['An ordinary message'] };
}

/** A line of the record is `Customer (email): "words"`. */
function wordsIn(line: string): string {
  const text = /: (".*")$/.exec(line)?.[1];
  try {
    return text === undefined ? line : String(JSON.parse(text));
  } catch {
    return line;
  }
}

const found = (pattern: RegExp, text: string): string => pattern.exec(text)?.[0].toLowerCase() ?? '';

function isMeant(pattern: RegExp, text: string): boolean {
  const at = text.search(pattern);
  return at >= 0 && !DENIED.test(text.slice(0, at));
}
