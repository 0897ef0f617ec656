import { Fragment } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ChatState } from '../chat.js';
import { entriesOf, type Entry, suggestionsOf } from '../thread.js';
import type { Widget } from '../widget.js';
import { Bubble, Draft, TypingDots } from './bubble.js';
import { Icon } from './icons.js';
import { LeadCard } from './lead.card.js';

/** Pixels from the end within which somebody reads along. */
const NEAR = 80;
const MARGIN = 12;
/** Words of one author within so many milliseconds stand together. */
const STRETCH_MS = 5 * 60_000;

export function Thread({ widget, state }: { widget: Widget; state: ChatState }) {
  const { words } = widget;
  const entries = entriesOf(state.messages, state.outgoing);
  const { scroll, content, isAtEnd, follow, toEnd } = useEnd(state, () => void widget.chat.older());
  const greeting = state.look?.greeting;
  const suggestions = suggestionsOf(entries);
  return (
    <div class="middle">
      <div class="scroll" ref={scroll} tabIndex={0} role="group" aria-label={widget.heading}>
        <div class="content" ref={content}>
          {greeting && <div class="row theirs first"><div class="bubble" dir="auto"><p>{greeting}</p></div></div>}
          <div role="log" aria-live={state.isLoadingOlder ? 'off' : 'polite'} aria-relevant="additions" aria-label={widget.heading} class="log">
            {entries.map((entry, at) => (
              <Fragment key={entry.key}>
                {isNewDay(entries[at - 1], entry) && <p class="day">{dayOf(entry, widget)}</p>}
                <Bubble entry={entry} widget={widget} isFirst={!isTogether(entries[at - 1], entry)} isLast={!isTogether(entry, entries[at + 1])} />
              </Fragment>
            ))}
          </div>
          {state.drafts.map(({ turnId, text }) => <Draft key={turnId} text={text} />)}
          {state.typing && state.drafts.length === 0 && <TypingDots name={state.typing.name} label={words.isTyping(state.typing.name ?? words[state.typing.author])} />}
          {suggestions.length > 0 && (
            <div class="suggestions" role="group" aria-label={words.suggestions}>
              {suggestions.map((text) => <button key={text} type="button" class="suggestion" onClick={() => { widget.chat.send(text); follow(); }}>{text}</button>)}
            </div>
          )}
          <LeadCard widget={widget} state={state} />
        </div>
      </div>
      {!isAtEnd && <button type="button" class="newest" onClick={toEnd}><Icon name="down" size={16} />{words.newest}</button>}
    </div>
  );
}

interface End {
  scroll: { current: HTMLDivElement | null };
  content: { current: HTMLDivElement | null };
  isAtEnd: boolean;
  follow: () => void;
  toEnd: () => void;
}

/** Follows what is said while somebody reads along, and leaves them alone while they look back. */
function useEnd(state: ChatState, older: () => void): End {
  const scroll = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const [isAtEnd, setAtEnd] = useState(true);
  const follow = (): void => {
    follows.current = true;
    if (scroll.current && content.current) scroll.current.scrollTop = restingPlace(scroll.current, content.current);
  };
  const toEnd = (): void => {
    scroll.current!.scrollTop = scroll.current!.scrollHeight;
  };
  useEffect(() => {
    const element = scroll.current!;
    const look = (): void => {
      const isNear = (place: number): boolean => element.scrollTop > place - NEAR;
      follows.current = isNear(restingPlace(element, content.current!));
      setAtEnd(isNear(element.scrollHeight - element.clientHeight));
      if (element.scrollTop < NEAR) older();
    };
    element.addEventListener('scroll', look, { passive: true });
    // Pictures come late, and a keyboard takes half of the window.
    const sizes = new ResizeObserver(() => { if (follows.current) follow(); });
    sizes.observe(element);
    sizes.observe(content.current!);
    return () => {
      element.removeEventListener('scroll', look);
      sizes.disconnect();
    };
  }, []);
  // What is put in front moves nothing of what is being read.
  const before = useRef({ first: '', height: 0 });
  useLayoutEffect(() => {
    const { first, height } = before.current;
    const now = { first: state.messages[0]?.id ?? '', height: scroll.current!.scrollHeight };
    if (!follows.current && first !== '' && first !== now.first) scroll.current!.scrollTop += now.height - height;
    before.current = now;
  }, [state]);
  const own = state.outgoing.length;
  useLayoutEffect(() => { if (own > 0 || follows.current) follow(); }, [own, state]);
  return { scroll, content, isAtEnd, follow, toEnd };
}

/** The end; but of words that are higher than the window the beginning stays in sight, unless somebody fills in the card below them. */
function restingPlace(scroll: HTMLElement, content: HTMLElement): number {
  const end = scroll.scrollHeight - scroll.clientHeight;
  if (content.querySelector('.card:focus-within')) return end;
  const last = [...content.querySelectorAll<HTMLElement>('.row')].at(-1);
  return last ? Math.min(end, last.offsetTop - MARGIN) : end;
}

const createdAt = (entry: Entry): string => (entry.kind === 'message' ? entry.message : entry.outgoing).createdAt;

/** One author, and little time between them. */
function isTogether(one: Entry | undefined, other: Entry | undefined): boolean {
  if (!one || !other) return false;
  const [first, second] = [writerOf(one), writerOf(other)];
  return first === second && Date.parse(createdAt(other)) - Date.parse(createdAt(one)) < STRETCH_MS;
}

const writerOf = (entry: Entry): string =>
  (entry.kind === 'outgoing' || entry.message.direction === 'inbound' ? 'ours' : `${entry.message.author.kind} ${entry.message.author.name}`);

const isNewDay = (before: Entry | undefined, entry: Entry): boolean =>
  !before || new Date(createdAt(before)).toDateString() !== new Date(createdAt(entry)).toDateString();

function dayOf(entry: Entry, { words, locale }: Widget): string {
  const day = new Date(createdAt(entry));
  if (day.toDateString() === new Date().toDateString()) return words.today;
  return new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short' }).format(day);
}
