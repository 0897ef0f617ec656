import { earlier, nameOf, summary, utterance, type Utterance } from './clinic-memory.js';
import type { Prompt } from './prompt.js';

/** A line of a transcript given as one text: `Customer (sms): Hello`, `[voice] caller: Hello`, `Customer (sms): "Hello"`. */
const LINE = new RegExp(
  String.raw`^\s*(?:[\[(]([^\])]+)[\])]\s*)?` +
    String.raw`(customer|caller|contact|person|patient|visitor|user|staff|assistant)\b\s*` +
    String.raw`(?:[\[(]([^\])]+)[\])])?\s*:\s*(.+)$`,
  'i',
);

export interface ClinicSummary {
  summary: string;
  facts: string[];
}

/**
 * A summary made of the person's own sentences: short, true, and the same every time. As JSON where the
 * instructions ask for JSON, as text otherwise.
 */
export function summarise(prompt: Prompt): string {
  const made = extract(prompt);
  return /\bjson\b/i.test(prompt.system) ? JSON.stringify(made) : made.summary;
}

function extract(prompt: Prompt): ClinicSummary {
  const said = sayings(prompt);
  const points = said.map(({ channel, text }) => `${firstSentence(text)}${channel ? ` (${channel})` : ''}`);
  const before = summary(prompt);
  const own = points.length > 0 ? `The customer said: ${dedupe(points).join(' / ')}` : 'The customer has said nothing.';
  return { summary: before ? `${before} ${own}` : own, facts: factsIn(said, nameOf(prompt)) };
}

/** What the person said: from a transcript in one message, or from the messages themselves. */
function sayings(prompt: Prompt): Utterance[] {
  const lines = prompt.userTexts.flatMap((text) => text.split('\n')).map((line) => LINE.exec(line));
  const spoken = lines.filter((line) => line !== null);
  if (spoken.length > 0) {
    const theirs = spoken.filter((line) => !/^(staff|assistant)$/i.test(line[2]!));
    return theirs.map(([, before, , after, text]) => {
      const mark = before ?? after;
      return utterance(mark ? `[${mark}] ${unquoted(text!)}` : unquoted(text!));
    });
  }
  return [...earlier(prompt), utterance(prompt.lastUserText)].filter(({ text }) => text.trim() !== '');
}

/** The words of a text that is given as a JSON string, without what is behind it; any other text as it is. */
function unquoted(text: string): string {
  const string = /^"(?:[^"\\]|\\.)*"/.exec(text)?.[0];
  try {
    return string === undefined ? text : String(JSON.parse(string)).replace(/\s+/g, ' ');
  } catch {
    return text;
  }
}

/** Sentences in which people speak of lasting things about themselves. */
const LASTING = new RegExp(
  "\\b(?:i am|i'm|i have|i live|i prefer|i always|i never|i can't|i cannot|i work|" +
    'my (?:name|birthday|doctor|insurance|address|wife|husband|son|daughter|dog|e-?mail|number))\\b',
  'i',
);

function factsIn(said: Utterance[], name: string | undefined): string[] {
  const sentences = said.flatMap(({ text }) => text.split(/(?<=[.!?])\s+/));
  const lasting = sentences.filter((sentence) => LASTING.test(sentence.replaceAll('’', "'")) && !sentence.endsWith('?'));
  const own = lasting.map((sentence) => sentence.trim().replace(/[.!\s]+$/, ''));
  return dedupe([...(name ? [`Name: ${name}`] : []), ...own]).slice(0, 10);
}

function firstSentence(text: string): string {
  return text.trim().split(/(?<=[.!?])\s+/)[0]!.slice(0, 160);
}

const dedupe = (items: string[]): string[] => [...new Set(items)];
