import type { Prompt } from './prompt.js';

/**
 * What the front desk can know, read out of the prompt alone, as a model would: facts and summaries in the
 * system messages, earlier messages with their channel. The README shows the forms that are understood.
 */
export interface Utterance {
  channel: string | undefined;
  text: string;
}

const CHANNELS: [RegExp, string][] = [
  [/^(sms|text)\b/i, 'by text message'],
  [/^whats\s?app\b/i, 'on WhatsApp'],
  [/^rcs\b/i, 'by RCS message'],
  [/^(voice|phone|(phone )?call|vapi)\b/i, 'on the phone'],
  [/^(web\s?)?chat\b/i, 'in the chat on our page'],
  [/^e-?mail\b/i, 'by e-mail'],
];

/** `[sms] Hello`, `(WhatsApp, 10:32) Hello`, `[via voice] Hello`. */
const TAG = /^\s*[[(]\s*(?:via\s+|on\s+|by\s+)?([^\])]{2,60})[\])]:?\s*/i;

/** The text of a message without the mark of its channel. */
export function utterance(text: string): Utterance {
  const tag = TAG.exec(text);
  const channel = tag ? channelName(tag[1]!) : undefined;
  return channel ? { channel, text: text.slice(tag![0].length) } : { channel: undefined, text };
}

function channelName(mark: string): string | undefined {
  return CHANNELS.find(([pattern]) => pattern.test(mark.trim()))?.[1];
}

/** What this person said before the last message. */
export function earlier(prompt: Prompt): Utterance[] {
  return prompt.userTexts.slice(0, -1).map(utterance);
}

/** One or two words that begin with a capital and go on in small letters: "Dana", "Dana O'Brien", never "OK". */
const NAME = String.raw`(\p{Lu}[\p{L}'’-]*\p{Ll}(?:\s\p{Lu}[\p{L}'’-]*\p{Ll})?)`;
const INTRODUCTION = new RegExp(
  String.raw`\b(?:my name is|my name's|this is|i am called|call me|it's|i am|i'm)\s+${NAME}`,
  'u',
);
/** On phones many write their name small; only this opening leaves no doubt. */
const SMALL_INTRODUCTION = /\bmy name(?: is|'s) (\p{Ll}[\p{L}'-]+)/iu;
const NO_NAMES = new RegExp(
  '^(?:The|An|It|Riverside|Sunday|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|' +
    'January|February|March|April|May|June|July|August|September|October|November|December)\\b',
);
const NAME_FACT = new RegExp(
  String.raw`\b(?:[Nn]ame|[Cc]alled|(?:speaking|talking|chatting|writing) (?:to|with))\b(?:\s+is|\s*[:=])?\s*"?${NAME}`,
  'u',
);
const SOMEBODY_ELSE = /\b(?:dog|cat|wife|husband|son|daughter|doctor|mother|father|partner|child|clinic|business|company)\b/i;

/** The newest name the person gave in the messages, else one from the system prompt. */
export function nameOf(prompt: Prompt): string | undefined {
  for (const raw of prompt.userTexts.toReversed()) {
    const text = utterance(raw).text.replaceAll('’', "'");
    // The opening may be written large, the name must be.
    const opened = text.replace(/\b(?:My name|This is|I am|I'm|It's|Call me)\b/g, (start) => start.toLowerCase());
    const name = INTRODUCTION.exec(opened)?.[1] ?? SMALL_INTRODUCTION.exec(text)?.[1];
    if (name && !NO_NAMES.test(name)) return name[0]!.toUpperCase() + name.slice(1);
  }
  const lines = prompt.system.split('\n').filter((line) => !SOMEBODY_ELSE.test(line));
  return lines.map((line) => NAME_FACT.exec(line)?.[1]).find((name) => name !== undefined);
}

/** Behind a fact: `[0a1b2c; 5 January 2026, SMS]`. */
const MARK = /\s*\[([0-9a-f]{6});[^\]]*\]\s*$/;

export interface FactLine {
  statement: string;
  /** What tools call it. */
  ref: string;
}

/** The facts that a tool has listed: bullets with a mark at their end. */
export function factLines(report: string): FactLine[] {
  return report.split('\n').flatMap((line) => {
    const ref = MARK.exec(line)?.[1];
    return line.startsWith('- ') && ref ? [{ statement: line.slice(2).replace(MARK, '').replace(/[.\s]+$/, ''), ref }] : [];
  });
}

/** The facts that share a word of some length with what was said; without any such word in it ("forget it") the newest. */
export function meantBy(said: string, known: readonly FactLine[]): string[] {
  const words = wordsOf(said);
  const meant = words.size > 0 ? known.filter(({ statement }) => [...wordsOf(statement)].some((word) => words.has(word))) : known.slice(-1);
  return meant.map(({ ref }) => ref);
}

const wordsOf = (text: string): Set<string> => new Set((text.toLowerCase().match(/\p{L}{4,}/gu) ?? []).filter((word) => !SMALL_WORDS.has(word)));
const SMALL_WORDS = new Set(['that', 'this', 'have', 'what', 'with', 'about', 'please', 'noted', 'told', 'again', 'from', 'your']);

/** Bullets below a heading that speaks of facts, of memory or of what is known. */
export function facts(prompt: Prompt): string[] {
  const found: string[] = [];
  let inside = false;
  for (const line of prompt.system.split('\n').map((raw) => raw.trim())) {
    const bullet = /^(?:[-*•]|\d+[.)])\s+(.+)$/.exec(line)?.[1];
    if (inside && bullet) found.push(bullet.replace(MARK, '').replace(/[.\s]+$/, ''));
    else if (line !== '') inside = isHeading(line) && !/:\s/.test(line) && /\b(facts?|known?|memory|remember(ed)?)\b/i.test(line);
  }
  return found;
}

/** The paragraph below a heading that speaks of a summary, or behind it on the same line. */
export function summary(prompt: Prompt): string | undefined {
  const lines = prompt.system.split('\n').map((raw) => raw.trim());
  const at = lines.findIndex((line) => isHeading(line) && /\bsummary\b/i.test(line));
  if (at < 0) return undefined;
  const behind = /:\s+(\S.*)$/.exec(lines[at]!)?.[1];
  if (behind) return behind;
  const below = lines.slice(at + 1);
  const end = below.findIndex((line, index) => (line === '' && index > 0) || isHeading(line));
  return below.slice(0, end < 0 ? undefined : end).join(' ').trim() || undefined;
}

/** `## Facts`, `<facts>`, `Known about this person:`, `Summary of earlier conversations: …` */
function isHeading(line: string): boolean {
  return /^#{1,6}\s|^<[\w-]+>$|^(?![-*•\d])[^.!?]{3,80}:(?:\s|$)/.test(line);
}

/** "I am allergic" as the front desk says it back: "you are allergic". */
export function saidBack(text: string): string {
  return text.replace(/\b(?:i am|i['’]m|i was|i have|i['’]ve|i|my|me|mine|myself)\b/gi, (word) => {
    return YOURS[word.toLowerCase().replace('’', "'")] ?? word;
  });
}

const YOURS: Record<string, string> = {
  'i am': 'you are',
  "i'm": 'you are',
  'i was': 'you were',
  'i have': 'you have',
  "i've": 'you have',
  i: 'you',
  my: 'your',
  me: 'you',
  mine: 'yours',
  myself: 'yourself',
};

/** "a", "b" and "c" */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
