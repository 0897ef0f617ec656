import type { Chat } from '../chat.js';
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

export function Bubble({ entry, ...standing }: { entry: Entry } & Standing) {
  return entry.kind === 'message' ? <Said message={entry.message} {...standing} /> : <Unconfirmed outgoing={entry.outgoing} {...standing} />;
}

export function authorOf({ author }: ChatMessage, { words }: Widget): string {
  if (author.kind === 'contact') return words.you;
  return author.name ?? (author.kind === 'assistant' ? words.assistant : words.staff);
}

function Said({ message, widget, isFirst, isLast }: { message: ChatMessage } & Standing) {
  const { direction, author, body, attachments, createdAt } = message;
  const side = direction === 'inbound' ? 'ours' : 'theirs';
  const name = authorOf(message, widget);
  const isShown = isFirst && author.kind === 'staff';
  return (
    <div class={`row ${side}${isFirst ? ' first' : ''}`} data-testid={`said-${author.kind}`}>
      {isShown ? <p class="author">{name}</p> : <span class="hidden">{`${name}: `}</span>}
      {body !== '' && <div class="bubble" dir="auto">{author.kind === 'assistant' ? <Markdown text={body} /> : <Plain text={body} />}</div>}
      {attachments.map((file) => <Attachment key={file.id} file={file} widget={widget} />)}
      {isLast && <p class="meta" aria-live="off">{timeOf(createdAt, widget.locale)}{side === 'ours' ? ` · ${widget.words.sent}` : ''}</p>}
    </div>
  );
}

function Unconfirmed({ outgoing, widget, isFirst }: { outgoing: Outgoing } & Standing) {
  const { body, attachments, state } = outgoing;
  return (
    <div class={`row ours unconfirmed${isFirst ? ' first' : ''}`} data-testid="unconfirmed">
      <span class="hidden">{`${widget.words.you}: `}</span>
      {body !== '' && <div class="bubble" dir="auto"><Plain text={body} /></div>}
      {attachments.map(({ id, name }) => <p key={id} class="attached waits"><Icon name="file" size={16} />{name}</p>)}
      <State outgoing={outgoing} widget={widget} chat={widget.chat} key={state} />
    </div>
  );
}

function State({ outgoing: { clientId, state, reason }, widget: { words }, chat }: { outgoing: Outgoing; widget: Widget; chat: Chat }) {
  if (state === 'failed') {
    return (
      <p class="meta bad" role="alert">
        {words.failed}{reason ? `: ${reason}` : ''}
        <button type="button" class="link" onClick={() => chat.retry(clientId)}>{words.retry}</button>
        <button type="button" class="link" onClick={() => chat.discard(clientId)}>{words.discard}</button>
      </p>
    );
  }
  const isWaiting = chat.state.connection !== 'up';
  return <p class="meta" aria-live="off">{isWaiting ? words.waiting : words.sending}</p>;
}

/** Outside the log, and hidden: a screen reader hears the message once it is there, not every word of it. */
export function Draft({ text }: { text: string }) {
  return <div class="row theirs first" aria-hidden="true" data-testid="draft"><div class="bubble" dir="auto"><Markdown text={text} isDraft /></div></div>;
}

export function TypingDots({ name, label }: { name: string | null; label: string }) {
  return (
    <div class="row theirs first" aria-hidden="true" title={label} data-testid="typing">
      {name && <p class="author">{name}</p>}
      <div class="bubble dots"><i /><i /><i /></div>
    </div>
  );
}

export const timeOf = (iso: string, locale: string): string => new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }).format(new Date(iso));
