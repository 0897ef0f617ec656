import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ChatState } from '../chat.js';
import type { Widget } from '../widget.js';
import { Composer, useUploads } from './composer.js';
import { Icon, type IconName } from './icons.js';
import { Thread } from './thread.js';

export function Panel({ widget, state, isSheet, onClose }: { widget: Widget; state: ChatState; isSheet: boolean; onClose: () => void }) {
  const { words, settings } = widget;
  const panel = useRef<HTMLElement>(null);
  const [uploads, files] = useUploads(widget);
  const [isOver, setOver] = useState(false);
  const takesFiles = state.look?.attachments !== false;
  const isInline = settings.mode === 'inline';
  useFirstFocus(panel, isInline);
  useSeen(widget, state);
  useKeyboardSpace(panel, isSheet);
  return (
    <section
      ref={panel} class="panel" data-testid="panel" role={isInline ? 'region' : 'dialog'} aria-label={widget.heading} aria-modal={isSheet || undefined}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !isInline) { event.stopPropagation(); onClose(); }
        if (event.key === 'Tab' && isSheet) goRound(event);
      }}
      onPaste={(event) => {
        const pasted = event.clipboardData?.files;
        if (!takesFiles || !pasted?.length) return;
        event.preventDefault();
        uploads.add(pasted);
      }}
      onDragOver={(event) => { if (takesFiles && event.dataTransfer?.types.includes('Files')) { event.preventDefault(); setOver(true); } }}
      onDragLeave={(event) => { if (!panel.current?.contains(event.relatedTarget as Node | null)) setOver(false); }}
      onDrop={(event) => { event.preventDefault(); setOver(false); if (takesFiles && event.dataTransfer) uploads.add(event.dataTransfer.files); }}
    >
      <Header widget={widget} state={state} onClose={isInline ? undefined : onClose} />
      <Line state={state} widget={widget} />
      {state.connection === 'refused'
        ? <p class="refused" role="alert"><Icon name="warning" />{words.refused}</p>
        : <><Thread widget={widget} state={state} /><Composer widget={widget} uploads={uploads} files={files} onSent={() => undefined} /></>}
      {isOver && <div class="over" aria-hidden="true"><Icon name="clip" size={28} />{words.drop}</div>}
    </section>
  );
}

/** A sheet covers the page: the last thing in it is followed by the first. */
function goRound(event: preact.TargetedKeyboardEvent<HTMLElement>): void {
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('a[href], button, input:not([hidden]), textarea, [tabindex="0"]')];
  const [first, last] = [all[0], all.at(-1)];
  const [from, to] = event.shiftKey ? [first, last] : [last, first];
  if ((event.currentTarget.getRootNode() as ShadowRoot).activeElement !== from) return;
  event.preventDefault();
  to?.focus();
}

const owners: Record<ChatState['owner'], { icon: IconName; line: 'byAssistant' | 'queued' | 'byStaff' }> = {
  assistant: { icon: 'spark', line: 'byAssistant' },
  queued: { icon: 'person', line: 'queued' },
  staff: { icon: 'person', line: 'byStaff' },
};

function Header({ widget, state, onClose }: { widget: Widget; state: ChatState; onClose: (() => void) | undefined }) {
  const { words } = widget;
  const { icon, line } = owners[state.owner];
  const sound = widget.hasSound ? words.soundOff : words.soundOn;
  return (
    <header class="head">
      <span class="face"><Icon name={icon} size={22} /></span>
      <div class="titles">
        <h2>{widget.heading}</h2>
        <p data-testid="owner" role="status">{state.connection === 'refused' ? '' : words[line]}</p>
      </div>
      <button type="button" class="plain" aria-label={sound} title={sound} onClick={() => { widget.hasSound = !widget.hasSound; }}><Icon name={widget.hasSound ? 'sound' : 'mute'} /></button>
      {onClose && <button type="button" class="plain" aria-label={words.close} title={words.close} onClick={onClose}><Icon name="close" /></button>}
    </header>
  );
}

/** Silent while all is well. A connection that is back soon is not worth a word. */
function Line({ state: { connection, isLoaded }, widget: { words } }: { state: ChatState; widget: Widget }) {
  const [isLong, setLong] = useState(false);
  const isDown = connection === 'down' || (connection === 'connecting' && !isLoaded);
  useEffect(() => {
    setLong(false);
    if (!isDown) return;
    const timer = setTimeout(() => setLong(true), 1_500);
    return () => clearTimeout(timer);
  }, [isDown]);
  return <p class="line" role="status" data-testid="line">{isDown && isLong ? (connection === 'down' ? words.offline : words.connecting) : ''}</p>;
}

/** On a touch screen the keyboard would hide half of what was opened: the panel is focused, not the field. */
function useFirstFocus(panel: { current: HTMLElement | null }, isInline: boolean): void {
  useLayoutEffect(() => {
    if (isInline) return;
    const isTouch = matchMedia('(pointer: coarse)').matches;
    panel.current?.querySelector<HTMLElement>(isTouch ? '.head button:last-child' : 'textarea')?.focus({ preventScroll: true });
  }, []);
}

function useSeen(widget: Widget, state: ChatState): void {
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === 'visible') widget.chat.seen();
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [widget, state.messages]);
}

/** A sheet takes what the keyboard leaves of the window, and holds the page behind it still. */
function useKeyboardSpace(panel: { current: HTMLElement | null }, isSheet: boolean): void {
  useLayoutEffect(() => {
    const element = panel.current!;
    const view = window.visualViewport;
    if (!isSheet || !view) return;
    const fit = (): void => {
      element.style.setProperty('--top', `${view.offsetTop}px`);
      element.style.setProperty('--height', `${view.height}px`);
    };
    fit();
    view.addEventListener('resize', fit);
    view.addEventListener('scroll', fit);
    const { style } = document.documentElement;
    const before = style.overflow;
    style.overflow = 'hidden';
    return () => {
      view.removeEventListener('resize', fit);
      view.removeEventListener('scroll', fit);
      style.overflow = before;
      element.style.removeProperty('--top');
      element.style.removeProperty('--height');
    };
  }, [isSheet]);
}
