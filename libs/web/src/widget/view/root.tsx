import { useLayoutEffect, useRef } from 'preact/hooks';
import { unreadOf } from '../thread.js';
import type { Widget } from '../widget.js';
import { Icon } from './icons.js';
import { Panel } from './panel.js';
import { useMedia, useWidget } from './watch.js';

const MOST_SHOWN = 9;

export function Root({ widget, host }: { widget: Widget; host: HTMLElement }) {
  const state = useWidget(widget);
  const { settings, words, isOpen } = widget;
  const launcher = useRef<HTMLButtonElement>(null);
  const isDark = useMedia('(prefers-color-scheme: dark)');
  const isSheet = useMedia('(max-width: 480px)') && settings.mode === 'bubble' && isOpen;
  const scheme = settings.theme === 'auto' ? (isDark ? 'dark' : 'light') : settings.theme;
  const box = useRef<HTMLDivElement>(null);
  const { accent, onAccent, accentInk } = widget.accent(scheme);
  useLayoutEffect(() => {
    const { style } = box.current!;
    for (const [name, value] of Object.entries({ '--accent': accent, '--on-accent': onAccent, '--accent-ink': accentInk })) style.setProperty(name, value);
  }, [accent, onAccent, accentInk]);
  const isShown = isOpen || (state.isReady && state.connection !== 'refused');
  const unread = unreadOf(state.messages, state.readUpTo).length;
  const close = (): void => widget.close();
  const wasOpen = useRef(isOpen);
  useLayoutEffect(() => {
    if (wasOpen.current && !isOpen) launcher.current?.focus({ preventScroll: true });
    wasOpen.current = isOpen;
  }, [isOpen]);
  return (
    <div ref={box} class={`widget ${settings.mode === 'inline' ? 'inline' : 'corner'} ${settings.side}${isSheet ? ' sheet' : ''}`} data-scheme={scheme} lang={widget.locale} dir={getComputedStyle(host).direction as 'ltr' | 'rtl'}>
      {isOpen && <Panel widget={widget} state={state} isSheet={isSheet} onClose={close} />}
      {settings.mode === 'bubble' && !isSheet && isShown && (
        <button ref={launcher} type="button" class="launcher" data-testid="launcher" aria-expanded={isOpen}
          aria-label={isOpen ? words.close : unread > 0 ? words.openUnread(unread) : words.open} onClick={() => (isOpen ? close() : widget.open())}>
          <Icon name={isOpen ? 'down' : 'chat'} size={26} />
          {!isOpen && unread > 0 && <span class="badge" aria-hidden="true">{unread > MOST_SHOWN ? `${MOST_SHOWN}+` : unread}</span>}
        </button>
      )}
    </div>
  );
}
