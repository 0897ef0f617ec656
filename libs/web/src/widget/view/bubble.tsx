import type { ComponentChildren } from 'preact';
import type { Entry, Outgoing } from '../thread.js';
import type { Widget } from '../widget.js';
import type { ChatMessage } from '../wire.types.js';
import { Attachment } from './attachment.js';
import { Icon } from './icons.js';
import { Markdown, Plain } from './rich.js';

interface Standing {
  widget: Widget;
  /** Whether it begins, or ends, a stretch of the same author. */
  isFirst: boolean;
  isLast: boolean;
}

export function Bubble({ entry, widget, isFirst, isLast }: { entry: Entry } & Standing) {
  // The hub's yes to what the visitor wrote changes this row and makes no new one: nothing is read out twice.
  return entry.kind === 'message'
    ? <Row {...said(entry.message, widget)} widget={widget} isFirst={isFirst} foot={isLast && <When message={entry.message} widget={widget} />} />
    : <Row {...unconfirmed(entry.outgoing, widget)} widget={widget} isFirst={isFirst} foot={<State outgoing={entry.outgoing} widget={widget} />} />;
}

interface Shown {
  kind: 'contact' | 'assistant' | 'staff';
  name: string;
  body: string;
  files: ComponentChildren;
  isUnconfirmed: boolean;
}

function said(message: ChatMessage, widget: Widget): Shown {
  const { author: { kind }, body, attachments } = message;
  return {
    kind, name: authorOf(message, widget), body, isUnconfirmed: false,
    files: attachments.map((file) => <Attachment key={file.id} file={file} widget={widget} />),
  };
}

function unconfirmed({ body, attachments }: Outgoing, { words }: Widget): Shown {
  return {
    kind: 'contact', name: words.you, body, isUnconfirmed: true,
    files: attachments.map(({ id, name }) => <p key={id} class="attached waits"><Icon name="file" size={16} /><span class="name">{name}</span></p>),
  };
}

export function authorOf({ author }: ChatMessage, { words }: Widget): string {
  if (author.kind === 'contact') return words.you;
  return author.name ?? (author.kind === 'assistant' ? words.assistant : words.staff);
}

function Row({ kind, name, body, files, isUnconfirmed, isFirst, foot }: Shown & Omit<Standing, 'isLast'> & { foot: ComponentChildren }) {
  const side = kind === 'contact' ? 'ours' : 'theirs';
  const isNamed = isFirst && kind === 'staff';
  return (
    <div class={`row ${side}${isFirst ? ' first' : ''}${isUnconfirmed ? ' unconfirmed' : ''}`} data-testid={isUnconfirmed ? 'unconfirmed' : `said-${kind}`}>
      <p class={isNamed ? 'author' : 'hidden'}>{name}</p>
      {body !== '' && <div class="bubble" dir="auto">{kind === 'assistant' ? <Markdown text={body} /> : <Plain text={body} />}</div>}
      {files}
      {foot}
    </div>
  );
}

function When({ message: { direction, createdAt }, widget: { locale, words } }: { message: ChatMessage; widget: Widget }) {
  return <p class="meta" aria-live="off">{timeOf(createdAt, locale)}{direction === 'inbound' ? ` · ${words.sent}` : ''}</p>;
}

function State({ outgoing: { clientId, state, reason }, widget: { words, chat } }: { outgoing: Outgoing; widget: Widget }) {
  if (state !== 'failed') return <p class="meta" aria-live="off">{chat.state.connection === 'up' ? words.sending : words.waiting}</p>;
  return (
    <p class="meta bad" role="alert">
      {words.failed}{reason ? `: ${reason}` : ''}
      <button type="button" class="link" onClick={() => chat.retry(clientId)}>{words.retry}</button>
      <button type="button" class="link" onClick={() => chat.discard(clientId)}>{words.discard}</button>
    </p>
  );
}

/** Outside the log, and hidden: a screen reader hears the message once it is there, not every word of it. */
export function Draft({ text }: { text: string }) {
  return <div class="row theirs first new" aria-hidden="true" data-testid="draft"><div class="bubble" dir="auto"><Markdown text={text} isDraft /></div></div>;
}

export function TypingDots({ name, label }: { name: string | null; label: string }) {
  return (
    <div class="row theirs first new" aria-hidden="true" title={label} data-testid="typing">
      {name && <p class="author">{name}</p>}
      <div class="bubble dots"><i /><i /><i /></div>
    </div>
  );
}

export const timeOf = (iso: string, locale: string): string => new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }).format(new Date(iso));
