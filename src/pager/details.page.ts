import type { Message } from '../conversations/conversations.types.js';
import type { Sighted } from '../escalation/escalation.types.js';
import type { DetailsLines } from './details.lines.js';
import { escaped, framed } from './pager.page.js';

/** So much of one message is shown, in characters. */
const MOST_SHOWN = 600;

export interface Details extends Sighted {
  token: string;
  timeZone: string;
  /** What the customer is called. */
  name: string | null;
  messages: readonly Message[];
}

/** Where the PIN is asked for. */
export function pinPage(lines: DetailsLines, { token, trouble, canBeOpened }: { token: string; trouble: string | null; canBeOpened: boolean }): string {
  const form = `<form method="post" action="${linkOf(token)}/details"><label for="pin">${escaped(lines.pin)}</label>
<input id="pin" name="pin" type="password" inputmode="numeric" autocomplete="off" maxlength="12" required${trouble ? ' aria-describedby="trouble"' : ''}><button type="submit" class="plain">${escaped(lines.open)}</button></form>`;
  const body = `<h1>${escaped(lines.title)}</h1><p>${escaped(lines.whyPin)}</p>${trouble ? `<p id="trouble" role="alert" class="trouble">${escaped(trouble)}</p>` : ''}
${canBeOpened ? `<div class="card">${form}</div>` : ''}${backTo(token, lines)}`;
  return framed(lines.language, lines.title, body);
}

/** All that somebody has to know who takes it. Whatever people have written is text here and nothing else. */
export function detailsPage(lines: DetailsLines, { token, timeZone, incident, attempts, name, messages }: Details): string {
  const when = new Intl.DateTimeFormat(lines.language, { timeZone, day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const { code, callback, urgency, reports, acknowledgedBy, acknowledgedAt } = incident;
  const number = callback ? `<a class="number" href="tel:${escaped(callback)}">${escaped(callback)}</a>` : escaped(lines.unknown);
  const facts: [string, string][] = [
    [lines.customer, escaped(name ?? lines.unknown)], [lines.callBack, number], [lines.urgency, `${urgency} / 5`],
    [lines.why, reports.map(({ reason, source, at }) => `${escaped(reason)} <small>${escaped(source)}, ${escaped(when.format(at))}</small>`).join('<br>') || escaped(lines.nothingSaid)],
  ];
  const said = messages.filter(({ authorKind }) => authorKind !== 'system').map((message) => entry(when.format(message.createdAt), whoSaid(lines, message, name), wordsOf(lines, message)));
  const done = attempts.map((attempt) =>
    entry(when.format(attempt.createdAt), `${attempt.name}, ${lines.channels[attempt.channel] ?? attempt.channel}`, lines.states[attempt.state]));
  const taken = acknowledgedBy && acknowledgedAt ? [entry(when.format(acknowledgedAt), lines.takenBy(acknowledgedBy), '')] : [];
  return framed(lines.language, `${lines.title} ${code}`, `<h1>${escaped(`${lines.title} ${code}`)}</h1>
<dl class="card">${facts.map(([what, html]) => `<dt>${escaped(what)}</dt><dd>${html}</dd>`).join('')}</dl>
<h2>${escaped(lines.said)}</h2>${said.length > 0 ? `<ol class="card">${said.join('')}</ol>` : `<p>${escaped(lines.nothingSaid)}</p>`}
<h2>${escaped(lines.done)}</h2><ol class="card">${[...done, ...taken].join('')}</ol>${backTo(token, lines)}`);
}

const entry = (at: string, who: string, what: string): string => `<li><small>${escaped(at)}</small><br><strong>${escaped(who)}</strong>${what ? `<br>${escaped(what)}` : ''}</li>`;

function whoSaid(lines: DetailsLines, { authorKind, author }: Message, name: string | null): string {
  if (authorKind === 'contact') return name ?? lines.customer;
  return authorKind === 'assistant' ? lines.assistant : author;
}

function wordsOf({ file }: DetailsLines, { body, media }: Message): string {
  const words = body.length > MOST_SHOWN ? `${body.slice(0, MOST_SHOWN)}…` : body;
  return [words, ...media.map(() => `[${file}]`)].filter(Boolean).join(' ');
}

const linkOf = (token: string): string => `/a/${escaped(encodeURIComponent(token))}`;
const backTo = (token: string, { back }: DetailsLines): string => `<p><a href="${linkOf(token)}">${escaped(back)}</a></p>`;
