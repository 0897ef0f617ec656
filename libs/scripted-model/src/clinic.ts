import { LEAFLET } from './clinic-leaflet.js';
import { earlier, factLines, facts, listed, meantBy, nameOf, saidBack, summary, utterance } from './clinic-memory.js';
import { summarise } from './clinic-summary.js';
import * as topic from './clinic-topics.js';
import { triage } from './clinic-triage.js';
import type { Prompt } from './prompt.js';
import type { ScriptFunction, Step, ToolUse } from './script.js';

/**
 * The front desk of Riverside Clinic: what the sandbox plays until a real model is plugged in. It knows nothing
 * but the prompt, calls only tools that the request offers, and answers the same way every time.
 */
export const clinic: ScriptFunction = (prompt) => {
  if (prompt.task === 'summarise') return [{ say: summarise(prompt) }];
  if (prompt.task === 'triage') return use(prompt, { name: 'judge', arguments: { ...triage(prompt) } });
  if (prompt.lastUserImages > 0 && !prompt.toolResult) return [{ say: seesPictures(prompt) }];
  const text = utterance(prompt.lastUserText).text.replaceAll('’', "'");
  const result = prompt.toolResult;
  if (result) return after(prompt, text, result);
  const [, reply = fallback] = REPLIES.find(([heard]) => heard.test(text)) ?? [];
  const said = reply(prompt, text);
  return typeof said === 'string' ? [{ say: said }] : said;
};

/** It has no eyes, but shows that a model would have been shown them. */
function seesPictures(prompt: Prompt): string {
  const count = prompt.lastUserImages;
  return `Thank you${comma(prompt)}, I can see the ${count === 1 ? 'picture' : `${count} pictures`} that you sent. Shall I show it to a nurse?`;
}

type Reply = (prompt: Prompt, text: string) => Step[] | string;

/** In order of importance: the first that fits answers. */
const REPLIES: [heard: RegExp, Reply][] = [
  [topic.EMERGENCY, emergency],
  [topic.WANTS_PERSON, wantsPerson],
  [topic.CALL_ME, calls],
  [topic.NO_TEXTS, noTexts],
  [topic.TEXT_ME, texts],
  [topic.REMEMBER, remembers],
  [topic.FORGET, forgets],
  [topic.WHAT_IS_KNOWN, knows],
  [topic.WHO_AM_I, knowsName],
  [topic.LOOK_UP, looksUp],
  [topic.SAID_BEFORE, recalls],
  [topic.EVERYTHING, () => LEAFLET],
  [topic.CANCEL, cancels],
  [topic.HOURS, () => 'We are open Monday to Friday from 8:00 to 18:00 and on Saturday from 9:00 to 13:00.'],
  [topic.PRICE, () => 'A first visit is 90 dollars, a follow-up is 60 and a flu vaccination 25. Most insurers pay for visits.'],
  [topic.PLACE, () => 'You find us at 12 Mill Lane. Bus lines 4 and 11 stop there, and there is parking behind the house.'],
  [topic.DAY, takesTime],
  [topic.TIME, takesTime],
  [topic.BOOKING, offersTimes],
  [topic.INSURANCE, () => 'We work with most insurers. Bring your card to the first visit; you can also pay by card or in cash.'],
  [topic.RESULTS, () => 'Prescriptions are ready the next working day after 10:00, blood results after two working days.'],
  [topic.ARE_YOU_REAL, () => 'I am the assistant of Riverside Clinic, not a person. If you would like one, just say so.'],
  [topic.THANKS, (prompt) => `You are welcome${comma(prompt)}. Is there anything else?`],
  [topic.GOODBYE, (prompt) => `Goodbye${comma(prompt)}, and take care.`],
  [topic.GREETING, greets],
  [topic.INTRODUCTION, greets],
];

const ADVICE = 'This sounds like an emergency. Please call 911 or your local emergency number now, do not wait for us.';

function emergency(prompt: Prompt): Step[] {
  const call = use(prompt, { name: 'hand_off', arguments: { reason: `Emergency: ${quoted(prompt)}` } });
  return call.length > 0 ? [{ say: `${ADVICE} I am alerting a colleague as well.` }, ...call] : [{ say: ADVICE }];
}

/** On the phone only: who writes has it in front of them. */
function texts(prompt: Prompt, text: string): Step[] | string {
  const call = use(prompt, { name: 'text_caller', arguments: { message: 'Riverside Clinic, 12 Mill Lane. The way, and all forms: https://riverside.test/visit' } });
  if (call.length > 0) return call;
  const [, reply = fallback] = REPLIES.find(([heard]) => heard !== topic.TEXT_ME && heard.test(text)) ?? [];
  return reply(prompt, text);
}

