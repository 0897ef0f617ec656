import { ThroughlineChat } from './element.js';
import type { Widget } from './widget.js';

declare global {
  interface Window {
    Throughline?: Pick<Widget, 'open' | 'close' | 'toggle' | 'identify' | 'forget' | 'on'>;
  }
}

const ELEMENT = 'throughline-chat';
const script = document.currentScript as HTMLScriptElement | null;

// The page may carry the tag twice; the first one counts.
if (!customElements.get(ELEMENT)) {
  if (script?.src) ThroughlineChat.hub = new URL(script.src).origin;
  ThroughlineChat.onFirst = (widget) => {
    window.Throughline = {
      open: () => widget.open(),
      close: () => widget.close(),
      toggle: () => widget.toggle(),
      identify: (lead) => widget.identify(lead),
      forget: () => widget.forget(),
      on: (event, told) => widget.on(event, told),
    };
    window.dispatchEvent(new Event('throughline:ready'));
  };
  customElements.define(ELEMENT, ThroughlineChat);
  const { widgetKey, ...settings } = script?.dataset ?? {};
  if (widgetKey) whenThereIsABody(() => document.body.append(elementOf(widgetKey, settings)));
}

/** `data-title-badge` of the tag is `title-badge` of the element. */
function elementOf(widgetKey: string, settings: DOMStringMap): HTMLElement {
  const element = document.createElement(ELEMENT);
  element.setAttribute('widget-key', widgetKey);
  for (const [name, value] of Object.entries(settings)) {
    element.setAttribute(name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), value ?? '');
  }
  return element;
}

function whenThereIsABody(action: () => void): void {
  if (document.body) action();
  else addEventListener('DOMContentLoaded', action, { once: true });
}
