import { render } from 'preact';
import css from './widget.css?inline';
import { Root } from './view/root.js';
import { type Settings, Widget } from './widget.js';

/** The element puts everything in a shadow root: the page's styles stay outside, the widget's inside. */
export class ThroughlineChat extends HTMLElement {
  /** Where the script came from. */
  static hub = '';
  static onFirst: (widget: Widget) => void = () => undefined;

  private static sheet: CSSStyleSheet | undefined;
  private static isFirst = true;
  private widget: Widget | undefined;

  connectedCallback(): void {
    const settings = settingsOf(this);
    if (this.widget || !settings) return;
    const widget = new Widget(settings);
    this.widget = widget;
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    // A sheet that is made, not written into the page: a policy without 'unsafe-inline' lets it be.
    ThroughlineChat.sheet ??= sheetOf(css);
    root.adoptedStyleSheets = [ThroughlineChat.sheet];
    render(<Root widget={widget} host={this} />, root);
    widget.start();
    if (ThroughlineChat.isFirst) ThroughlineChat.onFirst(widget);
    ThroughlineChat.isFirst = false;
  }

  /** An element that is moved leaves and comes back at once. */
  disconnectedCallback(): void {
    queueMicrotask(() => {
      if (this.isConnected || !this.widget) return;
      this.widget.stop();
      this.widget = undefined;
      render(null, this.shadowRoot!);
    });
  }
}

function sheetOf(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}

function settingsOf(element: HTMLElement): Settings | undefined {
  const said = (name: string): string | null => element.getAttribute(name) || null;
  const oneOf = <T extends string>(name: string, others: T[], usual: T): T => others.find((other) => other === said(name)) ?? usual;
  const widgetKey = said('widget-key');
  if (!widgetKey) return undefined;
  return {
    hub: said('hub')?.replace(/\/$/, '') ?? ThroughlineChat.hub,
    widgetKey,
    mode: oneOf('mode', ['inline'], 'bubble'),
    theme: oneOf('theme', ['light', 'dark'], 'auto'),
    side: oneOf('side', ['start'], 'end'),
    accent: said('accent'),
    heading: said('heading'),
    locale: said('locale'),
    titleBadge: element.hasAttribute('title-badge'),
  };
}