function noTexts(prompt: Prompt): Step[] | string {
  const call = use(prompt, { name: 'no_more_texts', arguments: {} });
  return call.length > 0 ? call : 'Write STOP, and you get no more messages here.';
}

/** On the phone they are put through to somebody, in writing a colleague takes over. */
function wantsPerson(prompt: Prompt): Step[] | string {
  const transfer = use(prompt, { name: 'transfer_to_specialist', arguments: { reason: `Asks for a person: ${quoted(prompt)}` } });
  if (transfer.length > 0) return transfer;
  const call = use(prompt, { name: 'hand_off', arguments: { reason: `Asks for a person: ${quoted(prompt)}` } });
  if (call.length > 0) return call;
  return 'I cannot reach a colleague from here. You can call the front desk Monday to Friday, 8:00 to 18:00.';
}

function calls(prompt: Prompt): Step[] | string {
  const call = use(prompt, { name: 'call_customer', arguments: { purpose: 'your message' } });
  return call.length > 0 ? call : wantsPerson(prompt);
}

function remembers(prompt: Prompt, text: string): Step[] | string {
  const fact = factIn(text) ?? text;
  const call = use(prompt, { name: 'remember', arguments: { fact } });
  return call.length > 0 ? call : `I cannot store that, but in this conversation I know that ${saidBack(fact)}.`;
}

const factIn = (text: string): string | undefined => topic.REMEMBER.exec(text)?.[1]?.replace(/[.!\s]+$/, '');

function cancels(prompt: Prompt): string {
  const offer = 'Would Tuesday at 10:30 or Wednesday at 14:00 suit you instead?';
  return `No problem${comma(prompt)}. Up to 24 hours before, changing an appointment costs nothing. ${offer}`;
}

function offersTimes(prompt: Prompt): Step[] | string {
  const message = `Gladly${comma(prompt)}. We have Tuesday at 10:30, Wednesday at 14:00 and Friday at 9:15. Which one suits you?`;
  const call = use(prompt, { name: 'offer_replies', arguments: { message, replies: ['Tuesday at 10:30', 'Wednesday at 14:00', 'Friday at 9:15'] } });
  return call.length > 0 ? call : message;
}

const OFFERED: Record<string, string> = { tuesday: '10:30', wednesday: '14:00', friday: '9:15' };

function takesTime(prompt: Prompt, text: string): string {
  const day = topic.DAY.exec(text)?.[0].toLowerCase();
  const time = topic.TIME.exec(text)?.[0] ?? OFFERED[day ?? ''];
  const date = day && (day === 'tomorrow' ? day : day[0]!.toUpperCase() + day.slice(1));
  const when = [date, time && `at ${time}`].filter(Boolean).join(' ');
  const who = nameOf(prompt);
  if (!who) return `I have noted ${when}. What name may I put it under?`;
  return `Thank you, ${who}. I have noted ${when} for you; you will get a confirmation.`;
}

/** Everything at once, or whichever noted facts have the words; those have to be looked up first. */
function forgets(prompt: Prompt, text: string): Step[] | string {
  const all = topic.ALL_OF_IT.test(text);
  const call = use(prompt, all ? { name: 'forget', arguments: { everything: true } } : { name: 'known_facts' });
  return call.length > 0 ? call : 'I cannot delete anything from here. Shall I fetch a person for you?';
}

function forgetsAmong(prompt: Prompt, text: string, known: string): Step[] | string {
  const meant = meantBy(topic.FORGET.exec(text)?.[1] ?? '', factLines(known));
  const call = meant.length > 0 ? use(prompt, { name: 'forget', arguments: { facts: meant } }) : [];
  return call.length > 0 ? call : 'I have nothing like that noted.';
}

function knows(prompt: Prompt): Step[] | string {
  const call = use(prompt, { name: 'known_facts' });
  return call.length > 0 ? call : knowsFromPrompt(prompt);
}

/** What the tool has read out, said back; nothing else. */
function tellsKnown(prompt: Prompt, known: string): string {
  const noted = factLines(known).map(({ statement }) => saidBack(statement));
  const past = /^Summary of older messages: (.+)$/m.exec(known)?.[1];
  if (noted.length > 0) return `This is what I have noted: ${listed(noted)}.`;
  if (past) return `From our earlier conversations I know this: ${past}`;
  const name = nameOf(prompt);
  return name ? `I know that your name is ${name}; more you have not told me yet.` : 'I know nothing about you yet. Tell me what I should remember.';
}

function knowsFromPrompt(prompt: Prompt): string {
  const told = earlier(prompt).map(({ text }) => factIn(text.replaceAll('’', "'")));
  const known = [...facts(prompt), ...told.filter((fact) => fact !== undefined)].map(saidBack);
  const past = summary(prompt);
  const name = nameOf(prompt);
  if (known.length > 0) return `This is what I have noted: ${listed([...new Set(known)])}.`;
  if (past) return `From our earlier conversations I know this: ${past}`;
  if (name) return `I know that your name is ${name}; more you have not told me yet.`;
  return 'I know nothing about you yet. Tell me what I should remember.';
}

function knowsName(prompt: Prompt): string {
  const name = nameOf(prompt);
  return name ? `Your name is ${name}.` : 'You have not told me your name yet. What is it?';
}

/** One memory for all channels: the newest thing said on each of them. */
function recalls(prompt: Prompt): string {
  const newest = new Map(earlier(prompt).map(({ channel, text }) => [channel ?? '', text.trim()]));
  const items = [...newest].map(([channel, text]) => `${channel ? `${channel} ` : ''}you said "${text.slice(0, 120)}"`);
  if (items.length > 0) return `Yes, I have it here: ${listed(items)}. How can I help you with that?`;
  const past = summary(prompt);
  return past ? `Yes, I remember: ${past}` : 'I have nothing from you before this message. What was it about?';
}

function greets(prompt: Prompt): string {
  const name = nameOf(prompt);
  return `Hello${name ? ` ${name}` : ''}, this is Riverside Clinic. How can I help you?`;
}

function fallback(prompt: Prompt): string {
  const help = 'I can help with opening hours, prices and appointments';
  return `${help}${comma(prompt)}, or fetch a person for you. What would you like?`;
}

function after(prompt: Prompt, text: string, { tool, content }: { tool: string; content: string }): Step[] {
  const wantsForgotten = tool === 'known_facts' && topic.FORGET.test(text);
  const said = wantsForgotten ? forgetsAmong(prompt, text, content) : closing(prompt, tool, content);
  return typeof said === 'string' ? [{ say: said }] : said;
}

function looksUp(prompt: Prompt, text: string): Step[] | string {
  const call = use(prompt, { name: 'search_knowledge', arguments: { query: text.trim().slice(0, 200) } });
  return call.length > 0 ? call : fallback(prompt);
}

/** The best passage, with the title of the page it is from. */
function quotes(found: string): string {
  const [, place, passage] = /^Passage \S+ of "([^"]+)"[^\n]*:\n([^]+?)(?=\n\nPassage |$)/.exec(found) ?? [];
  return passage ? `${passage.replace(/\s+/g, ' ').slice(0, 400)} (from: ${place})` : 'I find nothing about that in our pages. Shall I fetch a person for you?';
}

function closing(prompt: Prompt, tool: string, content: string): Step[] | string {
  const failed = /"?(?:error|refused|failed)"?\s*[:=]/i.test(content);
  if (tool === 'raise_emergency') return failed ? emergency(prompt) : `${ADVICE} I am reaching the people on call as well.`;
  if (failed && tool === 'transfer_to_specialist') return 'I am sorry, nobody can take your call right now. What shall I tell the team?';
  if (failed && tool === 'text_caller') return 'I am sorry, I cannot text this phone. We are at 12 Mill Lane.';
  if (failed) return 'I am sorry, that did not work. Shall I fetch a person for you?';
  if (tool === 'text_caller') return `I have just sent it to your phone${comma(prompt)}. Is there anything else?`;
  if (tool === 'no_more_texts') return 'You get no more texts from us. A text with the word START brings them back.';
  if (tool === 'hand_off') return `A colleague will be with you shortly${comma(prompt)}.`;
  if (tool === 'call_customer') return `I am calling you now${comma(prompt)}.`;
  if (tool === 'known_facts') return tellsKnown(prompt, content);
  if (tool === 'forget') return 'That is forgotten, and I will not use it again.';
  if (tool === 'search_knowledge') return quotes(content);
  if (tool === 'remember') return `I will remember that${comma(prompt)}.`;
  return `That is done${comma(prompt)}. Is there anything else?`;
}

const use = (prompt: Prompt, call: ToolUse): Step[] => (prompt.offers(call.name) ? [{ callTool: call }] : []);

const quoted = (prompt: Prompt): string => `"${utterance(prompt.lastUserText).text.trim().slice(0, 200)}"`;

function comma(prompt: Prompt): string {
  const name = nameOf(prompt);
  return name ? `, ${name}` : '';
}
